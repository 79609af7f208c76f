# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the entries of a list mean: each is tied to the existing user of its match, or of its name and number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any

from ._entries import Entry, guarded
from ._errors import AmbiguousError, ConfdError, ConflictError
from ._identity import NEVER_CREATE, find_user, new_user_values, with_numbers
from ._ranges import Number, NumberRange
from ._world import User, World


def identify(entries: Sequence[Entry], world: World) -> None:
    """Tie every entry to the existing user that it means; what is not clear becomes the entry's ``problem``."""
    active = [entry for entry in entries if entry.active]
    meant = _identify_by_match([entry for entry in active if entry.match is not None], world)
    groups: dict[tuple[str, str | None], list[Entry]] = {}
    for entry in active:
        if entry.match is None:
            groups.setdefault((entry.user["firstname"], entry.user.get("lastname") or None), []).append(entry)
    for name, group in groups.items():
        _identify_namesakes(group, world.users_named(*name), meant, world)
    _let_successors_stay(entries)
    _refuse_shared_identities(entries)


def _identify_by_match(entries: Sequence[Entry], world: World) -> set[int | None]:
    """Tie entries by their match, those that are clear by themselves first. Returns the ids of who stays.

    Whom one match means is not meant by another that fits somebody else as well, nor by who leaves: else an entry that
    gives somebody the name of another would be clear in the first run and not in the second.
    """
    staying = [entry for entry in entries if not entry.absent]
    unclear = []
    for entry in staying:
        try:
            _find(entry, world)
        except (AmbiguousError, ConflictError):
            unclear.append(entry)
        except ConfdError as error:
            entry.fail(error)
    meant = _ids(staying)
    for entry in unclear:
        guarded(entry, partial(_find, entry, world, others=meant))
    meant = _ids(staying)
    for entry in entries:
        if entry.absent:
            named_only = NEVER_CREATE.isdisjoint(entry.match or ())
            guarded(entry, partial(_find, entry, world, homonyms=meant if named_only else ()))
    return meant


def _find(entry: Entry, world: World, **apart: Collection[int | None]) -> None:
    wanted = dict(entry.user)
    if entry.number:
        wanted["exten"], wanted["context"] = entry.number
    entry.found = find_user(world, entry.match, {} if entry.absent else wanted, **apart)
    if entry.found is None and not entry.absent:
        new_user_values(entry.match, entry.user)


def _ids(entries: Iterable[Entry]) -> set[int | None]:
    return {entry.found.id for entry in entries if entry.found}


def _identify_namesakes(
    group: Sequence[Entry], users: Sequence[User], meant: Collection[int | None], world: World
) -> None:
    """Entries of one name take the users of that name, by number first (DESIGN, "homonyms in a list").

    meant: ids of who stays because a match says so; they come after all others of the name.
    """
    _refuse_contradiction(group)
    group = [entry for entry in group if entry.active]
    left = list(users)
    for entry in group:
        _identify_by_number(entry, left, meant, world)
    others = [user for user in left if user.id not in meant]
    comers = [entry for entry in group if not entry.absent and entry.found is None]
    _identify_by_range(comers, others, world)
    for entry in group:
        if entry.absent and entry.found is None:
            _identify_leaver(entry, others, world)
    comers = [entry for entry in comers if entry.found is None]
    if len(comers) == 1 and len(others) == 1 and (len(group) == 1 or world.line_of(others[0]) is None):
        comers[0].found = others[0]
    elif others:
        for entry in comers:
            entry.fail(
                f"{len(others)} existing user{'s' if len(others) > 1 else ''} of that name fit: "
                f"{with_numbers(world, others)}. "
                "Say with match who is meant, for example match: {id: ...} or match: {exten: ..., context: ...}."
            )
    else:
        _refuse_indistinct(comers, [user for user in left if user.id in meant], world)


