# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what a run has performed for each item, undoes it if the item fails, and decides which items may begin.

Both strategies of the role use it. In bulk, the run performs the operations itself. In stepwise, the role performs them
and passes on what it has performed.
"""

from __future__ import annotations

from .._backends.base import Backend
from .._operations.apply import rollback
from .._operations.associations import AssociateLineExtension
from .._operations.base import Operation
from .._state.state import ServerState
from .work_items import WorkItem, depends_on


class RunHistory:
    """Holds the performed operations of each item, and whether the run has stopped.

    performed: the operations of each item in order, without those that were undone. stopped: whether no other batch
    may begin.
    """

    def __init__(self, continue_on_error: bool) -> None:
        self.continue_on_error = continue_on_error
        self.performed: dict[WorkItem, list[Operation]] = {}
        self.stopped = False

    def operations_of(self, item: WorkItem) -> list[Operation]:
        """Return the list of performed operations of an item, for ``apply`` to extend."""
        return self.performed.setdefault(item, [])

    def is_performed(self, item: WorkItem, operation: Operation) -> bool:
        """Return whether an operation was performed and not undone."""
        return any(operation is each for each in self.performed.get(item, ()))

    def may_begin(self, item: WorkItem, backend: Backend) -> bool:
        """Return whether a batch of an item may be carried out. An item that depends on a failed one fails too."""
        if self.stopped or not item.active:
            return False
        failed = {each for each in item.waits_for if not each.active}
        if failed:
            self.fail(item, depends_on(failed), backend)
        return not failed

    def fail(self, item: WorkItem, problem: object, backend: Backend) -> None:
        """Undo what was created for an item, and nothing else. Stop the run unless ``continue_on_error`` is set.

        problem: the error, or a sentence. After a timeout, nothing that was created is removed (see ``rollback``).
        """
        left = rollback(backend, self.operations_of(item), problem)
        item.fail(f"{problem} Left behind: {'; '.join(left)}." if left else problem)
        self.stopped = not self.continue_on_error

    def verify_numbers(self, state: ServerState, backend: Backend) -> None:
        """Check that every number that was associated with a line is associated with that line alone.

        state: read after all operations. If two runs associated a number, the line with the lowest id keeps it, and
        the item of the other line fails.
        """
        fresh = self.new_numbers()
        for key, lines in state.lines_by_number().items():
            item, line_id = fresh.get(key, (None, None))
            lowest = min(lines, key=lambda line: line.id or 0)
            if item and item.active and len(lines) > 1 and lowest.id != line_id:
                self.fail(
                    item,
                    f"Another run associated {key[0]}@{key[1]} with {lowest} at the same time. "
                    "Run again when that run has ended.",
                    backend,
                )

    def new_numbers(self) -> dict[tuple[str, str], tuple[WorkItem, int | None]]:
        """Return {number: (item, id of the line that got it)} for all items that have not failed."""
        return {
            operation.extension.key: (item, operation.line.id)
            for item, operations in self.performed.items()
            for operation in operations
            if item.active and isinstance(operation, AssociateLineExtension)
        }
