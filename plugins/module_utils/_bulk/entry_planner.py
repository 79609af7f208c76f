# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans what one entry of a list creates or changes, once other entries have freed what it needs."""

from __future__ import annotations

from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, User, Voicemail
from .._model.resources import callerid_of_line
from .._operations.extension import touches_user
from .._plan.planner import Planner
from .._state.devices import DeviceIndex
from .._state.lookup import abandoned_line, describe, new_user_values
from .._state.state import ServerState
from .entries import Entry
from .validation import refuse_incall_of_shared_line, reject_conflicting_voicemail


class SharedVoicemails:
    """Knows the first entry that claims a voicemail. The values of later entries must agree with it."""

    def __init__(self) -> None:
        self._first: dict[Voicemail, Entry] = {}
        self.sharers: set[Entry] = set()
        """Entries whose voicemail another user has by then. Operations on that user may change the voicemail."""

    def claim(self, voicemail: Voicemail, entry: Entry) -> None:
        """Compare an entry with the first one, and let it wait if that creates the voicemail. Raises ConflictError."""
        first = self._first.setdefault(voicemail, entry)
        reject_conflicting_voicemail(voicemail, entry, first)
        if first is not entry and voicemail.predicted:
            entry.waits_for.add(first)
            self.sharers.add(entry)


class Builder:
    """Plans the build operations, one entry after the other."""

    def __init__(self, state: ServerState, shared: SharedVoicemails) -> None:
        self.state = state
        self.shared = shared
        self.devices = DeviceIndex(state)

    def build(self, entry: Entry, planner: Planner) -> None:
        """Plan in the fastest order in which the next run finds all that an interrupted run leaves.

        Source of the order: design.md, rule 7.
        """
        extension = self._extension(entry, planner)
        line = self._line(entry, planner, extension)
        if line and extension:
            planner.associate_line_extension(line, extension)
        user = self._user(entry, planner)
        if line:
            planner.associate_user_line(user, line)
        for key in entry.incalls or ():
            self._incall(entry, planner, user, key)
        if entry.voicemail is not None:
            self._voicemail(entry, planner, user)
        self._caller_id_of_line(entry, planner, line)
        if entry.device_mac:
            self._phone(entry, planner, line, user)

    def _phone(self, entry: Entry, planner: Planner, line: Line | None, user: User) -> None:
        line = line or self.state.line_of(user)
        if line is None or self.state.extension_of(line) is None:
            raise ConflictError(f"{user} has no number, but a phone requires one.", "Add extension to the entry.")
        planner.associate_line_device(line, self.devices.of(entry.device_mac or ""))

    def _voicemail(self, entry: Entry, planner: Planner, user: User) -> None:
        """Plan the user's voicemail, or else the one with that number, or else a new one."""
        values = entry.voicemail_values
        if self.state.line_of(user) is None:
            raise ConflictError(f"{user} has no line, but a voicemail requires one.", "Add extension to the entry.")
        current = self.state.voicemails.of(user)
        found = current or self.state.voicemails.at(values["number"], values["context"])
        if found is None:
            values.setdefault("name", user.name)
        else:
            self.shared.claim(found, entry)
            if not current:
                self.shared.sharers.add(entry)
        if current and any(touches_user(operation, user) for operation in (*entry.operations, *planner.operations)):
            current.fields["name"] = self.state.backend.voicemail_name(user) or current["name"]
        voicemail = planner.ensure_voicemail(found, values, [user])
        self.shared.claim(voicemail, entry)
        planner.associate_voicemail(user, voicemail)

    def _extension(self, entry: Entry, planner: Planner) -> Extension | None:
        if entry.number is None:
            return None
        return planner.ensure_extension(self.state.extension_at(*entry.number), entry.number_values)

    def _user(self, entry: Entry, planner: Planner) -> User:
        entry.created = entry.found is None
        values = new_user_values(entry.match, entry.user) if entry.created else entry.user
        entry.found = planner.ensure_user(entry.found, values)
        return entry.found

    def _line(self, entry: Entry, planner: Planner, extension: Extension | None) -> Line | None:
        if entry.line is None:
            return None
        found = self._existing_line(entry, extension)
        values = dict(entry.line)
        if found:
            values.pop("callerid", None)
            if extension:
                # The server changes the context of a line with that of its number.
                values.pop("context", None)
        seed = f"{entry.number[0]}@{entry.number[1]}" if entry.number else entry.line["username"]
        self._refuse_foreign_username(values.get("username"), found)
        return planner.ensure_line(found, values, seed)

    def _existing_line(self, entry: Entry, extension: Extension | None) -> Line | None:
        """Return the user's line, else one that an interrupted run left for the number, else one by SIP username."""
        own = self.state.line_of(entry.found) if entry.found else None
        owner = self.state.owner_of(extension) if extension else None
        if own or (owner and owner.line):
            return own or (owner.line if owner else None)
        if entry.line and entry.line.get("username"):
            return self._free_line_named(entry.line["username"])
        return abandoned_line(self.state, "@".join(entry.number)) if entry.number else None

    def _free_line_named(self, username: str) -> Line | None:
        line = self.state.line_named(username)
        users = self.state.users_of(line) if line else []
        if users or (line and self.state.device_of(line)):
            raise ConflictError(f"{line} belongs to {describe(users) or 'a phone'}.", "Choose another line.username.")
        return line

    def _refuse_foreign_username(self, username: str | None, line: Line | None) -> None:
        other = self.state.line_named(username) if username else None
        if other and other is not line:
            raise ConflictError(
                f"line.username {username!r} already belongs to {other}.",
                "Choose another line.username, because SIP usernames are unique.",
            )

    def _incall(self, entry: Entry, planner: Planner, user: User, key: ExtensionKey) -> None:
        line = self.state.line_of(user)
        if line is None:
            raise ConflictError(
                f"{key[0]}@{key[1]} cannot be associated with {user}, who has no line.", "Add extension to the entry."
            )
        extension = self.state.extension_at(*key)
        if extension not in self.state.incalls_of(user):
            refuse_incall_of_shared_line(self.state, user, line, key)
        planner.associate_incall(user, planner.ensure_extension(extension, entry.incall_values[key]))

    def _caller_id_of_line(self, entry: Entry, planner: Planner, line: Line | None) -> None:
        """Plan the caller ID last: associations and changes of the user overwrite it (xivo-15.12.md, trap 5)."""
        wanted = entry.line.get("callerid") if entry.line else None
        if line and wanted is not None:
            if entry.teardown_operations or entry.build_operations or planner.operations:
                line.fields["callerid"] = self._callerid_by_then(entry, line, bool(wanted))
            planner.ensure_line(line, {"callerid": wanted}, "")

    def _callerid_by_then(self, entry: Entry, line: Line, wanted: bool) -> str | None:
        """Return the caller ID that the line has after the other operations.

        If it is unknown, return a value that differs from the wanted one, so that the wanted one is written.
        """
        user, number = self.state.main_user_of(line), self.state.extension_of(line)
        if self.state.backend.sets_callerid or user is None:
            return None if wanted else f'"{entry.name}"'
        return callerid_of_line(user["caller_id"], number["exten"] if number else None)
