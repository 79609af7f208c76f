# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XiVO from 16.13 to today's and Wazo up to 20.06, as the facts file xivo-16.16 describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from ..._http.client import Client
from ..._http.confirm import ensure_deleted
from ..._model.contexts import INCALL, ContextInfo, context_info
from ..._model.errors import ConflictError, NotAppliedError, NotFoundError, RefusedError, RequestError, ServerError
from ..._model.records import Extension, Line, Row, User
from ..._model.resources import DEVICE, LINE, USER, VOICEMAIL, Resource, canonical
from ..._model.snapshot import OwnerIds, Snapshot
from ..base import CreatedUser, NewUser, VoicemailOwner
from ..xivo import ONLY_ON_WAZO, Xivo, device_row, extension_row, given, line_row, pattern, user_row, voicemail_row
from .embedded_users import EmbeddedUsers, numbers_of_incalls
from .rules import RULES
from .user_import import IMPORT, block_size, found_again, imported, supported_part, table

SINGLE_REQUESTS_LIMIT = 10
"""Up to so many numbers are asked for one by one."""
MILLISECONDS_ONE, MILLISECONDS_LISTED = 30, 4
"""What an exact filter takes, and a row of a list of extensions (section "Speed")."""
CORRUPT = "no config associated"
"""What every answer says that would show a phone without configuration (trap 7)."""


