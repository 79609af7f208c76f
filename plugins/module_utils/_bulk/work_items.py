# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the items of a run: each of them succeeds as a whole, or is undone as a whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from .._model.errors import failed_request_of
from .._model.records import Row
from .._operations.base import Operation

DEPENDS_ON = "depends on"
"""How the problem of an item begins that has none of its own."""
UNLISTED = -1
"""Index of an item that is not in the list: a purged user, an orphan."""


@dataclass(eq=False)
class WorkItem(ABC):
    """Represents an entry of a list, or another object that a run changes.

    index: position in the list, from 0.
    problem: the error of the plan or of the run; '' for none. failed_request: the request that it is about, if any.
    teardown_operations, build_operations, linking_operations: the planned operations; all teardowns come before all
    builds, and what leads to other objects is written after all builds.
    waits_for: items that have to free or create something before this one uses it.
    links_to: items that create what the linking operations lead to. Items may link to each other in circles.
    """

    index: int = UNLISTED
    problem: str = ""
    failed_request: Row | None = None
    created: bool = False
    teardown_operations: list[Operation] = field(default_factory=list, init=False)
    build_operations: list[Operation] = field(default_factory=list, init=False)
    linking_operations: list[Operation] = field(default_factory=list, init=False)
    # Frozen sets, because an empty one is shared: almost no entry waits for another one.
    waits_for: frozenset[WorkItem] = frozenset()
    links_to: frozenset[WorkItem] = frozenset()
    warnings: list[str] = field(default_factory=list, init=False)

    @property
    @abstractmethod
    def label(self) -> str:
        """Return the name of the item in messages, results and loops. It holds no secret."""

    @property
    def absent(self) -> bool:
        """Return whether the item is to be removed."""
        return False

    @property
    def active(self) -> bool:
        """Return whether the item can still be planned and carried out."""
        return not self.problem

    @property
    def operations(self) -> list[Operation]:
        return [*self.teardown_operations, *self.build_operations, *self.linking_operations]

    @property
    def planned_status(self) -> str:
        """Return what a run does with the item, as results call it."""
        if self.problem:
            return "failed"
        if not self.operations:
            return "unchanged"
        if self.absent:
            return "removed"
        return "created" if self.created else "updated"

    def fail(self, problem: object, failed_request: Row | None = None) -> None:
        """Record a problem, unless the item has one already. failed_request: the request, if the problem is a text."""
        if not self.problem:
            self.problem = str(problem)
            self.failed_request = failed_request or failed_request_of(problem)

    def add_problems(self, problems: Iterable[str]) -> None:
        """Record problems beside the one that the item may have already. A text that is there is not repeated."""
        for problem in problems:
            if problem not in self.problem:
                self.problem = f"{self.problem} {problem}".lstrip()

    def __str__(self) -> str:
        return self.label if self.index == UNLISTED else f"entry {self.index + 1}, {self.label}"


def dependents_of(items: Iterable[WorkItem], among: Collection[WorkItem], with_links: bool = False) -> set[WorkItem]:
    """Return the other items that wait for one of these, directly or through others.

    with_links: whether also those whose links lead to one.
    """
    concerned = set(items)
    found: set[WorkItem] = set()
    while True:
        more = {
            each
            for each in among
            if not concerned.isdisjoint(each.waits_for | each.links_to if with_links else each.waits_for)
        } - concerned
        if not more:
            return found
        found |= more
        concerned |= more


def depends_on(failed: Iterable[WorkItem]) -> str:
    """Return the problem of an item that waits for failed ones."""
    return f"{DEPENDS_ON} {', '.join(sorted(map(str, failed)))}, which failed."
