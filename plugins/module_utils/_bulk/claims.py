# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what the entries of a list want with what people have, before anything is planned.

An entry may claim what nobody has, or what another entry of the list gives up; then it waits for that entry. Everything
else is a conflict (design.md, rule 14).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from .._model.contexts import INCALL, INTERNAL
from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Device, Line, Owner, User, Voicemail
from .._model.resources import LINE, LOGIN, USER
from .._model.sip_usernames import is_marked_for
from .._plan.ownership import (
    HOW_TO_FREE,
    NUMBER,
    PHONE,
    VOICEMAIL,
    Ownership,
    Thing,
    login_names,
    number,
    phone_slot,
    taken,
    unique_values,
    voicemail,
)
from .._state.context_checks import check_context_type
from .._state.devices import DeviceIndex
from .._state.state import ServerState
from .entries import Entry, record_error

LINE_KEY, NUMBER_KEY, VOICEMAIL_KEY = "line", "extension", "voicemail"
"""What an entry can be without."""
LOGIN_KEY = "login"
"""The key of the login in an entry."""
SHARED = "Give it to one entry only."
OF_OWNER = ("email", "pager", "password")
"""The fields of a voicemail that only its owner can have set, if the entry does not set them."""


class Claims:
    """Knows what each entry of a list wants, and which entries give up what another one wants.

    given_up: the things that an entry has to give up before another entry gets them.
    """

    def __init__(self, entries: Sequence[Entry], state: ServerState) -> None:
        self.entries = entries
        self.state = state
        self.ownership = Ownership(state)
        self.devices = DeviceIndex(state)
        self.given_up: dict[Entry, set[Thing]] = {}
        self._by_user: dict[User, Entry] = {}
        self._leavers: set[User] = set()
        self._wanted: dict[Entry, list[Thing]] = {}

    def check(self) -> None:
        """Fail every entry that claims what another entry or somebody else has."""
        self._leavers = {entry.found for entry in self.entries if entry.found and entry.active and entry.absent}
        for entry in self._listed():
            record_error(entry, partial(self._settle, entry))
        self._refuse_repeated()
        self._by_user = {entry.found: entry for entry in self.entries if entry.found and entry.active}
        changed = True
        while changed:
            # An entry that fails gives up nothing, so other entries may fail, too.
            changed = False
            self.given_up = {}
            for entry in self._present():
                entry.waits_for = frozenset()
                record_error(entry, partial(self._check, entry))
                changed = changed or not entry.active

    def _listed(self) -> list[Entry]:
        """Return the present entries. One that has failed still says what it wants, and the next run may grant it."""
        return [entry for entry in self.entries if not entry.absent]

    def _present(self) -> list[Entry]:
        return [entry for entry in self._listed() if entry.active]

    # What an entry wants

    def _settle(self, entry: Entry) -> None:
        """Decide which voicemail the entry means, and list everything that it wants."""
        self._settle_voicemail(entry)
        wanted = [number(key) for key in entry.numbers]
        of_user = self._values_of_user(entry)
        wanted += unique_values(USER, {**(entry.match or {}), **of_user} if entry.found is None else of_user)
        wanted += login_names(self._own_login(entry))
        wanted += unique_values(LINE, entry.line or {})
        if entry.voicemail is not None and entry.voicemail_key:
            wanted.append(voicemail(entry.voicemail_key))
        device = self._device_of(entry)
        if device:
            wanted.append(phone_slot(device, self._slot(entry)))
        self._wanted[entry] = wanted

    def _values_of_user(self, entry: Entry) -> dict[str, Any]:
        """Return the wanted fields of the user, with those of the login that are fields of the user."""
        of_login = self.state.backend.login_fields_of_user
        login = entry.parts.get(LOGIN_KEY, {})
        return {**entry.user, **{name: value for name, value in login.items() if name in of_login}}

    def _own_login(self, entry: Entry) -> dict[str, Any]:
        """Return the names that the login of an entry will have, where a login is an object of its own."""
        login = entry.parts.get(LOGIN_KEY)
        if login is None or self.state.backend.login_fields_of_user or login.get("username") == "":
            return {}
        found = self.state.part_of(entry.found, LOGIN) if entry.found else None
        email = entry.user.get("email", entry.found["email"] if entry.found else None)
        return {"username": login.get("username") or (found and found["username"]), "email": email}

    def _settle_voicemail(self, entry: Entry) -> None:
        """Leave a voicemail that others share where it is, unless the entry names its number. Leavers do not count."""
        if entry.voicemail is None or entry.found is None:
            return
        current = self.state.voicemails.of(entry.found)
        moves = current is not None and current.key != entry.voicemail_key
        if current and moves and not entry.names_voicemail and len(self._staying_users_of(current)) > 1:
            entry.voicemail.update(number=current["number"], context=current["context"])

    def _staying_users_of(self, voicemail: Voicemail) -> set[User]:
        """Return the users of a voicemail whom no entry removes: in the next run, only these have it."""
        return set(self.state.voicemails.users_of(voicemail)) - self._leavers

    def _device_of(self, entry: Entry) -> Device | None:
        """Return the phone of an entry that says on which phone, or in which slot of it, the line is to be."""
        if entry.device_mac:
            return self.devices.of(entry.device_mac)
        line = self.state.line_of(entry.found) if entry.found else None
        if line is None or "device_slot" not in (entry.line or {}) or not self.state.backend.takes_devices:
            return None
        device_id = self.state.device_of(line)
        return Device(device_id) if device_id else None

    def _slot(self, entry: Entry) -> int:
        line = self.state.line_of(entry.found) if entry.found else None
        return int((entry.line or {}).get("device_slot") or (line and line["device_slot"]) or 1)

    def _refuse_repeated(self) -> None:
        """Fail the later of two entries that want the same thing, or the one that has not failed before.

        Entries may share a voicemail.
        """
        first: dict[Thing, Entry] = {}
        refused: set[tuple[Entry, Entry]] = set()
        for entry in self._listed():
            for thing in self._wanted.get(entry, ()):
                other = first.setdefault(thing, entry)
                if other is entry or thing.kind == VOICEMAIL or all(self._has(each, thing) for each in (entry, other)):
                    continue
                if (entry, other) in refused:
                    # They may want several things both, and one of the two entries is still good.
                    continue
                failing, first_one = (entry, other) if entry.active else (other, entry)
                refused.add((entry, other))
                failing.fail(f"{thing} is also in {first_one}. {SHARED}")

    def _has(self, entry: Entry, thing: Thing) -> bool:
        """Return whether the user of an entry has a thing already."""
        return entry.found is not None and any(each.user is entry.found for each in self.ownership.owners_of(thing))

    # Whether it may have it

    def _check(self, entry: Entry) -> None:
        if entry.found and entry.incalls is not None:
            # Reading them makes the state know who has them.
            self.state.incalls_of(entry.found)
        for thing in self._wanted[entry]:
            if thing.kind == NUMBER:
                check_context_type(self.state, thing.key, INTERNAL if thing.key == entry.number else INCALL)
            if thing.kind == VOICEMAIL and self._has_voicemail(entry, thing):
                continue
            owners = self.ownership.owners_of(thing)
            if entry.found and entry.found in [owner.user for owner in owners]:
                continue
            for owner in owners:
                self._claim(entry, thing, owner)
            if thing.kind == PHONE:
                self._wait_for_reset(entry, thing)
            if thing.kind == VOICEMAIL:
                self._check_voicemail(entry, thing, has_users=bool(owners))

    def _claim(self, entry: Entry, thing: Thing, owner: Owner) -> None:
        """Let an entry wait for the one that gives up a thing. Raises ConflictError if nobody gives it up."""
        if owner.user is None and owner.line and not owner.other:
            self._check_line_without_user(entry, thing, owner.line)
            return
        giver = self._by_user.get(owner.user) if owner.user else None
        if thing.kind == VOICEMAIL and giver and giver.active and self._shares(entry, giver, thing):
            # Both have to agree: if the entry of the owner fails, nobody else gets the voicemail.
            entry.waits_for |= {giver}
            return
        if giver is None or not giver.active or self._keeps(giver, thing, owner):
            hint = self._way_out(giver, thing) or _unknown_id(entry, owner)
            raise taken(thing, owner, entry.name, hint)
        self._wait(entry, giver, thing)

    def _way_out(self, giver: Entry | None, thing: Thing) -> str:
        """Return how a leaver gives up a thing, or the entry that keeps a direct number by not mentioning it.

        '' if the general advice is right.
        """
        if giver and giver.disables:
            return HOW_TO_FREE
        if giver is None or not giver.active or thing.kind != NUMBER or giver.incalls is not None:
            return ""
        if giver.found is None or thing.key not in [each.key for each in self.state.incalls_of(giver.found)]:
            return ""
        return (
            f"The user keeps it because {giver} has no incall. Set incalls: [] in that entry. If the list comes from "
            "csv_entries or entries, let empty cells remove the number: empty={'direct number': 'remove'}."
        )

    def _wait_for_reset(self, entry: Entry, thing: Thing) -> None:
        """Let an entry wait for those whose line leaves the phone, which takes all lines off it for a moment."""
        for line in self.state.lines_of_device(thing.key[0]):
            user = self.state.main_user_of(line)
            giver = self._by_user.get(user) if user else None
            if giver and giver.active and giver is not entry and self._leaves_phone(giver, thing.key[0]):
                entry.waits_for |= {giver}

    def _leaves_phone(self, giver: Entry, device_id: str) -> bool:
        """Return whether the line of an entry is taken off its phone."""
        number = self.state.extension_of_user(giver.found) if giver.found else None
        moves_away = number is not None and giver.number is not None and giver.number[1] != number["context"]
        elsewhere = any(each.kind == PHONE and each.key[0] != device_id for each in self._wanted.get(giver, ()))
        gives_up_line = giver.disables is not None or LINE_KEY in giver.without
        return giver.absent or gives_up_line or moves_away or elsewhere

    def _wait(self, entry: Entry, giver: Entry, thing: Thing) -> None:
        entry.waits_for |= {giver}
        self.given_up.setdefault(giver, set()).add(thing)

    def _keeps(self, giver: Entry, thing: Thing, owner: Owner) -> bool:
        """Return whether the user of an entry will still have a thing that the user has."""
        if giver.absent:
            return False
        if giver.disables:
            return thing.kind != PHONE
        if self._goes_with_line(giver, thing, owner):
            return False
        if thing.kind == NUMBER:
            return self._keeps_number(giver, thing.key)
        if thing.kind == VOICEMAIL:
            is_kept = giver.voicemail is None or giver.voicemail_key == thing.key
            return is_kept and VOICEMAIL_KEY not in giver.without
        if thing.kind == LOGIN.name:
            return LOGIN_KEY not in giver.parts or thing in self._wanted[giver]
        own_line = self.state.line_of(giver.found) if giver.found else None
        if thing.kind == PHONE:
            moves = any(each.kind == PHONE and each != thing for each in self._wanted[giver])
            return owner.line is not own_line or not moves
        if thing.kind == LINE.name and owner.line is not own_line:
            return True
        managed = self._values_of_user(giver) if thing.kind == USER.name else giver.line or {}
        return thing.key[0] not in managed or thing in self._wanted[giver]

    def _goes_with_line(self, giver: Entry, thing: Thing, owner: Owner) -> bool:
        """Return whether an entry gives a thing up with the main line of its user, or with the number of that line."""
        line = self.state.line_of(giver.found) if giver.found else None
        if line is None or giver.without.isdisjoint({LINE_KEY, NUMBER_KEY}):
            return False
        if thing.kind == NUMBER:
            return self.state.extension_at(*thing.key) is self.state.extension_of(line)
        return LINE_KEY in giver.without and thing.kind in (LINE.name, PHONE) and owner.line is line

    def _keeps_number(self, giver: Entry, key: ExtensionKey) -> bool:
        """Return whether a user keeps a number. An entry describes the main line; the other lines keep theirs."""
        extension = self.state.extension_at(*key)
        for line in self.state.lines_of(giver.found) if giver.found else ():
            if self.state.extension_of(line) is extension:
                is_main = line is self.state.line_of(giver.found) if giver.found else False
                return not is_main or giver.number in (None, key)
        return giver.incalls is None or key in giver.incalls

    # Lines without a user

    def _check_line_without_user(self, entry: Entry, thing: Thing, line: Line) -> None:
        """Raise ConflictError for a line without user, unless an interrupted run left it, or the entry names it."""
        if self.state.device_of(line):
            raise ConflictError(
                f"{thing} belongs to {line}, which has a phone (device {line.device_id}) but no user.",
                "Put the phone into autoprov, or choose another one.",
            )
        own = self.state.line_of(entry.found) if entry.found else None
        if own and own is not line:
            raise ConflictError(
                f"{thing} belongs to {line}, which has no user, but {entry.found} already has {own}.",
                "Delete one of the lines.",
            )
        if not line.is_sip:
            raise ConflictError(f"{thing} belongs to {line}, which has no user.", "Choose another one.")
        is_named = entry.line is not None and entry.line.get("username") == line["username"]
        is_left_over = entry.number is not None and is_marked_for(line["username"], "@".join(entry.number))
        if not (is_named or is_left_over):
            raise ConflictError(
                f"{thing} belongs to {line}, which has no user and was not created for this number by an earlier run.",
                f"Set line.username to {line['username']!r} to give that line to the user, or choose another one.",
            )

    # Voicemails

    def _shares(self, entry: Entry, other: Entry, thing: Thing) -> bool:
        """Return whether two entries agree to share a voicemail: both describe it, one of them by its number."""
        agrees = not other.absent and other.voicemail is not None and other.voicemail_key == thing.key
        return agrees and (entry.names_voicemail or other.names_voicemail)

    def _has_voicemail(self, entry: Entry, thing: Thing) -> bool:
        """Return whether the user of an entry has a voicemail. To ask for all its users can cost a request for each."""
        current = self.state.voicemails.of(entry.found) if entry.found else None
        return current is not None and current.key == thing.key

    def _check_voicemail(self, entry: Entry, thing: Thing, has_users: bool) -> None:
        voicemails = self.state.voicemails
        current = voicemails.of(entry.found) if entry.found else None
        if current:
            self._check_sharers(entry, current, thing)
        there = voicemails.at(*thing.key)
        if there is None or has_users or there is current:
            return
        if current:
            raise ConflictError(
                f"{there} already exists without a user, but {entry.found} has {current}.",
                "Delete one of the voicemails, or give another voicemail.number.",
            )
        leaver = next((each for each in self.entries if leaves_behind(each, there, self.state)), None)
        if leaver:
            self._wait(entry, leaver, thing)
        elif not entry.names_voicemail and not is_left_over(there, entry, self.state):
            raise ConflictError(
                f"{there} already exists and belongs to nobody; its name is {there['name']!r}.",
                f"Delete it, or set voicemail.number to {thing.key[0]!r} to replace it by a new one.",
            )

    def _check_sharers(self, entry: Entry, current: Voicemail, thing: Thing) -> None:
        """Refuse to move a voicemail of other users who are not to have it at its new number."""
        for other in self.state.voicemails.users_of(current):
            sharer = self._by_user.get(other)
            moves_too = sharer and sharer.active and (sharer.absent or sharer.voicemail_key == thing.key)
            if other is entry.found or moves_too:
                if sharer and sharer.absent:
                    # As long as the leaver has the voicemail, it must not move.
                    entry.waits_for |= {sharer}
                continue
            raise ConflictError(
                f"{current} of {entry.found} is shared with {other}, so it cannot become {thing}.",
                f"Give the same voicemail.number in the entry of {other}, or dissociate one of the users from it.",
            )


