# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Performs operations in order, and reverses them when one fails."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._backends.base import Backend
from .._model.errors import ConfdError, RefusedError, RequestError, TimedOutError
from .base import Operation

CHANGED_MEANWHILE = re.compile(
    r"is associated with|already exists|duplicate key|(User|Line|Extension|Incall|Voicemail|SIPEndpoint) was not found"
)
"""What confd says of an object that has changed since the plan was made."""


def apply(backend: Backend, operations: Iterable[Operation], done: list[Operation] | None = None) -> None:
    """Perform all operations. ``done`` collects those that were performed, also when one fails.

    Raises the error of the operation that fails, with the operation's text in front of the message.
    """
    for operation in operations:
        try:
            operation.perform(backend)
        except ConfdError as error:
            error.message = f"Could not {operation.text}: {error.message}"
            add_concurrency_hint(error)
            raise
        if done is not None:
            done.append(operation)


def add_concurrency_hint(error: ConfdError) -> None:
    """Add what to do to an error that the plan had excluded, so that another client must have caused it."""
    if isinstance(error, RequestError) and any(CHANGED_MEANWHILE.search(text) for text in error.messages):
        hint = error.hint if isinstance(error, RefusedError) else ""
        advice = "If another run was changing the server at the same time, run again once it has ended."
        error.hint = f"{hint} {advice}".strip()


def rollback(backend: Backend, done: list[Operation], problem: object) -> list[str]:
    """Reverse what the operations created, the last one first. ``done`` keeps the operations that are not reversed.

    problem: the error of the operation after them. After a time-out, created objects are kept for the next run: the
    server may still be busy with that operation, and what it writes needs them.
    Returns one sentence for each reverse operation that failed.
    """
    left = []
    for operation in reversed(done[:]):
        reverse = operation.rollback_with if isinstance(problem, TimedOutError) else operation.reverse()
        if reverse:
            try:
                reverse.perform(backend)
            except ConfdError as error:
                left.append(f"{reverse.text}: {error}")
            else:
                done[:] = [each for each in done if each is not operation]
                if operation.created:
                    operation.created.id = None
    return left
