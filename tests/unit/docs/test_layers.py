# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders of plugins/module_utils are layers: imports point down, and never in a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from support.layers import CORE, DESCRIPTIONS, LAYERS, PLUGINS, Arrow, arrows, is_upward, layer_of, modules

ANSIBLE_FREE = [name for name in modules() if layer_of(name) not in (None, "_ansible")]


def test_every_folder_is_a_layer() -> None:
    folders = {path.name for path in (PLUGINS / CORE).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(LAYERS)
    assert not list((PLUGINS / CORE).glob("*.py"))


def test_no_import_points_up() -> None:
    assert [str(arrow) for arrow in arrows() if is_upward(arrow)] == []


def test_no_circle_of_imports() -> None:
    graph: dict[str, set[str]] = {}
    for arrow in arrows():
        graph.setdefault(arrow.source, set()).add(arrow.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"circle of imports: {' -> '.join(error.args[1])}")


def test_the_test_sees_imports() -> None:
    """Otherwise the tests above would hold of no imports at all."""
    seen = set(arrows())
    assert Arrow("module_utils._backends.wazo.backend", "module_utils._backends.xivo16.backend") in seen
    assert Arrow("module_utils._state.tables", "module_utils._backends.base") in seen, "an import for type checking"
    assert Arrow("modules.confd_user", "module_utils._ansible.module") in seen


@pytest.mark.parametrize(
    ("source", "target"), [("_http.client", "_state.state"), ("_model.errors", "_http.client"), ("_http.auth", "")]
)
def test_an_upward_arrow_is_seen(source: str, target: str) -> None:
    assert is_upward(Arrow(f"{CORE}.{source}", f"{CORE}.{target}" if target else "modules.confd_user"))


@pytest.mark.parametrize("name", ANSIBLE_FREE)
def test_only_one_layer_imports_ansible(name: str) -> None:
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    assert not [each for each in imported if each.split(".")[0] in ("ansible", "ansible_collections")]


@pytest.mark.parametrize("description", DESCRIPTIONS.values(), ids=LAYERS)
def test_every_layer_says_what_it_is_for(description: str) -> None:
    assert description.endswith(".")
    assert len(description.split(". ", maxsplit=1)[0]) <= 90, "too long for a box of the drawing"
