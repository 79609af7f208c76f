# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans what one entry of a list creates or changes, once other entries have freed what it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .._model.callerids import callerid_of_line
from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Device, Extension, Line, User, Voicemail
from .._model.resources import USER, USER_PARTS
from .._operations.associations import AssociateLineExtension, AssociateUserLine
from .._operations.base import Operation
from .._operations.line import UpdateLine
from .._operations.overwritten import UpdateWithUser
from .._operations.voicemail import AssociateVoicemail, CreateVoicemail, UpdateVoicemail
from .._plan.planner import Planner
from .._state.lookup import abandoned_line, describe, new_user_values
from .._state.state import ServerState
from .claims import LINE_KEY, LOGIN_KEY, NUMBER_KEY, VOICEMAIL_KEY, Claims, is_left_over
from .entries import Entry
from .recovery import numbers_taken_off
from .release import Releaser
from .validation import refuse_incall_of_shared_line, reject_conflicting_voicemail

LAST_OF_LINE = ("callerid", "secret")
REWRITE_CALLERID = (AssociateLineExtension, AssociateUserLine)
"""The operations after which the server makes the caller ID of a line anew (xivo-15.12.md, trap 5)."""


class SharedVoicemails:
    """Knows the first entry that claims a voicemail. The values of later entries must agree with it."""

    def __init__(self) -> None:
        self._first: dict[Voicemail, Entry] = {}
        self.sharers: set[Entry] = set()
        """Entries whose voicemail another user has by then. Operations on that user may change the voicemail."""

    def claim(self, voicemail: Voicemail, entry: Entry) -> None:
        """Compare an entry with the first one, and let it wait if that writes the voicemail. Raises ConflictError."""
        first = self._first.setdefault(voicemail, entry)
        reject_conflicting_voicemail(voicemail, entry, first)
        if first is not entry and (voicemail.predicted or _writes(first, voicemail)):
            entry.waits_for |= {first}
            self.sharers.add(entry)


