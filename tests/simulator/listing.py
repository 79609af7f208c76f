# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply search, order, direction, limit and skip to a list.

Facts: xivo-15.12.md, "users list"; xivo-15.12.md, "extensions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .errors import input_error
from .postgres.collation import collation_key
from .postgres.like import ilike
from .postgres.sorting import sort_page

Row = TypeVar("Row")
Column = Callable[[Row], "str | None"]


@dataclass(frozen=True)
class Paging:
    """Hold the checked parameters that every list has."""

    limit: int | None
    skip: int
    descending: bool

    @classmethod
    def read(cls, query: Mapping[str, str], smallest_limit: int = 1) -> Paging:
        limit = _read_integer(query, "limit", smallest_limit)
        skip = _read_integer(query, "skip", 0)
        direction = query.get("direction", "asc")
        if direction not in {"asc", "desc"}:
            raise input_error("direction: must be 'asc' or 'desc'")
        return cls(limit or None, skip or 0, direction == "desc")


def _read_integer(query: Mapping[str, str], name: str, smallest: int) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) < smallest:
        raise input_error(f"field '{name}': wrong type. Should be a positive number")
    return int(text)


@dataclass(frozen=True)
class Columns:
    """Hold the columns that a list searches, and those that it can be ordered by."""

    searched: Mapping[str, Column]  # type: ignore[type-arg]
    ordered: Mapping[str, Column]  # type: ignore[type-arg]
    default: str

    def page(self, rows: Sequence[Row], query: Mapping[str, str], paging: Paging) -> tuple[list[Row], int]:
        """Search, order and cut. Returns the page and the total of all pages."""
        order = query.get("order") or self.default
        if order not in self.ordered:
            raise input_error(f"order: column '{order}' was not found")
        column = self.ordered[order]
        found = [row for row in rows if self._matches(row, query.get("search", ""))]
        page = sort_page(
            found,
            lambda row: collation_key(column(row) or ""),
            descending=paging.descending,
            limit=paging.limit,
            skip=paging.skip,
        )
        return page, len(found)

    def _matches(self, row: object, term: str) -> bool:
        return not term or any(ilike(column(row), term) for column in self.searched.values())
