# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares a plan with the approved one, and says person by person what differs.

What the new plan does has to be part of the approved plan: the same changes of the same people, with the same values
before and after. Ids and names chosen at random are no part of a plan, neither are the day of the run and the order of
the people. Only what is removed without an entry has to have the approved id: several may be called the same. What the
approved plan has beyond has to be done already, as after a run that was interrupted: then the entry is the same in the
list and needs nothing, or the removed object is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._model.errors import ApprovalError, InputError
from .._model.leavers import without_days
from .._model.texts import counted
from .change_words import NOTHING, shown
from .plan_document import CHANGES, FROM_LIST, Row
from .status_words import past_of

SAME, PARTIAL, DONE = "same", "partial", "done"
SHOWN_PEOPLE, SHOWN_DETAILS = 50, 6
REMAINS = {
    "removed": "This user or object is no longer to be removed, but is still on the server.",
    "disabled": "This user is no longer to be disabled, and is not disabled yet.",
}
ENCODER = json.JSONEncoder(sort_keys=True)
SERVER = {"url": "address", "api": "API", "tenant": "tenant"}


class Change(NamedTuple):
    """One field that an operation writes; field is '' for an operation without fields. Values are JSON texts."""

    action: str
    resource: str
    object: str
    field: str
    before: str
    after: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Return what is changed."""
        return self[:4]

    @property
    def writes(self) -> tuple[str, str, str]:
        """Return the operation that changes it."""
        return self[:3]

    @property
    def operation(self) -> str:
        """Return the operation in words."""
        return f"{self.action} {self.object}"

    @property
    def values(self) -> str:
        """Return the change of the value in words."""
        before, after = (shown(json.loads(each)) or NOTHING for each in (self.before, self.after))
        if self.action == "delete":
            return before
        return after if self.action == "create" or self.after == json.dumps(CHANGES) else f"{before} -> {after}"


@dataclass
class Person:
    """Holds what a plan does for a person, or for several who are called the same."""

    origin: str
    label: str
    status: str
    removes: list[Row] = field(default_factory=list)
    changes: Counter[Change] = field(default_factory=Counter)


@dataclass(frozen=True)
class Approval:
    """Says how a plan agrees with the approved one: state is SAME, PARTIAL or DONE; text is a sentence."""

    state: str
    text: str


def approve(approved: Row, current: Row, remains: Callable[[Row, str], bool]) -> Approval:
    """Return how a plan agrees with the approved one. Raises ApprovalError with all differences, or InputError.

    remains: whether an object {type, id} that the approved plan removes or disables, as a status says, is still on the
    server and not disabled.
    """
    _require_same_server(approved["server"], current["server"])
    comparison = _Comparison(approved, current, remains)
    lines = list(comparison.differences())
    if lines:
        more = [f"and {len(lines) - SHOWN_PEOPLE} more"] if len(lines) > SHOWN_PEOPLE else []
        raise ApprovalError(approved["time"], [*lines[:SHOWN_PEOPLE], *more, *_other_options(approved, current)])
    return comparison.approval()


def _require_same_server(approved: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    for name, word in SERVER.items():
        if approved.get(name) != current.get(name):
            raise InputError(
                f"The approved plan is for another server: its {word} is {approved.get(name) or 'not given'}, and that "
                f"of this server is {current.get(name) or 'not given'}.",
                "Give the plan of this server, or make it again.",
            )


class _Comparison:
    """Compares two plans of one server."""

    def __init__(self, approved: Row, current: Row, remains: Callable[[Row, str], bool]) -> None:
        self.approved, self.current, self.remains = approved, current, remains
        self.before, self.now = _people(approved), _people(current)
        self.listed_before, self.listed_now = _entries(approved), _entries(current)

    def differences(self) -> Iterator[str]:
        """Yield a sentence for each person for whom the plans differ."""
        for error in self.current["errors"]:
            yield f"{error.rstrip('.')}. The approved plan has no errors."
        for key, person in self.now.items():
            if person.changes - self._approved_of(key):
                yield self._extra(key, person)
            elif others := self._others_removed(key, person):
                yield self._of_the_same_name(key, person, others)
        for key, person in self.before.items():
            now = self.now[key].changes if key in self.now else Counter()
            missing = person.changes - now
            if missing and not now - person.changes:
                yield from self._missing(key, person, missing)

    def approval(self) -> Approval:
        """Return how the plans agree, which have no differences."""
        wanted, left = (_operations(people) for people in (self.before, self.now))
        plan = f"the approved plan of {self.approved['time']}"
        if left == wanted:
            return Approval(SAME, f"This is {plan}." if wanted else f"Nothing to do, as in {plan}.")
        if not left:
            return Approval(DONE, f"Nothing is left to do: the changes of {plan} are made.")
        return Approval(PARTIAL, f"{left} of {counted(wanted, 'change', 'changes')} of {plan} {_are(left)} left.")

    def _approved_of(self, key: tuple[str, str]) -> Counter[Change]:
        return self.before[key].changes if key in self.before else Counter()

    # What nobody has approved

    def _extra(self, key: tuple[str, str], person: Person) -> str:
        approved = self._approved_of(key)
        details = _details(person.changes, approved)
        return f"{person.label}: {self._cause(key, person)} {_limited(details)}"

    def _others_removed(self, key: tuple[str, str], person: Person) -> list[Row]:
        """Return the objects of a person that no list names and that are others than the approved ones.

        Such an object is recognised by its id: several may be called the same, and have the same values.
        """
        approved = self.before[key].removes if key in self.before else []
        return [each for each in person.removes if each not in approved]

    def _of_the_same_name(self, key: tuple[str, str], person: Person, others: list[Row]) -> str:
        now, before = (", ".join(str(each["id"]) for each in removed) for removed in (others, self.before[key].removes))
        return (
            f"{person.label}: Another {others[0]['type']} of this name would be {past_of(person.status)}: "
            f"approved was id {before}, now it is id {now}."
        )

    def _cause(self, key: tuple[str, str], person: Person) -> str:
        if person.origin != FROM_LIST:
            known = "would be removed with other operations" if key in self.before else "would also be removed"
            return f"The user or object {known}: it is not in the list."
        if key[1] not in self.listed_before:
            return f"The entry is new in the list, and the user would be {past_of(person.status)}."
        changed = self._changed_keys(key[1])
        if changed:
            return f"The entry in the list has changed ({_limited(changed, ', ')})."
        return "The entry is the same, but something on the server, or in another entry, has changed."

    def _changed_keys(self, key: str) -> list[str]:
        """Return the keys of an entry that differ between the lists."""
        before, now = self.listed_before.get(key, []), self.listed_now.get(key, [])
        if before == now:
            return []
        if len(before) != len(now):
            return [f"{counted(len(before), 'entry', 'entries')} for this user before, {len(now)} now"]
        pairs = [(json.loads(old), json.loads(new)) for old, new in zip(before, now) if old != new]
        return sorted({name for old, new in pairs for name in _differing(old, new)})

    # What was approved and is not planned any more

    def _missing(self, key: tuple[str, str], person: Person, missing: Counter[Change]) -> Iterator[str]:
        texts = _limited(dict.fromkeys(each.operation for each in missing))
        if person.origin != FROM_LIST:
            if any(self.remains(each, person.status) for each in person.removes):
                yield f"{person.label}: {REMAINS[person.status]}"
        elif key[1] not in self.listed_now:
            yield f"{person.label}: The entry is no longer in the list. Approved: {texts}."
        elif changed := self._changed_keys(key[1]):
            what = _limited(changed, ", ")
            yield f"{person.label}: The entry in the list has changed ({what}). No longer planned: {texts}."
        elif self._keeps_passwords() and any(each.after == json.dumps(CHANGES) for each in missing):
            yield f"{person.label}: update_password has changed. No longer planned: {texts}."

    def _keeps_passwords(self) -> bool:
        """Return whether passwords are no longer written because of an option."""
        name = "update_password"
        return bool(self.approved["options"].get(name) != self.current["options"].get(name))


def _people(document: Row) -> dict[tuple[str, str], Person]:
    """Return {(origin, key): what is planned} of everybody for whom a plan does something."""
    people: dict[tuple[str, str], Person] = {}
    for row in document["people"]:
        key = (row["origin"], row["key"])
        person = people.setdefault(key, Person(row["origin"], row["label"], row["status"]))
        person.changes.update(_changes(row["operations"]))
        person.removes += [row["removes"]] if row["removes"] else []
    return people


def _changes(operations: Iterable[Row]) -> Iterator[Change]:
    for each in operations:
        for one in _compared_fields(each) or [{"name": "", "before": None, "after": None}]:
            values = (_canonical(_undated(one[side])) for side in ("before", "after"))
            yield Change(each["action"], each["resource"], each["object"], one["name"], *values)


def _undated(value: Any) -> Any:
    """Return a value without the dates of marks of leavers: a plan may be carried out on another day."""
    return without_days(value) if isinstance(value, str) else value


def _compared_fields(operation: Row) -> list[Row]:
    """Return the fields of an operation that tell whether it is another one.

    What is deleted with a user may have lost some of its values already, if a run was interrupted.
    """
    is_part = operation["action"] == "delete" and operation["resource"] != "user"
    return [] if is_part else list(operation["fields"])


def _entries(document: Row) -> dict[str, list[str]]:
    """Return {key: the entries of that name as JSON, sorted} of a list."""
    entries: dict[str, list[str]] = {}
    for row in document["rests_on"]["list"]:
        entries.setdefault(row["key"], []).append(_canonical(row["entry"]))
    return {key: sorted(each) for key, each in entries.items()}


def _operations(people: Mapping[tuple[str, str], Person]) -> int:
    return sum(len({each.writes for each in person.changes}) for person in people.values())


def _details(now: Counter[Change], approved: Counter[Change]) -> list[str]:
    """Return what differs: values that are others now, then what nobody approved, then what is not planned any more."""
    extra, missing = now - approved, approved - now
    old = {each.place: each for each in missing}
    known = {each.writes for each in approved}
    values = [each for each in extra if each.field and each.writes in known]
    paired = {each.place for each in values}
    return [
        *(
            f"{each.object}, {each.field}: approved {old[each.place].values if each.place in old else NOTHING}, "
            f"now {each.values}"
            for each in values
        ),
        *_without_fields("not approved", (each for each in extra if each.place not in paired)),
        *_without_fields("no longer planned", (each for each in missing if each.place not in paired)),
    ]


def _without_fields(words: str, changes: Iterable[Change]) -> list[str]:
    fields: dict[str, list[str]] = {}
    for each in changes:
        shows_values = each.action == "update" and each.field
        fields.setdefault(each.operation, []).append(f"{each.field} {each.values}" if shows_values else "")
    texts = {name: ", ".join(filter(None, given)) for name, given in fields.items()}
    return [f"{words}: {name}{f' ({given})' if given else ''}" for name, given in texts.items()]


def _differing(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield the paths at which two entries differ, such as "user.email"."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in {**old, **new}:
            yield from _differing(old.get(name), new.get(name), f"{path}.{name}" if path else str(name))
    elif old != new:
        yield path


def _other_options(approved: Row, current: Row) -> list[str]:
    """Return the options that differ, which may be the cause."""
    pairs = {name: (value, current["options"].get(name)) for name, value in approved["options"].items()}
    return [
        f"The option {name} was {shown(old) or NOTHING}, and is {shown(new) or NOTHING}."
        for name, (old, new) in pairs.items()
        if old != new
    ]


def _limited(texts: Iterable[str], separator: str = "; ") -> str:
    given = list(texts)
    more = [f"and {len(given) - SHOWN_DETAILS} more"] if len(given) > SHOWN_DETAILS else []
    return separator.join([*given[:SHOWN_DETAILS], *more])


def _canonical(value: Any) -> str:
    return ENCODER.encode(value)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
