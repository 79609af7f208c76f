# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes YAML as a person would write it."""

from __future__ import annotations

import textwrap
from typing import Any

import yaml

WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Write a text in double quotes where it needs quotes and holds none."""
    try:
        plain = yaml.safe_load(text) == text
    except yaml.YAMLError:
        plain = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain or '"' in text else '"')


_Dumper.add_representer(str, _represent_text)


def render(data: Any, indent: str) -> str:
    """Return data as block YAML at an indentation, its texts folded to WIDTH columns."""
    plain = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6) if data else ""
    text = "".join(f"{line}\n" for each in plain.splitlines() for line in _folded(indent + each))
    if yaml.safe_load(text) != (data or None):
        raise ValueError(f"folding changes the meaning of {plain}")
    return text


def _folded(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    start = len(line) - len(line.lstrip(" "))
    return textwrap.wrap(
        line.strip(),
        WIDTH,
        initial_indent=" " * start,
        subsequent_indent=" " * (start + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
