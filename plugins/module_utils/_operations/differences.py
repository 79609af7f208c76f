# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned operations as differences between the wanted and the found state, for the reports of an audit.

Secrets are masked here, because the keys of the values ("wanted", "found") do not show that they are secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._model.records import Row
from .._model.resources import MASK, SECRET_KEYS, USER
from .base import Association, Operation

PRESENT, ABSENT = "present", "absent"
IMPLIED_ACTIONS = {"create": ("create", "associate"), "delete": ("delete", "dissociate")}
"""{action on a user: the actions on the user's other objects that it implies}."""


def significant(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations that a report shows. A missing user implies that all objects of the user are missing."""
    implied = {
        action
        for operation in operations
        if operation.resource_type == USER.name
        for action in IMPLIED_ACTIONS.get(operation.action, ())
    }
    return [
        operation for operation in operations if operation.resource_type == USER.name or operation.action not in implied
    ]


def differences_of(operation: Operation) -> list[Row]:
    """Return the differences that an operation removes, as rows of {object, field, wanted, found}."""
    if operation.action == "create":
        return [_row(operation.subject, "state", PRESENT, ABSENT)]
    if operation.action == "delete":
        return [_row(operation.subject, "state", ABSENT, PRESENT)]
    if isinstance(operation, Association):
        owner, owned = map(str, operation.ends)
        wanted, found = (owned, None) if operation.action == "associate" else (None, owned)
        return [_row(owner, operation.OWNED_NAME or operation.OWNED, wanted, found)]
    names = [*operation.after, *(name for name in operation.before if name not in operation.after)]
    return [_row(operation.subject, name, operation.after.get(name), operation.before.get(name)) for name in names]


def _row(subject: str, field: str, wanted: Any, found: Any) -> Row:
    if field in SECRET_KEYS:
        wanted, found = (MASK if value not in (None, "") else None for value in (wanted, found))
    return {"object": subject, "field": field, "wanted": wanted, "found": found}
