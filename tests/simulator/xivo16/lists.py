# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply exact filters, search, order and pages (xivo-16.16.md, "users list"; xivo-16.16.md, "lines_sip, lines").

As in 15.12 the order has no tie-breaker, and null comes last. Exact filters are new (xivo-16.16.md, trap 4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import input_error, unexpected_error
from ..generation import Answer, Call
from ..listing import Paging
from ..postgres.collation import collation_key
from ..postgres.like import ilike
from ..postgres.sorting import sort_page

Column = Callable[[Any], Any]


def read_paging(query: Mapping[str, str], smallest_limit: int = 1, winner: str = "skip") -> Paging:
    """Return the checked parameters. An empty one is wrong, offset means skip; winner: which of both counts."""
    for name in ("limit", "skip", "offset"):
        if query.get(name) == "":
            raise input_error(f"field '{name}': wrong type. Should be a positive number")
    skip = query.get(winner, query.get("skip", query.get("offset")))
    return Paging.read({**query, **({} if skip is None else {"skip": skip})}, smallest_limit)


@dataclass(frozen=True)
class ListColumns:
    """Hold the columns that a list searches, and those that it can be ordered and filtered by.

    integers, booleans: filters of that type, for which another value is a 500.
    """

    columns: Mapping[str, Column]
    searched: tuple[str, ...]
    default: str
    unordered: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()
    booleans: tuple[str, ...] = ()

    def page(self, rows: Sequence[Any], query: Mapping[str, str]) -> tuple[list[Any], int]:
        paging = read_paging(query)
        order = query.get("order") or self.default
        if order not in self.columns or order in self.unordered:
            raise input_error(f"order: column '{order}' was not found")
        column = self.columns[order]
        found = [row for row in self._filtered(rows, query) if self._matches(row, query.get("search", ""))]
        page = sort_page(
            found,
            lambda row: _sort_key(column(row)),
            descending=paging.descending,
            limit=paging.limit,
            skip=paging.skip,
        )
        return page, len(found)

    def _filtered(self, rows: Sequence[Any], query: Mapping[str, str]) -> list[Any]:
        """Return the rows that have the values of the parameters that are columns; the other parameters are ignored."""
        wanted = {name: text for name, text in query.items() if name in self.columns}
        for name in self.integers:
            if name in wanted and not wanted[name].isdigit():
                raise _data_error("integer", wanted[name])
        for name in self.booleans:
            if name in wanted and wanted[name].lower() not in {"true", "false"}:
                raise _data_error("boolean", wanted[name])
        return [row for row in rows if all(self._equals(name, row, text) for name, text in wanted.items())]

    def _equals(self, name: str, row: Any, text: str) -> bool:
        """Return whether a column has the value of a parameter; e-mail addresses are compared without case."""
        value = self.columns[name](row)
        if name == "email" and value is not None:
            return str(value).lower() == text.lower()
        return _equals(value, text)

    def _matches(self, row: Any, term: str) -> bool:
        if not term:
            return True
        return any(ilike(_text(self.columns[name](row)), term) for name in self.searched)


def _equals(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return str(value).lower() == text.lower()
    return value is not None and str(value) == text


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _sort_key(value: Any) -> tuple[Any, ...]:
    if value is None:
        return (1,)
    return (0, value) if isinstance(value, (int, bool)) else (0, collation_key(str(value)))


def _data_error(kind: str, text: str) -> Exception:
    return unexpected_error(f'(DataError) invalid input syntax for type {kind}: "{text}"\n')


def answer_list(call: Call, columns: ListColumns, rows: Sequence[Any], view: Callable[[Any], Any]) -> Answer:
    page, total = columns.page(rows, call.query)
    return Answer(body={"items": [view(row) for row in page], "total": total})
