# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort and cut as ORDER BY ... LIMIT of PostgreSQL does, with its consequence (xivo-15.12.md, trap 3).

With a limit, PostgreSQL keeps only the best rows in a heap, and what the heap does to rows that compare equal depends
on its size. Pages of different offsets therefore disagree about the order of equal rows: some are lost, others come
twice. 300 equal rows read by 10, 50 and 100 give 287, 299 and 300 different ones, here as on the real server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
Key = Callable[[Row], Any]


def sort_page(
    rows: Sequence[Row], key: Key[Row], *, descending: bool = False, limit: int | None = None, skip: int = 0
) -> list[Row]:
    """Sort the rows and cut out one page, in the order PostgreSQL gives rows that compare equal."""
    if limit is None:
        return sorted(rows, key=key, reverse=descending)[skip:]
    bound = limit + skip
    if len(rows) <= 2 * bound:
        ordered = sorted(rows, key=key, reverse=descending)
    else:
        ordered = _BoundedHeap(bound, key, descending).sort(rows)
    return ordered[skip:bound]


class _BoundedHeap(Generic[Row]):
    """Sort with the bounded heap of PostgreSQL's tuplesort.c: the worst row kept is at the top."""

    def __init__(self, bound: int, key: Key[Row], descending: bool) -> None:
        self._bound = bound
        self._key = key
        self._descending = descending
        self._heap: list[tuple[Any, Row]] = []

    def sort(self, rows: Sequence[Row]) -> list[Row]:
        for row in rows:
            entry = (self._key(row), row)
            if len(self._heap) < self._bound:
                self._insert(entry)
            elif self._worse(self._heap[0], entry):
                self._sift_down(entry, len(self._heap))
        for last in range(len(self._heap) - 1, 0, -1):
            worst, moved = self._heap[0], self._heap[last]
            self._sift_down(moved, last)
            self._heap[last] = worst
        return [row for _key, row in self._heap]

    def _worse(self, left: tuple[Any, Row], right: tuple[Any, Row]) -> bool:
        return bool(left[0] < right[0] if self._descending else left[0] > right[0])

    def _insert(self, entry: tuple[Any, Row]) -> None:
        self._heap.append(entry)
        position = len(self._heap) - 1
        while position > 0:
            parent = (position - 1) >> 1
            if not self._worse(entry, self._heap[parent]):
                break
            self._heap[position] = self._heap[parent]
            position = parent
        self._heap[position] = entry

    def _sift_down(self, entry: tuple[Any, Row], size: int) -> None:
        position = 0
        while (child := 2 * position + 1) < size:
            if child + 1 < size and self._worse(self._heap[child + 1], self._heap[child]):
                child += 1
            if not self._worse(self._heap[child], entry):
                break
            self._heap[position] = self._heap[child]
            position = child
        self._heap[position] = entry
