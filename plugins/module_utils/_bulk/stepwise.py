# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoes, checks and reports for the role while the role performs a plan step by step.

After a failure, it undoes the entry and returns the batches that must not begin. At the end, it checks the numbers of
the lines and reports the result of each entry. The rules are those of ``history``, as in bulk.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count
from typing import Any

from .._backends.interface import VoicemailOwner
from .._model.errors import (
    LEFT_BEHIND,
    RUN_AGAIN,
    ConfdError,
    InputError,
    ProvisionError,
    RefusedError,
    ServerError,
    TimedOutError,
)
from .._model.records import Row, User
from .._operations.base import Operation
from .._operations.voicemail import UpdateVoicemail
from .._state.state import ServerState
from .._tasks.task import Task
from .history import RunHistory
from .plan_reader import PerformedStep, StepReader, creates, performed_step
from .results import report_of, row_of_user, rows_of_incalls, summary_of
from .run_journal import EarlierOperations, RunJournal
from .work_items import WorkItem, dependents_of

RESULT_KEYS = ("index", "label", "status", "user_id", "incalls", "error")
"""What the report needs of the results that came with the plan."""
NOT_CHANGED = f"Another run made this change at the same time. {RUN_AGAIN}"


class PlannedEntry(WorkItem):
    """Represents an entry by its label in the plan."""

    planned_label = ""
    is_removed = False
    """Whether the plan removes the user of the entry."""

    @property
    def absent(self) -> bool:
        return self.is_removed

    @property
    def label(self) -> str:
        return self.planned_label


def continue_stepwise(task: Task) -> dict[str, Any]:
    """Undo an entry or finish the run, as the option ``stepwise`` says, and return the result of the module.

    The final call raises ProvisionError if entries failed. Raises InputError in check mode: a run in check mode has
    performed nothing.
    """
    if task.check_mode:
        raise InputError("stepwise continues a run that has changed the server, so it does not work in check mode.")
    run = StepwiseRun(task)
    if task.options["stepwise"].get("failed_step"):
        return run.undo()
    return RunJournal(task).end(run.finish)


