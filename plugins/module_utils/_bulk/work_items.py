# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run carries out as one piece: it succeeds as a whole, or is undone as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .._operations.base import Operation

UNLISTED = -1
"""Index of an item that is in no list: a user who is purged, an orphan."""


@dataclass(eq=False)
class WorkItem:
    """An entry of a list, or something else that a run carries out.

    index: position in the list, from 0.
    problem: why the item cannot be planned, or why it failed; '' if nothing is wrong.
    teardown_operations, build_operations: what is planned; the teardown of all items comes before all builds.
    waits_for: items that must have given something back before this one takes it.
    """

    index: int = UNLISTED
    problem: str = field(default="", init=False)
    created: bool = field(default=False, init=False)
    teardown_operations: list[Operation] = field(default_factory=list, init=False)
    build_operations: list[Operation] = field(default_factory=list, init=False)
    waits_for: set[WorkItem] = field(default_factory=set, init=False)
    warnings: list[str] = field(default_factory=list, init=False)

    @property
    def label(self) -> str:
        """Return how messages, results and loops call the item; holds no secret."""
        raise NotImplementedError

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
        return [*self.teardown_operations, *self.build_operations]

    def fail(self, problem: object) -> None:
        """Remember the first thing that is wrong."""
        self.problem = self.problem or str(problem)

    def __str__(self) -> str:
        return self.label if self.index == UNLISTED else f"entry {self.index + 1}, {self.label}"


def describe_items(items: Iterable[WorkItem]) -> str:
    """Return the names of items, sorted."""
    return ", ".join(sorted(map(str, items)))
