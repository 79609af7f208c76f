# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The map of the code in CONTRIBUTING.md and the drawing of how_it_works.md, as the layers are."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from support.layers import DESCRIPTIONS, modules_in
from support.paths import ROOT

MAP = ROOT / "CONTRIBUTING.md"
DRAWING = ROOT / "docs" / "guides" / "pictures" / "architecture.svg"
BEGIN, END = "<!-- BEGIN layers: make generate -->\n", "<!-- END layers -->\n"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def documents() -> dict[Path, str]:
    """Return {file: text} of the documents that follow from the layers."""
    return {MAP: _with_map(MAP.read_text(encoding="utf-8")), DRAWING: _drawing()}


def _with_map(text: str) -> str:
    """Return a page with the table of layers between the two markers."""
    rows = [f"| `{layer}` | {description} | {_files(layer)} |" for layer, description in DESCRIPTIONS.items()]
    table = "\n".join(["| folder | what it does | files |", "|---|---|---|", *rows, ""])
    return re.sub(f"(?<={BEGIN}).*?(?={END})", lambda _found: table, text, flags=re.DOTALL)


def _files(layer: str) -> str:
    return ", ".join(f"`{name}`" for name in modules_in(layer))


def _drawing() -> str:
    layers = list(DESCRIPTIONS.items())
    return TEMPLATES.get_template("architecture.svg.j2").render(layers=layers)
