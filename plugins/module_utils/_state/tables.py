# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a snapshot of a server must satisfy, and the tables that a ServerState is kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, Owner, Record, User
from .._model.resources import normalised
from .._model.snapshot import Snapshot
from .voicemails import Voicemails

if TYPE_CHECKING:
    from .._backends.base import Backend

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


class Index(dict[str, dict[Any, list[_R]]]):
    """Finds records by the values of their fields: {field: {value: records}}.

    Each field is indexed once, because a list looks up as many records as it has entries. ``clear`` forgets the index.
    """

    def find(self, exact: Mapping[str, Any], records: Callable[[], Iterable[_R]]) -> list[_R]:
        """Return the records that have exactly these values (at least one), in the order of all records."""
        name, wanted = next(iter(exact.items()))
        if name not in self:
            self[name] = {}
            for record in records():
                self[name].setdefault(record[name], []).append(record)
        same = self[name].get(wanted, ())
        return [record for record in same if all(record[name] == value for name, value in exact.items())]


class BaseState:
    """What all parts of a ServerState share: the backend, and what is known so far.

    complete: whether ``read_snapshot`` has read all users and lines, so that no single one is asked for.
    In the tables of associations, a missing key is unknown, and None or an empty list means that there is none.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.complete = False
        self.voicemails = Voicemails(backend)
        # Users
        self._users: RecordTable[User] = RecordTable(User)
        self._users_by_name: dict[tuple[str | None, str | None], list[User]] = {}
        self._users_by_value: Index[User] = Index()
        self._line_of: dict[User, Line | None] = {}
        self._other_lines: dict[User, list[Line]] = {}
        self._incalls_of: dict[User, list[Extension]] = {}
        # Lines
        self._lines: RecordTable[Line] = RecordTable(Line)
        self._lines_by_username: dict[str, Line] | None = None
        self._lines_by_mark: dict[str, list[Line]] | None = None
        self._all_lines = False
        self._users_of: dict[Line, list[User]] = {}
        self._extension_of: dict[Line, Extension | None] = {}
        # Extensions
        self._extensions: RecordTable[Extension] = RecordTable(Extension)
        self._extensions_by_key: dict[ExtensionKey, Extension | None] = {}
        self._all_extensions = False
        self._lines_of_extension: dict[Extension, list[Line]] = {}
        self._owner_of: dict[Extension, Owner | None] = {}
        # Contexts
        self._complete_contexts: set[str] = set()
        self._incall_contexts: dict[str, bool | None] = {}
