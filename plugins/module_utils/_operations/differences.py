# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planned steps as differences between what is wanted and what is there, for people who audit and do not administrate.

Secrets are masked here already, for the key of the value is "wanted" or "found" and tells nobody that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._model.records import Row
from .._model.resources import MASK, SECRET_KEYS, USER
from .base import Association, Operation

PRESENT, ABSENT = "present", "absent"
IMPLIED_ACTIONS = {"create": ("create", "associate"), "delete": ("delete", "dissociate")}
"""What happens to the parts of a user who is made or deleted."""


def significant(operations: Sequence[Operation]) -> list[Operation]:
    """The steps whose differences are worth telling: that a user is missing says that all of their parts are."""
    along = {
        action
        for operation in operations
        if operation.resource_type == USER.name
        for action in IMPLIED_ACTIONS.get(operation.action, ())
    }
    return [
        operation for operation in operations if operation.resource_type == USER.name or operation.action not in along
    ]


def differences_of(operation: Operation) -> list[Row]:
    """Rows of {object, field, wanted, found}."""
    if operation.action == "create":
        return [_row(operation.subject, "state", PRESENT, ABSENT)]
    if operation.action == "delete":
        return [_row(operation.subject, "state", ABSENT, PRESENT)]
    if isinstance(operation, Association):
        return [_association(operation)]
    names = [*operation.after, *(name for name in operation.before if name not in operation.after)]
    return [_row(operation.subject, name, operation.after.get(name), operation.before.get(name)) for name in names]


def _association(operation: Association) -> Row:
    wanted, found = (operation.owned, None) if operation.action == "associate" else (None, operation.owned)
    return _row(operation.owner, operation.owned_name, wanted, found)


def _row(subject: str, field: str, wanted: Any, found: Any) -> Row:
    if field in SECRET_KEYS:
        wanted, found = (MASK if value not in (None, "") else None for value in (wanted, found))
    return {"object": subject, "field": field, "wanted": wanted, "found": found}
