# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a whole list of entries: all conflicts are found before the first write, and entries that give something up
come before those that get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from .._model.errors import PlanError
from .._operations.base import Operation
from .._plan.base import PlanPolicy
from .._plan.leavers import DESCRIPTION, LOGIN_SWITCH, USER_SWITCH, is_marked
from .._plan.planner import Planner
from .._state.state import ServerState
from .claims import LOGIN_KEY, Claims
from .entries import Disabling, Entry, record_error
from .entry_planner import Builder
from .linking import Linker
from .order import Phase, phases_of, waits_for
from .recovery import remove_leftovers
from .release import Releaser
from .validation import refuse_conflicts
from .work_items import WorkItem, depends_on

READ_ALL_ABOVE = 20
"""Up to this number of objects, one request for each is faster than a list of all."""


@dataclass
class Batch:
    """Holds operations of one item that are carried out together.

    links: whether these are the linking operations, which begin when all others have ended. independent: of the
    operations of other items, they need only teardowns, and changes of numbers in place. optional: a refusal by confd
    is a warning and not a failure.
    """

    item: WorkItem
    operations: list[Operation]
    independent: bool = False
    optional: bool = False
    links: bool = False


@dataclass
class ListPlan:
    """Holds the entries of a list, and the batches of a run in order."""

    entries: list[Entry]
    batches: list[Batch] = field(default_factory=list)
    has_gaps: bool = False
    """Whether operations of entries that failed while they were planned are in the state, but not in the batches."""

    @property
    def problems(self) -> list[str]:
        """Return the problems of all entries, one string each."""
        return [f"{entry}: {entry.problem}" for entry in self.entries if entry.problem]


def plan_entries(
    state: ServerState,
    entries: Sequence[Entry],
    policy: PlanPolicy | None = None,
    continue_on_error: bool = False,
    reset_device: bool = False,
) -> ListPlan:
    """Plan a list of identified entries. The state has read its snapshot.

    reset_device: put a phone into autoprov if its number has to be dissociated from its line.
    Raises PlanError with all problems of the list. With ``continue_on_error``, entries with problems have no operations
    instead.
    """
    plan = ListPlan(list(entries))
    _read_ahead(entries, state)
    claims = Claims(entries, state)
    policy = policy or PlanPolicy()
    refuse_conflicts(entries, state, claims, Planner(state, policy))
    conflicts = len(plan.problems)
    # Also for a list with conflicts, so that the problems of its other entries are reported in the same run.
    _ListPlanner(state, policy, claims, reset_device).fill(plan)
    plan.has_gaps = len(plan.problems) > conflicts
    if plan.problems and not continue_on_error:
        raise PlanError(plan.problems)
    return plan


def _read_ahead(entries: Sequence[Entry], state: ServerState) -> None:
    """Read what many entries need: the whole lists of voicemails and devices are faster than one request for each."""
    if sum(entry.voicemail is not None for entry in entries) > READ_ALL_ABOVE:
        state.voicemails.read_all()
    state.load_numbers_of([entry.found for entry in entries if entry.active and entry.absent and entry.found])
    if sum(entry.device_mac is not None for entry in entries if entry.active) > READ_ALL_ABOVE:
        state.read_devices()


# The plan itself


