# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the people whom a run has touched, each with what the run did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .._model.contexts import with_context_names
from .._model.errors import InputError
from .._model.printable import printable
from .._model.records import Row
from .._model.resources import USER, USER_PARTS
from .._reports.journal_run import JournalItem, JournalRun
from .._state.state import ServerState
from .undo_partial import without_partial
from .undo_trace import PARTS, Change, ItemTrace, ObjectTrace, Trace


@dataclass(eq=False)
class Person:
    """Somebody whom a run has touched.

    label: as the journal calls the person. user_id: as the run has left it; None for what is no person. user: what the
    run did with the user. found: the person before the run as an entry, with the server's names of contexts. missing:
    what the person had besides. items: the items of the run. parts: the settings that were written. free: {number:
    whether it was disabled}, see ``Trace``. uuid: of the user, if the server has one.
    shares_voicemail: whether the run has taken a voicemail that others have, too. is_removed_since: whether somebody
    else has removed the person since. partial: what the journal has a part of only, and found not. is_shortened:
    whether a line was too long, and has no values.
    """

    label: str
    user_id: int | None
    user: ObjectTrace | None = None
    found: Row | None = None
    missing: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    given: ItemTrace = field(default_factory=ItemTrace)
    objects: list[ObjectTrace] = field(default_factory=list)
    parts: list[ObjectTrace] = field(default_factory=list)
    free: dict[str, bool] = field(default_factory=dict)
    uuid: str | None = None
    shares_voicemail: bool = False
    is_removed_since: bool = False
    partial: list[str] = field(default_factory=list)
    is_shortened: bool = False

    @property
    def is_new(self) -> bool:
        """Return whether the run has created the person."""
        return self.user is not None and self.user.is_new

    @property
    def is_gone(self) -> bool:
        """Return whether the run has removed the person."""
        return self.user is not None and self.user.is_gone and not self.user.is_new

    def of(self, resource: str) -> list[ObjectTrace]:
        """Return what was done with the objects of a type."""
        return [each for each in self.objects if each.resource == resource]


def people_of(run: JournalRun, state: ServerState, chosen: str | None) -> list[Person]:
    """Return the people whom a run has touched, in its order. chosen: one of them, see ``_chosen``."""
    trace = Trace(run.items.values())
    written = [item for _number, item in sorted(run.items.items()) if item.writes]
    items = _chosen(written, trace, chosen, run) if chosen else written
    people: dict[int, Person] = {}
    nobody: list[Person] = []
    for item in items:
        user = _user_of(item, trace)
        user_id = item.user_id or (user.id if user else None)
        person = Person(item.person, user_id, user)
        if user_id is None:
            nobody.append(person)
        else:
            person = people.setdefault(user_id, person)
        _add(person, item, trace, state)
    numbers = {item.item for item in items}
    for part in trace.parts():
        if part.item in numbers or part.id in people:
            other = people.setdefault(part.id, Person(part.subject.partition(" of ")[2], part.id))
            other.parts.append(part)
            other.uuid = other.uuid or part.uuid
            _name_as_found(part, other.found or {})
    return [*people.values(), *nobody]


def _add(person: Person, item: JournalItem, trace: Trace, state: ServerState) -> None:
    person.items.append(item.item)
    person.missing.extend(item.missing)
    person.uuid = person.uuid or item.uuid or (person.user.uuid if person.user else None)
    if item.found:
        # Contexts have other names in entries than on the server.
        found, person.partial = without_partial(item.found)
        person.found = with_context_names(found, state.backend.context_name_of) if found else None
    person.given = trace.item(item.item)
    person.free |= {number: disabled for (number_of, number), disabled in trace.free.items() if number_of == item.item}
    person.is_shortened |= any(row.get("shortened") for row in item.writes)
    _settle_moves(person)
    person.objects.extend(
        each for each in trace.objects.values() if each.item == item.item and each.resource not in PARTS
    )


def _name_as_found(part: ObjectTrace, found: Row) -> None:
    """Replace the names in earlier destinations by the earlier names: the run may have renamed their targets first."""
    if PARTS[part.resource].links:
        key = next(key for key, resource in USER_PARTS.items() if resource.name == part.resource)
        for name, value in (found.get(key) or {}).items():
            change = part.fields.get(name)
            if change and isinstance(change.before, dict):
                is_set = name == "keys"
                change.before = {at: value.get(at, each) for at, each in change.before.items()} if is_set else value


def _settle_moves(person: Person) -> None:
    """Note the numbers that moved with their extension: direct ones as the entry before the run has them."""
    given, found = person.given, person.found or {}
    direct = [found["incall"]] if found.get("incall") else found.get("incalls") or []
    keys = {f"{each['exten']}@{each['context']}" for each in direct}
    for number, change in given.moves.items():
        if number in keys:
            given.incalls.setdefault(number, Change(True, [False]))
            given.incalls.setdefault(change.left, Change(False, [True]))
        elif given.number is None:
            given.number = change


def _user_of(item: JournalItem, trace: Trace) -> ObjectTrace | None:
    """Return what a run has done with the user of an item. One that it has created and put back counts as well."""
    if item.user_id:
        return trace.objects.get((USER.name, item.user_id))
    made = [each for each in trace.objects_of(item.item, USER.name) if each.is_new]
    return next((each for each in made if not each.is_gone), made[0] if made else None)


def _chosen(items: Iterable[JournalItem], trace: Trace, chosen: str, run: JournalRun) -> list[JournalItem]:
    """Return the item of one person. chosen: the label, the name, the number, or the id of the user.

    Raises InputError if it is nobody's, or that of several people.
    """
    listed = list(items)
    found = [item for item in listed if chosen.strip().casefold() in _names_of(item, trace)]
    if len(found) == 1:
        return found
    if not found:
        raise InputError(
            f"{run} has changed nobody called {printable(chosen)}.",
            f"It has changed: {printable(', '.join(item.person for item in listed))}.",
        )
    raise InputError(
        f"{len(found)} people whom {run} has changed are called {printable(chosen)}.",
        f"Give one of these instead: {printable(', '.join(_distinct(found, trace)))}.",
    )


def _distinct(items: Iterable[JournalItem], trace: Trace) -> Iterable[str]:
    for item in items:
        user = _user_of(item, trace)
        user_id = item.user_id or (user.id if user else None)
        yield f"{user_id} for {item.person}" if user_id else item.person


def _names_of(item: JournalItem, trace: Trace) -> set[str]:
    name, _sign, number = item.person.rpartition(" (")
    user = _user_of(item, trace)
    user_id = item.user_id or (user.id if user else None)
    numbers = (number.rstrip(")"), number.partition("@")[0]) if name else ()
    return {each.casefold() for each in (item.person, name, *numbers, str(user_id or "")) if each}
