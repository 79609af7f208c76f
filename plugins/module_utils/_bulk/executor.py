# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out the plan of a list batch by batch, undoes failed items, and verifies the numbers at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from threading import Lock, local

from .._backends.base import Backend
from .._model.errors import ConfdError, RefusedError
from .._model.texts import counted
from .._operations.apply import apply
from .._operations.base import Operation
from .._state.state import ServerState
from .._tasks.progress import ProgressReport
from .._tasks.task import Task
from .batch_create import BatchOutcome, UserCreation, create, user_creation_of
from .history import RunHistory
from .planner import Batch, ListPlan
from .work_items import WorkItem


@dataclass
class CreationBlock:
    """Holds new users whom one request creates, each with the batch of the plan that creates it."""

    members: dict[UserCreation, Batch]


class ListRun:
    """Carries out the plan of a list, alone or with several workers."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.workers = max(1, task.options.get("max_workers") or 1)
        self.history = RunHistory(bool(task.options.get("continue_on_error")))
        self._unseen: dict[UserCreation, WorkItem] = {}
        self._largest_block = max(1, task.backend.batch_size)
        self._progress = Progress(task.report_progress)

    def apply(self, plan: ListPlan) -> None:
        """Carry out all batches. An item that fails is undone, and ends the run unless ``continue_on_error`` is set.

        Teardowns, moving numbers and shared voicemails depend on an order, so they are carried out one after the
        other. Independent builds are divided among the workers, each with a session of its own; the linking operations
        as well, after all builds. Those of one user are one batch, so they never have two writers.
        """
        self._progress.begin(plan.batches)
        grouped = group_batches(self.task.backend, plan.batches)
        for (independent, _links), work in groupby(grouped, _kind_of):
            if independent and self.workers > 1:
                self._apply_in_parallel(list(work))
            else:
                for each in work:
                    self._apply(each, self.task.backend)
        self.history.put_back_unfinished(_unfinished(plan.batches, self.history), self.task.backend)
        self._progress.end()

    def verify(self) -> None:
        """Read the lists again; look for what another run did, and at the users that no answer has shown."""
        if not self.history.needs_verification(self.task.backend):
            return
        state = ServerState(self.task.backend).read_snapshot()
        self._verify_unseen(state)
        self.history.verify(state, self.task.backend)

    def _verify_unseen(self, state: ServerState) -> None:
        if any(creation.voicemail for creation in self._unseen):
            state.voicemails.read_all()
        for creation, item in self._unseen.items():
            if item.active:
                try:
                    voicemail = creation.voicemail.voicemail if creation.voicemail else None
                    sharers = self.history.users_given(voicemail) if voicemail else ()
                    creation.check(state, self.task.backend, sharers)
                except ConfdError as error:
                    self.history.fail(item, error, self.task.backend)

    def _apply_in_parallel(self, work: Sequence[Batch | CreationBlock]) -> None:
        own = local()
        opened: list[Backend] = []
        lock = Lock()

        def apply_one(each: Batch | CreationBlock) -> None:
            if not hasattr(own, "backend"):
                own.backend = self.task.open_backend()
                with lock:
                    opened.append(own.backend)
            self._apply(each, own.backend)

        try:
            with ThreadPoolExecutor(self.workers) as pool:
                list(pool.map(apply_one, work))
        finally:
            for backend in opened:
                backend.client.close()

    def _apply(self, each: Batch | CreationBlock, backend: Backend) -> None:
        if isinstance(each, CreationBlock):
            self._apply_block(each.members, backend)
        else:
            self._apply_batch(each, backend)

    def _apply_batch(self, batch: Batch, backend: Backend) -> None:
        if self.history.may_begin(batch.item, backend, batch.links):
            self._attempt(batch, backend, lambda done: apply(backend, batch.operations, done))

    def _apply_block(self, members: dict[UserCreation, Batch], backend: Backend) -> None:
        """Create several users with one request. Only the items whose user cannot be created fail.

        After a time-out, the following blocks are half as large.
        """
        if len(members) > self._largest_block:
            items, size = list(members.items()), self._largest_block
            for at in range(0, len(items), size):
                self._apply_block(dict(items[at : at + size]), backend)
            return
        ready = {each: batch for each, batch in members.items() if self.history.may_begin(batch.item, backend)}
        outcome = create(backend, list(ready)) if ready else BatchOutcome()
        if outcome.timed_out:
            self._largest_block = max(1, min(self._largest_block, len(ready) // 2))
        for creation in outcome.created:
            if not creation.is_shown:
                self._unseen[creation] = ready[creation].item
            # Also if another entry has ended the run: the user exists, and must not stay incomplete.
            self._attempt(ready[creation], backend, partial(creation.finish, backend))
        if outcome.retry:
            self._apply_block(self._before_failures(ready, outcome.retry), backend)
        for creation, error in outcome.failed.items():
            if self.history.may_begin(ready[creation].item, backend):
                self.history.fail(ready[creation].item, error, backend)
                self._progress.advance(ready[creation].item)
        for creation in outcome.one_by_one:
            self._apply_batch(ready[creation], backend)

    def _before_failures(
        self, ready: dict[UserCreation, Batch], retry: Sequence[UserCreation]
    ) -> dict[UserCreation, Batch]:
        """Return the users to create: all that have not failed, or only those before a failure that ends the run."""
        kept = {}
        for creation, batch in ready.items():
            if creation in retry:
                kept[creation] = batch
            elif not self.history.continue_on_error:
                break
        return kept

    def _attempt(self, batch: Batch, backend: Backend, act: Callable[[list[Operation]], None]) -> None:
        item = batch.item
        try:
            act(self.history.operations_of(item))
        except ConfdError as error:
            if batch.optional and isinstance(error, RefusedError):
                item.warnings.append(f"{item.label} was not removed: {error}")
            else:
                self.history.fail(item, error, backend)
        self._progress.advance(item)


def group_batches(backend: Backend, batches: Sequence[Batch]) -> list[Batch | CreationBlock]:
    """Return the batches in order, with the new users grouped into blocks in front of the first independent batch."""
    independent = [batch for batch in batches if batch.independent]
    many = [(creation, batch) for batch in independent if (creation := user_creation_of(backend, batch.operations))]
    size = backend.batch_size
    if min(len(many), size) < 2:
        many = []
    in_blocks = {id(batch) for _creation, batch in many}
    alone = [
        (creation, batch)
        for batch in independent
        if id(batch) not in in_blocks and (creation := user_creation_of(backend, batch.operations, alone=True))
    ]
    if not many and not alone:
        return list(batches)
    blocks = [
        *(CreationBlock(dict(many[at : at + size])) for at in range(0, len(many), size)),
        *(CreationBlock({creation: batch}) for creation, batch in alone),
    ]
    first = next(at for at, batch in enumerate(batches) if batch.independent)
    grouped = {id(batch) for _creation, batch in (*many, *alone)}
    return [*batches[:first], *blocks, *(batch for batch in batches[first:] if id(batch) not in grouped)]


def _kind_of(work: Batch | CreationBlock) -> tuple[bool, bool]:
    """Return whether batches are independent of each other, and whether they link."""
    if isinstance(work, CreationBlock):
        return True, False
    return work.independent, work.links


def _unfinished(batches: Iterable[Batch], history: RunHistory) -> set[WorkItem]:
    """Return the items of batches that were not carried out."""
    return {
        batch.item
        for batch in batches
        if not all(history.is_performed(batch.item, operation) for operation in batch.operations)
    }


class Progress:
    """Reports how many items of a run have ended, how many of them have failed, and how long the others will take."""

    def __init__(self, report: Callable[[str], None] | None) -> None:
        self._report = ProgressReport(report, self._words)
        self._total = 0
        self._finished: set[WorkItem] = set()
        self._batches = 0
        self._ended_batches = 0

    def begin(self, batches: Sequence[Batch]) -> None:
        self._total = len({batch.item for batch in batches})
        self._batches = len(batches)
        self._report.begin()

    def advance(self, item: WorkItem) -> None:
        """Note that a batch of an item has ended."""
        self._finished.add(item)
        self._ended_batches += 1
        self._report.say_in_turn()

    def end(self) -> None:
        self._report.say()

    def _words(self) -> str:
        if not self._total:
            return ""
        failed = sum(1 for item in tuple(self._finished) if item.problem)
        total = counted(self._total, "entry with changes", "entries with changes")
        ended = len(self._finished)
        # An item can have several batches, the last of which come after those of all others.
        speed = self._report.speed(ended, min(self._ended_batches / self._batches, 1.0))
        return f"{ended} of {total}, {failed} failed{speed}"
