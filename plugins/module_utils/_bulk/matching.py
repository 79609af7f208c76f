# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the existing user that each entry of a list identifies: by its match, or by its name and number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .._model.errors import AmbiguousError, ConfdError, ConflictError
from .._model.numbers import ExtensionKey, NumberRange
from .._model.records import User
from .._model.resources import canonical
from .._state.lookup import find_user, new_user_values, users_by, with_numbers
from .._state.state import ServerState
from .entries import Entry, record_error

ONE_NAME = (
    "several entries have this name, and nothing else distinguishes them. "
    "Add extension to each of them, or match: {id: ...} if the user exists already."
)


def identify(entries: Sequence[Entry], state: ServerState) -> None:
    """Set ``found`` of every entry to the existing user that it identifies. An ambiguity becomes its ``problem``.

    Entries that are unambiguous by themselves come first: by a match that finds one user, or by a number. No user
    belongs to two entries, so the other entries choose among the remaining users. Otherwise, an entry that gives a user
    the name of another one would be unambiguous in the first run, and ambiguous in the second. Somebody who is made
    anew is nobody of those who are there.
    """
    entries = [entry for entry in entries if not entry.made_anew]
    _refuse_one_name(entries)
    matched = [entry for entry in entries if entry.active and entry.match is not None]
    staying = [entry for entry in matched if not entry.absent]
    unclear = [entry for entry in staying if not _is_clear(entry, state)]
    groups = _by_name(entries, state)
    clear = _identities_of(staying)
    for group in groups:
        group.take_by_number(clear)
    known = _identities_of(entry for entry in entries if not _has_names_only(entry))
    for entry in unclear:
        record_error(entry, partial(_find_among_others, entry, state, known))
    meant = _identities_of(staying)
    for entry in matched:
        if entry.absent:
            record_error(entry, partial(_find_leaver, entry, state, meant))
    for group in groups:
        group.take_by_name(meant)
    _keep_number_successors(entries)
    _refuse_shared_identities(entries)


def _refuse_one_name(entries: Iterable[Entry]) -> None:
    """Fail the entries that will have the same name, and that nothing else distinguishes."""
    known: dict[tuple[str | None, str | None], list[Entry]] = {}
    for entry in entries:
        is_known_by_name = _has_names_only(entry) or not (entry.match or entry.number or entry.number_range)
        if entry.active and not entry.absent and is_known_by_name:
            known.setdefault(_full_name({**(entry.match or {}), **entry.user}), []).append(entry)
    for entry in [each for same in known.values() if len(same) > 1 for each in same]:
        entry.fail(ONE_NAME)


def _has_names_only(entry: Entry) -> bool:
    """Return whether an entry has a match that consists of names alone."""
    return entry.match is not None and set(entry.match) <= {"firstname", "lastname"}


