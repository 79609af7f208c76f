# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoes a run: makes entries of what its journal says of the state before, and provisions them.

So an undo has the ownership, the order, the diff, check mode and the verification of every other run, and a journal of
its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from .._http.connection import without_credentials
from .._model.errors import InputError, PlanError, ProvisionError
from .._model.printable import one_line, printable
from .._model.records import Record, Row, User
from .._model.resources import EXTENSION, Resource
from .._plan.planner import Planner
from .._reports.change_words import LONGEST, shown
from .._reports.journal_run import DONE, JournalRun, read_run
from .._state.state import ServerState
from .._tasks.export import Exporter
from .._tasks.task import Task
from .planner import Batch
from .provision import ProvisionRun, carry_out
from .purge import Orphans, removals
from .undo_check import ChangesSince
from .undo_entries import shares_voicemail, user_again, way_back
from .undo_identity import is_somebody_else, is_the_one_made
from .undo_lost import lost_of
from .undo_people import Person, people_of
from .work_items import WorkItem

CHOICES = FAIL, SKIP, _OVERWRITE = "fail", "skip", "overwrite"
"""What to do with people whom somebody else has changed since the run."""
CHANGED_SINCE = (
    "Somebody else has changed this since the run. To leave these people as they are, set changed_since to skip "
    "(undo_changed_since in the playbook). To give them what they had before the run in any case, set it to overwrite."
)
OTHERS = (
    "The run has changed somebody else: the server was installed again, or the person was renamed or removed. To leave "
    "these people as they are, set changed_since to skip (undo_changed_since in the playbook)."
)
DAMAGED = (AttributeError, KeyError, TypeError, ValueError)
"""The errors to which values of the wrong type in a journal lead."""
RESULTS = (
    "changed",
    "results",
    "summary",
    "report",
    "orphans_removed",
    "warnings",
    "confd_api",
    "diff",
    "unchecked",
)
"""The results of a list that an undo has. The others are about a purge, or for the role."""
UNFINISHED = (
    "{run} has no last line in the journal: it was interrupted, or it is still running. Make sure that it has ended. "
    "Its last request may be missing from the journal. Run an audit to see what it has left."
)


def undo(task: Task) -> Row:
    """Run confd_undo, and return its results. Raises what ``provision`` raises, and InputError for the journal."""
    options = task.options
    server = without_credentials(task.backend.client.connection.base_url)
    run = read_run(options["from_journal"], server, options.get("run"))
    plan = UndoPlan(task, run)
    inner = replace(task, options={**options, "users": plan.entries, "undoes": run.run})
    return carry_out(UndoRun(inner, plan), **plan.results())


UNKNOWN = (
    "The run had no certain answer to {text!r}, and the journal has no id. If the server has carried it out, it stays: "
    "an audit shows it."
)


class UndoPlan:
    """Holds the entries that undo a run.

    entries: what the people were before. skipped: those who were changed since and are left as they are. people: all
    whom the run has touched.
    """

    def __init__(self, task: Task, run: JournalRun) -> None:
        self.run = run
        self.warnings: list[str] = list(run.warnings)
        self.warnings += [] if run.has_ended else [UNFINISHED.format(run=f"Run {run.run}")]
        self.warnings += [UNKNOWN.format(text=printable(text)) for text in _unknown_creations(run)]
        state = ServerState(task.backend).read_snapshot()
        exporter = Exporter(state, with_secrets=False, left_out=())
        try:
            self.people = people_of(run, state, task.options.get("person"))
        except DAMAGED as error:
            raise InputError(
                f"The journal of {run} is damaged: it has values that no run writes ({type(error).__name__}).",
                "Give an undamaged copy of the journal.",
            ) from None
        for person in self.people:
            person.shares_voicemail = shares_voicemail(person, self.people, state)
            person.is_removed_since = bool(person.user_id and not person.is_gone and not state.user(person.user_id))
        wish = task.options.get("changed_since") or FAIL
        others = self._others(state)
        if others and wish != SKIP:
            raise PlanError(_problems_of_others(others))
        changed = self._changed_since(state, exporter, others)
        if changed and wish == FAIL:
            raise PlanError(_problems_of(changed))
        self.skipped = [*others, *changed] if wish == SKIP else []
        going = [person for person in self.people if person not in self.skipped]
        self.lost = [f"{person.label}: {lost}." for person in going for lost in lost_of(person)]
        self.entries = [{**entry, "called": person.label} for person in going if (entry := way_back(person, state))]
        self.free = {number: disabled for person in going for number, disabled in person.free.items()}
        self._made = {
            (each.resource, each.id): each
            for person in going
            for each in person.objects
            if each.is_new and not each.is_gone
        }

    def has_made(self, record: Record) -> bool:
        """Return whether the run has created an object of the server, and not put it back."""
        trace = self._made.get((record.resource.name, record.id))
        return trace is not None and is_the_one_made(trace, record)

    def has_made_any(self, resource: Resource) -> bool:
        """Return whether the run has created objects of a type."""
        return any(name == resource.name for name, _id in self._made)

    def _others(self, state: ServerState) -> dict[Person, User]:
        """Return the people whose ids belong to others now, and those others."""
        found = {person: state.user(person.user_id) for person in self.people if person.user_id and not person.is_gone}
        return {person: user for person, user in found.items() if user and is_somebody_else(person, user)}

    def _changed_since(
        self, state: ServerState, exporter: Exporter, others: Collection[Person]
    ) -> dict[Person, list[Row]]:
        """Return the people whom somebody else has changed since the run, each with the differences.

        others: those whose ids belong to others, who are not compared.
        """
        compare = ChangesSince(state, exporter)
        people = [person for person in self.people if person not in others]
        found = {person: compare.of(person) for person in people}
        for person in people:
            there = user_again(person, state) if person.is_gone else None
            if there and not exporter.obstacle(there):
                found[person] += _beyond(exporter.entry(there), person, str(there))
        return {person: rows for person, rows in found.items() if rows}

    def results(self) -> Row:
        """Return the part of the results that only an undo has."""
        return {
            "undone": {"run": self.run.run, "time": self.run.time, "has_ended": self.run.has_ended},
            "not_restored": self.lost,
            "left_alone": [person.label for person in self.skipped],
        }


