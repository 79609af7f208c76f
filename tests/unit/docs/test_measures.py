# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sizes that keep the code readable. Ruff holds the complexity of functions (pyproject.toml)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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


def definitions(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Yield (place, node) of every definition of a kind."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node  # type: ignore[attr-defined]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long() -> None:
    files = [path for path in FILES if WITH_DOCUMENTATION not in path.parents]
    assert [str(path) for path in files if lines_of(path) > LONGEST_FILE] == []


def test_no_function_is_too_long() -> None:
    functions = definitions(ast.FunctionDef)
    assert [place for place, node in functions if node.end_lineno - node.lineno >= LONGEST_FUNCTION] == []  # type: ignore[attr-defined]


def test_no_class_has_too_many_public_methods() -> None:
    found = []
    for place, node in definitions(ast.ClassDef):
        methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]  # type: ignore[attr-defined]
        if sum(not name.startswith("_") for name in methods) > MOST_PUBLIC_METHODS:
            found.append(place)
    assert found == []


def test_no_test_name_is_too_long() -> None:
    names = [(place, place.rpartition(" ")[2]) for place, _node in definitions(ast.FunctionDef)]
    assert [place for place, name in names if name.startswith("test_") and len(name) > LONGEST_TEST_NAME] == []


@pytest.mark.parametrize("folder", ["plugins/module_utils", "tests/unit", "tests/support"])
def test_the_measures_see_the_code(folder: str) -> None:
    assert any(ROOT / folder in path.parents for path in FILES)
