# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a snapshot of a server must satisfy, and the tables of records that it is kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from .._model.errors import ConflictError
from .._model.records import Line, Record
from .._model.resources import normalised
from .._model.snapshot import Snapshot

READINGS = 5
"""How often a server is read while somebody else is changing it."""


def read_consistently(read: Callable[[], Snapshot]) -> Snapshot:
    """Return a consistent snapshot. Read again, up to READINGS times, where objects changed between two requests.

    Raises ConflictError if none of the snapshots is consistent.
    """
    for _attempt in range(READINGS):
        snapshot = read()
        if snapshot.is_consistent:
            return snapshot
    raise ConflictError(
        f"The lists of users, lines and extensions contradicted each other {READINGS} times in a row, because another "
        "client is changing them.",
        "Run again when the other changes are finished.",
    )


_R = TypeVar("_R", bound=Record)


class RecordTable(dict[int, _R]):
    """Records of one type by id."""

    def __init__(self, record_type: type[_R]) -> None:
        super().__init__()
        self.record_type = record_type

    def store(self, row: Mapping[str, Any]) -> _R:
        """Return the one record of a row's id. A record that is known takes only the fields that it does not have."""
        record = self.get(row["id"])
        if record is None:
            record = self[row["id"]] = self.record_type(id=row["id"])
        record.fields = {**normalised(record.resource, row), **record.fields}
        if hasattr(record, "uuid") and row.get("uuid"):
            record.uuid = row["uuid"]
        if isinstance(record, Line):
            record.details_known = record.details_known or ("secret" in row and "callerid" in row)
            if "device_id" in row:
                record.device_id, record.device_known = row["device_id"], True
        return record


class Index(Generic[_R]):
    """Finds records by the values of their fields.

    Each field is indexed once, because a list looks up as many records as it has entries.
    """

    def __init__(self, records: Callable[[], Iterable[_R]]) -> None:
        self._records = records
        self._by_field: dict[str, dict[Any, list[_R]]] = {}

    def find(self, exact: Mapping[str, Any]) -> list[_R]:
        """Return the records that have exactly these values (at least one), in the order of all records."""
        name, wanted = next(iter(exact.items()))
        if name not in self._by_field:
            self._by_field[name] = {}
            for record in self._records():
                self._by_field[name].setdefault(record[name], []).append(record)
        same = self._by_field[name].get(wanted, ())
        return [record for record in same if all(record[name] == value for name, value in exact.items())]

    def clear(self) -> None:
        """Forget the index, because records have changed."""
        self._by_field.clear()