class Builder:
    """Plans the build operations, one entry after the other."""

    def __init__(self, state: ServerState, claims: Claims, releaser: Releaser) -> None:
        self.state = state
        self.claims = claims
        self.releaser = releaser
        self._shared = SharedVoicemails()

    @property
    def sharers(self) -> set[Entry]:
        """Return the planned entries whose voicemail another user has, too."""
        return self._shared.sharers

    def build(self, entry: Entry, planner: Planner) -> None:
        """Plan in the fastest order in which the next run finds all that an interrupted run leaves.

        The new is created before the old is given up, so that a refusal costs the user nothing. Source of the order:
        design.md, rule 7.
        """
        self._refuse_shared_line(entry)
        self._delete_number_taken_off(entry, planner)
        old = self._move_number(entry, planner)
        extension = self._extension(entry, planner)
        if old and entry.found:
            self.releaser.give_back_number(entry.found, old, planner)
        line = self._line(entry, planner, extension)
        if line and extension:
            planner.associate_line_extension(line, extension)
        if old:
            planner.delete_extension(old)
        user = self._user(entry, planner)
        if line:
            planner.associate_user_line(user, line, alone=True)
        for key in entry.incalls or ():
            self._incall(entry, planner, user, key)
        self.releaser.release_incalls(entry, planner)
        # Secrets come late, because not every run can put them back. What follows is overwritten by a PUT of the user.
        if not USER.secrets.isdisjoint(entry.user):
            planner.ensure_user(user, {name: value for name, value in entry.user.items() if name in USER.secrets})
        parts = {name: given for name, given in entry.parts.items() if not USER_PARTS[name].links}
        # Where a login is an object of its own, its password comes last, because it cannot be put back at all.
        is_last = not self.state.backend.login_fields_of_user
        self._parts(planner, user, {name: given for name, given in parts.items() if name != LOGIN_KEY})
        login = {name: given for name, given in parts.items() if name == LOGIN_KEY}
        self._parts(planner, user, {} if is_last else login)
        replaced = self._voicemail(entry, planner, user) if entry.voicemail is not None else None
        self._last_values_of_line(entry, planner, line)
        if entry.device_mac:
            self._phone(entry, planner, line, user)
        self._parts(planner, user, login if is_last else {})
        if replaced:
            planner.delete_voicemail(replaced)
        self._remove_what_is_not_wanted(entry, planner, user)

    def _remove_what_is_not_wanted(self, entry: Entry, planner: Planner, user: User) -> None:
        """Plan that the user of an entry loses the voicemail, the main line with its number, or the number alone."""
        if VOICEMAIL_KEY in entry.without:
            planner.remove_voicemail(user)
        line, number = self.state.line_of(user), self.state.extension_of_user(user)
        if LINE_KEY in entry.without and line:
            planner.refuse_shared(user, line)
            self.state.load_numbers_of([user])
            planner.reset_line_device(line)
            planner.remove_line(user, line)
        elif NUMBER_KEY in entry.without and number:
            self.releaser.give_back_number(user, number, planner)
            planner.delete_extension(number)

    def _refuse_shared_line(self, entry: Entry) -> None:
        line = self.state.line_of(entry.found) if entry.found else None
        number = self.state.extension_of(line) if line else None
        main = self.state.main_user_of(line) if line else None
        if line and main is not entry.found and entry.number and (not number or number.key != entry.number):
            raise ConflictError(
                f"{line} belongs to {main}. {entry.found} is a secondary user of the line and cannot change its "
                "number.",
                f"Dissociate {entry.found} from the line first, with confd_user_line.",
            )

    def _delete_number_taken_off(self, entry: Entry, planner: Planner) -> None:
        """Delete the number that an interrupted run dissociated from the line, if the entry has another one."""
        for extension in numbers_taken_off(self.state, entry.found) if entry.found and entry.number else ():
            if extension.key != entry.number:
                planner.delete_extension(extension, leftover=True)

    def _move_number(self, entry: Entry, planner: Planner) -> Extension | None:
        """Change the number within its context. Return the old number if the context changes; otherwise None."""
        line = self.state.line_of(entry.found) if entry.found else None
        number = self.state.extension_of(line) if line else None
        if line is None or number is None or entry.number is None or number.key == entry.number:
            return None
        if number["context"] != entry.number[1]:
            self.state.load_full_extension(number)
            entry.number_values.setdefault("commented", bool(number["commented"]))
            return number
        if entry.found:
            others = [each for each in self.state.lines_of_extension(number) if each is not line]
            planner.refuse_shared_number(entry.found, number, others)
        planner.ensure_extension(number, entry.number_values)
        device_id = self.state.device_of(line)
        if device_id:
            planner.synchronize_device(Device(device_id))
        return None

    def _phone(self, entry: Entry, planner: Planner, line: Line | None, user: User) -> None:
        line = line or self.state.line_of(user)
        if line is None or self.state.extension_of(line) is None:
            raise ConflictError(f"{user} has no number, but a phone requires one.", "Add extension to the entry.")
        planner.associate_line_device(line, self.claims.devices.of(entry.device_mac or ""))

    def _voicemail(self, entry: Entry, planner: Planner, user: User) -> Voicemail | None:
        """Plan the user's voicemail, or one that users share, or else a new one.

        A voicemail of nobody gives way if the entry takes its number, because its messages are somebody else's. It
        is returned, to be deleted last, because a deletion cannot be reversed.
        """
        values = entry.voicemail_values
        if self.state.line_of(user) is None:
            raise ConflictError(f"{user} has no line, but a voicemail requires one.", "Add extension to the entry.")
        current = self.state.voicemails.of(user)
        there = self.state.voicemails.at(*entry.voicemail_key) if entry.voicemail_key else None
        replaced = there if there and not current and self._is_foreign(there, entry) else None
        if replaced:
            self.releaser.park_voicemail(replaced, planner)
        found = None if replaced else current or there
        if found is None:
            values.setdefault("name", user.name)
        else:
            self._shared.claim(found, entry)
            if not current:
                self.sharers.add(entry)
        voicemail = planner.ensure_voicemail(found, values, [user])
        self._shared.claim(voicemail, entry)
        planner.associate_voicemail(user, voicemail)
        return replaced

    def _parts(self, planner: Planner, user: User, parts: Mapping[str, Mapping[str, Any]]) -> None:
        for name, values in parts.items():
            resource = USER_PARTS[name]
            if resource.needs_line and any(values.values()) and self.state.line_of(user) is None:
                raise ConflictError(
                    f"{user} has no line, but {resource.label} require one.", "Add extension to the entry."
                )
            planner.ensure_user_part(user, resource, values)

    def _is_foreign(self, found: Voicemail, entry: Entry) -> bool:
        """Return whether a voicemail is neither shared with other entries nor left over from an interrupted run."""
        if found.predicted or self.state.voicemails.users_of(found):
            return False
        return not is_left_over(found, entry, self.state)

    def _extension(self, entry: Entry, planner: Planner) -> Extension | None:
        if entry.number is None:
            return None
        return planner.ensure_extension(self.state.extension_at(*entry.number), entry.number_values)

    def _user(self, entry: Entry, planner: Planner) -> User:
        entry.created = entry.found is None
        login = {name: entry.parts.get("login", {}).get(name) for name in self.state.backend.login_fields_of_user}
        of_login = {name: value for name, value in login.items() if value}
        new = {**of_login, **entry.user}
        values = new_user_values(entry.match, new) if entry.created else _without(USER.secrets, entry.user)
        entry.found = planner.ensure_user(entry.found, values, _identity_of(entry))
        return entry.found

    def _line(self, entry: Entry, planner: Planner, extension: Extension | None) -> Line | None:
        if entry.line is None:
            return None
        found = self._existing_line(entry, extension)
        values = dict(entry.line)
        if found:
            # The server changes the context of a line with that of its number.
            values = _without((*LAST_OF_LINE, *(["context"] if extension else [])), values)
        seed = f"{entry.number[0]}@{entry.number[1]}" if entry.number else entry.line["username"]
        return planner.ensure_line(found, values, seed)

    def _existing_line(self, entry: Entry, extension: Extension | None) -> Line | None:
        """Return the user's line, else one that an interrupted run left for the number, else one by SIP username."""
        own = self.state.line_of(entry.found) if entry.found else None
        owner = self.state.owner_of(extension) if extension else None
        if own or (owner and owner.line):
            return own or (owner.line if owner else None)
        named = self._free_line_named(entry.line["username"]) if entry.line and entry.line.get("username") else None
        if named:
            return named
        # Its SIP username may be the one that it was created with, if the wanted one has to be written afterwards.
        return abandoned_line(self.state, "@".join(entry.number)) if entry.number else None

    def _free_line_named(self, username: str) -> Line | None:
        line = self.state.line_named(username)
        users = self.state.users_of(line) if line else []
        if users or (line and self.state.device_of(line)):
            raise ConflictError(f"{line} belongs to {describe(users) or 'a phone'}.", "Choose another line.username.")
        return line

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

    def _last_values_of_line(self, entry: Entry, planner: Planner, line: Line | None) -> None:
        """Plan the caller ID and the secret of a line after everything else.

        Associations and changes of the user overwrite the caller ID (xivo-15.12.md, trap 5). A secret that was written
        cannot be put back by every run.
        """
        wanted = {name: value for name, value in (entry.line or {}).items() if name in LAST_OF_LINE}
        if line and wanted:
            operations = [*entry.teardown_operations, *entry.build_operations, *planner.operations]
            found = self.state.load_line_details(line)["callerid"]
            if operations and wanted.get("callerid") is not None:
                line.fields["callerid"] = self._callerid_by_then(entry, line, operations)
            planner.ensure_line(line, wanted, "")
            last = planner.operations[-1] if planner.operations else None
            if isinstance(last, UpdateLine) and "callerid" in last.old:
                last.old["callerid"] = found

    def _callerid_by_then(self, entry: Entry, line: Line, operations: Sequence[Operation]) -> str | None:
        """Return the caller ID that the line has after the other operations of the entry.

        If it is unknown, return a value that differs from the wanted one, so that the wanted one is written.
        """
        user, number = self.state.main_user_of(line), self.state.extension_of(line)
        if user and not self.state.backend.sets_callerid:
            return callerid_of_line(user["caller_id"], number["exten"] if number else None)
        if user is None or any(isinstance(each, REWRITE_CALLERID) and each.line is line for each in operations):
            return None if (entry.line or {}).get("callerid") else f'"{entry.name}"'
        callerid: str | None = line["callerid"]
        for each in operations:
            if isinstance(each, UpdateWithUser) and each.kept and each.kept.line is line:
                callerid = each.kept.after(callerid)
        return callerid


def _writes(entry: Entry, voicemail: Voicemail) -> bool:
    """Return whether an entry creates or changes a voicemail, or gives it to its user."""
    kinds = (CreateVoicemail, UpdateVoicemail, AssociateVoicemail)
    return any(isinstance(each, kinds) and each.voicemail is voicemail for each in entry.operations)


def _identity_of(entry: Entry) -> dict[str, Any] | None:
    """Return the values by which the next run finds a new user; None if the number tells, too."""
    if entry.match is not None:
        return entry.match
    has_number = entry.number is not None and entry.number_range is None
    return None if has_number else {name: entry.user.get(name) for name in ("firstname", "lastname")}


def _without(names: Collection[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
