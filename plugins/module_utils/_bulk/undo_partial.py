# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the texts of which a journal has a part only: it cuts long ones, and masks secrets in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._http.journal import LONGEST_TEXT
from .._model.masking import MASK
from .._model.records import Row

CUT = "..."
NAMES = ("firstname", "lastname")


def is_partial(value: Any) -> bool:
    """Return whether a value of a journal is a text of which a part is missing, or contains one."""
    if isinstance(value, Mapping):
        return any(map(is_partial, value.values()))
    if isinstance(value, list):
        return any(map(is_partial, value))
    return isinstance(value, str) and (MASK in value or _is_cut(value))


def may_be(partial: Any, text: Any) -> bool:
    """Return whether a text can be the whole of a partial value. Lists and dictionaries always can."""
    if not isinstance(partial, str):
        return True
    beginning = partial[:LONGEST_TEXT] if _is_cut(partial) else partial
    parts = map(re.escape, beginning.split(MASK))
    end = "" if beginning == partial else ".*"
    return re.fullmatch(f"{'.+'.join(parts)}{end}", str(text or ""), re.DOTALL) is not None


def without_partial(found: Row) -> tuple[Row, list[str]]:
    """Return an entry of a journal without its partial values, and what was left out as "user.description".

    The entry is empty if the name of the person is one of them.
    """
    entry: Row = {}
    left_out: list[str] = []
    for key, value in found.items():
        if not isinstance(value, Mapping):
            inner: Any = value
            left_out += [key] if is_partial(value) else []
        else:
            inner = {name: each for name, each in value.items() if not is_partial(each)}
            left_out += [f"{key}.{name}" for name in value if name not in inner]
        if not is_partial(inner):
            entry[key] = inner
    is_nameless = any(f"user.{name}" in left_out for name in NAMES)
    return ({} if is_nameless else entry), left_out


def _is_cut(text: str) -> bool:
    return len(text) == LONGEST_TEXT + len(CUT) and text.endswith(CUT)