def leaves_behind(entry: Entry, found: Voicemail, state: ServerState) -> bool:
    """Return whether a voicemail without users is what an interrupted removal of this entry's user has left."""
    user = entry.found
    if not (entry.active and entry.absent and user and entry.voicemail is not None) or entry.voicemail_key != found.key:
        return False
    is_theirs = found["name"] in (user.name, state.backend.voicemail_name(user))
    return is_theirs and not state.voicemails.users_of(found) and state.voicemails.of(user) is None


def is_left_over(found: Voicemail, entry: Entry, state: ServerState) -> bool:
    """Return whether a voicemail without users can be what an interrupted run of this entry has left."""
    names = {entry.voicemail_values.get("name"), entry.name, entry.found.name if entry.found else None}
    if entry.found:
        names.add(state.backend.voicemail_name(entry.found))
    given = {name: value for name, value in (entry.voicemail or {}).items() if name not in ("password", "name")}
    if any(found[name] for name in OF_OWNER if name not in (entry.voicemail or {})):
        return False
    return found["name"] in names - {None} and all(found[name] in (None, value) for name, value in given.items())


def _unknown_id(entry: Entry, owner: Owner) -> str:
    """Return what to do if the owner may be the same person, whose id the server does not have yet; '' if not."""
    userfield = (entry.match or {}).get("userfield")
    if not userfield or entry.found or owner.user is None or owner.user.name != entry.name or owner.user["userfield"]:
        return ""
    return (
        f"This user has no userfield. If it is the same person, set it to {userfield!r} first: run once with an entry "
        "that identifies the user by name, with match=false if the list comes from csv_entries or entries."
    )