@dataclass(eq=False)
class FreeNumber(WorkItem):
    """Represents an extension without an owner that a run has used or deleted."""

    number: str = ""

    @property
    def label(self) -> str:
        return f"extension {self.number}"


class UndoRun(ProvisionRun):
    """Provisions the entries that undo a run, and removes what an interrupted run has created without an owner."""

    def __init__(self, task: Task, undo_plan: UndoPlan) -> None:
        self.undo_plan = undo_plan
        super().__init__(task)

    def _begin(self) -> None:
        super()._begin()
        self.free_numbers: list[FreeNumber] = []
        self._warnings_of_plan.extend(self.undo_plan.warnings)

    @property
    def items(self) -> list[WorkItem]:
        """Return the entries, what the run removes besides, and the numbers of nobody that come back."""
        return [*super().items, *self.free_numbers]

    def report(self) -> Row:
        """Return the results of the list that an undo has. Raises ProvisionError if people failed."""
        try:
            report = super().report()
        except ProvisionError as error:
            error.results = {name: value for name, value in error.results.items() if name in RESULTS}
            raise
        return {name: value for name, value in report.items() if name in RESULTS}

    def _plan_orphans(self) -> None:
        """Plan to remove the users, lines and numbers that the run has made and nobody has, and to bring back the
        numbers that nobody had.
        """
        made = self.undo_plan.has_made
        if self.undo_plan.has_made_any(EXTENSION):
            self.state.read_all_extensions()
        named = {entry.found for entry in self.entries}
        users = [each for each in self.state.users() if made(each) and each not in named]
        lines = [each for each in self.state.lines() if made(each) and not self.state.users_of(each)]
        numbers = [
            each
            for each in self.state.extensions()
            if made(each) and self.state.extension_at(*each.key) is each and not self.state.owner_of(each)
        ]
        orphans = Orphans(users=users, lines=lines, numbers=numbers)
        self.removed_orphans = removals(self.state, self.task.planner.policy, orphans)
        self.plan.batches.extend(Batch(each, each.teardown_operations, optional=True) for each in self.removed_orphans)
        for number, disabled in self.undo_plan.free.items():
            exten, _at, context = number.partition("@")
            if self.state.extension_at(exten, context) is None:
                planner = Planner(self.state, self.task.planner.policy)
                planner.ensure_extension(None, {"exten": exten, "context": context, "commented": disabled})
                item = FreeNumber(number=number)
                item.build_operations = planner.operations
                self.free_numbers.append(item)
                self.plan.batches.append(Batch(item, item.build_operations, optional=True))


def _unknown_creations(run: JournalRun) -> list[str]:
    """Return the creations, in words, of which nobody knows whether the server has carried them out."""
    writes = [row for item in run.items.values() for row in item.writes]
    known = {row.get("operation") for row in writes if row.get("id") is not None}
    lost = [row for row in writes if row.get("action") == "create" and row.get("operation") not in known]
    return list(dict.fromkeys(str(row.get("text")) for row in lost if row.get("outcome") != DONE))


def _beyond(entry: Row, person: Person, subject: str) -> list[Row]:
    """Return what somebody who was removed and is there again has, and did not have before the run."""
    before = person.found or {}
    rows = []
    for key, value in entry.items():
        parts = value.items() if isinstance(value, dict) else [(None, value)]
        for name, each in parts:
            was = before.get(key)
            if name is not None:
                was = was.get(name) if isinstance(was, dict) else None
            if each != was and (key, name) not in (("line", "username"), ("line", "callerid")):
                field = key if name is None else f"{key}.{name}"
                rows.append({"object": subject, "field": field, "found": each, "left": None})
    return rows


def _problems_of_others(others: dict[Person, User]) -> list[str]:
    """Return a sentence for each person whose id belongs to somebody else, and what to do."""
    problems = [f"{person.label}: the id is now that of {user}." for person, user in others.items()]
    return [*problems[:-1], f"{problems[-1]} {OTHERS}"]


def _problems_of(changed: dict[Person, list[Row]]) -> list[str]:
    """Return a sentence for each person who was changed since the run, and what to do."""
    problems = [f"{person.label}: {'; '.join(_words(rows))}." for person, rows in changed.items()]
    return [*problems[:-1], f"{problems[-1]} {CHANGED_SINCE}"]


def _words(rows: Sequence[Row]) -> Iterable[str]:
    for row in rows:
        found, left = (one_line(shown(row[side]) or "nothing", LONGEST) for side in ("found", "left"))
        yield f"{row['field']} of {row['object']} is {found}, and the run left {left}"
