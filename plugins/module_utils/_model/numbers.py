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

Number = tuple[str, str]
"""(exten, context)"""


@dataclass(frozen=True)
class NumberRange:
    """The numbers from low to high, both included; width: digits of a number, leading zeros included."""

    context: str
    low: int
    high: int
    width: int

    def __contains__(self, number: Number) -> bool:
        exten, context = number
        inside = exten.isdigit() and len(exten) == self.width and self.low <= int(exten) <= self.high
        return context == self.context and inside

    def __iter__(self) -> Iterator[Number]:
        for value in range(self.low, self.high + 1):
            yield str(value).zfill(self.width), self.context

    def __str__(self) -> str:
        return f"{self.low:0{self.width}}-{self.high:0{self.width}}@{self.context}"


def number_range(text: Any, context: str, where: str) -> NumberRange:
    """The numbers of "1100-1199" in a context.

    Raises InputError when that is no range, or its ends have different lengths.
    """
    found = re.fullmatch(r"\s*([0-9]{1,40})\s*-\s*([0-9]{1,40})\s*", str(text))
    if not found or int(found[1]) > int(found[2]):
        raise InputError(f"{where} is {text!r}, which is no range.", "Write it like 1100-1199, in quotes.")
    if len(found[1]) != len(found[2]):
        raise InputError(f"{where} is {text!r}, whose ends differ in length.", "Give two ranges, or pad with zeros.")
    return NumberRange(context, int(found[1]), int(found[2]), len(found[1]))
