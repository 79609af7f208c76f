# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the documentation of modules and filters against what Ansible's own checks ask for, and what they leave out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.paths import ROOT

PLUGINS = ROOT / "plugins"
MODULES = sorted((PLUGINS / "modules").glob("*.py"))
DOCUMENTED = [*MODULES, *sorted((PLUGINS / "doc_fragments").glob("*.py")), *sorted((PLUGINS / "filter").glob("*.py"))]

every_file = pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


@cache
def parts(path: Path) -> dict[str, Any]:
    """Return {name: data} of the documentation of a plugin, and of all parts of a fragment."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if isinstance(node.value, ast.Constant) and name.isupper() and name != "EXAMPLES":
                found[name] = yaml.safe_load(str(node.value.value))
    return {name: data for name, data in found.items() if isinstance(data, dict)}


def options_of(documented: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the options of a plugin with their sub-options: name and documentation."""
    for name, option in (documented.get("options") or documented.get("suboptions") or {}).items():
        yield name, option
        yield from options_of({"suboptions": option.get("suboptions")})


def results_of(documented: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of the results of a module, with those inside of them."""
    for name, result in documented.items():
        yield name
        yield from results_of(result.get("contains") or {})


@every_file
def test_choices_are_a_list(path: Path) -> None:
    """Ansible-test of ansible-core 2.16 knows no other choices. So the description says what each of them means."""
    for data in parts(path).values():
        for name, option in options_of(data):
            choices = option.get("choices", [])
            assert isinstance(choices, list), name
            explained = [choice for choice in choices if f"V({choice})" in str(option["description"])]
            assert explained in ([], choices), f"{name}: only {explained} are explained"


@every_module
def test_no_result_has_the_name_of_a_method(path: Path) -> None:
    """In Jinja, a dot before "keys" or "items" is a method of the dictionary."""
    names = [name for name in results_of(parts(path).get("RETURN", {})) if hasattr(dict, name)]
    assert not names
