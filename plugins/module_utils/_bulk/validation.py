# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in a list cannot be, found before anything is planned: each becomes the problem of its entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from .._model.contexts import INCALL, INTERNAL
from .._model.errors import ConflictError
from .._model.numbers import Number
from .._model.records import Extension, Line, User, Voicemail
from .._model.resources import USER, refuse_unknown_fields
from .._plan.line_device import refuse_phones
from .._state.context_checks import check_kind
from .._state.state import World
from .entries import Entry, guarded
from .number_allocation import pick_numbers


def refuse_conflicts(entries: Sequence[Entry], world: World) -> None:
    """Pick the numbers of ranges, and give every entry that cannot be its problem."""
    _refuse_unsupported(entries, world)
    pick_numbers(entries, world)
    _refuse_repeated_numbers(entries)
    _refuse_repeated_usernames(entries)
    active = [entry for entry in entries if entry.active]
    world.look_up(number for entry in active for number in entry.numbers)
    managed = (number for entry in active for number in entry.numbers if entry.manages_commented(number))
    world.read_whole(each for number in managed if (each := world.extension_at(*number)))
    _refuse_taken_numbers(entries, world)


def _refuse_unsupported(entries: Iterable[Entry], world: World) -> None:
    for entry in entries:
        if entry.device_mac:
            guarded(entry, partial(refuse_phones, world, "device"))
        if not entry.absent:
            guarded(entry, partial(refuse_unknown_fields, USER, entry.user, world.backend.api))


def _refuse_repeated_numbers(entries: Iterable[Entry]) -> None:
    owners: dict[Number, Entry] = {}
    for entry in entries:
        for wanted in entry.numbers if entry.active else ():
            first = owners.setdefault(wanted, entry)
            if first is not entry:
                entry.fail(f"{wanted[0]}@{wanted[1]} is wanted by {first} as well.")


def _refuse_repeated_usernames(entries: Iterable[Entry]) -> None:
    owners: dict[str, Entry] = {}
    for entry in entries:
        username = entry.line.get("username") if entry.line and entry.active and not entry.absent else None
        first = owners.setdefault(username, entry) if username else entry
        if first is not entry:
            entry.fail(f"line.username {username!r} is wanted by {first} as well; SIP usernames are unique.")


def _refuse_taken_numbers(entries: Sequence[Entry], world: World) -> None:
    """A number that somebody else has is an error, unless an entry of the list frees it."""
    by_user = {entry.found: entry for entry in entries if entry.found and entry.active}
    changed = True
    while changed:
        # An entry that is refused frees nothing, which may refuse another one.
        changed = False
        for entry in entries:
            if entry.active and not entry.absent:
                guarded(entry, partial(_check_numbers, entry, world, by_user))
                changed = changed or not entry.active


def _check_numbers(entry: Entry, world: World, by_user: dict[User, Entry]) -> None:
    if entry.found and entry.incalls is not None:
        world.incalls_of(entry.found)
    for wanted in entry.numbers:
        check_kind(world, wanted, INTERNAL if wanted == entry.number else INCALL)
        extension = world.extension_at(*wanted)
        holder = world.holder_of(extension) if extension else None
        if not extension or not holder or (holder.user and holder.user is entry.found):
            continue
        if holder.user is None and holder.line:
            _check_line_without_user(entry, extension, holder.line, world)
            continue
        owner = by_user.get(holder.user) if holder.user else None
        if owner is None or not owner.active or not _frees(owner, extension, world):
            raise ConflictError(
                f"{extension} belongs to {holder}.", "Nothing is taken away from anybody: free it, or take another one."
            )
        entry.needs.add(owner)


def _frees(owner: Entry, extension: Extension, world: World) -> bool:
    """Whether an entry gives a number of its user back."""
    if owner.absent:
        return True
    if owner.found and world.number_of_user(owner.found) is extension:
        return owner.number is not None and owner.number != extension.key
    return owner.incalls is not None and extension.key not in owner.incalls


def _check_line_without_user(entry: Entry, extension: Extension, line: Line, world: World) -> None:
    """A line with the wanted number and without user is what an interrupted run leaves, unless it has a phone."""
    if world.device_of(line):
        raise ConflictError(
            f"{extension} is on {line}, which has no user but a phone (device {line.device_id}).",
            "Put the phone into autoprov, or take another number.",
        )
    own = world.line_of(entry.found) if entry.found else None
    if own:
        raise ConflictError(
            f"{extension} is on {line}, which has no user, while {entry.found} has {own}.", "Delete one of the lines."
        )


def refuse_two_wishes(voicemail: Voicemail, entry: Entry, first: Entry) -> None:
    """Entries that share a voicemail may not want different things of it: each run would change it back."""
    wishes, others = entry.voicemail_values, first.voicemail_values
    different = [name for name in wishes if name in others and wishes[name] != others[name]]
    if different:
        raise ConflictError(
            f"{voicemail} is shared with the user of {first}, and they disagree about its {different[0]}.",
            "Say the same in both entries, or take the voicemail away from one of the users.",
        )


def refuse_incall_of_shared_line(world: World, user: User, line: Line | None, key: Number) -> None:
    """Incalls are given to a line, step by step at least, and so reach its main user."""
    main = world.main_user_of(line) if line else None
    if line and main is not user and main:
        raise ConflictError(
            f"{key[0]}@{key[1]} cannot be changed for {user}, who only shares {line} of {main}.",
            "Say it in the entry of that user, or give this one a line of their own.",
        )
