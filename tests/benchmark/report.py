# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of a benchmark in words, tables and a plot."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmark import plot
from benchmark.server import Cost
from benchmark.ways import BULK, TUTORIAL, Way

NOT_IDEMPOTENT = {
    "tutorial": "doubles the first user and line, then fails at the number that exists",
    "uri": "doubles all users and lines, then fails at the numbers that exist",
}


@dataclass
class Measured:
    """A way to create so many users: what creating them costs, and what the same again costs."""

    way: Way
    size: int
    created: Cost
    again: Cost
    left_over: int

    @property
    def each(self) -> float:
        """Seconds a user."""
        return self.created.seconds / self.size


@dataclass
class Planning:
    """What planning users costs who are all there already, without Ansible."""

    size: int
    cpu: float
    peak: float
    requests: int


@dataclass
class Report:
    """All figures of one run. growth: bulk at more and more users."""

    latency: float
    ways: list[Measured] = field(default_factory=list)
    growth: list[Measured] = field(default_factory=list)
    planning: list[Planning] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join([*self._head(), "", *self._ways(), "", *self._growth(), "", *self._planning(), ""])

    def json(self) -> dict[str, Any]:
        return {
            "machine": machine(),
            "latency": self.latency,
            "ways": [_plain(each) for each in self.ways],
            "growth": [_plain(each) for each in self.growth],
            "planning": [vars(each) for each in self.planning],
        }

    def svg(self) -> str:
        """Seconds against users."""
        series = {
            "role, bulk: created": [(each.size, each.created.seconds) for each in self.growth],
            "role, bulk: unchanged": [(each.size, each.again.seconds) for each in self.growth],
            **{each.way.name: [(each.size, each.created.seconds)] for each in self.ways if each.way is not BULK},
        }
        return plot.svg({name: line for name, line in series.items() if line}, "users", "seconds")

    @property
    def _baseline(self) -> Measured:
        return next(each for each in self.ways if each.way is TUTORIAL)

    def _head(self) -> Iterator[str]:
        speed = "as slow as a real XiVO 15.12" if self.latency == 1 else f"latency {self.latency:g}"
        yield f"Machine: {machine()}. Simulated server: {speed}, TLS, digest, in a process of its own."
        yield "Each user has a line, a number and an incall. ratio: seconds a user, against the tutorial's script."

    def _ways(self) -> Iterator[str]:
        head = ("way", "users", "seconds", "s/user", "ratio", "requests/user", "peak MB", "again: s", "requests")
        rows = [self._row(each) for each in self.ways]
        yield from table([head, *rows])
        for each in self.ways:
            if each.way.key in NOT_IDEMPOTENT:
                words = NOT_IDEMPOTENT[each.way.key]
                yield f"Again, {each.way.name}: status {each.again.status}, {each.left_over} users more; {words}."

    def _row(self, each: Measured) -> tuple[str, ...]:
        return (
            each.way.name,
            str(each.size),
            f"{each.created.seconds:.1f}",
            f"{each.each:.3f}",
            f"{each.each / self._baseline.each:.2f}",
            f"{each.created.requests / each.size:.1f}",
            f"{each.created.peak:.0f}",
            f"{each.again.seconds:.1f}",
            str(each.again.requests),
        )

    def _growth(self) -> Iterator[str]:
        head = ("role, bulk", "users", "seconds", "s/user", "peak MB", "again: s", "requests")
        rows = [
            (
                "",
                str(each.size),
                f"{each.created.seconds:.1f}",
                f"{each.each:.3f}",
                f"{each.created.peak:.0f}",
                f"{each.again.seconds:.1f}",
                str(each.again.requests),
            )
            for each in self.growth
        ]
        yield from table([head, *rows])

    def _planning(self) -> Iterator[str]:
        head = ("planning, unchanged", "users", "CPU s", "peak MB", "requests")
        rows = [
            ("", str(each.size), f"{each.cpu:.2f}", f"{each.peak:.0f}", str(each.requests)) for each in self.planning
        ]
        yield from table([head, *rows])


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as aligned text, the first column to the left, a rule below the first row."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for index, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        yield "  ".join(cells).rstrip()
        if index == 0:
            yield "  ".join("-" * width for width in widths)


def machine() -> str:
    """The machine, generically."""
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {version}"


def _plain(each: Measured) -> dict[str, Any]:
    return {
        "way": each.way.key,
        "users": each.size,
        "created": each.created.shown(),
        "again": each.again.shown(),
        "left_over": each.left_over,
    }