class Xivo16(Xivo):
    """Incalls are objects of their own that lead to users; users embed lines, numbers and incalls."""

    api = "xivo16"
    servers = "XiVO from 16.13 and Wazo up to 20.06"
    absent_fields: ClassVar[frozenset[tuple[str, str]]] = ONLY_ON_WAZO
    rules = RULES
    takes_devices = True
    has_uuids = True
    sets_callerid = False
    filters = frozenset({"uuid", "firstname", "lastname", "userfield", "email", "description"})
    """Fields by which /users is filtered; username is not among them (section "users list")."""
    owner_types: tuple[str, ...] = ("group", "conference", "outcall")
    """What else may have a number."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._contexts: dict[str, ContextInfo] | None = None
        self._users_of_incalls: dict[int, int] = {}
        self._held_by_incall: dict[int, OwnerIds | None] = {}

    # Reading

    def read_snapshot(self) -> Snapshot:
        users = EmbeddedUsers(self.client.get_items("/users"))
        self._users_of_incalls = users.users_of_incalls()
        lines = self.list_lines()
        known = {row["id"] for row in lines}
        return Snapshot(
            [user_row(row) for row in users.rows],
            [*lines, *(row for row in users.lines() if row["id"] not in known)],
            users.extensions(),
            {line_id: self._main_user_first(line_id, ids) for line_id, ids in users.users_of_lines().items()},
            users.numbers_of_lines(),
            users.incalls_of_users(),
            users.voicemails_of_users(),
            {user_id: self._main_line(user_id, ids) for user_id, ids in users.several_lines().items()},
            all_numbers=False,
        )

    def find_users(self, **exact: Any) -> list[Row]:
        query = {name: value for name, value in exact.items() if name in self.filters and value is not None}
        rows = (user_row(row) for row in self._few("/users", **query))
        return sorted(
            (row for row in rows if all(row[name] == value for name, value in exact.items())),
            key=lambda row: int(row["id"]),
        )

    def list_lines(self) -> list[Row]:
        # Not /lines, which takes eleven times as long, and shows no SIP username before the first association.
        return [line_row(row) for row in self.client.get_items("/lines_sip")]

    def list_detailed_lines(self) -> list[Row]:
        return self.list_lines()

    def find_extension(self, exten: str, context: str) -> Row | None:
        rows = self._few("/extensions", exten=exten, context=context)
        found = next((row for row in rows if (row["exten"], row["context"]) == (exten, context)), None)
        return {**extension_row(found), "held": self._held(found)} if found else None

    def find_extensions(self, numbers: Iterable[tuple[str, str]]) -> Iterator[Row]:
        """Exact filters for a few; for many numbers of a context, the list of the context where that is quicker."""
        wanted: dict[str, set[str]] = {}
        for exten, context in numbers:
            wanted.setdefault(context, set()).add(exten)
        for context, extens in wanted.items():
            if self._is_list_quicker(context, len(extens)):
                yield from (row for row in self.list_extensions(context) if row["exten"] in extens)
            else:
                yield from super().find_extensions((exten, context) for exten in sorted(extens))

    def list_extensions(self, context: str | None = None) -> list[Row]:
        query = {"context": context} if context else {}
        rows = self.client.get_items("/extensions", **query)
        foreign = {row["incall"]["id"] for row in rows if row["incall"]} - set(self._users_of_incalls)
        if len(foreign) > SINGLE_REQUESTS_LIMIT:
            for incall in self.client.get_items("/incalls"):
                self._held_by_incall[incall["id"]] = self._held_through_row(incall)
        return [{**extension_row(row), "held": self._held(row)} for row in rows]

    def line_of_user(self, user_id: int) -> int | None:
        rows = self._items(f"/users/{user_id}/lines")
        return next((row["line_id"] for row in sorted(rows, key=lambda row: not row["main_line"])), None)

    def users_of_line(self, line_id: int) -> list[int]:
        rows = self._items(f"/lines/{line_id}/users")
        return [row["user_id"] for row in sorted(rows, key=lambda row: not row["main_user"])]

    def incalls_of_user(self, user_id: int, line_id: int | None, number_id: int | None) -> list[int]:
        row = self._get(f"/users/{user_id}")
        return EmbeddedUsers([row]).incalls_of_users()[user_id] if row else []

    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        row = self._get(f"/extensions/{extension_id}")
        return self._held(row, afresh=True) if row else None

    def list_contexts(self) -> dict[str, ContextInfo]:
        if self._contexts is None:
            self._contexts = {row["name"]: context_info(row) for row in self._context_rows()}
        return self._contexts

    def is_incall_context(self, context: str) -> bool | None:
        found = self.list_contexts().get(context)
        return found.kind == INCALL if found else None

    def search(self, resource: Resource, search: str = "") -> list[Row]:
        if resource is LINE:
            return self.list_lines()
        if resource is VOICEMAIL:
            return self.list_voicemails()
        if resource is DEVICE:
            return [device_row(row) for row in self._phones(**({"search": search} if search else {}))]
        path, view = {"user": ("/users", user_row), "extension": ("/extensions", extension_row)}[resource.name]
        return [view(row) for row in self.client.get_items(path, **({"search": pattern(search)} if search else {}))]

    def get_device(self, device_id: str) -> Row | None:
        try:
            return super().get_device(device_id)
        except ServerError as error:
            if not _is_corrupt(error):
                raise
            return {"id": device_id, **dict.fromkeys(DEVICE.field_names), "status": "corrupt"}

    def devices_of_lines(self) -> dict[int, str | None]:
        return {row["id"]: row["device_id"] for row in self.client.get_items("/lines")}

    def lines_of_device(self, device_id: str) -> list[int]:
        return [row["line_id"] for row in self._items(f"/devices/{quote(device_id, safe='')}/lines")]

    def list_voicemails(self) -> list[Row]:
        return [voicemail_row(row) for row in self.client.get_items("/voicemails")]

    def find_voicemail(self, number: str, context: str) -> Row | None:
        rows = self._few("/voicemails", number=number, context=context)
        return next((voicemail_row(row) for row in rows if (row["number"], row["context"]) == (number, context)), None)

    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        for embedded in (self._get(f"/voicemails/{voicemail_id}") or {}).get("users", ()):
            user = self._get(f"/users/{embedded['uuid']}")
            if user:
                yield VoicemailOwner(user["id"])

    # Writing

    def create_user(self, values: Row) -> Row:
        """What the server does not know it ignores in silence (trap 2); the answer, which is that of GET, tells."""
        row = super().create_user(values)
        shown = {field.name for field in USER.fields if not field.secret and row.get(field.name) == field.default}
        ignored = [name for name in given(values) if name in shown and canonical(name, values[name]) != row.get(name)]
        if ignored:
            super().delete_user(row["id"])
            raise NotAppliedError(f"user {row['id']}", ignored)
        return row

    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        # null clears; the caller ID never follows a rename, but the planner has put it among the changes then.
        self.client.put(f"/users/{user_id}", changes)
        return self.get_user(user_id) or {}

    @property
    def batch_size(self) -> int:
        return block_size(self.client.connection.timeout)

    def supported_part(self, new: NewUser) -> NewUser | None:
        return supported_part(new)

    def create_batch(self, new: Sequence[NewUser]) -> list[CreatedUser]:
        """POST /users/import (section users/import)."""
        sent = [(each.user, each.line, each.voicemail) for each in new]
        return imported(self.client.post_table(IMPORT, table(new), sent), new)

    def find_batch(self, new: Sequence[NewUser]) -> list[CreatedUser | None]:
        """By the SIP usernames, which the client chose; one list tells of all of them."""
        rows = self.client.get_items("/users")
        return found_again(rows, new)

    def delete_user(self, user_id: int) -> None:
        """Nothing is left that leads to a dead user: an incall without number goes, one with a number is refused."""
        row = self._get(f"/users/{user_id}") or {}
        numbers = [f"{each['exten']}@{each['context']}" for each in numbers_of_incalls(row.get("incalls", ()))]
        if numbers:
            raise ConflictError(
                f"User {user_id} is called from outside by {', '.join(numbers)} since a moment ago.", "Run again."
            )
        for incall in row.get("incalls", ()):
            self._delete_incall(incall["id"])
        super().delete_user(user_id)

    def update_extension(self, extension: Extension, changes: Row, line: Line | None, user: User | None) -> Row:
        # Line and incall keep it, and the caller ID of the line follows.
        self.client.put(f"/extensions/{extension.id}", changes)
        return self.get_extension(extension.id or 0) or {}

    def delete_extension(self, extension_id: int) -> None:
        try:
            super().delete_extension(extension_id)
        except RefusedError:
            if not self._delete_dead_incall(extension_id):
                raise
            super().delete_extension(extension_id)

    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Make an incall of the user and put the number on it; what an interrupted run left is used."""
        extension_id = extension.id or 0
        self._delete_dead_incall(extension_id)
        incall_id = self._spare_incall(user.id or 0) or self._new_incall(user.id or 0)
        try:
            self.client.put(f"/incalls/{incall_id}/extensions/{extension_id}", {})
        except RefusedError:
            # Perhaps it is the client's own repetition that is refused (trap 3).
            if self._incall_of(extension_id) != incall_id:
                self._delete_incall(incall_id)
                raise

    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """The incall goes; its number becomes free by that."""
        extension_id = extension.id or 0
        held = self.owner_of_extension(extension_id)
        if held is None or held.user_id != user.id:
            raise NotFoundError(f"{extension} does not lead to {user}.")
        self._delete_incall(self._incall_of(extension_id) or 0)

    def update_device(self, device_id: str, changes: Row) -> Row:
        self.client.put(f"/devices/{quote(device_id, safe='')}", changes)
        return self.get_device(device_id) or {}

    def associate_line_device(self, line_id: int, device_id: str) -> None:
        self.client.put(f"/lines/{line_id}/devices/{quote(device_id, safe='')}", {})

    def dissociate_line_device(self, line_id: int, device_id: str) -> None:
        self.client.delete(f"/lines/{line_id}/devices/{quote(device_id, safe='')}")

    def reset_device(self, device_id: str) -> None:
        try:
            super().reset_device(device_id)
        except ServerError as error:
            if not any("NoneType" in text for text in error.messages):
                raise
            # A phone without configuration gets one by a first try that is answered 500 (trap 7).
            super().reset_device(device_id)

    # Helpers

    def _few(self, path: str, **query: Any) -> list[Row]:
        """The rows of a list that a query narrows down to one or two."""
        return self.client.get_items(path, **query)

    def _context_rows(self) -> list[Row]:
        return self.client.get_items("/contexts")

    def _main_user_first(self, line_id: int, user_ids: list[int]) -> list[int]:
        """The users of a line; of a shared one the lists do not say who the main user is."""
        return self.users_of_line(line_id) if len(user_ids) > 1 else user_ids

    def _main_line(self, user_id: int, line_ids: list[int]) -> int:
        return self.line_of_user(user_id) or line_ids[0]

    def _is_list_quicker(self, context: str, count: int) -> bool:
        """Whether the list of a context takes less than asking for each number."""
        if count <= SINGLE_REQUESTS_LIMIT:
            return False
        total = int(self.client.get("/extensions", context=context, limit=1)["total"])
        return total * MILLISECONDS_LISTED < count * MILLISECONDS_ONE

    def _held(self, row: Row, afresh: bool = False) -> OwnerIds | None:
        """Who has the number of an extension, as the API shows it."""
        if row["lines"]:
            return OwnerIds(row["lines"][0]["id"], None)
        if row["incall"]:
            return self._held_through(row["incall"]["id"], afresh)
        other = next((f"{kind} {row[kind]['id']}" for kind in self.owner_types if row.get(kind)), "")
        return OwnerIds(None, None, other) if other else None

    def _held_through(self, incall_id: int, afresh: bool) -> OwnerIds | None:
        if not afresh and incall_id in self._users_of_incalls:
            return OwnerIds(None, self._users_of_incalls[incall_id])
        if afresh or incall_id not in self._held_by_incall:
            row = self._get(f"/incalls/{incall_id}")
            self._held_by_incall[incall_id] = self._held_through_row(row) if row else None
        return self._held_by_incall[incall_id]

    def _held_through_row(self, incall: Row) -> OwnerIds | None:
        """Who is called through an incall; None if that is a user who is gone."""
        destination = incall["destination"]
        if destination["type"] != "user":
            ids = [str(value) for name, value in sorted(destination.items()) if name.endswith("_id")]
            return OwnerIds(None, None, " ".join([f"incall {incall['id']} to", destination["type"], *ids]))
        return OwnerIds(None, destination["user_id"]) if destination.get("user_firstname") is not None else None

    def _incall_of(self, extension_id: int) -> int | None:
        row = self._get(f"/extensions/{extension_id}")
        return row["incall"]["id"] if row and row["incall"] else None

    def _new_incall(self, user_id: int) -> int:
        try:
            row = self.client.post("/incalls", {"destination": {"type": "user", "user_id": user_id}})
        except RequestError as error:
            made = self._spare_incall(user_id) if error.may_have_acted else None
            if made is None:
                raise
            return made
        return int(row["id"])

    def _spare_incall(self, user_id: int) -> int | None:
        """An incall of a user without a number, which is what an interrupted run leaves."""
        row = self._get(f"/users/{user_id}") or {}
        return next((each["id"] for each in row.get("incalls", ()) if not each["extensions"]), None)

    def _delete_dead_incall(self, extension_id: int) -> bool:
        """Delete the incall of an extension if its user is gone (trap 5). Returns whether there was one."""
        incall_id = self._incall_of(extension_id)
        if incall_id is None or self._held_through(incall_id, afresh=True) is not None:
            return False
        self._delete_incall(incall_id)
        return True

    def _delete_incall(self, incall_id: int) -> None:
        ensure_deleted(lambda: self.client.delete(f"/incalls/{incall_id}"), lambda: self._get(f"/incalls/{incall_id}"))

    def _phones(self, **query: Any) -> list[Row]:
        try:
            return self.client.get_items("/devices", **query)
        except ServerError as error:
            if _is_corrupt(error):
                error.hint = (
                    "A phone without configuration breaks the whole list; searching for the mac of another one works. "
                    "confd_device with the id of the broken one and state autoprov repairs it."
                )
            raise


def _is_corrupt(error: ServerError) -> bool:
    return any(CORRUPT in text for text in error.messages)
