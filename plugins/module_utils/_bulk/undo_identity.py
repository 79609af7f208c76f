# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells whether an id of a journal still means the same: a server that was installed again gives the ids to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.records import Record, User
from .._model.resources import EXTENSION, LINE, USER
from .undo_people import Person
from .undo_trace import ObjectTrace

NAMES = ("firstname", "lastname")
KNOWN_BY = {USER.name: NAMES, LINE.name: ("username",), EXTENSION.name: ("exten", "context")}
"""{type of object: the fields that tell it from another one of the same id}."""


def is_somebody_else(person: Person, user: User) -> bool:
    """Return whether the user with the id of a person is another one.

    The uuid decides. XiVO 15 has none: there, the names have to be those before the run, or those that it left.
    """
    if person.uuid and user.uuid:
        return person.uuid != user.uuid
    before = (person.found or {}).get("user") or {}
    if person.user is None and not before:
        # The journal has the name alone of people whom the run has not listed.
        return str(user) != person.label
    return not _has_names(person.user, before, user)


def is_the_one_made(trace: ObjectTrace, record: Record) -> bool:
    """Return whether an object of the server is the one that a run has created under the same id."""
    known = {name: trace.fields[name].left for name in KNOWN_BY[trace.resource] if name in trace.fields}
    if trace.uuid and isinstance(record, User) and record.uuid:
        return trace.uuid == record.uuid
    return all(left is None or (record[name] or "") == (left or "") for name, left in known.items())


def _has_names(trace: ObjectTrace | None, before: Mapping[str, Any], user: User) -> bool:
    for name in NAMES:
        change = trace.fields.get(name) if trace else None
        allowed = [before.get(name)] if change is None else [change.before, *change.after]
        if (user[name] or "") not in [each or "" for each in allowed]:
            return False
    return True
