# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Performs operations in order, and reverses them when one fails."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

from .._backends.base import Backend
from .._model.errors import ConfdError, RefusedError, RequestError
from .._model.records import UserPart
from .base import Association, Delete, Operation, Update, perform_twice
from .recording import perform, recorded
from .verify import if_holds

CHANGED_MEANWHILE = re.compile(
    r"is associated with|already (exists|used)|duplicate key"
    r"|(User|Line|Extension|Incall|Voicemail|SIPEndpoint) was not found"
)
"""What confd says of an object that has changed since the plan was made."""
UNIQUE_VALUE = re.compile(r"User already exists \('(email|username)'|Line already exists|SIPEndpoint already exists")
"""What Wazo says of a value that an object of any tenant has (wazo-26.08.md, "5.1 User")."""
HIDDEN_OWNER = re.compile(r"Extension is associated with a (?![Ll]ine\b|user\b)|incall_exten_context_key")
"""What XiVO says of a number that belongs to a queue, a group or something else that it has not shown."""
_ORDER = count(1)


@dataclass
class Rollback:
    """Holds the operations that were reversed, and those that could not be, each with one sentence about it.

    lasting: the operations of which something stays that cannot be reversed, each with what stays.
    """

    reversed: list[Operation] = field(default_factory=list)
    left: list[tuple[Operation, str]] = field(default_factory=list)
    lasting: list[tuple[Operation, str]] = field(default_factory=list)


def apply(backend: Backend, operations: Iterable[Operation], done: list[Operation] | None = None) -> None:
    """Perform all operations. ``done`` collects those that may have been performed, also when one fails.

    Raises the error of the operation that fails, with the operation's text in front of the message.
    """
    # What the plan has read may have changed meanwhile.
    backend.client.kept.end()
    for operation in operations:
        try:
            perform(operation, backend)
        except ConfdError as error:
            error.message = f"Could not {operation.text}: {error.message}"
            operation.error = error
            if operation.may_act_in_part and error.is_partial:
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
    """Add what to do to an error that the plan had excluded: another client, another tenant or a hidden owner."""
    if not isinstance(error, RequestError) or not any(CHANGED_MEANWHILE.search(text) for text in error.messages):
        return
    hint = error.hint if isinstance(error, RefusedError) else ""
    advice = "If another run was changing the server at the same time, run again once it has ended."
    if backend.hides_owners_in and any(HIDDEN_OWNER.search(text) for text in error.messages):
        advice = (
            "The number probably belongs to a queue, a group or something else that this server does not show before a "
            f"write. Look it up in the web interface, or use another number. {advice}"
        )
    if backend.has_tenants and any(UNIQUE_VALUE.search(text) for text in error.messages):
        advice = (
            "Nobody in this tenant had the value before the run. Probably somebody in another tenant has it: it is "
            "unique on the whole server. Choose another value."
        )
    error.hint = f"{hint} {advice}".strip()


def rollback(backend: Backend, performed: Sequence[Operation], timed_out: Iterable[Operation] = ()) -> Rollback:
    """Reverse operations, the last one first.

    timed_out: those of them that were followed by an operation that timed out. They stay for the next run: the server
    may still be busy with that operation, and what it writes needs what was created.
    """
    kept = {id(operation) for operation in timed_out}
    created = {id(operation.created) for operation in performed if operation.created}
    outcome = Rollback()
    gone: set[int] = set()
    for operation in sorted(performed, key=lambda each: each.performed_at, reverse=True):
        if operation.leaves_nothing:
            outcome.reversed.append(operation)
            continue
        reversals = _reversals_of(operation, after_time_out=id(operation) in kept)
        if isinstance(operation, Delete) and not reversals:
            gone.add(id(operation.record))
        reversals = [each for each in reversals if not _is_about(each, gone)]
        left = [text for reverse in reversals if (text := _attempt(reverse, operation, backend))]
        outcome.left.extend((operation, text) for text in left)
        is_reversed = (reversals or operation.error) and not left
        if (is_reversed or left) and not _is_part_of(operation, created):
            outcome.lasting.extend((operation, text) for text in operation.lasting)
        if is_reversed:
            outcome.reversed.append(operation)
            if operation.created:
                operation.created.id = None
    return outcome


def _reversals_of(operation: Operation, after_time_out: bool) -> list[Operation]:
    if not after_time_out:
        return operation.reversals()
    return [operation.rollback_with] if operation.rollback_with else []


def _is_part_of(operation: Operation, records: Collection[int]) -> bool:
    """Return whether an operation changes one of these records, or a part of one. records: their identities."""
    record = operation.record if isinstance(operation, Update) else None
    return id(record.user if isinstance(record, UserPart) else record) in records


def _is_about(operation: Operation, gone: set[int]) -> bool:
    """Return whether an operation associates an object that was deleted for good. gone: identities of records."""
    return isinstance(operation, Association) and any(id(end) in gone for end in operation.ends)


def _attempt(reverse: Operation, operation: Operation, backend: Backend) -> str:
    """Perform the reverse of an operation. Return what is left in one sentence if that fails; otherwise ''.

    An update that failed may have changed nothing. Then nothing is written: a PUT changes more than its fields.
    """
    if isinstance(reverse, Association) and reverse.missing:
        return f"{reverse.text}: {reverse.missing} does not exist any more"
    try:
        if not (isinstance(reverse, Update) and if_holds(reverse.read(backend), reverse.changes)):
            with recorded(backend, [reverse], operation):
                perform_twice(reverse, backend)
    except ConfdError as error:
        return f"{reverse.text}: {error}".rstrip(".")
    return ""
