# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says differences in words: the same ones in the output of a run, in reports of audits, and in messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.masking import MASK
from .._model.printable import one_line

NOTHING = "nothing"
LONGEST = 80
"""Number of characters of a value after which it is cut."""
OF_USER = "user "


def words_of(difference: Mapping[str, Any]) -> str:
    """Return a difference as "number 1200 -> 1210".

    difference: {object, field, wanted, found}. The object is named if it is not the user. Of a secret that is set, the
    name alone is said.
    """
    subject, field = difference["object"], difference["field"]
    wanted, found = (shown(difference[side]) or NOTHING for side in ("wanted", "found"))
    change = f"{one_line(found, LONGEST)} -> {one_line(wanted, LONGEST)}"
    if field == "state":
        return f"{subject}: {change}"
    text = field if wanted == MASK else f"{field} {change}"
    return text if subject.startswith(OF_USER) else f"{subject}: {text}"


def words_of_beyond(row: Mapping[str, Any]) -> str:
    """Return what a user has beyond the file as "direct number 2200@from-extern". row: {object, field, found}."""
    subject, field, value = row["object"], row["field"], one_line(shown(row["found"]), LONGEST)
    if field.replace("_", " ") == subject:
        # Settings that are one list.
        return f"{subject} {value}"
    return f"{field} {value}" if subject.startswith(OF_USER) else f"{subject}: {field} {value}"


def all_words_of(differences: Iterable[Mapping[str, Any]]) -> str:
    """Return differences in one line."""
    return "; ".join(map(words_of, differences))


def shown(value: Any) -> str:
    """Return a value as people read it; an empty text for None and an empty list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        pairs = (f"{key}: {text}" for key, each in value.items() if (text := shown(each)))
        return f"{{{', '.join(pairs)}}}"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
