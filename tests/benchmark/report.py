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
from benchmark.contenders import BULK, Contender
from benchmark.server import Cost

NOT_IDEMPOTENT = {
    "tutorial": "doubles the first user and line, then fails at the number that exists",
    "tutorial-wazo": "doubles the first user and line, then fails at the number that exists",
    "uri": "doubles all users and lines, then fails at the numbers that exist",
}


@dataclass
class Measured:
    """What it costs a contender to create so many users, and to do the same again."""

    contender: Contender
    size: int
    created: Cost
    again: Cost
    left_over: int

    @property
    def each(self) -> float:
        """Seconds a user."""
        return self.created.seconds / self.size


UNCHANGED, BY_USERFIELD, NEW = PLANNED = ("unchanged", "unchanged, by userfield", "new")
"""Users as they are planned: known by name, by the userfield in match, or not there yet."""


@dataclass
class Planning:
    """What planning users of a kind costs, without Ansible."""

    kind: str
    size: int
    cpu: float
    peak: float
    requests: int


@dataclass
class Whole:
    """Users made whole, one or many in a request, or part by part, without Ansible; seconds do not count the start."""

    api: str
    is_whole: bool
    size: int
    seconds: float
    again_seconds: float
    created: Cost
    again: Cost

    @property
    def name(self) -> str:
        return f"{self.api}, {'whole users' if self.is_whole else 'part by part'}"

    @property
    def each(self) -> float:
        """Seconds a user."""
        return self.seconds / self.size


@dataclass
class Idle:
    """What a run takes that has nothing to do. cpu: seconds of all processes. seconds: by the clock."""

    name: str
    cpu: float
    seconds: float


@dataclass
class Target:
    """A figure that must not be above a limit."""

    name: str
    figure: float
    limit: float
    unit: str = ""

    @property
    def verdict(self) -> str:
        return "met" if self.figure <= self.limit else "MISSED"


