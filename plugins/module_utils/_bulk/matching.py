# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the entries of a list mean: each is tied to the existing user of its match, or of its name and number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .._model.errors import AmbiguousError, ConfdError, ConflictError
from .._model.numbers import ExtensionKey, NumberRange
from .._model.records import User
from .._state.lookup import find_user, new_user_values, users_by, with_numbers
from .._state.state import ServerState
from .entries import Entry, record_error

ONE_NAME = (
    "several entries have this name, and nothing else says who is who. "
    "Tell them apart with extension, or with match: {id: ...} for who is there already."
)


def identify(entries: Sequence[Entry], state: ServerState) -> None:
    """Tie every entry to the existing user that it means; what is not clear becomes the entry's ``problem``.

    What is clear by itself comes first: a match that fits one user, a number. Nobody is meant twice, so that these
    are none of those whom other entries may mean: else an entry that gives somebody the name of another would be clear
    in the first run and not in the second.
    """
    _refuse_one_name(entries)
    matched = [entry for entry in entries if entry.active and entry.match is not None]
    staying = [entry for entry in matched if not entry.absent]
    unclear = [entry for entry in staying if not _is_clear(entry, state)]
    groups = _by_name(entries, state)
    clear = _ids(staying)
    for group in groups:
        group.take_by_number(clear)
    known = _ids(entry for entry in entries if not _has_names_only(entry))
    for entry in unclear:
        record_error(entry, partial(_find_among_others, entry, state, known))
    meant = _ids(staying)
    for entry in matched:
        if entry.absent:
            record_error(entry, partial(_find_leaver, entry, state, meant))
    for group in groups:
        group.take_by_name(meant)
    _keep_number_successors(entries)
    _refuse_shared_identities(entries)


def _refuse_one_name(entries: Iterable[Entry]) -> None:
    """Two who have one name by then, and are known by nothing else."""
    known: dict[tuple[str | None, str | None], list[Entry]] = {}
    for entry in entries:
        is_known_by_name = _has_names_only(entry) or not (entry.match or entry.number or entry.number_range)
        if entry.active and not entry.absent and is_known_by_name:
            known.setdefault(_full_name({**(entry.match or {}), **entry.user}), []).append(entry)
    for entry in [each for same in known.values() if len(same) > 1 for each in same]:
        entry.fail(ONE_NAME)


def _has_names_only(entry: Entry) -> bool:
    """Whether an entry has a match, and nothing but names in it."""
    return entry.match is not None and set(entry.match) <= {"firstname", "lastname"}