def _refuse_indistinct(comers: Sequence[Entry], taken: Sequence[User], world: World) -> None:
    """New users whom the next run could not tell apart, nor from those whom other entries mean by match."""
    if sum(entry.number is None for entry in comers) > 1:
        for entry in comers:
            entry.fail("several entries have this name and no number. Tell them apart with match or extension.")
    for entry in comers:
        if taken and entry.number is None and entry.number_range is None:
            entry.fail(
                f"the match of another entry means {with_numbers(world, taken)}. "
                "Give this entry a match or an extension, which tells it apart."
            )


def _identify_by_number(entry: Entry, left: list[User], meant: Collection[int | None], world: World) -> None:
    for user in left:
        if _has_number(world, user, entry.number) and not (entry.absent and user.id in meant):
            entry.found = user
            left.remove(user)
            return


def _identify_by_range(comers: Sequence[Entry], left: list[User], world: World) -> None:
    """The only one who wants a number of a range is the only one who has one of it."""
    wanting = [entry for entry in comers if entry.number_range]
    if len(wanting) == 1:
        having = [user for user in left if _has_number_of(world, user, wanting[0].number_range)]
        if len(having) == 1:
            wanting[0].found = having[0]
            left.remove(having[0])


def _refuse_contradiction(group: Sequence[Entry]) -> None:
    """Somebody leaves and somebody of that name stays: the next run would take one for the other."""
    leavers = [entry for entry in group if entry.absent]
    for entry in group:
        leaver = None if entry.absent else next((each for each in leavers if _is_taken_for(entry, each)), None)
        if leaver:
            entry.fail(f"{leaver} of this name is absent. Tell them apart with extension or match.")


def _is_taken_for(entry: Entry, leaver: Entry) -> bool:
    """Whether not even a number tells somebody from a leaver of the same name."""
    if entry.number_range:
        return leaver.number is not None and leaver.number in entry.number_range
    return entry.number in (None, leaver.number)


def _identify_leaver(entry: Entry, left: list[User], world: World) -> None:
    """Who leaves: with a number given only its bearer (taken already) or somebody without any."""
    fit = [user for user in left if entry.number is None or world.number_of_user(user) is None]
    if len(fit) > 1:
        entry.fail(
            f"{len(fit)} users have this name: {with_numbers(world, fit)}. Say with extension or match who leaves."
        )
    elif fit:
        entry.found = fit[0]
        left.remove(fit[0])
    elif left:
        others = with_numbers(world, left)
        entry.warnings.append(f"{entry}: left alone, for {others} bears another number.")


def _has_number(world: World, user: User, wanted: Number | None) -> bool:
    current = world.number_of_user(user)
    return wanted is not None and current is not None and current.key == wanted


def _has_number_of(world: World, user: User, numbers: NumberRange | None) -> bool:
    current = world.number_of_user(user)
    return numbers is not None and current is not None and current.key in numbers


def _let_successors_stay(entries: Iterable[Entry]) -> None:
    """Who leaves and is meant by a number has left once the number is that of a successor in the same list."""
    successors = {entry.number: entry for entry in entries if entry.number and entry.active and not entry.absent}
    for entry in entries:
        if entry.active and entry.absent and entry.found and set(entry.match or ()) == {"exten", "context"}:
            successor = successors.get((entry.match["exten"], entry.match["context"])) if entry.match else None
            names = (entry.user.get("firstname"), entry.user.get("lastname") or None)
            if successor and successor.found is entry.found and names != entry.found.full_name:
                entry.found = None


def _refuse_shared_identities(entries: Iterable[Entry]) -> None:
    """Two entries for one user, or for one that both would create."""
    owners: dict[Any, Entry] = {}
    for entry in entries:
        if not entry.active or (entry.absent and entry.found is None):
            continue
        identity = entry.found or tuple(sorted((entry.match or {"entry": entry.index}).items()))
        first = owners.setdefault(identity, entry)
        if first is not entry:
            entry.fail(f"means the same user as {first}.")