def _full_name(values: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return (firstname, lastname) as ``User.full_name`` does: an empty lastname becomes None."""
    return canonical("firstname", values.get("firstname")), canonical("lastname", values.get("lastname"))


def _identities_of(entries: Iterable[Entry]) -> set[Any]:
    return {entry.found.identity for entry in entries if entry.found}


# By match


def _is_clear(entry: Entry, state: ServerState) -> bool:
    try:
        _find(entry, state)
    except (AmbiguousError, ConflictError):
        return False
    except ConfdError as error:
        entry.fail(error)
    return True


def _find(entry: Entry, state: ServerState, others: Collection[Any] = ()) -> None:
    wanted = dict(entry.user)
    if entry.number:
        wanted["exten"], wanted["context"] = entry.number
    entry.found = find_user(state, entry.match, wanted, others, entry.number_range)
    if entry.found is None and not others:
        new_user_values(entry.match, entry.user)


def _find_among_others(entry: Entry, state: ServerState, others: Collection[Any]) -> None:
    _find(entry, state, others)
    if entry.found is None:
        _find(entry, state)


def _find_leaver(entry: Entry, state: ServerState, staying: Collection[Any]) -> None:
    """Find the user to remove. A match by name finds no user that a present entry identifies."""
    others = staying if _has_names_only(entry) else ()
    entry.found = find_user(state, entry.match, {}, others)
    number = state.extension_of_user(entry.found) if entry.found else None
    if entry.found and number and entry.number and number.key != entry.number:
        entry.warnings.append(f"{entry}: no user is removed, because {entry.found} has another number, {number}.")
        entry.found = None
    elif entry.found is None and others:
        _warn_of_staying_users(entry, users_by(state, entry.match or {}), state)


def _warn_of_staying_users(entry: Entry, users: Sequence[User], state: ServerState) -> None:
    if users:
        users_text = with_numbers(state, users)
        entry.warnings.append(f"{entry}: no user is removed, because another entry identifies {users_text}.")


# By name


def _by_name(entries: Iterable[Entry], state: ServerState) -> list[NameGroup]:
    groups: dict[tuple[str | None, str | None], list[Entry]] = {}
    for entry in entries:
        if entry.active and entry.match is None:
            groups.setdefault(_full_name(entry.user), []).append(entry)
    return [NameGroup(group, state.users_named(*name), state) for name, group in groups.items()]


class NameGroup:
    """Assigns the users of one name to the entries of that name, by number first (design.md, "Identity")."""

    def __init__(self, entries: Sequence[Entry], users: Sequence[User], state: ServerState) -> None:
        _refuse_contradiction(entries)
        self.entries = [entry for entry in entries if entry.active]
        self.left = list(users)
        self.state = state

    @property
    def unmatched(self) -> list[Entry]:
        """Return the present entries without a user so far."""
        return [entry for entry in self.entries if not entry.absent and entry.found is None]

    def take_by_number(self, meant: Collection[Any]) -> None:
        """Assign users by number or range. meant: identities of the users whom a match keeps, who are not removed."""
        for entry in self.entries:
            for user in self.left:
                if _has_number_of(self.state, user, [entry.number]) and not (entry.absent and user.identity in meant):
                    self._take(entry, user)
                    break
        self._take_by_range([user for user in self.left if user.identity not in meant])

    def _take_by_range(self, users: Sequence[User]) -> None:
        """Assign the only user with a number in a range to the only entry that has the range."""
        wanting = [entry for entry in self.unmatched if entry.number_range]
        if len(wanting) == 1:
            having = [user for user in users if _has_number_of(self.state, user, wanting[0].number_range)]
            if len(having) == 1:
                self._take(wanting[0], having[0])

    def _take(self, entry: Entry, user: User) -> None:
        entry.found = user
        self.left.remove(user)

    def take_by_name(self, meant: Collection[Any]) -> None:
        """Assign the users that are left. meant: identities of the users whom the match of an entry identifies."""
        taken = [user for user in self.left if user.identity in meant]
        self.left = [user for user in self.left if user.identity not in meant]
        for entry in self.entries:
            if entry.absent and entry.found is None:
                self._take_leaver(entry, taken)
        unmatched = self.unmatched
        if len(unmatched) == 1 and len(self.left) == 1 and self._belong_together(unmatched[0], self.left[0]):
            unmatched[0].found = self.left[0]
        elif self.left:
            for entry in unmatched:
                some = f"{len(self.left)} existing users have" if self.left[1:] else "an existing user has"
                entry.fail(
                    f"{some} this name: {with_numbers(self.state, self.left)}. "
                    "Identify the user with match, for example match: {id: ...} or match: {exten: ..., context: ...}."
                )
        else:
            self._refuse_indistinct(taken)

    def _belong_together(self, entry: Entry, user: User) -> bool:
        """Return whether the last entry identifies the last user.

        It does if no other entry has the name, or if the user has no line, which is what an interrupted run leaves.
        """
        return self.entries == [entry] or self.state.line_of(user) is None

    def _take_leaver(self, entry: Entry, taken: Sequence[User]) -> None:
        """Assign the user to remove. If the entry has a number, the user has none, or was assigned by number before."""
        fit = [user for user in self.left if entry.number is None or self.state.extension_of_user(user) is None]
        if len(fit) > 1:
            entry.fail(
                f"{len(fit)} users have this name: {with_numbers(self.state, fit)}. "
                "Identify the user to remove with extension or match. In the playbook leaving_employee, these are "
                "employee_number and employee_id."
            )
        elif fit:
            self._take(entry, fit[0])
        elif self.left:
            others = f"{with_numbers(self.state, self.left)} {'have' if self.left[1:] else 'has'}"
            entry.warnings.append(f"{entry}: no user is removed, because {others} another number.")
        else:
            _warn_of_staying_users(entry, taken, self.state)

    def _refuse_indistinct(self, taken: Sequence[User]) -> None:
        """Fail entries for new users that the next run could not distinguish from each other or from matched users."""
        unmatched = self.unmatched
        if sum(entry.number is None for entry in unmatched) > 1:
            for entry in unmatched:
                entry.fail(ONE_NAME)
        for entry in unmatched:
            if taken and entry.number is None and entry.number_range is None:
                entry.fail(
                    f"the match of another entry identifies {with_numbers(self.state, taken)}. "
                    "Add extension or match to this entry to distinguish the two."
                )


def _refuse_contradiction(group: Sequence[Entry]) -> None:
    """Fail the present entries that the next run could not distinguish from an absent entry of the same name."""
    leavers = [entry for entry in group if entry.absent]
    for entry in group:
        leaver = None if entry.absent else next((each for each in leavers if _is_taken_for(entry, each)), None)
        if leaver:
            entry.fail(f"{leaver} has the same name and state absent. Distinguish the two with extension or match.")
            leaver.fail(f"{entry} has the same name and state present. Distinguish the two with extension or match.")


def _is_taken_for(entry: Entry, leaver: Entry) -> bool:
    """Return whether no number distinguishes an entry from an absent one of the same name."""
    if entry.number_range:
        return leaver.number is not None and leaver.number in entry.number_range
    return entry.number in (None, leaver.number)


def _has_number_of(state: ServerState, user: User, numbers: NumberRange | Sequence[ExtensionKey | None] | None) -> bool:
    current = state.extension_of_user(user)
    return numbers is not None and current is not None and current.key in numbers


def _keep_number_successors(entries: Iterable[Entry]) -> None:
    """Clear ``found`` of absent entries whose number belongs to the next user already.

    An absent entry that matches a number has removed its user if another entry of the list has the number now.
    """
    successors = {entry.found: entry for entry in entries if entry.found and entry.active and not entry.absent}
    for entry in entries:
        if entry.active and entry.absent and entry.found and set(entry.match or ()) == {"exten", "context"}:
            number = (entry.match["exten"], entry.match["context"]) if entry.match else ("", "")
            successor = successors.get(entry.found)
            is_another = _full_name(entry.user) != entry.found.full_name
            if successor and is_another and (successor.number == number or number in (successor.number_range or ())):
                entry.found = None


def _refuse_shared_identities(entries: Iterable[Entry]) -> None:
    """Fail both of two entries for the same user, existing or new: which of them is right is not known."""
    owners: dict[Any, Entry] = {}
    for entry in entries:
        if not entry.active or (entry.absent and entry.found is None):
            continue
        identity = entry.found or tuple(sorted((entry.match or {"entry": entry.index}).items()))
        first = owners.setdefault(identity, entry)
        if first is not entry:
            for each, other in ((entry, first), (first, entry)):
                each.fail(f"identifies the same user as {other}. Remove one of the entries, or correct its match.")
