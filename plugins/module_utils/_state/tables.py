# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one reading of a server brings, and the tables of records that it is kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from .._model.errors import ConflictError
from .._model.records import Line, Record
from .._model.resources import normalised
from .._model.snapshot import Snapshot

READINGS = 5
"""How often a server is read that somebody else is changing."""


def read_consistently(read: Callable[[], Snapshot]) -> Snapshot:
    """All lists, read again where somebody else wrote between one and the next.

    Raises ConflictError if that does not end.
    """
    for _each in range(READINGS):
        reading = read()
        if reading.is_consistent:
            return reading
    raise ConflictError(
        "Users, lines and numbers do not fit together, for somebody else is changing them while they are read.",
        "Run again once they have ended.",
    )


_R = TypeVar("_R", bound=Record)


class RecordTable(dict[int, _R]):
    """Records by id, each made once."""

    def __init__(self, kind: type[_R]) -> None:
        super().__init__()
        self.kind = kind

    def keep(self, row: Mapping[str, Any]) -> _R:
        """The record of a row; a known one keeps its identity and takes the fields that are news."""
        record = self.get(row["id"])
        if record is None:
            record = self[row["id"]] = self.kind(id=row["id"])
        record.fields = {**normalised(record.resource, row), **record.fields}
        if hasattr(record, "uuid") and row.get("uuid"):
            record.uuid = row["uuid"]
        if isinstance(record, Line):
            record.details_known = record.details_known or ("secret" in row and "callerid" in row)
            if "device_id" in row:
                record.device_id, record.device_known = row["device_id"], True
        return record


class Index(Generic[_R]):
    """Records by values of their fields, looked up once for each field: a list may ask as often as it has entries."""

    def __init__(self, records: Callable[[], Iterable[_R]]) -> None:
        self._records = records
        self._by_field: dict[str, dict[Any, list[_R]]] = {}

    def find(self, exact: Mapping[str, Any]) -> list[_R]:
        """The records that have exactly these values, one at least, in the order of all."""
        name, wanted = next(iter(exact.items()))
        if name not in self._by_field:
            self._by_field[name] = {}
            for record in self._records():
                self._by_field[name].setdefault(record[name], []).append(record)
        same = self._by_field[name].get(wanted, ())
        return [record for record in same if all(record[name] == value for name, value in exact.items())]

    def clear(self) -> None:
        """Look again, for records have changed."""
        self._by_field.clear()