def _full_name(values: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The name as ``User.full_name`` has it: an empty lastname is none."""
    return values.get("firstname"), values.get("lastname") or None


def _ids(entries: Iterable[Entry]) -> set[int | None]:
    return {entry.found.id for entry in entries if entry.found}


# By match


def _is_clear(entry: Entry, state: ServerState) -> bool:
    try:
        _find(entry, state)
    except (AmbiguousError, ConflictError):
        return False
    except ConfdError as error:
        entry.fail(error)
    return True


def _find(entry: Entry, state: ServerState, others: Collection[int | None] = ()) -> None:
    wanted = dict(entry.user)
    if entry.number:
        wanted["exten"], wanted["context"] = entry.number
    entry.found = find_user(state, entry.match, wanted, others)
    if entry.found is None and not others:
        new_user_values(entry.match, entry.user)


def _find_among_others(entry: Entry, state: ServerState, others: Collection[int | None]) -> None:
    _find(entry, state, others)
    if entry.found is None:
        _find(entry, state)


def _find_leaver(entry: Entry, state: ServerState, staying: Collection[int | None]) -> None:
    """Who leaves by name is none of those who stay."""
    others = staying if _has_names_only(entry) else ()
    entry.found = find_user(state, entry.match, {}, others)
    if entry.found is None and others:
        _warn_of_those_who_stay(entry, users_by(state, entry.match or {}), state)


def _warn_of_those_who_stay(entry: Entry, users: Sequence[User], state: ServerState) -> None:
    if users:
        entry.warnings.append(f"{entry}: left alone, for another entry means {with_numbers(state, users)}.")


# By name


def _by_name(entries: Iterable[Entry], state: ServerState) -> list[NameGroup]:
    groups: dict[tuple[str | None, str | None], list[Entry]] = {}
    for entry in entries:
        if entry.active and entry.match is None:
            groups.setdefault(_full_name(entry.user), []).append(entry)
    return [NameGroup(group, state.users_named(*name), state) for name, group in groups.items()]


class NameGroup:
    """Entries of one name, which take the users of that name, by number first (DESIGN, "homonyms in a list")."""

    def __init__(self, entries: Sequence[Entry], users: Sequence[User], state: ServerState) -> None:
        _refuse_contradiction(entries)
        self.entries = [entry for entry in entries if entry.active]
        self.left = list(users)
        self.state = state

    @property
    def unmatched(self) -> list[Entry]:
        """Who of those who are to be there is nobody yet."""
        return [entry for entry in self.entries if not entry.absent and entry.found is None]

    def take_by_number(self, meant: Collection[int | None]) -> None:
        """By number, or by range. meant: ids of those who stay, for a match says so: they do not leave."""
        for entry in self.entries:
            for user in self.left:
                if _has_number(self.state, user, entry.number) and not (entry.absent and user.id in meant):
                    self._take(entry, user)
                    break
        self._take_by_range([user for user in self.left if user.id not in meant])

    def _take_by_range(self, users: Sequence[User]) -> None:
        """The only one who wants a number of a range is the only one who has one of it."""
        wanting = [entry for entry in self.unmatched if entry.number_range]
        if len(wanting) == 1:
            having = [user for user in users if _has_number_of(self.state, user, wanting[0].number_range)]
            if len(having) == 1:
                self._take(wanting[0], having[0])

    def _take(self, entry: Entry, user: User) -> None:
        entry.found = user
        self.left.remove(user)

    def take_by_name(self, meant: Collection[int | None]) -> None:
        """Who is left over. meant: ids of those whom a match means, who are not."""
        taken = [user for user in self.left if user.id in meant]
        self.left = [user for user in self.left if user.id not in meant]
        for entry in self.entries:
            if entry.absent and entry.found is None:
                self._take_leaver(entry, taken)
        unmatched = self.unmatched
        if len(unmatched) == 1 and len(self.left) == 1 and self._belong_together(unmatched[0], self.left[0]):
            unmatched[0].found = self.left[0]
        elif self.left:
            for entry in unmatched:
                some = f"{len(self.left)} existing users of that name fit"
                entry.fail(
                    f"{some if self.left[1:] else 'an existing user of that name fits'}: "
                    f"{with_numbers(self.state, self.left)}. "
                    "Say with match who is meant, for example match: {id: ...} or match: {exten: ..., context: ...}."
                )
        else:
            self._refuse_indistinct(taken)

    def _belong_together(self, entry: Entry, user: User) -> bool:
        """Whether the last entry means the last user: the only entry of the name, or one that was interrupted."""
        return self.entries == [entry] or self.state.line_of(user) is None

    def _take_leaver(self, entry: Entry, taken: Sequence[User]) -> None:
        """Who leaves: with a number given only its bearer (taken already) or somebody without any."""
        fit = [user for user in self.left if entry.number is None or self.state.extension_of_user(user) is None]
        if len(fit) > 1:
            entry.fail(
                f"{len(fit)} users have this name: {with_numbers(self.state, fit)}. "
                "Say with extension or match who leaves."
            )
        elif fit:
            self._take(entry, fit[0])
        elif self.left:
            others = with_numbers(self.state, self.left)
            entry.warnings.append(f"{entry}: left alone, for {others} bears another number.")
        else:
            _warn_of_those_who_stay(entry, taken, self.state)

    def _refuse_indistinct(self, taken: Sequence[User]) -> None:
        """New users whom the next run could not tell apart, nor from those whom other entries mean by match."""
        unmatched = self.unmatched
        if sum(entry.number is None for entry in unmatched) > 1:
            for entry in unmatched:
                entry.fail(ONE_NAME)
        for entry in unmatched:
            if taken and entry.number is None and entry.number_range is None:
                entry.fail(
                    f"the match of another entry means {with_numbers(self.state, taken)}. "
                    "Give this entry a match or an extension, which tells it apart."
                )


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


def _has_number(state: ServerState, user: User, wanted: ExtensionKey | None) -> bool:
    current = state.extension_of_user(user)
    return wanted is not None and current is not None and current.key == wanted


def _has_number_of(state: ServerState, user: User, numbers: NumberRange | None) -> bool:
    current = state.extension_of_user(user)
    return numbers is not None and current is not None and current.key in numbers


def _keep_number_successors(entries: Iterable[Entry]) -> None:
    """Who leaves and is meant by a number has left once the number is that of a successor in the same list."""
    # Of two who want one number the first gets it.
    wanting = [entry for entry in entries if entry.number and entry.active and not entry.absent]
    successors = {entry.number: entry for entry in reversed(wanting)}
    for entry in entries:
        if entry.active and entry.absent and entry.found and set(entry.match or ()) == {"exten", "context"}:
            successor = successors.get((entry.match["exten"], entry.match["context"])) if entry.match else None
            is_another = _full_name(entry.user) != entry.found.full_name
            if successor and successor.found is entry.found and is_another:
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
