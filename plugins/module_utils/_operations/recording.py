# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the journal of a run say which operations a request belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from .._backends.base import Backend
from .._http.journal import Journal
from .._model.records import Row, User, UserPart
from .base import Operation, RecordOperation

NOT_RECORDED: AbstractContextManager[None] = nullcontext()


def recorded(
    backend: Backend, operations: Sequence[Operation], reversed_one: Operation | None = None
) -> AbstractContextManager[None]:
    """Return a context in which requests are recorded as those of operations; one that does nothing without a journal.

    reversed_one: the operation that they reverse.
    """
    recorder = backend.client.recorder
    if recorder is None:
        return NOT_RECORDED
    journal = recorder.journal
    reverses = reversed_one.serial if reversed_one else None
    for operation in operations:
        operation.serial = journal.number_operation()
        operation.item = operation.item or (reversed_one.item if reversed_one else None)

    def describe() -> Row:
        rows = [_row_of(each, journal, reverses) for each in operations]
        return rows[0] if len(rows) == 1 else {"operations": rows}

    return recorder.performing(describe)


def perform(operation: Operation, backend: Backend) -> None:
    """Perform an operation, and record its requests. Raises its errors."""
    with recorded(backend, [operation]):
        operation.perform(backend)


def _row_of(operation: Operation, journal: Journal, reverses: int | None) -> Row:
    item, person = operation.item or (journal.run.item, journal.run.person)
    return {
        "item": item,
        "person": person,
        "operation": operation.serial,
        "action": operation.action,
        "resource": operation.resource_type,
        "object": operation.subject,
        "id": _id_of(operation),
        "uuid": _uuid_of(operation),
        "text": operation.text,
        "before": operation.before,
        "after": operation.after,
        "reverses": reverses,
    }


def _uuid_of(operation: Operation) -> str | None:
    """Return the uuid of the user whom an operation writes, or whose settings it writes, if the server has one."""
    record = operation.record if isinstance(operation, RecordOperation) else None
    user = record.user if isinstance(record, UserPart) else record
    return user.uuid if isinstance(user, User) else None


def _id_of(operation: Operation) -> int | str | None:
    """Return the id of what an operation writes; None for associations, whose values have the ids of both ends."""
    written = operation.record if isinstance(operation, RecordOperation) else getattr(operation, "device", None)
    return written.id if written and operation.action not in ("associate", "dissociate") else None
