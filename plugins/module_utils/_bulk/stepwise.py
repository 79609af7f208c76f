# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoes, checks and reports for the role while the role performs a plan step by step.

After a failure, it undoes the entry and returns the batches that must not begin. At the end, it checks the numbers of
the lines and reports the result of each entry. The rules are those of ``history``, as in bulk.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from .._model.errors import ConfdError, InputError, ProvisionError, TimedOutError
from .._model.records import Row, User
from .._state.state import ServerState
from .._tasks.task import Task
from .history import RunHistory
from .results import row_of_user, rows_of_incalls, summary_of
from .task_plan import PerformedStep, StepReader, creates
from .work_items import WorkItem

NOT_CHANGED = "Another run made this change at the same time. Run again when that run has ended."


class PlannedEntry(WorkItem):
    """Represents an entry by its label in the plan."""

    planned_label = ""

    @property
    def label(self) -> str:
        return self.planned_label


def continue_stepwise(task: Task) -> dict[str, Any]:
    """Undo an entry or finish the run, as the option ``stepwise`` says, and return the result of the module.

    The final call raises ProvisionError if entries failed.
    """
    run = StepwiseRun(task)
    if task.options["stepwise"].get("failed_step"):
        return run.undo()
    return run.finish()


class StepwiseRun:
    """Holds a plan that the role performs, and its progress so far.

    The option ``stepwise`` has plan and results, as the module returned them; performed: the batches that the role has
    carried out; failures: what ``undo`` returned before; failed_step: the step that has failed, if any.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.given = task.options["stepwise"]
        self.plan: list[Row] = self.given["plan"]
        self.history = RunHistory(bool(task.options.get("continue_on_error")))
        self.performed: dict[int, Row] = {each["batch"]: each for each in self.given.get("performed") or ()}
        self.items = _items_of(self.plan)
        self._check_positions()
        for failure in self.given.get("failures") or ():
            item = self.items[failure["index"]]
            item.fail(failure["error"])
            self.history.operations_of(item).extend(PerformedStep(text) for text in failure["changes"] or ())

    def _check_positions(self) -> None:
        failed = self.given.get("failed_step")
        for number in (*self.performed, *([failed["batch"]] if failed else [])):
            if not 0 <= number < len(self.plan):
                raise InputError(f"stepwise names batch {number}, but the plan has {len(self.plan)} batches.")
        for failure in self.given.get("failures") or ():
            if failure["index"] not in self.items:
                raise InputError(f"stepwise names entry {failure['index']}, which is not in the plan.")

    def _item(self, number: int) -> PlannedEntry:
        """Return the entry of a batch."""
        return self.items[self.plan[number]["index"]]

    def _note_performed(self, undoable: Collection[WorkItem]) -> None:
        """Record what the role has performed for entries that have not failed.

        undoable: the entries that may have to be undone. Only for these are the objects looked up.
        """
        for number, created in sorted(self.performed.items()):
            item, steps = self._item(number), self.plan[number]["steps"]
            if not item.active:
                continue
            if item in undoable:
                self._note(item, steps, created)
            else:
                self.history.operations_of(item).extend(PerformedStep(step["text"]) for step in steps)

    def _note(self, item: WorkItem, steps: Sequence[Row], created: Row) -> None:
        reader = StepReader(self.task.state, created.get("user_id"), created.get("line_id"))
        self.history.operations_of(item).extend(reader.operations(steps))

    # After a failure

    def undo(self) -> dict[str, Any]:
        """Undo what was created for the entry of the failed step, unless the step has timed out.

        Return ``failures``, of this step and of earlier ones, and ``left_out``, the batches that must not begin.
        """
        failed: Row = self.given["failed_step"]
        item, steps = self._item(failed["batch"]), self.plan[failed["batch"]]["steps"]
        names = [step["name"] for step in steps]
        self._note_performed(undoable=[item])
        if failed["name"] in names:
            self._note(item, steps[: names.index(failed["name"])], failed)
        performed = len(self.history.operations_of(item))
        self.history.fail(item, _problem_of(failed), self.task.backend)
        later = range(failed["batch"] + 1, len(self.plan))
        return {
            "changed": len(self.history.operations_of(item)) < performed,
            "left_out": [number for number in later if not self._may_begin(number)],
            "failures": [self._failure(each) for each in self.items.values() if each.problem],
            "confd_api": self.task.backend.api,
        }

    def _may_begin(self, number: int) -> bool:
        return self.history.may_begin(self._item(number), self.task.backend)

    def _failure(self, item: PlannedEntry) -> Row:
        return {"index": item.index, "error": item.problem, "changes": self._changes(item)}

    def _changes(self, item: WorkItem) -> list[str]:
        return [operation.text for operation in self.history.operations_of(item)]

    # At the end

    def finish(self) -> dict[str, Any]:
        """Check the numbers, and return the results of all entries. Raises ProvisionError if entries failed."""
        state, backend = self.task.state, self.task.backend
        state.read_snapshot()
        if any(creates(step, "voicemail") for batch in self.plan for step in batch["steps"]):
            state.voicemails.read_all()
        self._note_performed(undoable=list(self.items.values()))
        failed_before = [item for item in self.items.values() if item.problem]
        self.history.verify_numbers(state, backend)
        lost = [item for item in self.items.values() if item.problem and item not in failed_before]
        # The objects of these items have been deleted.
        state = ServerState(backend).read_snapshot() if lost else state
        results = [self._result(row, state) for row in self.given.get("results") or ()]
        report = {
            "changed": bool(lost),
            "results": results,
            "summary": summary_of(results),
            "warnings": self.task.warnings,
            "confd_api": backend.api,
        }
        failed = [f"entry {row['index'] + 1}, {row['label']}: {row['error']}" for row in results if row["error"]]
        if failed:
            raise ProvisionError(failed, report)
        return report

    def _result(self, planned: Row, state: ServerState) -> Row:
        """Return the result of an entry: its changes as planned, its ids as the server has them now."""
        item = self.items.get(planned["index"])
        if item and item.problem:
            return {**planned, **self._unfinished("failed", item), "error": item.problem}
        if item and not self._is_complete(item):
            return {**planned, **self._unfinished("skipped", item)}
        user = self._user_of(planned, state)
        if planned["error"] or planned["status"] == "removed" or user is None:
            return planned
        incalls = None if planned["incalls"] is None else rows_of_incalls(state, user)
        return {**planned, **row_of_user(state, user), "name": user.name, "incalls": incalls}

    def _unfinished(self, status: str, item: WorkItem) -> Row:
        return {"status": status, "changes": self._changes(item), "differences": []}

    def _is_complete(self, item: WorkItem) -> bool:
        """Return whether all batches of an entry were carried out."""
        return all(number in self.performed for number, batch in enumerate(self.plan) if batch["index"] == item.index)

    def _user_of(self, planned: Row, state: ServerState) -> User | None:
        user_id = planned["user_id"]
        for number, created in self.performed.items():
            batch = self.plan[number]
            if batch["index"] == planned["index"] and any(creates(step, "user") for step in batch["steps"]):
                user_id = created.get("user_id")
        return state.user(user_id) if user_id else None


def _items_of(plan: Sequence[Row]) -> dict[int, PlannedEntry]:
    """Return the entries of a plan by their positions in the list."""
    items = {batch["index"]: PlannedEntry(batch["index"]) for batch in plan}
    for batch in plan:
        item = items[batch["index"]]
        item.planned_label = batch["label"]
        item.waits_for.update(items[index] for index in batch["waits_for"] or () if index in items)
    return items


def _problem_of(failed: Row) -> ConfdError:
    text = failed.get("error") or NOT_CHANGED
    return TimedOutError(text) if failed.get("timed_out") else ConfdError(text)
