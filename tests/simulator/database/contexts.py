# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define contexts and the numbers that they allow.

Facts: xivo-15.12.md, "What a real XiVO confd 15.12 answers"; xivo-15.12.md, "extensions"; observations.md,
"XiVO 16.16: lines and extensions".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """Hold the numbers from start to end, compared as integers: 01300 is within 1000-1999.

    did_length: how many of the last digits of a direct number the server gets; 0 means all of them.
    """

    start: str
    end: str
    did_length: int = 0

    def __contains__(self, exten: object) -> bool:
        start, end = (int(number[-self.did_length :]) for number in (self.start, self.end))
        return isinstance(exten, str) and start <= int(exten) <= end


@dataclass(frozen=True)
class Context:
    """Hold a named set of numbers; type is internal, incall or outcall. Only the younger generations show a label."""

    name: str
    type: str
    ranges: tuple[Range, ...] = ()
    label: str | None = None

    def allows(self, exten: str) -> bool:
        return any(exten in numbers for numbers in self.ranges)


DEFAULT_CONTEXTS = (
    Context("default", "internal", (Range("1000", "1999"),)),
    Context("from-extern", "incall", (Range("2000", "2999"), Range("0300000000", "0399999999"))),
    Context("to-extern", "outcall"),
)
