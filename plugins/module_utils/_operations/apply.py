# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Performs operations in order, and reverses them when one fails."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from .._backends.base import Backend
from .._model.errors import ConfdError, RefusedError, RequestError, TimedOutError
from .base import Association, Operation, Update, perform_twice

CHANGED_MEANWHILE = re.compile(
    r"is associated with|already exists|duplicate key|(User|Line|Extension|Incall|Voicemail|SIPEndpoint) was not found"
)
"""What confd says of an object that has changed since the plan was made."""
UNIQUE_VALUE = re.compile(r"User already exists \('(email|username)'|Line already exists|SIPEndpoint already exists")
"""What Wazo says of a value that an object of any tenant has (wazo-26.08.md, "5.1 User")."""
_ORDER = count(1)


@dataclass
class Rollback:
    """Holds the operations that were reversed, and those that could not be, each with one sentence about it."""

    reversed: list[Operation] = field(default_factory=list)
    left: list[tuple[Operation, str]] = field(default_factory=list)


def apply(backend: Backend, operations: Iterable[Operation], done: list[Operation] | None = None) -> None:
    """Perform all operations. ``done`` collects those that may have been performed, also when one fails.

    Raises the error of the operation that fails, with the operation's text in front of the message.
    """
    for operation in operations:
        try:
            operation.perform(backend)
        except ConfdError as error:
            error.message = f"Could not {operation.text}: {error.message}"
            is_unclear = isinstance(error, RequestError) and not isinstance(error, (RefusedError, TimedOutError))
            if isinstance(operation, Update) and is_unclear:
                # It may be performed in part.
                note_performed([operation], done)
            add_concurrency_hint(error, backend)
            raise
        note_performed([operation], done)


def note_performed(operations: Iterable[Operation], done: list[Operation] | None) -> None:
    """Add operations to those that were performed, in their order."""
    for operation in operations:
        operation.performed_at = next(_ORDER)
        if done is not None:
            done.append(operation)


def add_concurrency_hint(error: ConfdError, backend: Backend) -> None:
    """Add what to do to an error that the plan had excluded, so that another client or tenant must have caused it."""
    if not isinstance(error, RequestError) or not any(CHANGED_MEANWHILE.search(text) for text in error.messages):
        return
    hint = error.hint if isinstance(error, RefusedError) else ""
    advice = "If another run was changing the server at the same time, run again once it has ended."
    if backend.has_tenants and any(UNIQUE_VALUE.search(text) for text in error.messages):
        advice = (
            "Nobody in this tenant had the value before the run. Probably somebody in another tenant has it: it is "
            "unique on the whole server. Choose another value."
        )
    error.hint = f"{hint} {advice}".strip()


def rollback(backend: Backend, performed: Iterable[Operation], timed_out: Iterable[Operation] = ()) -> Rollback:
    """Reverse operations, the last one first.

    timed_out: those of them that were followed by an operation that timed out. They stay for the next run: the server
    may still be busy with that operation, and what it writes needs what was created.
    """
    kept = {id(operation) for operation in timed_out}
    outcome = Rollback()
    for operation in sorted(performed, key=lambda each: each.performed_at, reverse=True):
        reverse = operation.rollback_with if id(operation) in kept else operation.reverse()
        if operation.leaves_nothing:
            outcome.reversed.append(operation)
        elif isinstance(reverse, Association) and reverse.missing:
            outcome.left.append((operation, f"{reverse.text}: {reverse.missing} does not exist any more"))
        elif reverse:
            try:
                perform_twice(reverse, backend)
            except ConfdError as error:
                outcome.left.append((operation, f"{reverse.text}: {error}"))
            else:
                outcome.reversed.append(operation)
                if operation.created:
                    operation.created.id = None
    return outcome
