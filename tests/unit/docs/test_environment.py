# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the page of the environment variables has all variables that the plugins read, and no others."""

from __future__ import annotations

import re
from importlib import import_module

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from support import environment_docs
from support.awx_project import controller
from support.environment_docs import PAGE, fallbacks, options, own
from support.module_docs import MODULES
from support.paths import ROOT
from support.playbook_variables import source

SOURCES = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "roles").rglob("*.yml"), *(ROOT / "playbooks").rglob("*.yml")]
TEXTS = {path: path.read_text(encoding="utf-8") for path in SOURCES}


def test_page_is_up_to_date() -> None:
    outdated = [path.name for path, text in environment_docs.documents().items() if path.read_text("utf-8") != text]
    assert not outdated, f"run make generate: {', '.join(outdated)}"


def test_every_variable_of_an_option_is_documented() -> None:
    for path in sorted((ROOT / MODULES).glob("confd_*.py")):
        module = import_module(f"ansible_collections.xivo.confd.plugins.modules.{path.stem}")
        found = getattr(module, "MODULE", None)
        spec = found.spec if isinstance(found, Module) else getattr(module, "SPEC", {})
        for option, names in fallbacks(spec).items():
            assert {options().get(name) for name in names} == {option}, f"{option} of {path.stem}"


def test_variables_of_the_collection_are_those_that_it_reads() -> None:
    read = {name for text in TEXTS.values() for name in re.findall(r"[\"'](CONFD_[A-Z_]+)[\"']", text)}
    assert read <= {*own()}
    assert {*own()} <= read | {*options()}


def test_every_variable_in_a_description_is_documented() -> None:
    named = {name for text in TEXTS.values() for name in re.findall(r"\bE\((\w+)", text)}
    assert named <= {*own(), *source()["environment"]}


def test_a_credential_of_awx_sets_documented_variables() -> None:
    (credential,) = controller("rome")["controller_credential_types"]
    assert {*credential["injectors"]["env"]} <= {*own()}


def test_the_page_has_an_entry_for_each_variable() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\.\. envvar:: (\w+)$", text, re.MULTILINE) == own()
    others = [name for name, each in source()["environment"].items() if "of" in each]
    assert re.findall(r"^``(\w+)``$", text, re.MULTILINE) == others
