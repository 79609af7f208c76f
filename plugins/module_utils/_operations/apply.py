# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries steps out on a server, in order, and takes back what a failed sequence made."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._backends.base import Backend
from .._model.errors import ConfdError, RefusedError, RequestError, TimedOutError
from .base import Operation

CHANGED_MEANWHILE = re.compile(
    r"is associated with|already exists|duplicate key|(User|Line|Extension|Incall|Voicemail|SIPEndpoint) was not found"
)
"""What confd says of objects that are not what they were when the plan was made."""


def apply(backend: Backend, operations: Iterable[Operation], done: list[Operation] | None = None) -> None:
    """Perform all steps; ``done`` collects those that were performed, also when one fails.

    Raises what the failing step raises, with what was being done in front of its message.
    """
    for operation in operations:
        try:
            operation.perform(backend)
        except ConfdError as error:
            error.message = f"Could not {operation.text}: {error.message}"
            tell_of_others(error)
            raise
        if done is not None:
            done.append(operation)


def tell_of_others(error: ConfdError) -> None:
    """Say what to do about an answer that was excluded when the plan was made, and so is somebody else's doing."""
    if isinstance(error, RequestError) and any(CHANGED_MEANWHILE.search(text) for text in error.messages):
        hint = error.hint if isinstance(error, RefusedError) else ""
        error.hint = f"{hint} If somebody else was at work at the same moment, run again once they have ended.".strip()


def rollback(backend: Backend, done: list[Operation], problem: object) -> list[str]:
    """Undo in reverse what the steps made, and nothing else; ``done`` keeps the steps that are not undone.

    problem: what the step after them failed with. After a time-out what was made stays for the next run: the server
    may be busy with that step, and what it makes must find what it belongs to.
    Returns what could not be undone, in words.
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
