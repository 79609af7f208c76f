# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One list says which versions the collection is for: tests/matrix/versions.yml. All that repeat it say the same."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ansible_collections.xivo.confd.plugins.action.confd_guard import OLDEST_ANSIBLE
from ansible_collections.xivo.confd.plugins.doc_fragments import connection, requirements
from support.paths import ROOT

CONNECTION = connection.ModuleDocFragment.DOCUMENTATION
CORE = requirements.ModuleDocFragment.DOCUMENTATION
HOST = requirements.ModuleDocFragment.HOST


def content(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


LISTED = content("tests/matrix/versions.yml")
OLDEST = next(iter(LISTED["ansible_core"]))


def test_the_oldest_ansible_core_is_the_required_one() -> None:
    assert content("meta/runtime.yml")["requires_ansible"] == f">={OLDEST}.0"
    assert content("roles/provision/meta/main.yml")["galaxy_info"]["min_ansible_version"] == OLDEST
    assert ".".join(map(str, OLDEST_ANSIBLE)) == OLDEST
    environment = content("playbooks/awx/execution-environment.yml")
    assert environment["dependencies"]["ansible_core"]["package_pip"].startswith(f"ansible-core>={OLDEST},<")


def test_the_oldest_python_is_that_of_the_sanity_tests() -> None:
    assert content("tests/config.yml")["modules"]["python_requires"] == f">={LISTED['modules']}"


def test_the_documentation_of_modules_says_the_same() -> None:
    controller, host, library = (yaml.safe_load(each)["requirements"] for each in (CORE, HOST, CONNECTION))
    oldest = min((python for pythons in LISTED["ansible_core"].values() for python in pythons), key=_number)
    [requests] = re.findall(
        r"^requests>=([\d.]+)", (ROOT / "meta/ee-requirements.txt").read_text("utf-8"), re.MULTILINE
    )

    assert controller == [f"ansible-core >= {OLDEST} (on the controller)", f"Python >= {oldest} (on the controller)"]
    assert host == [f"Python >= {LISTED['modules']} (on the host that runs the module)"]
    assert library == [f"requests >= {requests} (Python library, on the host that runs the module)"]
    assert f"`requests` {requests} or newer" in (ROOT / "README.md").read_text(encoding="utf-8")


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_python_code_is_checked_for_the_oldest_python() -> None:
    ruff = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'target-version = "py{LISTED["modules"].replace(".", "")}"' in ruff


def test_the_readme_says_the_same() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = {row[0]: row[1] for row in re.findall(r"^\| (2\.\d+)[^|]* \| ([\d., ]+) \|$", readme, re.MULTILINE)}

    assert f"ansible-core {OLDEST} or newer, and Python {LISTED['modules']} or newer" in readme
    assert rows == {
        LISTED["newest_from"] if ansible == "newest" else ansible: ", ".join(pythons)
        for ansible, pythons in LISTED["ansible_core"].items()
    }
