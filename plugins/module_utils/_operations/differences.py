# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned operations as differences between the wanted and the found state, for reports and audits.

Secrets are masked here, because the keys of the values ("wanted", "found") do not show that they are secrets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._model.func_keys import KeySet
from .._model.masking import MASK
from .._model.records import Row, User
from .._model.resources import SECRET_KEYS, USER
from .base import Association, Operation, RecordOperation
from .extension import UpdateExtension
from .user_part import UpdateUserPart

PRESENT, ABSENT = "present", "absent"
IMPLIED_ACTIONS = {"create": ("create", "associate"), "delete": ("delete", "dissociate")}
"""{action on a user: the actions on the user's other objects that it implies}."""
NUMBER = "number"
Values = tuple[Any, Any]
"""The wanted and the found value."""


@dataclass(frozen=True)
class Difference:
    """A difference that an operation removes.

    key: equal for two differences of the same thing, so that a report shows one row. subject: the object in words.
    """

    key: tuple[Any, ...]
    subject: str
    field: str
    wanted: Any = None
    found: Any = None

    def row(self) -> Row:
        """Return {object, field, wanted, found}, with secrets masked."""
        wanted, found = self.wanted, self.found
        if self.field in SECRET_KEYS:
            wanted, found = (MASK if value not in (None, "") else None for value in (wanted, found))
        return {"object": self.subject, "field": self.field, "wanted": wanted, "found": found}


def differences_of(operation: Operation, user: User | None = None, name: str = "") -> list[Difference]:
    """Return the differences that an operation removes.

    user: the user of the entry, whose number and other objects these are; name: this user in words.
    """
    if operation.action in IMPLIED_ACTIONS:
        states = (PRESENT, ABSENT) if operation.action == "create" else (ABSENT, PRESENT)
        return [Difference((operation.subject, "state"), operation.subject, "state", *states)]
    if isinstance(operation, Association):
        owner, owned = operation.ends
        field = operation.OWNED_NAME or operation.OWNED
        wanted, found = (str(owned), None) if operation.action == "associate" else (None, str(owned))
        is_own = field == NUMBER or owner is user
        return [Difference((id(owner), field), name if name and is_own else str(owner), field, wanted, found)]
    return [
        _of_field(operation, field, values, user, name)
        for each in {**operation.after, **operation.before}
        for field, values in _parts_of_field(operation, each)
    ]


def _parts_of_field(operation: Operation, field: str) -> Iterator[tuple[str, Values]]:
    """Yield (name, (wanted, found)) of a field, or of each position where it is a set of keys."""
    wanted, found = operation.after.get(field), operation.before.get(field)
    if not isinstance(operation, UpdateUserPart) or not isinstance(operation.changes[field], KeySet):
        yield field, (wanted, found)
        return
    after, before = wanted or {}, found or {}
    for position in sorted({*after, *before}, key=int):
        yield f"{field}.{position}", (after.get(position), before.get(position))


def _of_field(operation: Operation, field: str, values: Values, user: User | None, name: str) -> Difference:
    record = operation.record if isinstance(operation, RecordOperation) else operation
    is_number = isinstance(operation, UpdateExtension) and field == "exten"
    subject = name if name and (is_number or record is user) else operation.subject
    wanted, found = values
    return Difference((id(record), field), subject, NUMBER if is_number else field, wanted, found)


def rows_of(operations: Sequence[Operation], differences: Mapping[int, Iterable[Difference]]) -> list[Row]:
    """Return a row of {object, field, wanted, found} for each change.

    An old and a new number, or a value that is cleared before it is set, are one row. A missing user implies that all
    objects of the user are missing. differences: {id of an operation: what ``differences_of`` returned before the run}.
    """
    shown = _significant(operations)
    given = {id(each.ends[1]) for each in shown if isinstance(each, Association)}
    rows: dict[tuple[Any, ...], Difference] = {}
    for operation in shown:
        if isinstance(operation, RecordOperation) and _is_said_by_association(operation, given):
            continue
        for each in differences[id(operation)]:
            key = _free_key(rows, each) if isinstance(operation, Association) else each.key
            rows[key] = _merged(rows[key], each, isinstance(operation, Association)) if key in rows else each
    return [each.row() for each in rows.values() if each.wanted != each.found]


def _significant(operations: Sequence[Operation]) -> list[Operation]:
    implied = {
        action
        for operation in operations
        if operation.resource_type == USER.name
        for action in IMPLIED_ACTIONS.get(operation.action, ())
    }
    return [
        operation for operation in operations if operation.resource_type == USER.name or operation.action not in implied
    ]


def _is_said_by_association(operation: RecordOperation, given: Iterable[int]) -> bool:
    """Return whether an object is created or deleted that the same entry gives or takes away."""
    return operation.action in IMPLIED_ACTIONS and id(operation.record) in given


def _free_key(rows: Mapping[tuple[Any, ...], Difference], difference: Difference) -> tuple[Any, ...]:
    """Return the key of the first row that has no old or no new object yet: a user can have several incalls."""
    at = 0
    while True:
        key = (*difference.key, at)
        earlier = rows.get(key)
        side = "wanted" if difference.wanted is not None else "found"
        if earlier is None or getattr(earlier, side) is None:
            return key
        at += 1


def _merged(earlier: Difference, later: Difference, is_association: bool) -> Difference:
    if not is_association:
        return replace(earlier, wanted=later.wanted)
    wanted = later.wanted if later.wanted is not None else earlier.wanted
    return replace(earlier, wanted=wanted, found=earlier.found if earlier.found is not None else later.found)
