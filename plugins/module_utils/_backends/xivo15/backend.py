# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XiVO up to 16.12 (xivo-15.12.md, "What a real XiVO confd 15.12 answers")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from ..._http.client import Client
from ..._http.confirm import create_once, ensure_deleted
from ..._model.contexts import INCALL, INTERNAL
from ..._model.errors import InputError, RequestError, UnsupportedError
from ..._model.records import SIP, Extension, Line, Row, User, id_of
from ..._model.resources import DEVICE, EXTENSION, LINE, USER, VOICEMAIL, Resource, canonical, normalised
from ..._model.snapshot import OwnerIds, Snapshot
from ..interface import VoicemailOwner
from ..xivo.rows import pattern, row_of
from .context_types import ContextTypes
from .func_keys import Xivo15FuncKeys
from .rules import ABSENT_FIELDS, ABSENT_RESOURCES, RULES

CLEARED_BY_NULL = frozenset({"password", "mobile_phone_number", "timezone", "language", "preprocess_subroutine"})
"""Fields that are cleared by null, the others by '': there, null makes confd drop the PUT (xivo-15.12.md, trap 1)."""


class Xivo15(Xivo15FuncKeys):
    """Incalls are extensions on the line of a user. The lists of read_snapshot show numbers, but no incalls."""

    api = "xivo15"
    servers = "XiVO up to 16.12"
    absent_fields = ABSENT_FIELDS
    absent_resources = ABSENT_RESOURCES
    rules = RULES
    incalls_hang_on_lines = True
    changes_sip_lines_only = True
    hides_owners_in = frozenset({INTERNAL, INCALL})
    renumbering_writes_user = True
    overwrites_callerid = True
    unchecked = (
        "whether the contexts exist and the numbers are in their ranges",
        Xivo15FuncKeys.hidden_owners,
    )

    untold: ClassVar[tuple[str, ...]] = (
        "the ranges of the contexts, so it is not known which numbers are free",
        "what has a number that is on no line: it can be a group, a queue, a conference or a menu, or nothing",
    )
    unchecked_values: ClassVar[Mapping[tuple[str, str], str]] = {
        **Xivo15FuncKeys.unchecked_values,
        # The server has a list of its own (person-xivo-15.12.md, "users/ID/voicemail, voicemails: what was open").
        (VOICEMAIL.name, "language"): "whether the server has the language of a voicemail",
    }

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._contexts_of_lines: dict[int, str] = {}
        """{line id: its context}, as last read or written."""
        self._context_types = ContextTypes(client, self._extension_rows)

    def voicemail_name(self, user: User) -> str:
        # Like a generated caller ID, with a blank also where there is no lastname (xivo-15.12.md, "voicemails and
        # users/ID/voicemail").
        return f"{user['firstname']} {user['lastname'] or ''}"

    # Reading

    def read_snapshot(self) -> Snapshot:
        users = [row_of(USER, row) for row in self.client.get_items("/users")]
        directory = self.client.get_items("/users", view="directory")
        lines = self.list_lines()
        extensions = [row_of(EXTENSION, row) for row in self._extension_rows()]
        return Snapshot(
            users,
            lines,
            extensions,
            self._main_users_first(directory),
            self._extensions_of_lines(directory, lines, extensions),
            undescribed={row["id"]: {"agent": f"id {row['agent_id']}"} for row in directory if row.get("agent_id")},
        )

    def find_users(self, **exact: Any) -> list[Row]:
        rows = (row_of(USER, row) for row in self.client.get_items("/users", **_search_for(exact)))
        return sorted(
            (row for row in rows if all(row[name] == value for name, value in exact.items())),
            key=lambda row: int(row["id"]),
        )

    def list_lines(self) -> list[Row]:
        # Not /lines_sip, which runs a query for every line (xivo-15.12.md, trap 7).
        rows = [
            row_of(LINE, {**row, "username": row["name"] if row["protocol"] == SIP else None})
            for row in self.client.get_items("/lines")
        ]
        self._contexts_of_lines.update((row["id"], row["context"]) for row in rows)
        return rows

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        row = super().get(resource, object_id)
        if row and resource is LINE:
            self._contexts_of_lines[row["id"]] = row["context"]
        return row

    def note_line(self, row: Mapping[str, Any]) -> None:
        self._contexts_of_lines.setdefault(row["id"], row["context"])

    def callerid_of_line(self, line_id: int) -> str | None:
        row = self._get(f"/lines_sip/{line_id}")
        return normalised(LINE, row)["callerid"] if row else None

    def find_extension(self, exten: str, context: str) -> Row | None:
        rows = self._extension_rows(search=pattern(exten))
        return next(
            (row_of(EXTENSION, row) for row in rows if (row["exten"], row["context"]) == (exten, context)), None
        )

    def _extension_rows(self, **query: str) -> list[Row]:
        """Return extensions. Raises InputError if they show their incalls, as they do from 16.13 on.

        Such a server would refuse the first direct number, after the run has created the user. Extensions show their
        lines from 16.14 on only.
        Sources: xivo-16.16.md, "users list", "Does the old tutorial's flow work unchanged?"; for 16.13, the schema of
        extensions in the source of xivo-confd.
        """
        rows = self.client.get_items("/extensions", **query)
        if any("incall" in row for row in rows):
            raise InputError(
                f"{self.client.base_url} answers like a XiVO from 16.13.", "Set confd_api to xivo16, or leave it out."
            )
        return rows

    def line_of_user(self, user_id: int) -> int | None:
        rows = self._items(f"/users/{user_id}/lines")
        return next((row["line_id"] for row in rows), None)

    def users_of_line(self, line_id: int) -> list[int]:
        directory = self.client.get_items("/users", view="directory")
        return self._main_users_first([row for row in directory if row["line_id"] == line_id]).get(line_id, [])

    def incalls_of_user(self, user_id: int, line_id: int | None, extension_id: int | None) -> list[int]:
        ids = [row["extension_id"] for row in self._items(f"/lines/{line_id}/extensions")] if line_id else []
        if ids and extension_id not in ids:
            # The list does not show which extension is the internal one: it must not be taken for an incall.
            extension_id = self._number_of(line_id)
        return [each for each in ids if each != extension_id]

    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        row = self._get(f"/extensions/{extension_id}/line")
        return OwnerIds(row["line_id"], None) if row else None

    def is_incall_context(self, context: str) -> bool | None:
        found = self._context_types.type_of(context)
        return found == INCALL if found else None

    def read_contexts_again(self) -> bool:
        return self._context_types.read_again()

    def search(self, resource: Resource, search: str = "") -> list[Row]:
        if resource is LINE:
            return [row for row in self.list_lines() if row["protocol"] == SIP]
        if resource is VOICEMAIL:
            return self.list_voicemails()
        # The provisioning server searches for plain text, the database for patterns.
        text = search if resource is DEVICE else pattern(search)
        rows = self.client.get_items(self.paths[resource.name], **({"search": text} if text else {}))
        return [row_of(resource, row) for row in rows]

    def list_detailed_lines(self) -> list[Row]:
        details = {row["id"]: row for row in self.client.get_items("/lines_sip")}
        lines = ((row, details.get(row["id"])) for row in self.list_lines())
        return [{**row, **normalised(LINE, detail), "context": row["context"]} for row, detail in lines if detail]

    def find_voicemail(self, number: str, context: str) -> Row | None:
        rows = self.client.get_items("/voicemails", search=pattern(number))
        return next(
            (row_of(VOICEMAIL, row) for row in rows if (row["number"], row["context"]) == (number, context)), None
        )

    def owners_of_voicemail(self, voicemail_id: int, likely: Iterable[int] = ()) -> Iterator[VoicemailOwner]:
        # The API shows the voicemail of a user, one request each, but not the users of a voicemail.
        for user_id in self._possible_owners(voicemail_id, likely):
            row = self._get(f"/users/{user_id}/voicemail")
            if row and row["voicemail_id"] == voicemail_id:
                yield VoicemailOwner(user_id, row.get("enabled") is not False)

    # Writing

    def create(self, resource: Resource, values: Row) -> Row:
        row = super().create(resource, values)
        if resource is LINE:
            self._contexts_of_lines[row["id"]] = row["context"]
        return row

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is DEVICE:
            changes = {name: "" if value is None else value for name, value in changes.items()}
        return super().update(resource, object_id, changes)

    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        # Before the association: if the run ends between the two requests, the next run repeats both.
        self._move_account(line, extension)
        super().associate_line_extension(line, extension)

    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        renamed = not {"firstname", "lastname"}.isdisjoint(changes)
        caller_id = {"caller_id": result["caller_id"] or ""}
        values = {
            name: "" if value is None and name not in CLEARED_BY_NULL else value for name, value in changes.items()
        }
        self.client.put(f"/users/{user_id}", {**values, **(caller_id if renamed else {})})
        row = self.get(USER, user_id) or {}
        stored = all(row.get(name) == value for name, value in changes.items() if name != "caller_id")
        if renamed and stored and row.get("caller_id") != result["caller_id"]:
            # The rename has overwritten a caller ID that is not new. A second PUT of it alone is stored.
            self.client.put(f"/users/{user_id}", caller_id)
            row = self.get(USER, user_id) or {}
        return row

    def update_extension(
        self,
        extension: Extension,
        changes: Row,
        line: Line | None,
        user: User | None,
        callerids: tuple[str | None, str | None] | None,
    ) -> Row:
        path = f"/extensions/{extension.id}"
        moves = not {"exten", "context"}.isdisjoint(changes)
        if line and moves and not self._is_number_of(line, extension):
            # A PUT would change the extension, but not the incall, which stays on the old number.
            ensure_deleted(
                lambda: self.dissociate_line_extension(line, extension), lambda: self._is_associated(line, extension)
            )
            try:
                self.client.put(path, changes)
            finally:
                create_once(
                    lambda: self._associate_again(line, extension), lambda: self._is_associated(line, extension)
                )
        else:
            if line and callerids:
                self._prepare_callerid(line, *callerids)
            try:
                self.client.put(path, changes)
            except RequestError as error:
                if line and callerids and not self._restore_callerid(line, callerids, extension, changes):
                    error.hint = f"{error.hint} Left behind: the new number in the caller ID of {line}.".strip()
                raise
            if user and moves:
                # An empty PUT of the user writes the new number into the line's caller ID.
                self.client.put(f"/users/{user.id}", {})
        return self.get(EXTENSION, id_of(extension)) or {}

    def _prepare_callerid(self, line: Line, old: str | None, new: str | None) -> None:
        """Write the new number into the caller ID of a line.

        If the run ended right after the number was changed, a later run could not see that the caller ID is outdated.
        """
        if new != old:
            with suppress(RequestError):
                self.client.put(f"/lines_sip/{line.id}", {"callerid": new})

    def _restore_callerid(
        self, line: Line, callerids: tuple[str | None, str | None], extension: Extension, changes: Row
    ) -> bool:
        """Write the old caller ID of a line, unless the extension has the new number although its PUT failed.

        Return whether that succeeded. A server that fails is asked twice.
        """
        old, new = callerids
        for _attempt in range(2):
            with suppress(RequestError):
                row = self.get(EXTENSION, id_of(extension)) or {}
                if new != old and row.get("exten") != changes.get("exten", row.get("exten")):
                    self.client.put(f"/lines_sip/{line.id}", {"callerid": old})
                return True
        return False

    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        super().associate_line_extension(self._line_for_incall(user, line), extension)

    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        self.dissociate_line_extension(self._line_for_incall(user, line), extension)

    # Helpers

    def _associate_again(self, line: Line, extension: Extension) -> bool:
        """Associate a line with an extension. Return True, because create_once needs a result."""
        super().associate_line_extension(line, extension)
        return True

    def _is_associated(self, line: Line, extension: Extension) -> bool:
        owner = self.owner_of_extension(id_of(extension))
        return owner is not None and owner.line_id == line.id

    def _is_number_of(self, line: Line, extension: Extension) -> bool:
        return extension.id is not None and self._number_of(line.id) == extension.id

    def _number_of(self, line_id: int | None) -> int | None:
        """Return the id of a line's internal extension; None if it has none."""
        row = self._get(f"/lines/{line_id}/extension")
        return row["extension_id"] if row else None

    def _move_account(self, line: Line, extension: Extension) -> None:
        """Give the SIP account of a line the context of the line's new number.

        An association changes the context of the line, but not that of its account, in which calls are made, and which
        the line takes again with the next PUT of its user (xivo-15.12.md, "Renaming, renumbering").
        """
        known = self._contexts_of_lines.get(id_of(line))
        if known == extension["context"] or not line.is_sip:
            return
        # The record has the planned context, also where a rollback associates after the change has failed.
        context = (self.get(EXTENSION, id_of(extension)) or {}).get("context")
        if context and context != known:
            # Forgotten, so that a rollback does not trust the record either.
            self._contexts_of_lines.pop(id_of(line), None)
            self.client.put(f"/lines_sip/{line.id}", {"context": context})

    def _line_for_incall(self, user: User, line: Line | None) -> Line:
        if line is None:
            raise UnsupportedError(
                f"{user} has no line, and this server associates incalls with lines.",
                "Associate the user with a line first.",
            )
        return line

    def _possible_owners(self, voicemail_id: int, likely: Iterable[int]) -> Iterator[int]:
        """Yield the ids of all users once: the likely ones, those with the voicemail's number or name, the rest."""
        seen = set()
        for user_id in likely:
            seen.add(user_id)
            yield user_id
        voicemail = self.get(VOICEMAIL, voicemail_id) or {}
        directory = self.client.get_items("/users", view="directory")
        directory.sort(key=lambda row: (not _resembles(row, voicemail), row["id"]))
        for row in directory:
            if row["id"] not in seen:
                seen.add(row["id"])
                yield row["id"]

    def _main_users_first(self, directory: list[Row]) -> dict[int, list[int]]:
        """Return {line id: ids of its users, main user first} of the users of a directory."""
        users: dict[int, list[int]] = {}
        for row in directory:
            if row["line_id"] is not None:
                users.setdefault(row["line_id"], []).append(row["id"])
        return {line: self._ordered(line, ids) if len(ids) > 1 else ids for line, ids in users.items()}

    def _ordered(self, line_id: int, user_ids: list[int]) -> list[int]:
        """Return the users of a shared line, main user first. The directory does not show which one that is."""
        main = {
            row["user_id"]
            for user_id in user_ids
            for row in self._items(f"/users/{user_id}/lines")
            if row["line_id"] == line_id and row["main_user"]
        }
        return sorted(user_ids, key=lambda user_id: (user_id not in main, user_id))

    def _extensions_of_lines(
        self, directory: list[Row], lines: list[Row], extensions: list[Row]
    ) -> dict[int, int | None]:
        """Return {line id: id of its internal extension} of the lines that have a user."""
        contexts = {row["id"]: row["context"] for row in lines}
        ids: dict[str, dict[str, int]] = {}
        for row in extensions:
            ids.setdefault(row["exten"], {})[row["context"]] = row["id"]
        numbers: dict[int, int | None] = {}
        for row in directory:
            line_id, exten = row["line_id"], row["exten"]
            if line_id in contexts and exten:
                # A line may show another context than its extension's (xivo-15.12.md, "Renaming, renumbering"), so a
                # number that exists in several contexts may be anybody's.
                same = ids.get(exten, {})
                known = same.get(contexts[line_id]) if len(same) == 1 else None
                extension_id = known or self._number_of(line_id)
                if extension_id:
                    numbers[line_id] = extension_id
        return numbers


def _resembles(row: Row, voicemail: Row) -> bool:
    """Return whether a voicemail has the number or the name of a user of the directory, as it usually has."""
    name = canonical("name", " ".join(row[part] for part in ("firstname", "lastname") if row[part]))
    return bool(voicemail.get("number") == row["exten"] or voicemail.get("name") == name)


def _search_for(exact: Row) -> Row:
    """Return a query for a superset of the users with these values (xivo-15.12.md, "users list")."""
    name = " ".join(exact[part] for part in ("firstname", "lastname") if exact.get(part))
    text = name or exact.get("userfield")
    # With a wildcard between all characters, because the server may have the text in another spelling.
    signs = [sign if sign.isascii() and sign != " " else "" for sign in pattern(text or "")]
    return {"search": "%".join(signs)} if text else {}