@dataclass
class Report:
    """All figures of one run. load: of the machine before it; growth: bulk at more and more users.

    attempts: of the contenders that take less than minutes; the quickest counts. contenders, on_wazo: the script first.
    idle: the module that does nothing first.
    """

    latency: float
    load: float = 0.0
    attempts: int = 1
    contenders: list[Measured] = field(default_factory=list)
    on_wazo: list[Measured] = field(default_factory=list)
    growth: list[Measured] = field(default_factory=list)
    planning: list[Planning] = field(default_factory=list)
    whole: list[Whole] = field(default_factory=list)
    idle: list[Idle] = field(default_factory=list)

    def text(self) -> str:
        """Everything that was measured, as tables."""
        parts = (
            _contenders("contender", self.contenders) if self.contenders else (),
            _contenders("on Wazo", self.on_wazo) if self.on_wazo else (),
            self._growth() if self.growth else (),
            self._planning() if self.planning else (),
            self._whole() if self.whole else (),
            self._idle() if self.idle else (),
            self._targets(),
        )
        lines = [*self._head()]
        for part in map(list, parts):
            lines += ["", *part] if part else []
        return "\n".join([*lines, ""])

    def json(self) -> dict[str, Any]:
        return {
            "machine": machine(),
            "latency": self.latency,
            "load": self.load,
            "attempts": self.attempts,
            "contenders": [_plain(each) for each in self.contenders],
            "on_wazo": [_plain(each) for each in self.on_wazo],
            "growth": [_plain(each) for each in self.growth],
            "planning": [vars(each) for each in self.planning],
            "whole": [
                {**vars(each), "created": each.created.shown(), "again": each.again.shown()} for each in self.whole
            ],
            "idle": [vars(each) for each in self.idle],
            "targets": [{**vars(each), "verdict": each.verdict} for each in self.targets()],
        }

    def svg(self) -> str:
        """Seconds against users."""
        series = {
            "role, bulk: created": [(each.size, each.created.seconds) for each in self.growth],
            "role, bulk: unchanged": [(each.size, each.again.seconds) for each in self.growth],
            **{
                each.contender.name: [(each.size, each.created.seconds)]
                for each in self.contenders
                if each.contender is not BULK and not each.contender.empty
            },
        }
        return plot.svg({name: line for name, line in series.items() if line}, "users", "seconds")

    def targets(self) -> list[Target]:
        """What bulk has to reach, as far as it was measured."""
        compared = (
            ("creating with bulk, against the tutorial's script", self.contenders, 0.90),
            ("creating with bulk on Wazo, against a step-by-step script", self.on_wazo, 0.74),
        )
        found = [
            Target(name, each.each / rows[0].each, limit)
            for name, rows, limit in compared
            for each in rows
            if each.contender is BULK
        ]
        found += [
            Target(
                f"CPU of {each.name} with nothing to do, against {self.idle[0].name}", each.cpu / self.idle[0].cpu, 1.6
            )
            for each in self.idle[1:]
        ]
        for each in self.planning:
            found.append(Target(f"peak of planning {each.size} users, {each.kind}", each.peak, 300, "MB"))
            if each.kind != NEW:
                found.append(Target(f"CPU of planning {each.size} users, {each.kind}", each.cpu, 10, "s"))
        return found

    def _head(self) -> Iterator[str]:
        speed = "as slow as a real one" if self.latency == 1 else f"latency {self.latency:g}"
        yield f"Machine: {machine()}, load before the run {self.load:.1f}."
        yield f"Simulated server: {speed}, TLS, in a process of its own; a XiVO 15.12 where nothing else is said."
        yield "Each user has a line, a number and an incall."
        yield "ratio: seconds a user, against the script of the same table; without Ansible, against part by part."
        yield "Empty: as many tasks, with nothing in them and without the server. What they take is Ansible's own."
        if self.attempts > 1:
            yield f"The tutorial's script and bulk at its first size: the quickest of {self.attempts} in turns."

    def _growth(self) -> Iterator[str]:
        head = ("role, bulk", "users", "seconds", "s/user", "ratio", "peak MB", "again: s", "requests")
        rows = [
            (
                "",
                str(each.size),
                f"{each.created.seconds:.1f}",
                f"{each.each:.3f}",
                f"{each.each / self.contenders[0].each:.2f}",
                f"{each.created.peak:.0f}",
                f"{each.again.seconds:.1f}",
                str(each.again.requests),
            )
            for each in self.growth
        ]
        yield from table([head, *rows])

    def _planning(self) -> Iterator[str]:
        head = ("planning, no Ansible", "users", "CPU s", "peak MB", "requests")
        rows = [
            (each.kind, str(each.size), f"{each.cpu:.2f}", f"{each.peak:.0f}", str(each.requests))
            for each in self.planning
        ]
        yield from table([head, *rows])

    def _whole(self) -> Iterator[str]:
        parts = {each.api: each for each in self.whole if not each.is_whole}
        head = ("creating, no Ansible", "users", "seconds", "s/user", "ratio", "requests/user", "again: s", "requests")
        rows = [
            (
                each.name,
                str(each.size),
                f"{each.seconds:.1f}",
                f"{each.each:.3f}",
                f"{each.each / parts[each.api].each:.2f}",
                f"{each.created.requests / each.size:.1f}",
                f"{each.again_seconds:.1f}",
                str(each.again.requests),
            )
            for each in self.whole
        ]
        yield from table([head, *rows])

    def _idle(self) -> Iterator[str]:
        first = self.idle[0]
        rows = [
            (
                each.name,
                f"{each.cpu:.2f}",
                f"{each.cpu / first.cpu:.2f}",
                f"{each.seconds:.2f}",
                f"{each.seconds / first.seconds:.2f}",
            )
            for each in self.idle
        ]
        yield from table([("one user, nothing to do", "CPU s", "ratio", "seconds", "ratio"), *rows])

    def _targets(self) -> Iterator[str]:
        rows = [
            (each.name, f"{each.figure:.2f} {each.unit}".strip(), f"{each.limit:g} {each.unit}".strip(), each.verdict)
            for each in self.targets()
        ]
        if rows:
            yield from table([("target", "measured", "at most", ""), *rows])


def _contenders(title: str, measured: Sequence[Measured]) -> Iterator[str]:
    """Contenders as a table. measured: the one that the others are compared with first."""
    head = (title, "users", "seconds", "s/user", "ratio", "CPU s", "requests/user", "peak MB")
    head = (*head, "again: s", "ratio", "requests/user", "peak MB")
    rows = [_row(each, measured[0].each) for each in measured]
    yield from table([head, *rows])
    for each in measured:
        if each.contender.key in NOT_IDEMPOTENT:
            words = NOT_IDEMPOTENT[each.contender.key]
            yield f"Again, {each.contender.name}: status {each.again.status}, {each.left_over} users more; {words}."


def _row(each: Measured, baseline: float) -> tuple[str, ...]:
    return (
        each.contender.name,
        str(each.size),
        f"{each.created.seconds:.1f}",
        f"{each.each:.3f}",
        f"{each.each / baseline:.2f}",
        f"{each.created.cpu:.1f}",
        f"{each.created.requests / each.size:.1f}",
        f"{each.created.peak:.0f}",
        f"{each.again.seconds:.1f}",
        f"{each.again.seconds / each.size / baseline:.2f}",
        f"{each.again.requests / each.size:.1f}",
        f"{each.again.peak:.0f}",
    )


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
        "contender": each.contender.key,
        "users": each.size,
        "created": each.created.shown(),
        "again": each.again.shown(),
        "left_over": each.left_over,
    }
