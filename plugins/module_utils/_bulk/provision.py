# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisions a list of entries: reads the server, plans, applies, verifies and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.collector import collector_paused
from .._model.errors import InputError, PlanError, ProvisionError
from .._model.records import User
from .._operations.base import Operation
from .._operations.differences import Difference, rows_of
from .._operations.unchecked import unchecked_by
from .._reports.change_words import all_words_of
from .._state.lookup import users_by
from .._tasks.task import Task
from .beyond import Beyond
from .entries import Entry, parse_entries
from .executor import ListRun
from .leavers import Purge
from .matching import identify
from .planner import Batch, ListPlan, plan_entries
from .purge import OrphanRemoval, Orphans, find_orphans, refuse_above_limit, removals, shown_user
from .repeatability import refuse_other_meanings
from .results import (
    differences_of_entries,
    removal_warnings,
    report_of,
    report_of_orphans,
    row_of_user,
    rows_of_incalls,
    summary_of,
)
from .run_journal import BULK, STEPWISE, RunJournal
from .saved_plan import PlannedList, SavedPlan
from .stepwise import continue_stepwise
from .task_plan import plan_for_role
from .work_items import UNLISTED, WorkItem

PERSONAL = ("email", "username", "userfield", "description", "mobile_phone_number", "outgoing_caller_id")
"""The fields of a user that an interrupted run of new_employee leaves empty."""


def provision(task: Task) -> dict[str, Any]:
    """Run confd_provisioned_users, and return its results.

    Raises PlanError before the first write, or ProvisionError if entries failed during the run.
    """
    if task.options.get("stepwise"):
        return continue_stepwise(task)
    if task.options.get("plan_only"):
        return _plan_only(task)
    return carry_out(ProvisionRun(task))


def carry_out(run: ProvisionRun, **more: Any) -> dict[str, Any]:
    """Plan a list, apply the plan unless in check mode, and return the results. more: further results.

    Raises PlanError and ProvisionError.
    """
    run.plan_all()
    journal = RunJournal(run.task)
    if not run.task.check_mode:
        journal.begin(BULK, run.items, run.state.snapshot)
        run.run.apply(run.plan)
        run.run.verify()
    return journal.end(run.report, **more)


def _plan_only(task: Task) -> dict[str, Any]:
    """Return the results of check mode, and ``check_mode``: whether the task itself runs in it."""
    is_check_mode, task.check_mode = task.check_mode, True
    run = ProvisionRun(task)
    run.plan_all()
    journal = RunJournal(task)
    journal.begin(STEPWISE, run.items, run.state.snapshot)
    return journal.end(run.report, check_mode=is_check_mode)


