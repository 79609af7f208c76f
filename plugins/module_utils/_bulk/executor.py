# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries the plan of a list out: entry by entry, failures cleaned up, numbers verified at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from threading import Lock, local

from .._backends.base import Backend
from .._model.errors import ConfdError, RefusedError
from .._model.records import id_of
from .._operations.apply import apply, rollback
from .._operations.associations import AssociateLineExtension
from .._operations.base import Operation
from .._state.state import ServerState
from .._tasks.task import Task
from .batch_create import Outcome, Whole, create, whole_of
from .entries import Entry
from .planner import Batch, ListPlan, describe_entries

PROGRESS_INTERVAL = 2.0
"""Seconds between two reports of a long run."""


@dataclass
class Block:
    """New users whom one request makes, and the batches that they are."""

    members: dict[Whole, Batch]


class ListRun:
    """One run of a plan; knows what was done for whom."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.state = task.state
        self.continue_on_error = bool(task.options.get("continue_on_error"))
        self.workers = max(1, task.options.get("max_workers") or 1)
        self.done: dict[Entry, list[Operation]] = {}
        self.unseen: dict[Whole, Entry] = {}
        self.stopped = False
        self._progress = Progress(task.report_progress)

    def apply(self, plan: ListPlan) -> None:
        """All batches; an entry that fails takes back what it made, and stops the run unless told otherwise.

        What depends on an order (releases, numbers that move, voicemails of two) goes one after another; what is built
        independently may be spread over workers, each with a session of its own.
        """
        self._progress.begin(plan.batches)
        for independent, work in groupby(in_blocks(self.task.backend, plan.batches), key=_is_independent):
            if independent and self.workers > 1:
                self._apply_in_parallel(list(work))
            else:
                for each in work:
                    self._apply(each, self.task.backend)
        self._progress.end()

    def verify(self, entries: Iterable[Entry]) -> None:
        """After new associations: is every number on one line, and is there what no answer showed?

        Where two runs raced for a number, the lowest line id wins.
        """
        fresh = {
            operation.extension.key: entry
            for entry in entries
            for operation in self.done.get(entry, ())
            if entry.active and isinstance(operation, AssociateLineExtension)
        }
        if not fresh:
            return
        state = ServerState(self.task.backend).read_snapshot()
        self._verify_unseen(state)
        for key, lines in state.lines_by_number().items():
            entry = fresh.get(key)
            own = self.state.line_of(entry.found) if entry and entry.found else None
            lowest = min(lines, key=id_of)
            if entry and own and len(lines) > 1 and lowest.id != own.id:
                self._fail(
                    entry,
                    f"{key[0]}@{key[1]} was put on {lowest} by somebody else at the same moment. "
                    "Run again once the other run has ended.",
                    self.task.backend,
                )

    def counts(self, entry: Entry, operation: Operation) -> bool:
        """Whether a step is a change of this run: planned in check mode, performed and not taken back otherwise."""
        if self.task.check_mode:
            return entry.active
        return any(operation is each for each in self.done.get(entry, ()))

    def is_done(self, entry: Entry) -> bool:
        """Whether all steps of an entry are a change of this run."""
        return self.task.check_mode or len(self.done.get(entry, ())) == len(entry.operations)

    def _verify_unseen(self, state: ServerState) -> None:
        if any(whole.voicemail for whole in self.unseen):
            state.voicemails.read_all()
        for whole, entry in self.unseen.items():
            if entry.active:
                try:
                    whole.check(state, self.task.backend)
                except ConfdError as error:
                    self._fail(entry, error, self.task.backend)

    def _apply_in_parallel(self, work: Sequence[Batch | Block]) -> None:
        own = local()
        opened: list[Backend] = []
        lock = Lock()

        def apply_one(each: Batch | Block) -> None:
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

    def _apply(self, each: Batch | Block, backend: Backend) -> None:
        if isinstance(each, Block):
            self._apply_block(each.members, backend)
        else:
            self._apply_batch(each, backend)

    def _apply_batch(self, batch: Batch, backend: Backend) -> None:
        if self._may_begin(batch, backend):
            self._attempt(batch, backend, lambda done: apply(backend, batch.operations, done))

    def _apply_block(self, members: dict[Whole, Batch], backend: Backend) -> None:
        """Make some new users at once. One who cannot be made fails alone, and counts as if it were its turn."""
        ready = {whole: batch for whole, batch in members.items() if self._may_begin(batch, backend)}
        outcome = create(backend, list(ready)) if ready else Outcome()
        for whole in outcome.made:
            if not whole.is_shown:
                self.unseen[whole] = ready[whole].entry
            # Also when another entry has stopped the run: it is there, and must not stay half made.
            self._attempt(ready[whole], backend, partial(whole.finish, backend))
        if outcome.again:
            self._apply_block(self._before_failures(ready, outcome.again), backend)
        for whole, error in outcome.failed.items():
            if self._may_begin(ready[whole], backend):
                self._fail(ready[whole].entry, error, backend)
                self._progress.advance(ready[whole].entry)
        for whole in outcome.single:
            self._apply_batch(ready[whole], backend)

    def _before_failures(self, ready: dict[Whole, Batch], again: Sequence[Whole]) -> dict[Whole, Batch]:
        """Who is still made where some fail: all others, or those whose turn was before, where a failure stops."""
        kept = {}
        for whole, batch in ready.items():
            if whole in again:
                kept[whole] = batch
            elif not self.continue_on_error:
                break
        return kept

    def _may_begin(self, batch: Batch, backend: Backend) -> bool:
        entry = batch.entry
        if self.stopped or not entry.active:
            return False
        failed = {need for need in entry.needs if not need.active}
        if failed:
            self._fail(entry, f"waits for a number of {describe_entries(failed)}.", backend)
        return not failed

    def _attempt(self, batch: Batch, backend: Backend, act: Callable[[list[Operation]], None]) -> None:
        entry = batch.entry
        try:
            act(self.done.setdefault(entry, []))
        except RefusedError as error:
            if not batch.optional:
                self._fail(entry, error, backend)
            else:
                entry.warnings.append(f"{entry.label} was left alone: {error}")
        except ConfdError as error:
            self._fail(entry, error, backend)
        self._progress.advance(entry)

    def _fail(self, entry: Entry, problem: object, backend: Backend) -> None:
        left = rollback(backend, self.done.get(entry, []), problem)
        entry.fail(f"{problem} Left behind: {'; '.join(left)}." if left else problem)
        self.stopped = not self.continue_on_error


def in_blocks(backend: Backend, batches: Sequence[Batch]) -> list[Batch | Block]:
    """The batches in their order, but first of the independent ones the new users, as many of them as go together."""
    independent = [(whole_of(backend, batch.operations), batch) for batch in batches if batch.independent]
    members = [(whole, batch) for whole, batch in independent if whole]
    if not members:
        return list(batches)
    size = backend.batch_size
    blocks = [Block(dict(members[at : at + size])) for at in range(0, len(members), size)]
    first = next(at for at, batch in enumerate(batches) if batch.independent)
    taken = {id(batch) for _whole, batch in members}
    return [*batches[:first], *blocks, *(batch for batch in batches[first:] if id(batch) not in taken)]


def _is_independent(each: Batch | Block) -> bool:
    return isinstance(each, Block) or each.independent


class Progress:
    """Says every few seconds how far a long run is."""

    def __init__(self, report: Callable[[str], None] | None) -> None:
        self._report = report
        self._total = 0
        self._finished: set[Entry] = set()
        self._last = time.monotonic()

    def begin(self, batches: Iterable[Batch]) -> None:
        self._total = len({batch.entry for batch in batches})
        self._say()

    def advance(self, entry: Entry) -> None:
        """An entry has got further."""
        self._finished.add(entry)
        if time.monotonic() - self._last >= PROGRESS_INTERVAL:
            self._say()

    def end(self) -> None:
        self._say()

    def _say(self) -> None:
        self._last = time.monotonic()
        if self._report and self._total:
            failed = sum(1 for entry in tuple(self._finished) if entry.problem)
            self._report(f"{len(self._finished)} of {self._total} entries with changes, {failed} failed")