class _ListPlanner:
    """Fills a plan: removals, then the entries that others wait for, then the others, which are independent.

    At last, everybody gets what leads to others, in the order of the list.
    """

    def __init__(self, state: ServerState, policy: PlanPolicy, claims: Claims, reset_device: bool) -> None:
        self.state = state
        self.policy = policy
        self.releaser = Releaser(state, claims, reset_device)
        self.builder = Builder(state, claims, self.releaser)
        self.linker = Linker(state)

    def fill(self, plan: ListPlan) -> None:
        self._plan_leavers(plan)
        active = [entry for entry in plan.entries if entry.active and not entry.disables]
        awaited = {each for entry in active for each in waits_for(entry)}
        absent = [entry for entry in active if entry.absent and entry.found]
        first = [*absent, *(entry for entry in active if entry in awaited and not entry.absent)]
        rest = [entry for entry in active if entry not in awaited and not entry.absent]
        phases = phases_of(first, self.releaser.has_phone)
        for phase in phases:
            self._plan_phase(phase)
        for entry in rest:
            self._plan(entry, entry.build_operations, self.builder.build)
        self._fail_dependents(active)
        self.linker.look_at(plan.entries)
        linking = [entry for entry in active if not entry.absent and self.linker.concerns(entry)]
        for entry in linking:
            self._plan(entry, entry.linking_operations, self.linker.link)
        self._fail_dependents(active)
        ordered = [*self._first_batches(plan, phases), *(Batch(each.entry, _operations_of(each)) for each in phases)]
        last = [entry for entry in rest if entry in self.builder.sharers]
        independent = [entry for entry in rest if entry not in self.builder.sharers]
        batches = chain(
            ordered,
            (Batch(entry, entry.build_operations, independent=True) for entry in independent),
            (Batch(entry, entry.build_operations) for entry in last),
            (Batch(entry, entry.linking_operations, independent=True, links=True) for entry in linking),
        )
        plan.batches = [batch for batch in batches if batch.item.active and batch.operations]

    def _plan_leavers(self, plan: ListPlan) -> None:
        """Plan who is disabled, and who is enabled again because the list has the user again."""
        for entry in plan.entries:
            if entry.disables:
                self._plan(entry, entry.build_operations, partial(self._disable, entry.disables))
            elif entry.active and not entry.absent and entry.found:
                if is_marked(entry.found):
                    self._plan(entry, entry.teardown_operations, self._enable)
                else:
                    self._fail_dependents([entry])

    def _first_batches(self, plan: ListPlan, phases: Iterable[Phase]) -> list[Batch]:
        """Return the batches of those who are disabled or enabled again, except those who release something as well."""
        releasing = {phase.entry for phase in phases if phase.releases or phase.entry.absent}
        disabled = [Batch(entry, entry.build_operations) for entry in plan.entries if entry.disables]
        returning = [entry for entry in plan.entries if not entry.disables and entry not in releasing]
        return [*disabled, *(Batch(entry, entry.teardown_operations) for entry in returning)]

    def _disable(self, disabling: Disabling, entry: Entry, planner: Planner) -> None:
        if entry.found:
            planner.refuse_shared_lines(entry.found)
            warning = planner.disable_user(entry.found, disabling.since, disabling.must_lock)
            entry.warnings.extend([warning] if warning else [])

    def _enable(self, entry: Entry, planner: Planner) -> None:
        if entry.found:
            planner.enable_user(entry.found, _managed_by(entry))
        if entry.found and planner.operations:
            line = self.state.line_of(entry.found)
            code = f" with the code {line['provisioning_extension']}" if line and line["provisioning_extension"] else ""
            entry.warnings.append(
                f"{entry.found} was disabled by a purge and is enabled again, with a new SIP secret. "
                f"Provision the phone again{code}."
            )

    def _plan_phase(self, phase: Phase) -> None:
        entry = phase.entry
        if entry.absent:
            self._plan(entry, entry.teardown_operations, self._remove)
        elif phase.releases:
            self._plan(entry, entry.teardown_operations, self.releaser.release)
        else:
            self._plan(entry, entry.build_operations, self.builder.build)

    def _plan(self, entry: Entry, operations: list[Operation], act: Callable[[Entry, Planner], None]) -> None:
        self._fail_dependents([entry])
        if entry.active:
            planner = Planner(self.state, self.policy)
            record_error(entry, partial(act, entry, planner))
            operations.extend(planner.operations)

    def _fail_dependents(self, entries: Iterable[Entry]) -> None:
        """Fail the entries that need something of an entry that cannot be planned."""
        waiting = [entry for entry in entries if entry.active and (entry.waits_for or entry.links_to)]
        while True:
            needs = {entry: entry.waits_for | entry.links_to for entry in waiting if entry.active}
            stuck = [entry for entry, needed in needs.items() if not all(each.active for each in needed)]
            if not stuck:
                return
            for entry in stuck:
                entry.fail(depends_on(each for each in needs[entry] if not each.active))

    def _remove(self, entry: Entry, planner: Planner) -> None:
        if entry.found:
            remove_leftovers(planner, entry, entry.found)
            planner.remove_user(entry.found)


def _managed_by(entry: Entry) -> list[str]:
    """Return what an entry decides about itself, as the mark of a leaver calls it."""
    login = entry.parts.get(LOGIN_KEY, {})
    given = (
        (DESCRIPTION, "description" in entry.user),
        (USER_SWITCH, "enabled" in entry.user),
        (LOGIN_SWITCH, "enabled" in login or login.get("username") == ""),
    )
    numbers = ["@".join(number) for number in entry.numbers if entry.manages_commented(number)]
    return [*(name for name, is_given in given if is_given), *numbers]


def _operations_of(phase: Phase) -> list[Operation]:
    is_first = phase.releases or phase.entry.absent
    return phase.entry.teardown_operations if is_first else phase.entry.build_operations
