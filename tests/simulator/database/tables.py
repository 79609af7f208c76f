# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold rows with a sequence of ids, and with indexes, so that requests stay quick in a large database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from itertools import count, takewhile
from typing import Any, Generic, Protocol, TypeVar


class HasId(Protocol):
    id: Any


RowT = TypeVar("RowT", bound=HasId)


class DuplicateKey(Exception):
    """Report that the primary key is taken, as after a POST with an id that the sequence reaches later."""

    def __init__(self, key: object) -> None:
        super().__init__(key)
        self.key = key


@cache
def _tracked(row_type: type[RowT]) -> type[RowT]:
    """Return a subclass of the row type whose rows tell their table when a column changes."""

    def set_column(row: Any, name: str, value: Any) -> None:
        table = row.__dict__.get("_table")
        if table is not None:
            table.forget(row, name)
        object.__setattr__(row, name, value)
        if table is not None:
            table.remember(row, name)

    return type(row_type.__name__, (row_type,), {"__setattr__": set_column, "__qualname__": row_type.__qualname__})


def assign(row: object, values: Mapping[str, Any]) -> None:
    """Set columns of a row."""
    for name, value in values.items():
        setattr(row, name, value)


class Table(Generic[RowT]):
    """Hold rows by id, in the order they were inserted. An id that is given does not move the sequence."""

    def __init__(self, row_type: type[RowT]) -> None:
        self._row_type: Callable[..., RowT] = _tracked(row_type)
        self._rows: dict[Any, RowT] = {}
        self._indexes: dict[str, dict[Any, dict[int, RowT]]] = {}
        self._places = count()
        self.newest = -1
        """The place of the row that was inserted last, also if it is gone."""
        self.sequence = 0

    def __iter__(self) -> Iterator[RowT]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: object) -> RowT | None:
        return self._rows.get(key)

    def where(self, **columns: object) -> list[RowT]:
        if not columns:
            return list(self)
        found = min((self._index(name).get(value, {}) for name, value in columns.items()), key=len)
        rows = [found[place] for place in sorted(found)]
        return [row for row in rows if all(getattr(row, name) == value for name, value in columns.items())]

    def first(self, **columns: object) -> RowT | None:
        return next(iter(self.where(**columns)), None)

    def insert(self, id: Any = None, **columns: Any) -> RowT:
        if id is None:
            self.sequence += 1
            id = self.sequence
        if id in self._rows:
            raise DuplicateKey(id)
        row = self._row_type(id=id, **columns)
        self._add(row)
        return row

    def newer_than(self, place: int) -> list[RowT]:
        """Return the rows that were inserted after ``newest`` had this value, the last one first."""
        return list(takewhile(lambda row: vars(row)["_place"] > place, reversed(self._rows.values())))

    def delete(self, row: RowT) -> None:
        del self._rows[row.id]
        for name in self._indexes:
            self.forget(row, name)
        vars(row)["_table"] = None

    def clear(self) -> None:
        self._rows.clear()
        self._indexes.clear()
        self.sequence = 0

    def dump(self) -> list[dict[str, Any]]:
        return [asdict(row) for row in self]  # type: ignore[call-overload]

    def load(self, rows: list[dict[str, Any]], sequence: int) -> None:
        self.clear()
        for row in rows:
            self._add(self._row_type(**row))
        self.sequence = sequence

    # Indexes of the columns that were queried: {column: {value: {place in the table: row}}}

    def forget(self, row: RowT, name: str) -> None:
        """Remove a row from the index of a column."""
        if name in self._indexes:
            self._indexes[name][getattr(row, name)].pop(vars(row)["_place"])

    def remember(self, row: RowT, name: str) -> None:
        """Add a row to the index of a column."""
        if name in self._indexes:
            self._indexes[name].setdefault(getattr(row, name), {})[vars(row)["_place"]] = row

    def _index(self, name: str) -> dict[Any, dict[int, RowT]]:
        if name not in self._indexes:
            self._indexes[name] = {}
            for row in self:
                self.remember(row, name)
        return self._indexes[name]

    def _add(self, row: RowT) -> None:
        self.newest = next(self._places)
        vars(row).update(_table=self, _place=self.newest)
        self._rows[row.id] = row
        for name in self._indexes:
            self.remember(row, name)