class StepwiseRun:
    """Holds a plan that the role performs, and its progress so far.

    The option ``stepwise`` has plan and results, as the module returned them; performed: the batches that the role has
    carried out; failures, put_back: what ``undo`` returned before; failed_step: the step that has failed, if any.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.given = task.options["stepwise"]
        self.plan: list[Row] = self.given["plan"]
        self._order = count(1)
        self._earlier = EarlierOperations(task.journal)
        self.history = RunHistory(bool(task.options.get("continue_on_error")), self._is_built)
        self.put_back: list[int] = list(self.given.get("put_back") or ())
        done = [each for each in self.given.get("performed") or () if each["batch"] not in self.put_back]
        self.performed: dict[int, Row] = {each["batch"]: each for each in done}
        self.items = _items_of(self.plan)
        self._check_positions()
        self._check_results()
        for failure in self.given.get("failures") or ():
            self.items[failure["index"]].fail(failure["error"], failure.get("failed_request"))
        self._note_failures()

    def _note_failures(self) -> None:
        """Record what is left of the entries that have failed before."""
        for failure in self.given.get("failures") or ():
            left = [PerformedStep(text) for text in failure["changes"] or ()]
            self.history.operations_of(self.items[failure["index"]]).extend(left)

    def _check_positions(self) -> None:
        failed = self.given.get("failed_step")
        for number in (*self.performed, *([failed["batch"]] if failed else [])):
            if not 0 <= number < len(self.plan):
                raise InputError(f"stepwise names batch {number}, but the plan has {len(self.plan)} batches.")
        for failure in self.given.get("failures") or ():
            if failure["index"] not in self.items:
                raise InputError(f"stepwise names entry {failure['index']}, which is not in the plan.")

    def _check_results(self) -> None:
        for row in self.given.get("results") or ():
            missing = [key for key in RESULT_KEYS if key not in row]
            if missing:
                raise InputError(
                    f"stepwise.results lacks {', '.join(missing)}.", "Pass on the results of the plan as they are."
                )

    def _is_built(self, item: WorkItem) -> bool:
        """Return whether all batches of an entry but those that link were carried out."""
        return all(
            number in self.performed and number not in self.put_back
            for number, batch in enumerate(self.plan)
            if batch["index"] == item.index and not batch.get("links")
        )

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
                self._note(item, steps, self._created_for(number, created))
            else:
                self.history.operations_of(item).extend(performed_step(step) for step in steps)

    def _created_for(self, number: int, created: Row) -> Row:
        """Return the ids of what was created for a batch: by the batch that has created its user, if it links."""
        builder = self.plan[number].get("built_by")
        if builder is None:
            return created
        return {**created, "user_id": self.performed.get(builder, {}).get("user_id"), "line_id": None}

    def _note(self, item: WorkItem, steps: Sequence[Row], created: Row) -> None:
        operations = self._operations(steps, created)
        self._earlier.identify(item, operations)
        for operation in operations:
            operation.performed_at = next(self._order)
        self.history.operations_of(item).extend(operations)

    def _operations(self, steps: Sequence[Row], created: Row) -> list[Operation]:
        """Return the operations of steps. created: the ids of what their batch created."""
        return StepReader(self.task.state, created.get("user_id"), created.get("line_id")).operations(steps)

    def _note_planned(self, item: WorkItem, steps: Sequence[Row], created: Row) -> None:
        """Record what was not carried out: it tells which line the user was to have."""
        item.build_operations = self._operations(steps, created)

    def _note_partial(self, item: WorkItem, step: Row, failed: Row, problem: ConfdError) -> None:
        """Record the step that failed if the role may have carried it out in part."""
        (operation,) = self._operations([step], failed)
        self._earlier.identify(item, [operation])
        if isinstance(operation, UpdateVoicemail) and step.get("user") and not operation.lost:
            owner = self.task.state.user(step["user"]["id"])
            if owner and owner.id and self.task.state.voicemails.of(owner) is None:
                operation.lost.append(VoicemailOwner(owner.id))
        operation.error = RefusedError(str(problem)) if _is_refused(failed) else problem
        if operation.may_act_in_part and (operation.reversals() or operation.lasting):
            operation.performed_at = next(self._order)
            self.history.operations_of(item).append(operation)

    # After a failure

    def undo(self) -> dict[str, Any]:
        """Put back what was changed for the entry of the failed step, unless the step has timed out.

        The same for the entries that depend on it, and for those that a stopped run leaves unfinished. Return
        ``failures``, of this step and of earlier ones, ``put_back``, the performed batches that were undone, and
        ``left_out``, the batches that must not begin.
        """
        failed: Row = self.given["failed_step"]
        item, steps = self._item(failed["batch"]), self.plan[failed["batch"]]["steps"]
        names = [step["name"] for step in steps]
        position = names.index(failed["name"]) if failed["name"] in names else None
        before = steps[: position or 0]
        failed = {**failed, **self._created_for(failed["batch"], failed)}
        text = failed.get("error") or NOT_CHANGED
        problem = TimedOutError(text) if failed.get("timed_out") else ConfdError(text)
        try:
            self._find_objects(item, before, failed)
            self._note_planned(item, steps[position or 0 :], failed)
            if failed.get("partial") and position is not None:
                self._note_partial(item, steps[position], failed, problem)
        except ConfdError as error:
            # The other entries must not suffer from it, and the report must say what is left.
            made = ", ".join(each.text for each in self.history.operations_of(item)) or "what was changed"
            problem.hint = f"{problem.hint} {LEFT_BEHIND}{made}, because it could not be looked up: {error}".strip()
        performed = self._count_performed()
        item.fail(problem, failed.get("failed_request"))
        self.history.fail(item, problem, self.task.backend)
        later = range(failed["batch"] + 1, len(self.plan))
        # What must not begin because of the failure fails now, and then is no unfinished work.
        left_out = [each for each in later if not self._may_begin(each)]
        if self.history.stopped:
            self.history.put_back_unfinished(self._unfinished_items(), self.task.backend)
        self.put_back += [number for number in self.performed if not self.history.performed.get(self._item(number))]
        return {
            "changed": self._count_performed() < performed,
            "left_out": left_out,
            "failures": [self._failure(each) for each in self.items.values() if each.problem],
            "put_back": sorted(self.put_back),
            "confd_api": self.task.backend.api,
        }

    def _may_begin(self, number: int) -> bool:
        return self.history.may_begin(self._item(number), self.task.backend, bool(self.plan[number].get("links")))

    def _count_performed(self) -> int:
        return sum(len(operations) for operations in self.history.performed.values())

    def _unfinished_items(self) -> list[WorkItem]:
        """Return the entries that the stopped run does not complete."""
        return [item for item in self.items.values() if not self._is_complete(item) and not self._is_still_linked(item)]

    def _is_still_linked(self, item: WorkItem) -> bool:
        """Return whether only the links of an entry are missing, and the stopped run still writes them."""
        return self._is_built(item) and all(each.active and self._is_built(each) for each in item.links_to)

    def _concerned(self, item: WorkItem) -> set[WorkItem]:
        """Return the entries that may have to be put back if an entry fails: all that wait for it or lead to it."""
        items = {item, *([] if self.history.continue_on_error else self._unfinished_items())}
        return items | dependents_of(items, self.items.values(), with_links=True)

    def _find_objects(self, item: PlannedEntry, before: Sequence[Row], failed: Row) -> None:
        """Look up what was changed for an entry and for those that depend on it.

        A server that fails is asked once more. Raises ConfdError.
        """
        for attempt in (1, 2):
            self.history.performed.clear()
            self._earlier = EarlierOperations(self.task.journal)
            self._note_failures()
            try:
                self._note_performed(self._concerned(item))
                self._note(item, before, failed)
            except ServerError:
                if attempt == 2:
                    self.history.performed[item] = [PerformedStep(step["text"]) for step in before]
                    raise
            else:
                return

    def _failure(self, item: WorkItem) -> Row:
        """Return a failed entry as the option ``stepwise.failures`` takes it."""
        return {
            "index": item.index,
            "error": item.problem,
            "failed_request": item.failed_request,
            "changes": self._changes(item),
        }

    def _changes(self, item: WorkItem) -> list[str]:
        return [operation.text for operation in self.history.operations_of(item)]

    # At the end

    def finish(self) -> dict[str, Any]:
        """Check the numbers, and return the results of all entries. Raises ProvisionError if entries failed."""
        failed_before = [item for item in self.items.values() if item.problem]
        try:
            state: ServerState | None = self._check_numbers()
        except ConfdError as error:
            state = None
            self._fail_unchecked(error)
        results = [self._result(row, state) for row in self.given.get("results") or ()]
        report = {
            "changed": any(item.problem and item not in failed_before for item in self.items.values()),
            "results": results,
            "summary": summary_of(results),
            "report": report_of(results, (), (), is_prediction=False),
            "warnings": self.task.warnings,
            "confd_api": self.task.backend.api,
        }
        failed = [f"entry {row['index'] + 1}, {row['label']}: {row['error']}" for row in results if row["error"]]
        if failed:
            raise ProvisionError(failed, report)
        return report

    def _check_numbers(self) -> ServerState:
        """Let entries fail that have to give way to another run. Return the state after that."""
        state = self.task.state
        state.read_snapshot()
        if any(creates(step, "voicemail") for batch in self.plan for step in batch["steps"]):
            state.voicemails.read_all()
        self._note_performed(undoable=list(self.items.values()))
        failed_before = {item for item in self.items.values() if item.problem}
        self.history.verify(state, self.task.backend)
        lost = any(item.problem and item not in failed_before for item in self.items.values())
        # The objects of these entries have been deleted.
        return ServerState(self.task.backend).read_snapshot() if lost else state

    def _fail_unchecked(self, error: ConfdError) -> None:
        """Let all entries with changes fail because the server could not be read at the end."""
        self.history.performed = {item: done for item, done in self.history.performed.items() if not item.active}
        self._note_performed(undoable=())
        for number in self.performed:
            self._item(number).fail(f"The changes were made, but could not be checked: {error}")

    def _result(self, planned: Row, state: ServerState | None) -> Row:
        """Return the result of an entry: its changes as planned, its ids as the server has them now."""
        item = self.items.get(planned["index"])
        if item and item.problem:
            error = {"error": item.problem, "failed_request": item.failed_request}
            return {**planned, **self._unfinished("failed", item, planned, state), **error}
        if item and not self._is_complete(item):
            return {**planned, **self._unfinished("skipped", item, planned, state)}
        user = self._user_of(planned, state) if state else None
        if state is None or planned["error"] or planned["status"] == "removed" or user is None:
            return planned
        incalls = None if planned["incalls"] is None else rows_of_incalls(state, user)
        # The name stays as planned: Ansible masks the plan, but not what is read now, and both together would show a
        # secret that is part of a name.
        return {**planned, **row_of_user(state, user), "incalls": incalls}

    def _unfinished(self, status: str, item: WorkItem, planned: Row, state: ServerState | None) -> Row:
        """Return what a result says of an entry that was not carried out as planned: what the server has."""
        found = {} if state is None else row_of_user(state, self._user_of(planned, state))
        return {**found, "status": status, "incalls": None, "changes": self._changes(item), "differences": []}

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


def _is_refused(failed: Row) -> bool:
    """Return whether the server has rejected the request of a failed step."""
    status = (failed.get("failed_request") or {}).get("status") or 0
    return bool(400 <= status < 500)


def _items_of(plan: Sequence[Row]) -> dict[int, PlannedEntry]:
    """Return the entries of a plan by their positions in the list."""
    items = {batch["index"]: PlannedEntry(batch["index"]) for batch in plan}
    for batch in plan:
        item = items[batch["index"]]
        item.planned_label = batch["label"]
        item.is_removed = item.is_removed or any(
            step["action"] == "delete" and step["resource"] == "user" for step in batch["steps"]
        )
        item.waits_for |= {items[index] for index in batch["waits_for"] or () if index in items}
        item.links_to |= {items[index] for index in batch.get("links_to") or () if index in items}
    return items
