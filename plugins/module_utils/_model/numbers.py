# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the numbers of extensions, and defines ranges of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import InputError

ExtensionKey = tuple[str, str]
"""(exten, context)"""


@dataclass(frozen=True)
class NumberRange:
    """The numbers from low to high, both included. width: the digits of a number, leading zeros included."""

    context: str
    low: int
    high: int
    width: int

    def __contains__(self, number: ExtensionKey) -> bool:
        exten, context = number
        inside = exten.isdigit() and len(exten) == self.width and self.low <= int(exten) <= self.high
        return context == self.context and inside

    def __iter__(self) -> Iterator[ExtensionKey]:
        for value in range(self.low, self.high + 1):
            yield str(value).zfill(self.width), self.context

    @property
    def size(self) -> int:
        """Return how many numbers these are."""
        return self.high - self.low + 1

    def __str__(self) -> str:
        return f"{self.low:0{self.width}}-{self.high:0{self.width}}@{self.context}"


def parse_range(text: Any, context: str, where: str) -> NumberRange:
    """Return the range of a text such as "1100-1199" in a context. where: the option, for messages.

    Raise InputError if it is not a range, or if its ends have different lengths.
    """
    found = re.fullmatch(r"\s*([0-9]{1,40})\s*-\s*([0-9]{1,40})\s*", str(text))
    if not found or int(found[1]) > int(found[2]):
        raise InputError(f"{where} is {text!r}, which is not a valid range.", 'Example: "1100-1199", in quotes.')
    if len(found[1]) != len(found[2]):
        raise InputError(
            f"{where} is {text!r}, whose ends have different lengths.", "Add leading zeros, or use two ranges."
        )
    return NumberRange(context, int(found[1]), int(found[2]), len(found[1]))


def ranges_between(first: str, last: str, context: str) -> list[NumberRange]:
    """Return the numbers of a server's range, which compares integers, in ranges whose numbers have the same length.

    first, last: digits. Of 900-1099 these are 900-999 and 1000-1099. The order of the limits does not matter.
    """
    first, last = sorted((first, last), key=int)
    ranges = []
    for width in range(min(len(first), len(last)), len(last) + 1):
        low = int(first) if width == len(first) else 10 ** (width - 1)
        high = min(int(last), 10**width - 1)
        if low <= high:
            ranges.append(NumberRange(context, max(low, int(first)), high, width))
    return ranges


EXTEN = re.compile(r"[0-9*#]{1,40}|_[!-~]{1,39}")
"""The number of an extension, for all generations: digits, or a pattern (xivo-16.16.md, "extensions")."""


LONGEST_ID = 10
"""Digits of the largest id that the servers' databases can hold."""
LARGEST_INTEGER = 99_999_999
"""The largest number that may be an integer in YAML: one of 8 digits. Longer ones usually begin with a zero or a +."""
OCTAL_SUSPECTS = range(0o10000000, 0o10000000000)
"""Integers that YAML makes of numbers of 9 or 10 digits with a leading zero: of 0300000000 it makes 50331648."""


def parse_exten(value: Any, where: str) -> str:
    """Return the number of an extension as a string. value: as YAML read it; where: the option, for messages.

    Raise InputError if it is not valid, or if YAML may have read a number with a leading zero as an octal integer.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)) or (isinstance(value, int) and value < 0):
        raise InputError(f"{where} is {value!r}, which is not a valid extension number.", "Write it in quotes.")
    if isinstance(value, int) and value in OCTAL_SUSPECTS:
        raise InputError(
            f"{where} is the integer {value}, which is what YAML makes of 0{value:o}.",
            "Write the number in quotes.",
        )
    if isinstance(value, int) and value > LARGEST_INTEGER:
        raise InputError(
            f"{where} is the integer {value}, which has more than 8 digits.",
            "Write the number in quotes. Without them, YAML changes a leading zero or plus sign.",
        )
    text = str(value)
    if not EXTEN.fullmatch(text):
        raise InputError(f"{where} is {text!r}, which is not a valid extension number.", "Use digits, * and # only.")
    return text


def parse_id(value: Any, where: str) -> int:
    """Return the id of an object. where: the option, for messages. Raises InputError if it is none."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID and int(text) > 0):
        raise InputError(f"{where} is {value!r}, which is not an id.")
    return int(text)
