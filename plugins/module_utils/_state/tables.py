# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a snapshot of a server must satisfy, and the tables that a ServerState is kept in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Union

from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey, parse_id
from .._model.records import Extension, Group, Line, Owner, Record, Row, User, UserPart
from .._model.resources import LINE, USER, Resource, normalised
from .._model.snapshot import OwnerIds, Snapshot
from .voicemails import Voicemails

if TYPE_CHECKING:
    from .._backends.base import Backend

LoginNames = dict[str, dict[Union[str, User], None]]
"""{name in lower case: the logins that somebody enters by it}, each as its uuid, or as a user who has none yet."""
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
        record = self._record_of(row)
        record.fields = {**normalised(record.resource, row), **record.fields}
        return record

    def adopt(self, row: Row) -> _R:
        """Make a row the fields of the record of its id, without a copy, and return the record.

        row: as a Snapshot has it, with canonical values. A copy of each of 10,000 rows would take as much memory again.
        """
        record = self._record_of(row)
        for name in row.keys() - record.resource.names:
            del row[name]
        row.update(record.fields)
        record.fields = row
        return record

    def _record_of(self, row: Mapping[str, Any]) -> _R:
        """Return the record of a row's id with what the row shows besides the fields."""
        record = self.get(row["id"])
        if record is None:
            record = self[row["id"]] = self.record_type(id=row["id"])
        if hasattr(record, "uuid") and row.get("uuid"):
            record.uuid = row["uuid"]
        if isinstance(record, User) and "mobile_fallback_enabled" in row:
            record.mobile_fallback = bool(row["mobile_fallback_enabled"])
        if isinstance(record, Line):
            record.details_known = record.details_known or ("secret" in row and "callerid" in row)
            if "protocol" in row:
                record.protocol = row["protocol"]
            record.endpoint_name = row.get("endpoint_name") or record.endpoint_name
            if "device_id" in row:
                record.device_id, record.device_known = row["device_id"], True
        return record


class Index(Generic[_R]):
    """Finds records by the values of their fields.

    Each field is indexed once, because a list looks up as many records as it has entries. Records that a plan adds,
    changes or removes are announced with ``add`` and ``discard``.
    """

    def __init__(self, resource: Resource, records: Callable[[], Iterable[_R]]) -> None:
        self._fields = {field.name: field for field in resource.fields}
        self._records = records
        self._by_field: dict[str, dict[Any, list[_R]]] = {}

    def find(self, exact: Mapping[str, Any]) -> list[_R]:
        """Return the records that have exactly these values (at least one), in the order of all records."""
        name, wanted = next(iter(exact.items()))
        same = self.find_unique(name, wanted)
        return [record for record in same if all(record[name] == value for name, value in exact.items())]

    def find_unique(self, name: str, value: Any) -> list[_R]:
        """Return the records with a value that servers take for this one: the case of some fields does not matter."""
        if name not in self._by_field:
            self._by_field[name] = {}
            for record in self._records():
                self._by_field[name].setdefault(self._key(name, record[name]), []).append(record)
        return self._by_field[name].get(self._key(name, value), [])

    def add(self, record: _R) -> None:
        """Add a record, or one that has new values."""
        for name, records in self._by_field.items():
            records.setdefault(self._key(name, record[name]), []).append(record)

    def discard(self, record: _R) -> None:
        """Remove a record, or one that is about to have new values."""
        for name, records in self._by_field.items():
            key = self._key(name, record[name])
            records[key] = [each for each in records.get(key, ()) if each is not record]

    def _key(self, name: str, value: Any) -> Any:
        field = self._fields.get(name)
        return field.unique_key(value) if field and field.unique else value


class BaseState(ABC):
    """What all parts of a ServerState share: the backend, and what is known so far.

    complete: whether ``read_snapshot`` has read all users and lines, so that no single one is asked for.
    In the tables of associations, a missing key is unknown, and None or an empty list means that there is none.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.complete = False
        self.warnings: list[str] = []
        """What the administrator should know about what was read."""
        self.voicemails = Voicemails(backend, self.users)
        # Users
        self._users: RecordTable[User] = RecordTable(User)
        self._users_by_name: dict[tuple[str | None, str | None], list[User]] = {}
        self._users_by_value = Index(USER, self.users)
        self._line_of: dict[User, Line | None] = {}
        self._other_lines: dict[User, list[Line]] = {}
        self._incalls_of: dict[User, list[Extension]] = {}
        self._create_tables_of_settings()
        self._removed_users: set[str | int | None] = set()
        """The uuids and ids of users that planned operations delete."""
        # Lines
        self._lines: RecordTable[Line] = RecordTable(Line)
        self._new_lines: list[Line] = []
        self._lines_by_value = Index(LINE, self.lines)
        self._lines_by_mark: dict[str, list[Line]] | None = None
        self._lines_by_code: dict[str, list[Line]] = {}
        self._removed_lines: set[int] = set()
        self._oddly_named: list[Line] | None = None
        self._undescribed_of_lines: dict[int, dict[str, str]] = {}
        self._lines_on_device: dict[str, list[Line]] = {}
        self._all_lines = False
        self._users_of: dict[Line, list[User]] = {}
        self._extension_of: dict[Line, Extension | None] = {}
        # Extensions
        self._extensions: RecordTable[Extension] = RecordTable(Extension)
        self._extensions_by_key: dict[ExtensionKey, Extension | None] = {}
        self._all_extensions = False
        self._lines_of_extension: dict[Extension, list[Line]] = {}
        self._owner_of: dict[Extension, Owner | None] = {}
        self._shown_owner_of: dict[Extension, OwnerIds | None] = {}
        """The owners that rows have shown, to be looked up when somebody asks for them."""
        # Contexts
        self._complete_contexts: set[str] = set()
        self._incall_contexts: dict[str, bool | None] = {}

    def _create_tables_of_settings(self) -> None:
        self._parts_of: dict[str, dict[User, UserPart]] = {}
        self._listed_parts: dict[str, dict[int, Row]] = {}
        """The rows of settings that the snapshot has, of which a part is made when somebody asks for it."""
        self._undescribed: dict[int, dict[str, str]] = {}
        self._login_names: LoginNames | None = None
        self._fallbacks_to: dict[tuple[str, int], list[User]] | None = None
        self._groups: list[Group] | None = None

    def note_returned(self, resource: Resource, row: Mapping[str, Any]) -> None:
        """Take a user or a line to be as another task has just returned it, without asking the server.

        An object that is not whole is left alone: it names one, but does not describe it.
        """
        table: RecordTable[Any] = self._users if resource is USER else self._lines
        if row.get("id") and resource.names - resource.apart <= row.keys():
            known = {**row, "id": parse_id(row["id"], f"{resource.name}.id")}
            table.store(known)
            if resource is LINE:
                self.backend.note_line(known)

    @abstractmethod
    def users(self) -> list[User]:
        """Return all users by id; those that are only planned come first. Needs ``read_snapshot``."""

    @abstractmethod
    def lines(self) -> list[Line]:
        """Return all lines by id; those that are only planned come first."""
