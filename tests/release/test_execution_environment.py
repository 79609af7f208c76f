# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment gets the collection, and with it what the collection needs. No container engine needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from release.conftest import ROOT

DEFINITION = ROOT / "playbooks" / "awx" / "execution-environment.yml"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory, in_folder: Callable[..., str]) -> Path:
    """What a container engine is given."""
    folder = tmp_path_factory.mktemp("context")
    command = ("ansible-builder", "create", "-f", DEFINITION, "-c", folder, "--output-filename", "Containerfile")
    in_folder(*command, folder=folder)
    return folder


def test_the_context_asks_galaxy_for_the_collection(context: Path) -> None:
    wanted = yaml.safe_load((context / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]

    assert wanted == {
        "collections": [{"name": "xivo.confd", "version": f">={version},<{int(version.split('.')[0]) + 1}.0.0"}]
    }


def test_the_context_reads_the_installed_requirements(context: Path) -> None:
    steps = (context / "Containerfile").read_text(encoding="utf-8")

    installing = steps.index("ansible-galaxy collection install")
    assert installing < steps.index("introspect.py introspect") < steps.index("/output/scripts/assemble")


def test_the_definition_is_pinned() -> None:
    """The image by its digest, and what it names for pip has an upper bound."""
    definition = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    parts = definition["dependencies"]
    packages = [parts["ansible_core"]["package_pip"], parts["ansible_runner"]["package_pip"]]

    assert re.fullmatch(r"\S+:\d\S*@sha256:[0-9a-f]{64}", definition["images"]["base_image"]["name"])
    assert [package for package in packages if "<" not in package] == []


def test_the_collection_does_not_bound_its_requirements() -> None:
    """Certification refuses upper bounds: several collections share the packages of an execution environment."""
    packages = (ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").split()

    assert packages and [package for package in packages if not re.fullmatch(r"[a-z]+>=[\d.]+", package)] == []


def test_the_definition_repeats_nothing_of_the_collection() -> None:
    assert "python" not in yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))["dependencies"]


def test_the_installed_collection_says_what_it_needs(installed: Path, in_folder: Callable[..., str]) -> None:
    said = yaml.safe_load(in_folder("ansible-builder", "introspect", installed, folder=installed))

    assert said["python"] == ["requests>=2.28  # from collection xivo.confd"]
    assert not said["system"]
