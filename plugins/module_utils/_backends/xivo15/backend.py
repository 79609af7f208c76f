# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XiVO up to 16.12, as the facts file xivo-15.12 describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from ..._http.confirm import create_once, ensure_deleted
from ..._model.errors import RequestError, UnsupportedError
from ..._model.records import Extension, Line, Row, User
from ..._model.resources import DEVICE, LINE, VOICEMAIL, Resource, normalised
from ..._model.snapshot import OwnerIds, Snapshot
from ..base import VoicemailOwner
from ..xivo import Xivo, device_row, extension_row, line_row, pattern, user_row, voicemail_row
from .rules import ABSENT_FIELDS, RULES

CLEARED_BY_NULL = frozenset({"password", "mobile_phone_number", "timezone", "language", "preprocess_subroutine"})
"""The others want '': null makes confd drop the whole PUT and answer 204 (trap 1)."""


class Xivo15(Xivo):
    """Incalls are extensions on the line of a user; the lists that plan everything show numbers, but no incalls."""

    api = "xivo15"
    servers = "XiVO up to 16.12"
    absent_fields = ABSENT_FIELDS
    rules = RULES
    incalls_hang_on_lines = True
    unchecked = (
        "whether the contexts exist and the numbers are in their ranges",
        "whether a number that nobody's line has belongs to something else (a queue, a menu)",
    )

    def voicemail_name(self, user: User) -> str:
        # Section "voicemails"; written like a caller ID: with a blank also where there is no lastname.
        return f"{user['firstname']} {user['lastname'] or ''}"

    # Reading

    def read_snapshot(self) -> Snapshot:
        users = [user_row(row) for row in self.client.get_items("/users")]
        directory = self.client.get_items("/users", view="directory")
        lines = self.list_lines()
        extensions = [extension_row(row) for row in self.client.get_items("/extensions")]
        return Snapshot(
            users,
            lines,
            extensions,
            self._main_users_first(directory),
            self._numbers(directory, lines, extensions),
        )

    def find_users(self, **exact: Any) -> list[Row]:
        rows = (user_row(row) for row in self.client.get_items("/users", **_search_for(exact)))
        return sorted(
            (row for row in rows if all(row[name] == value for name, value in exact.items())),
            key=lambda row: int(row["id"]),
        )

    def list_lines(self) -> list[Row]:
        # Not /lines_sip, which runs a query for every line (trap 7).
        return [line_row({**row, "username": row["name"]}) for row in self.client.get_items("/lines")]

    def find_extension(self, exten: str, context: str) -> Row | None:
        rows = self.client.get_items("/extensions", search=pattern(exten))
        return next((extension_row(row) for row in rows if (row["exten"], row["context"]) == (exten, context)), None)

    def line_of_user(self, user_id: int) -> int | None:
        rows = self._items(f"/users/{user_id}/lines")
        return next((row["line_id"] for row in rows), None)

    def users_of_line(self, line_id: int) -> list[int]:
        directory = self.client.get_items("/users", view="directory")
        return self._main_users_first([row for row in directory if row["line_id"] == line_id]).get(line_id, [])

    def incalls_of_user(self, user_id: int, line_id: int | None, number_id: int | None) -> list[int]:
        rows = self._items(f"/lines/{line_id}/extensions") if line_id else []
        return [row["extension_id"] for row in rows if row["extension_id"] != number_id]

    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        row = self._get(f"/extensions/{extension_id}/line")
        return OwnerIds(row["line_id"], None) if row else None

    def is_incall_context(self, context: str) -> bool | None:
        for kind, is_incall in (("incall", True), ("internal", False)):
            rows = self.client.get_items("/extensions", type=kind, search=pattern(context))
            if any(row["context"] == context for row in rows):
                return is_incall
        return None

    def search(self, resource: Resource, search: str = "") -> list[Row]:
        if resource is LINE:
            return self.list_lines()
        if resource is VOICEMAIL:
            return self.list_voicemails()
        path, view = LISTS[resource.name]
        # The provisioning server searches plain text, the database patterns.
        text = search if resource is DEVICE else pattern(search)
        return [view(row) for row in self.client.get_items(path, **({"search": text} if text else {}))]

    def list_detailed_lines(self) -> list[Row]:
        details = {row["id"]: row for row in self.client.get_items("/lines_sip")}
        lines = ((row, details.get(row["id"])) for row in self.list_lines())
        return [{**row, **normalised(LINE, detail), "context": row["context"]} for row, detail in lines if detail]

    def list_voicemails(self) -> list[Row]:
        return [voicemail_row(row) for row in self.client.get_items("/voicemails")]

    def find_voicemail(self, number: str, context: str) -> Row | None:
        rows = self.client.get_items("/voicemails", search=pattern(number))
        return next((voicemail_row(row) for row in rows if (row["number"], row["context"]) == (number, context)), None)

    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        # Only users tell which voicemail they have: one request each, so those who are likely to have it first.
        for user_id in self._possible_owners(voicemail_id, likely):
            row = self._get(f"/users/{user_id}/voicemail")
            if row and row["voicemail_id"] == voicemail_id:
                yield VoicemailOwner(user_id, row.get("enabled") is not False)

    # Writing

    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        renamed = not {"firstname", "lastname"}.isdisjoint(changes)
        caller_id = {"caller_id": result["caller_id"] or ""}
        self.client.put(f"/users/{user_id}", {**_cleared(changes), **(caller_id if renamed else {})})
        row = self.get_user(user_id) or {}
        stored = all(row.get(name) == value for name, value in changes.items() if name != "caller_id")
        if renamed and stored and row.get("caller_id") != result["caller_id"]:
            # The rename overwrote a caller ID that the user had already; a second PUT of it alone is taken.
            self.client.put(f"/users/{user_id}", caller_id)
            row = self.get_user(user_id) or {}
        return row

    def update_extension(self, extension: Extension, changes: Row, line: Line | None, user: User | None) -> Row:
        path = f"/extensions/{extension.id}"
        moves = not {"exten", "context"}.isdisjoint(changes)
        if line and moves and not self._is_number_of(line, extension):
            # A PUT of an incall's number would leave the incall behind on the old one.
            ensure_deleted(lambda: self._dissociate(line, extension), lambda: self._has(line, extension))
            try:
                self.client.put(path, changes)
            finally:
                create_once(lambda: self._associated(line, extension), lambda: self._has(line, extension))
        else:
            if line and user and "exten" in changes:
                # In case this run ends after the next PUT: a later one would not see that the caller ID is the old one.
                with suppress(RequestError):
                    self.client.put(f"/lines_sip/{line.id}", {"callerid": f'"{user.name}" <{changes["exten"]}>'})
            self.client.put(path, changes)
            if user and moves:
                # An empty PUT of the user puts the new number into the line's caller ID.
                self.client.put(f"/users/{user.id}", {})
        return self.get_extension(extension.id or 0) or {}

    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        self._associate(self._line_for_incall(user, line), extension)

    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        self._dissociate(self._line_for_incall(user, line), extension)

    def update_device(self, device_id: str, changes: Row) -> Row:
        values = {name: "" if value is None else value for name, value in changes.items()}
        self.client.put(f"/devices/{quote(device_id, safe='')}", values)
        return self.get_device(device_id) or {}

    # Helpers

    def _is_number_of(self, line: Line, extension: Extension) -> bool:
        number = self._get(f"/lines/{line.id}/extension")
        return bool(number) and number["extension_id"] == extension.id

    def _line_for_incall(self, user: User, line: Line | None) -> Line:
        if line is None:
            raise UnsupportedError(
                f"{user} has no line, and this server ties incalls to lines.", "Give the user a line."
            )
        return line

    def _possible_owners(self, voicemail_id: int, likely: Iterable[int]) -> Iterator[int]:
        """All users' ids, each once: the likely ones, those who have its number or its name, the rest."""
        seen = set()
        for user_id in likely:
            seen.add(user_id)
            yield user_id
        voicemail = self.get_voicemail(voicemail_id) or {}
        directory = self.client.get_items("/users", view="directory")
        directory.sort(key=lambda row: (not _resembles(row, voicemail), row["id"]))
        for row in directory:
            if row["id"] not in seen:
                seen.add(row["id"])
                yield row["id"]

    def _main_users_first(self, directory: list[Row]) -> dict[int, list[int]]:
        users: dict[int, list[int]] = {}
        for row in directory:
            if row["line_id"] is not None:
                users.setdefault(row["line_id"], []).append(row["id"])
        return {line: self._ordered(line, ids) if len(ids) > 1 else ids for line, ids in users.items()}

    def _ordered(self, line_id: int, user_ids: list[int]) -> list[int]:
        """The users of a shared line, main user first: the directory does not say who that is."""
        main = {
            row["user_id"]
            for user_id in user_ids
            for row in self._items(f"/users/{user_id}/lines")
            if row["line_id"] == line_id and row["main_user"]
        }
        return sorted(user_ids, key=lambda user_id: (user_id not in main, user_id))

    def _numbers(self, directory: list[Row], lines: list[Row], extensions: list[Row]) -> dict[int, int | None]:
        """{line id: id of its internal extension} of the lines that have a user."""
        contexts = {row["id"]: row["context"] for row in lines}
        ids = {(row["exten"], row["context"]): row["id"] for row in extensions}
        numbers: dict[int, int | None] = {}
        for row in directory:
            line_id, exten = row["line_id"], row["exten"]
            if line_id in contexts and exten:
                # A line may show another context than its number's ("Renaming, renumbering"): then ask.
                known = ids.get((exten, contexts[line_id]))
                asked = None if known else self._get(f"/lines/{line_id}/extension")
                extension_id = known or (asked or {}).get("extension_id")
                if extension_id:
                    numbers[line_id] = extension_id
        return numbers


LISTS: dict[str, tuple[str, Callable[[Row], Row]]] = {
    "user": ("/users", user_row),
    "extension": ("/extensions", extension_row),
    "device": ("/devices", device_row),
}


def _resembles(row: Row, voicemail: Row) -> bool:
    """Whether a voicemail has the number or the name of a user of the directory, as it usually has."""
    name = " ".join(row[part] for part in ("firstname", "lastname") if row[part])
    return voicemail.get("number") == row["exten"] or voicemail.get("name") == name


def _cleared(changes: Row) -> Row:
    return {name: "" if value is None and name not in CLEARED_BY_NULL else value for name, value in changes.items()}


def _search_for(exact: Row) -> Row:
    """The query that narrows a list of users to a superset of what is looked for (section "users list")."""
    name = " ".join(exact[part] for part in ("firstname", "lastname") if exact.get(part))
    text = name or exact.get("userfield")
    return {"search": pattern(text)} if text else {}
