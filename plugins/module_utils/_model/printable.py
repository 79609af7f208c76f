# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes texts from elsewhere printable: names, words of servers, cells of files.

None of them may drive a terminal, or look like a line of Ansible's output (design.md, rule 17).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

JOINERS = "\u200c\u200d"
"""They change how letters look in scripts that join them, and hold an emoji together."""
FIRST_JOINED = "\u0600"
"""The first character of the scripts that have joiners, of which Arabic is the first."""


def printable(text: str) -> str:
    """Return a text in one line of printable characters. The others are shown as in Python: ``\\x1b``, ``\\u202e``.

    So a text can neither begin a line of its own, nor move the cursor, nor reverse the text after it. Blanks of every
    width become plain blanks.
    """
    if text.isprintable():
        return text
    return "".join(_shown(text, at, sign) for at, sign in enumerate(text))


def printable_lines(text: str) -> str:
    """Return a text of several lines, each of them printable, for pages and files in which a line cannot be forged."""
    return "\n".join(map(printable, text.split("\n")))


def printable_values(value: Any) -> Any:
    """Return a value with printable texts at every depth. Line breaks and blanks of every width stay.

    Ansible prints the result of a task that failed, and escapes only what JSON escapes.
    """
    if isinstance(value, Mapping):
        return {key: printable_values(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_values(inner) for inner in value]
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) == "Zs" else _shown(value, at, sign)
        for at, sign in enumerate(value)
    )


def one_line(text: str, longest: int) -> str:
    """Return the words of a text, line breaks between them included, in one printable line.

    longest: the number of characters after which the text ends with "...".
    """
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= longest else f"{shown[:longest]}..."


def joins(text: str, at: int) -> bool:
    """Return whether a character is a joiner that changes how the characters around it look."""
    return text[at] in JOINERS and at > 0 and text[at - 1] >= FIRST_JOINED and text[at + 1 : at + 2] >= FIRST_JOINED


def _shown(text: str, at: int, sign: str) -> str:
    if sign.isprintable() or joins(text, at):
        return sign
    return " " if unicodedata.category(sign) == "Zs" else repr(sign)[1:-1]
