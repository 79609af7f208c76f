# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans how the user of an entry gives up what the user is not to have any more, or has to lend for a while."""

from __future__ import annotations

from collections.abc import Iterable

from .._model.errors import ConflictError
from .._model.records import Extension, Line, User, Voicemail
from .._model.resources import LOGIN, USER
from .._model.sip_usernames import parked_username
from .._plan.ownership import NUMBER, PHONE, VOICEMAIL, Thing
from .._plan.planner import Planner
from .._state.state import ServerState
from .claims import Claims
from .entries import Entry
from .validation import refuse_incall_of_shared_line

PARKED = "0"
"""The digit that is put in front of the number of a voicemail until the number that it is to have is free."""

CODES = range(999999, 99999, -1)
"""Provisioning codes, which have six digits."""


class Releaser:
    """Plans releases. reset_device: put a phone into autoprov if its number has to be dissociated from its line."""

    def __init__(self, state: ServerState, claims: Claims, reset_device: bool) -> None:
        self.state = state
        self.claims = claims
        self.reset_device = reset_device

    def has_phone(self, entry: Entry) -> int:
        """Return 1 if the line of an entry's user is on a phone, which a release may have to reset; otherwise 0."""
        line = self.state.line_of(entry.found) if entry.found else None
        return int(bool(line and self.state.device_of(line)))

    def release(self, entry: Entry, planner: Planner) -> None:
        """Plan that the user of an entry gives up what other entries of a circle wait for, before getting their own."""
        user = entry.found
        if user is None:
            return
        for thing in sorted(self.claims.given_up.get(entry, ()), key=str):
            if thing.kind == NUMBER:
                self._release_number(entry, user, thing, planner)
            elif thing.kind == VOICEMAIL:
                self._park_voicemail_of(user, planner)
            elif thing.kind == PHONE:
                self._release_phone(user, thing, planner)
            elif thing.kind == LOGIN.name:
                planner.park_login_name(user, thing.key)
            else:
                self._park_value(user, thing, planner)

    def release_incalls(self, entry: Entry, planner: Planner) -> None:
        """Plan that the user of an entry loses the direct numbers that the entry does not have."""
        user = entry.found
        for extension in list(self.state.incalls_of(user)) if user and entry.incalls is not None else ():
            if user and extension.key not in (entry.incalls or ()):
                self._release_incall(user, extension, planner)

    def give_back_number(self, user: User, number: Extension, planner: Planner) -> None:
        """Plan to dissociate the internal number of a user. The extension stays."""
        line = self.state.line_of(user)
        if line:
            others = [each for each in self.state.lines_of_extension(number) if each is not line]
            planner.refuse_shared_number(user, number, others)
            self.state.load_full_extension(number)
            self._free_of_phone(line, number, planner)
            planner.dissociate_line_extension(line, number)

    def _release_number(self, entry: Entry, user: User, thing: Thing, planner: Planner) -> None:
        extension = self.state.extension_at(*thing.key)
        if extension and extension is self.state.extension_of_user(user):
            self.give_back_number(user, extension, planner)
            entry.number_values.setdefault("commented", bool(extension["commented"]))
            planner.delete_extension(extension)
        elif extension:
            self._release_incall(user, extension, planner)

    def _release_incall(self, user: User, extension: Extension, planner: Planner) -> None:
        refuse_incall_of_shared_line(self.state, user, self.state.line_of(user), extension.key)
        self.state.load_full_extension(extension)
        planner.dissociate_incall(user, extension)
        planner.delete_extension(extension)

    def _free_of_phone(self, line: Line, number: Extension, planner: Planner) -> None:
        if self.state.device_of(line) and not self.reset_device:
            raise ConflictError(
                f"{number} cannot be dissociated from {line} while the line has a phone (device {line.device_id}).",
                "Set reset_device: true (employee_reset_phone in the playbook moving_employee) to put the phone into "
                "autoprov. Its user then has to dial the code again.",
            )
        planner.reset_line_device(line)

    def _release_phone(self, user: User, thing: Thing, planner: Planner) -> None:
        line = self.state.line_of(user)
        device_id = self.state.device_of(line) if line else None
        if line and device_id:
            if not self.reset_device:
                raise ConflictError(
                    f"{thing} of {user} cannot be exchanged in one run.",
                    "Set reset_device: true to put the phone into autoprov first, or change one of the entries later.",
                )
            planner.reset_line_device(line)

    def park_voicemail(self, voicemail: Voicemail, planner: Planner, users: Iterable[User] = ()) -> None:
        """Plan to give a voicemail another number for a while. users: those who are likely to have it."""
        number = f"{PARKED}{voicemail['number']}"
        while self.state.voicemails.at(number, voicemail["context"]):
            number = f"{PARKED}{number}"
        planner.ensure_voicemail(voicemail, {"number": number}, users)

    def _park_voicemail_of(self, user: User, planner: Planner) -> None:
        current = self.state.voicemails.of(user)
        if current:
            self.park_voicemail(current, planner, [user])

    def _park_value(self, user: User, thing: Thing, planner: Planner) -> None:
        """Plan to clear a unique value, or to replace it by a new one where something depends on it."""
        name, taken = thing.key
        line = self.state.line_of(user)
        if thing.kind == USER.name:
            # Without a username, a user of XiVO has no login any more.
            planner.ensure_user(user, {name: parked_username(taken) if name == "username" else ""})
        elif line:
            value = parked_username(taken) if name == "username" else self._unused_code()
            planner.ensure_line(line, {name: value}, "")

    def _unused_code(self) -> str:
        """Return a provisioning code that no line has, the same one in each plan."""
        return next(
            code for code in map(str, CODES) if not self.state.lines_with_unique("provisioning_extension", code)
        )
