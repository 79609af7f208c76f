# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One list says which versions the collection is for: tests/matrix/versions.yml. All that repeat it say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from matrix.__main__ import main
from matrix.found import Combination, combinations, installed_pythons, requirement, versions
from support.paths import ROOT

LISTED = versions()
OLDEST = next(iter(LISTED["ansible_core"]))


def content(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_the_oldest_ansible_core_is_what_the_collection_asks_for() -> None:
    assert content("meta/runtime.yml")["requires_ansible"] == f">={OLDEST}.0"
    assert content("roles/provision/meta/main.yml")["galaxy_info"]["min_ansible_version"] == OLDEST
    environment = content("playbooks/awx/execution-environment.yml")
    assert environment["dependencies"]["ansible_core"]["package_pip"] == f"ansible-core>={OLDEST}"


def test_the_oldest_python_of_modules_is_what_the_sanity_tests_assume() -> None:
    assert content("tests/config.yml")["modules"]["python_requires"] == f">={LISTED['modules']}"


def test_the_readme_says_the_same() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = {row[0]: row[1] for row in re.findall(r"^\| (2\.\d+)[^|]* \| ([\d., ]+) \|$", readme, re.MULTILINE)}

    assert f"ansible-core {OLDEST} or newer, and Python {LISTED['modules']} or newer" in readme
    assert rows == {
        LISTED["newest_from"] if ansible == "newest" else ansible: ", ".join(pythons)
        for ansible, pythons in LISTED["ansible_core"].items()
    }


def test_each_ansible_core_is_tested_with_modules_on_their_oldest_python() -> None:
    wanted = combinations(LISTED)

    assert {each.ansible for each in wanted if each.modules} == set(LISTED["ansible_core"])
    assert Combination("2.16", "3.10") in wanted
    assert requirement("2.16", LISTED) == "ansible-core==2.16.*"
    assert requirement("newest", LISTED) == "ansible-core>=2.20"


def interpreter(path: Path, version: str) -> Path:
    """Something that says it is a Python of this version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("USER_HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


def test_pythons_are_found_on_the_path_and_in_pyenv_unless_they_do_not_start(machine: Path) -> None:
    on_path = interpreter(machine / "bin" / "python3.11", "3.11")
    interpreter(machine / "bin" / "python3.12", "pyenv: not installed")
    in_pyenv = interpreter(machine / ".pyenv" / "versions" / "3.12.1" / "bin" / "python", "3.12")
    interpreter(machine / ".pyenv" / "versions" / "3.13.0" / "bin" / "python", "")

    found = installed_pythons(["3.11", "3.12", "3.13"], machine)

    assert found == {"3.11": on_path, "3.12": in_pyenv}


def test_a_matrix_of_one_fails(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    interpreter(machine / "bin" / "python3.10", "3.10")

    assert main([]) == 1

    said = capsys.readouterr()
    assert "Found:\n  ansible-core 2.16, Python 3.10\nNot on this machine:" in said.out
    assert "A matrix of one is none." in said.err
