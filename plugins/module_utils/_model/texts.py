# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts as people mean them: without regard to accents and case, and as true or false."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from .errors import InputError

QUOTE_IT = "Write it in quotes."
LONGEST_SHOWN = 60
TYPE_LABELS = {
    dict: "a dictionary",
    list: "a list",
    bool: "a boolean",
    str: "a string",
    date: "a date",
    type(None): "null",
}
BOOLEANS = {
    **dict.fromkeys(("y", "yes", "on", "1", "true", "t"), True),
    **dict.fromkeys(("n", "no", "off", "0", "false", "f"), False),
}
"""{text in lower case: what Ansible takes it for, where an option is a boolean}."""


def without_accents(text: str) -> str:
    """Return a text without accents and capitals, as a telephone book orders it."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()


def problem_of_text(value: Any) -> str | None:
    """Return why a value is not a text, to follow "... is VALUE, "; None if it is one.

    YAML makes other values of texts without quotes, and what was written cannot be recovered from them: 34 of 0042,
    33612345678 of +33612345678, False of "no", a date of 2026-02-01.
    """
    if isinstance(value, str):
        return None
    problem = f"but must be a string. {QUOTE_IT}"
    if isinstance(value, bool):
        return f"{problem} Without quotes, YAML reads yes, no, on, off, true and false as booleans."
    if isinstance(value, (int, float)):
        return f"{problem} Without quotes, YAML reads it as a number, and changes a leading zero or plus sign."
    return problem


def require_text(value: Any, where: str, secret: bool = False) -> str:
    """Return a value that is a text. where: the option, for messages. secret: whether to leave the value out of them.

    Raise InputError for everything else.
    """
    problem = problem_of_text(value)
    if problem is not None or not isinstance(value, str):
        raise InputError(f"{where} is {type_label(value) if secret else shown(value)}, {problem}")
    return value


def type_label(value: Any) -> str:
    """Return in words what a value is: "a number", "a list"."""
    return next((label for known, label in TYPE_LABELS.items() if isinstance(value, known)), "a number")


def shown(value: Any) -> str:
    """Return a value for messages: its first characters; of a list, a dictionary or a date, what it is."""
    if isinstance(value, (list, dict)):
        return type_label(value)
    if isinstance(value, date):
        return f"the date {value}"
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
