# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts as people mean them: as they look, without regard to accents and case, and as true or false."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Any

from .errors import InputError
from .printable import joins

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


INVISIBLE = frozenset(
    (0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
)
"""Characters that nobody sees: soft hyphen, zero-width blanks and joiners, marks of direction, byte order mark."""
LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422", "ABESIJKMHOPCT")),
        **dict(zip("\u0423\u0425\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u04bb", "YXaesijopcyxh")),
        **dict(zip("\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5", "ABEZHIKMNOPTY")),
        **dict(zip("\u03a7\u03bf", "Xo")),
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)
"""Letters of the Cyrillic and the Greek alphabet and signs: the ASCII character that looks the same in most fonts."""


def composed(text: str) -> str:
    """Return a text in NFC, without invisible characters, and with plain blanks."""
    if text.isascii():
        return text
    kept = "".join(
        " " if unicodedata.category(sign) == "Zs" else sign
        for at, sign in enumerate(text)
        if ord(sign) not in INVISIBLE or joins(text, at)
    )
    return unicodedata.normalize("NFC", kept)


def plain_text(text: str) -> str:
    """Return a text in the form in which texts are compared and written: composed, without blanks at its ends.

    Two texts that look equal become the same one. A text that consists of blanks becomes one blank, which servers take.
    """
    plain = text if text.isascii() else composed(text)
    return plain.strip(" ") or plain[:1]


def searchable_part(text: str) -> str:
    """Return the longest part of a text that every spelling of it has: ASCII without blanks; '' if there is none.

    It has none of the characters that servers take for wildcards.
    """
    return max(re.findall(r"[!-$&-\[\]^`-~]+", plain_text(text)), key=len, default="")


def difference_of_look_alikes(first: str, second: str) -> str:
    """Return in a sentence what differs between two names that look equal; '' if they are equal or look different.

    first: the name in the entry; second: the name on the server.
    """
    first, second = plain_text(first), plain_text(second)
    if first == second or _as_seen(first) != _as_seen(second):
        return ""
    shorter = min(len(first), len(second))
    at = next((at for at in range(shorter) if first[at] != second[at]), shorter)
    one, other = _named(first[at : at + 1]), _named(second[at : at + 1])
    return f"The two names look alike, but character {at + 1} is {one} in the entry and {other} on the server."


def _as_seen(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(LOOK_ALIKES).casefold().split())


def _named(sign: str) -> str:
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'no name')})" if sign else "missing"


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


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with a noun, for example "1 user", "2 users" and "0 users"."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def truth_or_word(value: Any, words: Collection[str] = ()) -> Any:
    """Return the boolean that Ansible takes a value for, or the word that it is; the value itself if it is neither.

    A template makes "True" of true. words: in lower case.
    """
    text = str(value).lower()
    return text if text in words else BOOLEANS.get(text, value)


def is_truth_or_word(value: Any, words: Collection[str] = ()) -> bool:
    """Return whether Ansible takes a value for a boolean, or it is one of some words."""
    return not isinstance(value, (list, dict)) and (str(value).lower() in words or str(value).lower() in BOOLEANS)


def listed_choices(words: Collection[str] = ()) -> str:
    """Return the values of a boolean that can be one of some words as well: "true, false or unique"."""
    *others, last = ("true", "false", *words)
    return f"{', '.join(others)} or {last}"


def is_true(value: Any) -> bool:
    """Return whether Ansible takes a value for true."""
    return BOOLEANS.get(str(value).lower(), False)


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
