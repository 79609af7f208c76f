# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds conflicts in a list before anything is planned. Each becomes the problem of its entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from .._model.contexts import INCALL, INTERNAL
from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, User, Voicemail
from .._model.resources import USER
from .._state.context_checks import check_context_type
from .._state.devices import check_devices_supported
from .._state.state import ServerState
from .entries import Entry, record_error
from .number_allocation import pick_numbers


def refuse_conflicts(entries: Sequence[Entry], state: ServerState) -> None:
    """Choose the numbers from ranges, and fail every entry that has a conflict."""
    _refuse_unsupported(entries, state)
    pick_numbers(entries, state)
    _refuse_repeated_numbers(entries)
    _refuse_repeated_usernames(entries)
    active = [entry for entry in entries if entry.active]
    state.read_extensions(number for entry in active for number in entry.numbers)
    managed = (number for entry in active for number in entry.numbers if entry.manages_commented(number))
    state.load_full_extensions(each for number in managed if (each := state.extension_at(*number)))
    _refuse_taken_numbers(entries, state)


def _refuse_unsupported(entries: Iterable[Entry], state: ServerState) -> None:
    for entry in entries:
        if entry.device_mac:
            record_error(entry, partial(check_devices_supported, state, "device"))
        if not entry.absent:
            record_error(entry, partial(state.backend.check_fields, USER, entry.user))


def _refuse_repeated_numbers(entries: Iterable[Entry]) -> None:
    owners: dict[ExtensionKey, Entry] = {}
    for entry in entries:
        for wanted in entry.numbers if entry.active else ():
            first = owners.setdefault(wanted, entry)
            if first is not entry:
                entry.fail(f"{wanted[0]}@{wanted[1]} is also a number of {first}. Give each number to one entry only.")


def _refuse_repeated_usernames(entries: Iterable[Entry]) -> None:
    owners: dict[str, Entry] = {}
    for entry in entries:
        username = entry.line.get("username") if entry.line and entry.active and not entry.absent else None
        first = owners.setdefault(username, entry) if username else entry
        if first is not entry:
            entry.fail(f"line.username {username!r} is also in {first}. Give each line its own username.")


def _refuse_taken_numbers(entries: Sequence[Entry], state: ServerState) -> None:
    """Fail the entries with a number of another user, unless an entry of the list frees it."""
    by_user = {entry.found: entry for entry in entries if entry.found and entry.active}
    changed = True
    while changed:
        # An entry that fails frees nothing, so that other entries may fail, too.
        changed = False
        for entry in entries:
            if entry.active and not entry.absent:
                record_error(entry, partial(_check_numbers, entry, state, by_user))
                changed = changed or not entry.active


def _check_numbers(entry: Entry, state: ServerState, by_user: dict[User, Entry]) -> None:
    if entry.found and entry.incalls is not None:
        state.incalls_of(entry.found)
    for wanted in entry.numbers:
        check_context_type(state, wanted, INTERNAL if wanted == entry.number else INCALL)
        extension = state.extension_at(*wanted)
        owner = state.owner_of(extension) if extension else None
        if not extension or not owner or (owner.user and owner.user is entry.found):
            continue
        if owner.user is None and owner.line:
            _check_line_without_user(entry, extension, owner.line, state)
            continue
        freer = by_user.get(owner.user) if owner.user else None
        if freer is None or not freer.active or not _frees(freer, extension, state):
            raise ConflictError(f"{extension} belongs to {owner}.", "Free the number first, or choose another one.")
        entry.waits_for.add(freer)


def _frees(freer: Entry, extension: Extension, state: ServerState) -> bool:
    """Return whether an entry frees a number of its user."""
    if freer.absent:
        return True
    if freer.found and state.extension_of_user(freer.found) is extension:
        return freer.number is not None and freer.number != extension.key
    return freer.incalls is not None and extension.key not in freer.incalls


def _check_line_without_user(entry: Entry, extension: Extension, line: Line, state: ServerState) -> None:
    """Accept a line without user only if an interrupted run may have left it. Raises ConflictError otherwise."""
    if state.device_of(line):
        raise ConflictError(
            f"{extension} belongs to {line}, which has a phone (device {line.device_id}) but no user.",
            "Put the phone into autoprov, or choose another number.",
        )
    own = state.line_of(entry.found) if entry.found else None
    if own:
        raise ConflictError(
            f"{extension} belongs to {line}, which has no user, but {entry.found} already has {own}.",
            "Delete one of the lines.",
        )


def reject_conflicting_voicemail(voicemail: Voicemail, entry: Entry, first: Entry) -> None:
    """Refuse different values for a voicemail that entries share, because each run would change them back."""
    wishes, others = entry.voicemail_values, first.voicemail_values
    different = [name for name in wishes if name in others and wishes[name] != others[name]]
    if different:
        raise ConflictError(
            f"{voicemail} is shared with the user of {first}, but the two entries have different values for its "
            f"{different[0]}.",
            "Give the same value in both entries, or dissociate the voicemail from one of the users.",
        )


def refuse_incall_of_shared_line(state: ServerState, user: User, line: Line | None, key: ExtensionKey) -> None:
    """Refuse to change the incalls of a secondary user: confd associates them with the line, so with its main user."""
    main = state.main_user_of(line) if line else None
    if line and main is not user and main:
        raise ConflictError(
            f"{key[0]}@{key[1]} cannot be changed for {user}, who is only a secondary user of {line} of {main}.",
            f"Change it in the entry of {main}, or give {user} a line of their own.",
        )
