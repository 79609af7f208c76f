# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of plugins/module_utils: their order, what each is for, and the imports between them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.paths import ROOT

PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.xivo.confd.plugins"
CORE = "module_utils"

DESCRIPTIONS = {
    "_ansible": (
        "Connects the modules to Ansible: argument specs, checks of options, masked results. The only layer "
        "that imports Ansible."
    ),
    "_bulk": "Provisions lists of entries: matches, plans, executes, undoes, verifies and purges.",
    "_tasks": "Does what one module does: finds the object, applies the change, returns the result.",
    "_plan": "Compares the wanted state with the current one and plans the operations.",
    "_operations": "Performs single writes, each with its text, diff, verification and reverse operation.",
    "_state": "Shows the server to a plan: records, owners, and which object a reference means.",
    "_backends": "Translates between normalised records and the requests of one generation of the API.",
    "_reports": "Makes reports and their texts, and reads tables and rows as entries.",
    "_http": "Keeps one HTTP session with a server: authentication, TLS, retries, failures.",
    "_model": "Defines the resources, their fields and rules, the records, and every error.",
}
"""{layer: what it is for}, from top to bottom. A file imports from its own folder and from those below."""
LAYERS = tuple(DESCRIPTIONS)


@dataclass(frozen=True)
class Arrow:
    """One module imports from another. Both are named by their path below plugins, "module_utils._model.errors"."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


def layer_of(module: str) -> str | None:
    """Return the layer that a module is in; None for plugins that are outside of the core."""
    parts = module.split(".")
    return parts[1] if parts[0] == CORE and len(parts) > 1 else None


def is_upward(arrow: Arrow) -> bool:
    """Return whether an arrow leads to a higher layer, or out of the core."""
    source, target = layer_of(arrow.source), layer_of(arrow.target)
    if source is None:
        return False
    return target is None or LAYERS.index(target) < LAYERS.index(source)


def modules_in(layer: str) -> list[str]:
    """Return the modules of a layer by their path in its folder, sorted: "client", "wazo/lines"."""
    folder = PLUGINS / CORE / layer
    found = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py"))
    return sorted(path.as_posix() for path in found if path.stem != "__init__")


@cache
def modules() -> dict[str, Path]:
    """Return {module: file} of all plugins; a folder is named by its __init__.py."""
    return {_name_of(path): path for path in sorted(PLUGINS.rglob("*.py"))}


@cache
def arrows() -> tuple[Arrow, ...]:
    """Return every import between two files of plugins/, those for type checking alone included."""
    return tuple(sorted({arrow for name, path in modules().items() for arrow in _arrows_of(name, path)}, key=str))


def _name_of(path: Path) -> str:
    parts = path.relative_to(PLUGINS).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _arrows_of(name: str, path: Path) -> Iterator[Arrow]:
    package = name.split(".") if path.stem == "__init__" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for target in _targets(node, package):
            if target != name:
                yield Arrow(name, target)


def _targets(node: ast.AST, package: list[str]) -> Iterator[str]:
    """Yield the modules of plugins/ that an import statement in a package names."""
    if isinstance(node, ast.Import):
        bases = [alias.name for alias in node.names]
        names: list[str] = []
    elif isinstance(node, ast.ImportFrom):
        start = package[: len(package) - node.level + 1] if node.level else []
        prefix = f"{PACKAGE}." if node.level else ""
        bases = [prefix + ".".join([*start, *([node.module] if node.module else [])])]
        names = [alias.name for alias in node.names]
    else:
        return
    for base in bases:
        if base.startswith(f"{PACKAGE}."):
            inner = base[len(PACKAGE) + 1 :]
            submodules = [f"{inner}.{name}" for name in names if f"{inner}.{name}" in modules()]
            yield from submodules or ([inner] if inner in modules() else [])
