# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sizes that keep the code readable. Ruff holds the complexity of functions (pyproject.toml)."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from support.paths import ROOT

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_PUBLIC_METHODS = 25
LONGEST_TEST_NAME = 59
WITH_DOCUMENTATION = ROOT / "plugins" / "modules"
"""Modules consist of documentation for the most part."""


FILES = sorted(path for folder in ("plugins", "tests") for path in (ROOT / folder).rglob("*.py"))


@dataclass(frozen=True)
class Definition:
    """A function or a class, and the lines of the one and the public methods of the other."""

    place: str
    name: str
    lines: int
    public_methods: int


@cache
def definitions() -> dict[type[ast.AST], list[Definition]]:
    """Return the functions and classes of all files. To parse the files takes seconds, so it is done once."""
    found: dict[type[ast.AST], list[Definition]] = {ast.FunctionDef: [], ast.ClassDef: []}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
                public = sum(not name.startswith("_") for name in methods)
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                found[type(node)].append(Definition(place, node.name, lines, public))
    return found


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long() -> None:
    files = [path for path in FILES if WITH_DOCUMENTATION not in path.parents]
    assert [str(path) for path in files if lines_of(path) > LONGEST_FILE] == []


def test_no_function_is_too_long() -> None:
    assert [each.place for each in definitions()[ast.FunctionDef] if each.lines > LONGEST_FUNCTION] == []


def test_no_class_has_too_many_public_methods() -> None:
    assert [each.place for each in definitions()[ast.ClassDef] if each.public_methods > MOST_PUBLIC_METHODS] == []


def test_no_test_name_is_too_long() -> None:
    tests = [each for each in definitions()[ast.FunctionDef] if each.name.startswith("test_")]
    assert [each.place for each in tests if len(each.name) > LONGEST_TEST_NAME] == []


@pytest.mark.parametrize("folder", ["plugins/module_utils", "tests/unit", "tests/support"])
def test_the_measures_see_the_code(folder: str) -> None:
    assert any(ROOT / folder in path.parents for path in FILES)
