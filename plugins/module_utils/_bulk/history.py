# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows what a run has performed for each item, undoes it where the item fails, and says which items may still begin.

Both strategies of the role use it: in bulk the run performs the operations itself, step by step the role does and
hands over what it has performed.
"""

from __future__ import annotations

from collections.abc import Iterable

from .._backends.base import Backend
from .._operations.apply import rollback
from .._operations.associations import AssociateLineExtension
from .._operations.base import Operation
from .._state.state import ServerState
from .work_items import WorkItem, describe_items


class RunHistory:
    """What was performed for whom, and what failed.

    performed: the operations of each item in their order, without those that were undone. stopped: whether nothing
    else may begin.
    """

    def __init__(self, continue_on_error: bool) -> None:
        self.continue_on_error = continue_on_error
        self.performed: dict[WorkItem, list[Operation]] = {}
        self.stopped = False

    def operations_of(self, item: WorkItem) -> list[Operation]:
        """Return the list of performed operations of an item, for ``apply`` to extend."""
        return self.performed.setdefault(item, [])

    def is_performed(self, item: WorkItem, operation: Operation) -> bool:
        """Return whether an operation was performed, and not undone."""
        return any(operation is each for each in self.performed.get(item, ()))

    def may_begin(self, item: WorkItem, backend: Backend) -> bool:
        """Return whether a batch of an item may be carried out. An item that waits for a failed one fails too."""
        if self.stopped or not item.active:
            return False
        failed = {each for each in item.waits_for if not each.active}
        if failed:
            self.fail(item, f"waits for a number of {describe_items(failed)}.", backend)
        return not failed

    def fail(self, item: WorkItem, problem: object, backend: Backend) -> None:
        """Undo what was created for an item, and nothing else; stop the run unless it is to continue.

        problem: the error, or a sentence. After a time-out nothing is undone (see ``rollback``).
        """
        left = rollback(backend, self.operations_of(item), problem)
        item.fail(f"{problem} Left behind: {'; '.join(left)}." if left else problem)
        self.stopped = not self.continue_on_error

    def has_new_numbers(self) -> bool:
        """Return whether a number was put on a line."""
        return bool(self._new_numbers())

    def verify_numbers(self, state: ServerState, backend: Backend) -> None:
        """Check that every number that was put on a line is on that line alone.

        state: read after all operations. Where two runs put a number on a line, the lowest line id keeps it, and the
        other item fails.
        """
        fresh = self._new_numbers()
        for key, lines in state.lines_by_number().items():
            item, line_id = fresh.get(key, (None, None))
            lowest = min(lines, key=lambda line: line.id or 0)
            if item and item.active and len(lines) > 1 and lowest.id != line_id:
                self.fail(
                    item,
                    f"{key[0]}@{key[1]} was put on {lowest} by another run at the same moment. "
                    "Run again when that run has ended.",
                    backend,
                )

    def _new_numbers(self) -> dict[tuple[str, str], tuple[WorkItem, int | None]]:
        """Return {number: (item, id of the line that got it)} of all items that have not failed."""
        return {
            operation.extension.key: (item, operation.line.id)
            for item, operation in self._all_performed()
            if item.active and isinstance(operation, AssociateLineExtension)
        }

    def _all_performed(self) -> Iterable[tuple[WorkItem, Operation]]:
        return ((item, operation) for item, operations in self.performed.items() for operation in operations)
