# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Match with ILIKE and its wildcards (xivo-15.12.md, trap 6; xivo-15.12.md, "users list")."""

from __future__ import annotations

import re


def ilike(text: str | None, term: str) -> bool:
    """Return whether `text ILIKE '%term%'`: `%` and `_` are wildcards, a backslash quotes what follows."""
    if text is None:
        return False
    return re.fullmatch(_pattern(f"%{term}%"), text, re.IGNORECASE | re.DOTALL) is not None


def _pattern(like: str) -> str:
    parts: list[str] = []
    characters = iter(like)
    for char in characters:
        if char == "\\":
            parts.append(re.escape(next(characters, "\\")))
        elif char == "%":
            parts.append(".*")
        elif char == "_":
            parts.append(".")
        else:
            parts.append(re.escape(char))
    return "".join(parts)
