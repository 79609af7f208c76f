# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extensions and contexts from 16.13 on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ..._http.client import Client
from ..._http.confirm import create_once, ensure_deleted
from ..._http.handover import CONTEXTS
from ..._model.contexts import INCALL, ContextInfo, context_info
from ..._model.errors import RefusedError
from ..._model.numbers import ExtensionKey
from ..._model.records import Extension, Line, NumberUse, Row, User, id_of
from ..._model.resources import EXTENSION, Resource
from ..._model.snapshot import OwnerIds
from ..xivo.rows import row_of
from .incalls import Xivo16Incalls

SINGLE_REQUESTS_LIMIT = 10
"""So many objects are read one by one before a list of all of them is considered."""
LISTED_ROWS_PER_REQUEST = 7.5
"""How many rows of a list of extensions cost as much as one request with an exact filter: 4 ms a row, 30 ms a request.

Measured; see xivo-16.16.md, "Speed".
"""


class Xivo16Extensions(Xivo16Incalls):
    """Reads and writes extensions. Their rows show their owners, and the contexts are shown as well."""

    owner_types: tuple[str, ...] = ("group", "conference", "outcall")
    """The keys of an extension's row under which it shows owners other than lines and incalls."""
    takes_full_numbers: ClassVar[bool] = False
    """Whether a context with shortened direct numbers takes full ones as well."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        # Not cached_property: up to Python 3.11, it makes the threads of a run wait for each other's requests.
        self._rows_of_contexts: list[Row] | None = None
        self._takes_earlier_contexts = True
        self._has_earlier_contexts = False
        """Whether the contexts are what an earlier task has read."""
        self._contexts: dict[str, ContextInfo] | None = None

    # Reading

    def find_extension(self, exten: str, context: str) -> Row | None:
        rows = self._get_filtered("/extensions", exten=exten, context=context)
        found = next((row for row in rows if (row["exten"], row["context"]) == (exten, context)), None)
        return {**row_of(EXTENSION, found), "owner": self._owner_of_row(found)} if found else None

    def find_extensions(self, keys: Iterable[ExtensionKey]) -> Iterator[Row]:
        """Yield those of these extensions that exist, read by exact filters or by the list of a context."""
        wanted: dict[str, set[str]] = {}
        for exten, context in keys:
            wanted.setdefault(context, set()).add(exten)
        for context, extens in wanted.items():
            if self._is_list_quicker(context, len(extens)):
                yield from (row for row in self.list_extensions(context) if row["exten"] in extens)
            else:
                yield from super().find_extensions((exten, context) for exten in sorted(extens))

    def list_extensions(self, context: str | None = None) -> list[Row]:
        query = {"context": context} if context else {}
        rows: list[Row] = []
        direct: list[tuple[int, Row]] = []
        unknown: set[int] = set()
        for shown in self.client.read_items("/extensions", **query):
            row = row_of(EXTENSION, shown)
            rows.append(row)
            if shown["incall"]:
                unknown |= {shown["incall"]["id"]} - self._users_of_incalls.keys()
            if shown["incall"] and not shown["lines"]:
                direct.append((shown["incall"]["id"], row))
            else:
                row["owner"] = self._owner_of_row(shown)
        if len(unknown) > SINGLE_REQUESTS_LIMIT:
            for incall in self.client.get_items("/incalls"):
                self._incall_owners[incall["id"]] = self._incall_owner(incall)
        for incall_id, row in direct:
            row["owner"] = self._owner_through_incall(incall_id, afresh=False)
        return rows

    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        row = self._get(f"/extensions/{extension_id}")
        return self._owner_of_row(row, afresh=True) if row else None

    def list_contexts(self) -> dict[str, ContextInfo]:
        if self._contexts is None:
            self._contexts = {row["name"]: context_info(row, self.takes_full_numbers) for row in self._context_rows()}
        return self._contexts

    def read_contexts_again(self) -> bool:
        was_earlier = self._has_earlier_contexts
        self._takes_earlier_contexts = self._has_earlier_contexts = False
        if was_earlier:
            self._contexts = self._rows_of_contexts = None
        return was_earlier

    def is_incall_context(self, context: str) -> bool | None:
        found = self.list_contexts().get(context)
        return found.type == INCALL if found else None

    # Writing

    def update_extension(
        self,
        extension: Extension,
        changes: Row,
        line: Line | None,
        user: User | None,
        callerids: tuple[str | None, str | None] | None,
    ) -> Row:
        # The line or incall keeps the extension, and the caller ID of the line follows.
        incall_id = self._incall_of(id_of(extension)) if user and line is None and "context" in changes else None
        if incall_id is None:
            return self.update(EXTENSION, id_of(extension), changes)
        # A new incall would not have the ring time, the subroutine and the description of this one.
        path = f"/incalls/{incall_id}/extensions/{extension.id}"
        ensure_deleted(lambda: self.client.delete(path), lambda: self._incall_of(id_of(extension)))
        try:
            return self.update(EXTENSION, id_of(extension), changes)
        finally:
            create_once(lambda: self._put(path), lambda: self._incall_of(id_of(extension)))

    def _put(self, path: str) -> bool:
        """Send a PUT without body. Return True, because create_once needs a result."""
        self.client.put(path, {})
        return True

    def delete(self, resource: Resource, object_id: int) -> None:
        try:
            super().delete(resource, object_id)
        except RefusedError:
            if resource is not EXTENSION or not self._delete_dead_incall(object_id):
                raise
            super().delete(resource, object_id)

    # Helpers

    def _context_rows(self) -> list[Row]:
        """Return the rows of all contexts, which are read once, by this task or a short time ago by an earlier one."""
        if self._rows_of_contexts is None:
            handover = self.client.connection.handover
            earlier = handover.rows(CONTEXTS) if self._takes_earlier_contexts else None
            self._has_earlier_contexts = earlier is not None
            self._rows_of_contexts = self.client.get_items("/contexts") if earlier is None else earlier
            if earlier is None:
                handover.put_rows(CONTEXTS, self._rows_of_contexts)
        return self._rows_of_contexts

    def _is_list_quicker(self, context: str, count: int) -> bool:
        """Return whether the list of a context takes less time than a request for each of so many extensions."""
        if count <= SINGLE_REQUESTS_LIMIT:
            return False
        total = int(self.client.get("/extensions", context=context, limit=1)["total"])
        return total < count * LISTED_ROWS_PER_REQUEST

    def _owner_of_row(self, row: Row, afresh: bool = False) -> OwnerIds | None:
        """Return the owner that an extension's row shows. afresh: whether to ask for an incall that is known."""
        if row["lines"]:
            return OwnerIds(row["lines"][0]["id"], None)
        if row["incall"]:
            return self._owner_through_incall(row["incall"]["id"], afresh)
        kind = next((name for name in self.owner_types if row.get(name)), "")
        return OwnerIds(None, None, f"{kind} {row[kind]['id']}", _use(kind, row[kind])) if kind else None


def _use(kind: str, embedded: Row) -> NumberUse:
    """Return what an extension leads to. embedded: the object as the extension shows it, with or without its name."""
    return NumberUse(kind, str(embedded["id"]), embedded.get("label") or embedded.get("name") or "")