class ProvisionRun:
    """Runs one list, from the options to the report."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.options = task.options
        self.purge = Purge(self.options)
        self.run = ListRun(task)
        self.saved_plan = SavedPlan(task)
        self._problems: dict[tuple[str, int | None], tuple[str, dict[str, Any] | None]] = {}
        self._check_bounds()
        self._begin()

    def _begin(self) -> None:
        """Parse the entries."""
        self.state = self.task.state
        self.entries = parse_entries(self.options["users"])
        self.saved_plan.note_entries(self.entries)
        self.purge.begin(self.entries)
        self.removed_orphans: list[OrphanRemoval] = []
        self.orphans = Orphans()
        self.differences: dict[int, list[Difference]] = {}
        self.plan = ListPlan(self.entries)
        self._warnings_of_plan: list[str] = []
        self._rows_as_found: dict[Entry, dict[str, Any]] = {}
        self._planned_names: dict[Entry, str] = {}
        self._beyond: dict[Entry, list[dict[str, Any]]] = {}
        self._unread: list[str] = []

    @property
    def items(self) -> list[WorkItem]:
        """Return the entries of the list, then the users and the orphans that the run removes besides."""
        return [*self.entries, *self.purged, *self.removed_orphans]

    @collector_paused()
    def plan_all(self) -> None:
        """Read the server and plan the entries, the purge and the removal of orphans.

        Raises PlanError, and ApprovalError if another plan was approved.

        Where entries fail while they are planned, the rest of the list is planned anew without them: the others may
        have been planned on what the failed ones would have changed.
        """
        while not self._plan_once():
            self.task.begin_plan()
            self._begin()
        # Before the run, which gives ids to objects: it has to report the same as check mode.
        self.differences = differences_of_entries((*self.entries, *self.purged))
        self._planned_names = {
            entry: entry.found.name if entry.found else entry.name for entry in (*self.entries, *self.purged)
        }
        if self.task.check_mode:
            # Everybody else is shown as planned.
            shown = [each for each in self._rows_as_found if each.problem or each.absent]
            self._rows_as_found = {entry: self._rows_as_found[entry] for entry in shown}
        self.purge.refuse_changes_above_limit()
        self._plan_orphans()
        if self.options.get("report_beyond"):
            beyond = Beyond(self.state)
            self._beyond = {entry: beyond.of(entry) for entry in self.entries}
            self._unread = beyond.unread
        if self.saved_plan.is_wanted:
            self._save_plan()

    def _save_plan(self) -> None:
        planned = [operation for batch in self.plan.batches for operation in batch.operations]
        warnings = [*self.task.warnings, *self.state.warnings, *self._warnings_of_plan]
        self.saved_plan.make(
            PlannedList(
                self.entries, self.purged, self.removed_orphans, self.plan.batches, warnings, self._unchecked(planned)
            )
        )

    @property
    def purged(self) -> list[Entry]:
        """Return the entries of users who are in no list, and whom the run removes or disables."""
        return self.purge.entries

    def _plan_once(self) -> bool:
        """Plan the list. Return whether the plan is complete: no entry has failed while it was planned.

        It is not complete either if it purges somebody, and an entry has failed.
        """
        self.state.read_snapshot()
        if self.task.backend.lists_show_owners:
            # The search for orphans reads all of them in any case.
            self.state.read_all_extensions()
        identify(self.entries, self.state)
        successors = self._require_users()
        existing = self._refused_users()
        # An entry that has failed before is identified again: nobody else's entry may mean its user.
        self._restore_problems()
        self._warnings_of_plan += self.purge.plan(self.state, self.entries)
        self._restore_problems()
        self._rows_as_found = {entry: row_of_user(self.state, entry.found) for entry in (*self.entries, *self.purged)}
        self.saved_plan.note_found(self.state, (*self.entries, *self.purged))
        continue_on_error = self.run.history.continue_on_error
        self.plan = plan_entries(
            self.state,
            [*self.entries, *self.purged],
            self.task.planner.policy,
            continue_on_error,
            bool(self.options.get("reset_device")),
        )
        known = len(self.plan.problems)
        self._refuse_changes(existing)
        self._refuse_to_change_successors(successors)
        # A list that changes nothing means in the next run what it means in this one.
        if self.plan.batches and not self.plan.has_gaps:
            refuse_other_meanings(self.entries, parse_entries(self.options["users"]), self.state)
        is_complete = not self.plan.has_gaps and len(self.plan.problems) == known
        if not is_complete and not continue_on_error:
            raise PlanError(self.plan.problems)
        for entry in (*self.entries, *self.purged):
            if entry.problem:
                self._problems[_key_of(entry)] = entry.problem, entry.failed_request
        # Planned anew, the purge leaves everybody alone: a user who seems to be in no list may be who an entry means.
        return is_complete and not (self.purged and any(entry.problem for entry in self.entries))

    def _restore_problems(self) -> None:
        """Fail the entries that have failed before. What is wrong with the options of an entry is its only problem."""
        for index, problem in self.task.entry_problems.items():
            self.entries[index].problem = problem
        for entry in (*self.entries, *self.purged):
            if _key_of(entry) in self._problems:
                entry.fail(*self._problems[_key_of(entry)])

    def _require_users(self) -> list[Entry]:
        """Fail the entries that match no user, if ``existing_users`` is "require".

        Return those that match nobody, and have found somebody who has the values that the user would get.
        """
        entries = self.entries if self.options.get("existing_users") == "require" else []
        for entry in entries:
            if entry.active and entry.found is None:
                entry.fail(
                    "The server has no such user. The user was already removed, or has another name, number or id "
                    "on the server."
                )
        present = [entry for entry in entries if entry.active and entry.match and not entry.absent]
        return [entry for entry in present if entry.found not in users_by(self.state, entry.match or {})]

    def _refuse_to_change_successors(self, entries: Sequence[Entry]) -> None:
        """Fail the entries that would change somebody who may be another person with the new name or number.

        Nothing is to be done for a user who has been changed before.
        """
        for entry in entries:
            if entry.active and entry.operations:
                words = all_words_of(rows_of(entry.operations, differences_of_entries([entry])))
                entry.fail(
                    f"The server has no such user. There is {entry.found} with the new name or number, who may be "
                    f"another person and would be changed: {words}. If it is this user, give the present values."
                )

    def _refuse_changes(self, existing: Mapping[Entry, dict[str, Any]]) -> None:
        """Fail the entries that would change a user who exists, if ``existing_users`` is "refuse".

        existing: {entry: row of the user whom it has found}. A user who has nothing but a name may be what an
        interrupted run has left, and is completed.
        """
        for entry, row in existing.items():
            if entry.active and entry.operations and entry.found:
                number = f"{row['exten']}@{row['context']}" if row["exten"] else "no number"
                words = all_words_of(rows_of(entry.operations, differences_of_entries([entry])))
                entry.fail(
                    f"{entry.found} exists, with {number}, and would be changed: {words}. If the entry describes "
                    "another person, add an id: match with userfield, or employee_id for the playbook new_employee. "
                    "If it describes this user, set existing_users to change, or employee_same_person to true."
                )

    def _refused_users(self) -> dict[Entry, dict[str, Any]]:
        """Return {entry: row of its user} of the entries that must not change their users."""
        entries = self.entries if self.options.get("existing_users") == "refuse" else []
        found = [each for each in entries if each.active and each.found and self._has_something(each.found, each)]
        return {entry: row_of_user(self.state, entry.found) for entry in found}

    def _has_something(self, user: User, entry: Entry) -> bool:
        """Return whether a user has more than a name: a line, a voicemail, direct numbers or personal values."""
        values = [user[name] for name in PERSONAL if name not in (entry.match or {})]
        return any(values) or bool(
            self.state.line_of(user) or self.state.voicemails.of(user) or self.state.incalls_of(user)
        )

    def _check_bounds(self) -> None:
        if self.options["users"] is None:
            raise InputError("users is null.", "Give a list of entries. An empty list is [].")
        for name, least in (("purge_limit", 0), ("max_workers", 1)):
            value = self.options.get(name)
            if value is not None and value < least:
                raise InputError(f"{name} is {value}, but must be at least {least}.")

    # Orphans

    def _plan_orphans(self) -> None:
        wish = self.options.get("orphans")
        self.orphans = find_orphans(self.state, self.purge.named, self.purge.scope, look=wish is not None)
        if wish == "remove":
            going = (*self.orphans.users, *self.orphans.lines, *self.orphans.numbers)
            refuse_above_limit(self.options, "orphans: remove", [str(record) for record in going])
            self.removed_orphans = removals(self.state, self.task.planner.policy, self.orphans)
            self.plan.batches.extend(
                Batch(removal, removal.teardown_operations, optional=True) for removal in self.removed_orphans
            )

    # Report

    @collector_paused()
    def report(self) -> dict[str, Any]:
        """Return the result of the module. Raises ProvisionError if entries failed."""
        # Computed once: to look at all entries again for each of 10,000 results takes longer than planning them.
        stopped = not self.task.check_mode and any(entry.problem for entry in (*self.entries, *self.purged))
        results = [self._result(entry, stopped) for entry in self.entries]
        operations = [
            operation
            for batch in self.plan.batches
            for operation in batch.operations
            if self._counts(batch.item, operation)
        ]
        rows = {entry: self._result(entry, stopped) for entry in self.purged}
        # Who stays disabled is no news.
        purged = [row for row in rows.values() if row["status"] != "unchanged"]
        orphans = [entry.label for entry in self.removed_orphans if self._status(entry) == "removed"]
        report: dict[str, Any] = {
            "changed": bool(operations),
            "results": results,
            "summary": summary_of(results, purged, orphans),
            "report": report_of(results, purged, orphans, self.task.check_mode),
            "unmanaged": [shown_user(self.state, user) for user in self.purge.unmanaged],
            "purged": purged,
            "leavers": self.purge.shown_leavers(self.state, rows),
            "orphans": self.orphans.shown(),
            "orphans_removed": orphans,
            "warnings": [*self._warnings(operations), *removal_warnings(purged, orphans, self.task.check_mode)],
            "confd_api": self.task.backend.api,
        }
        if self.task.diff_mode:
            report["diff"] = [operation.diff for operation in operations]
        if self.task.check_mode:
            report |= self._prediction(operations)
        report |= self.saved_plan.results()
        failed = [f"{entry}: {entry.problem}" for entry in (*self.entries, *self.purged) if entry.problem]
        if failed:
            raise ProvisionError(failed, report)
        if self.options.get("orphans") == "report":
            report["report"] += report_of_orphans(self.orphans, self.task.check_mode)
        return report

    def _unchecked(self, operations: Sequence[Operation]) -> list[str]:
        return [*unchecked_by(self.task.backend, operations), *self._unread, *self.orphans.unchecked]

    def _prediction(self, operations: Sequence[Operation]) -> dict[str, Any]:
        """Return what only check mode reports: what it could not check, and the plan for the role."""
        return {
            "unchecked": self._unchecked(operations),
            "plan": plan_for_role([each for each in self.plan.batches if each.item.index != UNLISTED], self.task),
        }

    def _warnings(self, operations: Sequence[Operation]) -> list[str]:
        return [
            *self.task.warnings,
            *self.state.warnings,
            *self._warnings_of_plan,
            *(warning for item in self.items for warning in item.warnings),
            *(operation.warning for operation in operations if operation.warning),
        ]

    def _result(self, entry: Entry, stopped: bool) -> dict[str, Any]:
        """Return the result of an entry. stopped: whether a real run has failed.

        Then, and for an entry that was not carried out, it shows the user as found: the state holds what was planned.
        """
        status = self._status(entry)
        user = None if entry.absent else entry.found
        shows_found = status in ("failed", "skipped") or (status == "unchanged" and stopped)
        as_found = self._rows_as_found.get(entry) if shows_found else None
        operations = [operation for operation in entry.operations if self._counts(entry, operation)]
        row = as_found or {**row_of_user(self.state, user), "user_id": entry.found.id if entry.found else None}
        if status == "removed":
            # The number is free now.
            row.update({name: self._rows_as_found[entry][name] for name in ("exten", "context")})
        return {
            **row,
            "index": entry.index,
            "label": entry.label,
            "name": self._planned_names.get(entry, entry.name),
            "status": status,
            "incalls": self._incalls(entry, user) if status != "skipped" else None,
            "changes": [operation.text for operation in operations],
            "differences": rows_of(operations, self.differences),
            **({"until": entry.disables.until_text} if entry.disables else {}),
            **({"beyond": self._beyond[entry]} if entry in self._beyond else {}),
            "error": entry.problem or None,
            "failed_request": entry.failed_request,
        }

    def _incalls(self, entry: Entry, user: User | None) -> list[dict[str, Any]] | None:
        """Return the incalls of an entry that manages them; else None, because reading them would cost a request."""
        if user is None or entry.incalls is None or entry.problem:
            return None
        return rows_of_incalls(self.state, user)

    def _status(self, item: WorkItem) -> str:
        is_complete = item.problem or all(self._counts(item, operation) for operation in item.operations)
        return item.planned_status if is_complete else "skipped"

    def _counts(self, item: WorkItem, operation: Operation) -> bool:
        """Return whether an operation is a change of this run: planned in check mode, otherwise performed."""
        if self.task.check_mode:
            return item.active
        return self.run.history.is_performed(item, operation)


def _key_of(entry: Entry) -> tuple[str, int | None]:
    """Return what tells an entry from others when the list is planned anew."""
    if entry.index == UNLISTED:
        return "purged", entry.found.id if entry.found else None
    return "listed", entry.index
