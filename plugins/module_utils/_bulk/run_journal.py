# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes into the journal what a run of a list is about: its options, what it finds of each person, and its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .._backends.base import Backend
from .._http.journal import Journal
from .._model.errors import ConfdError, ProvisionError
from .._model.records import Row, User
from .._model.resources import FUNC_KEYS, USER
from .._model.snapshot import Snapshot
from .._operations.base import Operation
from .._operations.user_part import UpdateUserPart
from .._state.state import ServerState
from .._tasks.export import Exporter
from .._tasks.task import Task
from .work_items import UNLISTED, WorkItem

BULK, STEPWISE = "bulk", "stepwise"
CHANGED = ("created", "updated", "removed", "purged", "disabled", "orphans_removed")
"""The parts of a summary that are changes."""
STATED_OPTIONS = (
    "approved_plan",
    "purge",
    "purge_scope",
    "purge_limit",
    "purge_action",
    "purge_grace",
    "orphans",
    "continue_on_error",
    "update_password",
    "max_workers",
    "undoes",
)
"""The options that the first line of a run repeats."""


class FoundPeople:
    """Describes people as they were before the run, as entries of an export.

    The lists of the plan are used again. What they do not show is read for those who change, before the first write.
    snapshot: these lists. user_ids: the ids of those who change.
    """

    def __init__(self, backend: Backend, snapshot: Snapshot | None, user_ids: Sequence[int]) -> None:
        self._exporter: Exporter | None = None
        self._problem = ""
        try:
            if user_ids and snapshot:
                self._exporter = self._read(ServerState(backend).fill(snapshot), user_ids)
        except Exception as error:
            # The journal is never a reason for a run to fail, also not by an answer that nobody expects.
            self._problem = str(error) if isinstance(error, ConfdError) else f"{type(error).__name__} while it was read"

    @staticmethod
    def _read(state: ServerState, user_ids: Sequence[int]) -> Exporter:
        exporter = Exporter(state, False, ())
        users = [user for user in map(state.user, user_ids) if user]
        numbers = [
            *(state.extension_of_user(user) for user in users),
            *(n for user in users for n in state.incalls_of(user)),
        ]
        state.load_full_extensions([number for number in numbers if number])
        return exporter

    def of(self, user_id: int, with_func_keys: bool) -> Row:
        """Return {found: the entry of a user, missing: what the user has that it does not describe, in words}."""
        user = self._exporter.state.user(user_id) if self._exporter else None
        if self._exporter is None or user is None:
            return {"found": {}, "missing": [f"everything: {self._problem or 'the user was not found'}"]}
        try:
            entry = self._exporter.entry(user, () if with_func_keys else (FUNC_KEYS.name,))
        except ConfdError as error:
            # Not of the others, too: a setting of this user cannot be read.
            return {"found": {}, "missing": [f"everything: {error}"]}
        obstacle = self._exporter.obstacle(user)
        return {"found": entry, "missing": [*([obstacle] if obstacle else []), *self._exporter.missing(user)]}


class RunJournal:
    """Writes the lines of a run of a list that are not about requests, if the task has a journal."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._strategy = BULK

    def begin(self, strategy: str, items: Sequence[WorkItem], snapshot: Snapshot | None) -> None:
        """Write the line of the run and one for each item with changes. Say of all operations whose they are.

        items: the entries of the list in their order, then what the run changes besides. snapshot: the lists that the
        plan was made on.
        """
        self._strategy = strategy
        journal, options = self.task.journal, self.task.options
        if journal is None:
            return
        stated = {name: options[name] for name in STATED_OPTIONS if options.get(name) not in (None, False)}
        entries = sum(item.index != UNLISTED for item in items)
        journal.add("start", lambda: {**stated, "strategy": strategy, "entries": entries})
        changing = {at: item for at, item in enumerate(items, start=1) if item.active and item.operations}
        users = filter(None, map(_found_user, changing.values()))
        found = FoundPeople(self.task.backend, snapshot, [user.id for user in users if user.id])
        for position, item in changing.items():
            for operation in item.operations:
                operation.item = (position, item.label)
            journal.add("person", partial(_person, position, item, found))

    def end(self, report: Callable[[], Row], **more: Any) -> Row:
        """Return the results of the module, and write the last line of the run, unless the role carries out its plan.

        report: returns the results or raises ProvisionError, which is raised again. more: further results.
        """
        journal = self.task.journal
        if journal:
            more["journal_run"] = journal.run.id
        try:
            results = {**report(), **more}
        except ProvisionError as error:
            error.results.update(more)
            self._end(error.results)
            raise
        self._end(results)
        return results

    def _end(self, results: Mapping[str, Any]) -> None:
        if self.task.journal is None or (self._strategy == STEPWISE and results.get("plan")):
            return
        rows = [*results["results"], *results.get("purged", ())]
        failed = [row["label"] for row in rows if row["status"] == "failed"]
        summary: Mapping[str, int] = results["summary"]
        # The result "changed" of the last task of the role is about this task alone.
        changed = results["changed"] or any(summary[name] for name in CHANGED)
        self.task.journal.add("end", lambda: {"changed": changed, "summary": summary, "failed": failed})


class EarlierOperations:
    """Numbers the operations that the role has performed step by step, as their lines in the journal do."""

    def __init__(self, journal: Journal | None) -> None:
        self._is_wanted = journal is not None
        self._numbers: dict[tuple[int, str, str], list[int]] = {}
        """{(position of the item, action, resource): the numbers in order}."""
        for row in reversed(list(journal.earlier_lines())) if journal else ():
            item, number = row.get("item"), row.get("operation")
            if row["event"] == "write" and isinstance(item, int) and isinstance(number, int):
                numbers = self._numbers.setdefault((item, str(row.get("action")), str(row.get("resource"))), [])
                numbers.extend({number}.difference(numbers))

    def identify(self, item: WorkItem, operations: Iterable[Operation]) -> None:
        """Say of operations of an item, in their order, whose they are and which number they have."""
        for operation in operations if self._is_wanted else ():
            operation.item = (item.index + 1, item.label)
            numbers = self._numbers.get((item.index + 1, operation.action, operation.resource_type))
            operation.serial = numbers.pop(0) if numbers else None


def _found_user(item: WorkItem) -> User | None:
    """Return the user of an item as the run has found it; None if there was none."""
    user: User | None = getattr(item, "found", None)
    return None if item.created else user


def _person(position: int, item: WorkItem, found: FoundPeople) -> Row:
    user = _found_user(item)
    user_id = user.id if user else None
    as_found: Row = {"found": None, "missing": []}
    if user_id:
        as_found = found.of(user_id, any(map(_writes_func_keys, item.operations)))
    return {
        "item": position,
        "person": item.label,
        "user_id": user_id,
        "uuid": user.uuid if user else None,
        "planned": "removed" if item.absent else "created" if item.created else "changed",
        **as_found,
    }


def _writes_func_keys(operation: Operation) -> bool:
    """Return whether an operation changes function keys, or deletes them with their user."""
    if isinstance(operation, UpdateUserPart):
        return operation.part.resource is FUNC_KEYS
    return bool(operation.action == "delete" and operation.resource_type == USER.name)
