# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test finds: a target for every module, with valid aliases, and the packages that the tests need."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from support.paths import ROOT
from support.targets import TARGETS

MODULES = {path.stem for path in (ROOT / "plugins" / "modules").glob("confd_*.py")}
SETUP = "setup_simulator"
ALIASES = {"gather_facts/no"}
TEMPLATE = ROOT / "tests" / "integration" / "integration_config.yml.template"
ONLY_IN_TEMPLATE = {"confd_url", "confd_username", "confd_password"}


def requirements(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-r"))}


def test_every_module_has_a_target() -> None:
    assert {path.name for path in TARGETS.iterdir()} == MODULES | {SETUP}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_target_runs_its_module(name: str) -> None:
    folder = TARGETS / name
    tasks = "".join(path.read_text(encoding="utf-8") for path in (folder / "tasks").glob("*.yml"))
    connects = "xivo.confd.connection" in tasks
    meta = folder / "meta" / "main.yml"
    dependencies = yaml.safe_load(meta.read_text(encoding="utf-8"))["dependencies"] if meta.exists() else []

    assert f"xivo.confd.{name}:" in tasks
    assert set((folder / "aliases").read_text(encoding="utf-8").split()) == ALIASES
    assert dependencies == ([SETUP] if connects else [])
    assert not connects or "tasks_from: remove.yml" in tasks


def test_template_has_the_settings_of_the_targets() -> None:
    defaults = yaml.safe_load((TARGETS / SETUP / "defaults" / "main.yml").read_text(encoding="utf-8"))
    template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))

    assert set(template) == set(defaults) | ONLY_IN_TEMPLATE


def test_requirements_are_those_of_our_own_runs() -> None:
    simulator = requirements(ROOT / "requirements" / "simulator.in")
    pytest_and_more = requirements(ROOT / "requirements" / "pytest.in")
    installed_by_ansible_test = {line for line in pytest_and_more if line.startswith(("pytest~", "pytest-xdist~"))}

    assert requirements(ROOT / "tests" / "integration" / "requirements.txt") == simulator
    assert requirements(ROOT / "tests" / "unit" / "requirements.txt") == (
        simulator | pytest_and_more - installed_by_ansible_test
    )
