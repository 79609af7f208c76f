# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers and ranges of them."""

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
    """The numbers from low to high, both included; width: digits of a number, leading zeros included."""

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

    def __str__(self) -> str:
        return f"{self.low:0{self.width}}-{self.high:0{self.width}}@{self.context}"


def parse_range(text: Any, context: str, where: str) -> NumberRange:
    """The numbers of "1100-1199" in a context.

    Raises InputError when that is no range, or its ends have different lengths.
    """
    found = re.fullmatch(r"\s*([0-9]{1,40})\s*-\s*([0-9]{1,40})\s*", str(text))
    if not found or int(found[1]) > int(found[2]):
        raise InputError(f"{where} is {text!r}, which is no range.", "Write it like 1100-1199, in quotes.")
    if len(found[1]) != len(found[2]):
        raise InputError(f"{where} is {text!r}, whose ends differ in length.", "Give two ranges, or pad with zeros.")
    return NumberRange(context, int(found[1]), int(found[2]), len(found[1]))


EXTEN = re.compile(r"[0-9*#]{1,40}|_[!-~]{1,39}")
"""What a number can be on some generation: digits, or a pattern (xivo-16.16.md, "extensions")."""


OCTAL_SUSPECTS = range(0o10000000, 0o10000000000)
"""Integers that a YAML number of 9 to 10 digits with a leading zero becomes: 0300000000 arrives as 50331648."""


def parse_exten(value: Any, where: str) -> str:
    """A telephone number as a string of what was written in YAML.

    Raises InputError when it cannot be one, or when YAML took a number with a leading zero for an octal integer.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InputError(f"{where} is {value!r}, which is no number.", "Write it in quotes.")
    if isinstance(value, int):
        if value in OCTAL_SUSPECTS:
            raise InputError(
                f"{where} arrives as the integer {value}, which YAML also makes of 0{value:o}.", "Write it in quotes."
            )
        if value < 0:
            raise InputError(f"{where} is {value}, which is no number.", "Write it in quotes.")
    text = str(value)
    if not EXTEN.fullmatch(text):
        raise InputError(f"{where} is {text!r}, which is no number.", "It has digits, perhaps * and #.")
    return text
