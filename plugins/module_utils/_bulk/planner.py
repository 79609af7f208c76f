# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans a whole list of entries: all conflicts are found before the first write, and releases come before builds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .._model.errors import ConflictError, PlanError
from .._model.numbers import ExtensionKey
from .._model.records import Device, Extension, Line, User
from .._operations.base import Operation
from .._plan.base import PlanPolicy
from .._plan.planner import Planner
from .._state.state import ServerState
from .entries import Entry, record_error
from .entry_planner import Builder, SharedVoicemails
from .recovery import numbers_taken_off, remove_leftovers
from .validation import refuse_conflicts, refuse_incall_of_shared_line
from .work_items import WorkItem, depends_on

READ_ALL_ABOVE = 20
"""Up to this number of objects, one request for each is faster than a list of all."""


@dataclass
class Batch:
    """Holds operations of one item that are carried out together.

    independent: of the operations of other items, they need only teardowns, and changes of numbers in place. optional:
    a refusal by confd is a warning and not a failure.
    """

    item: WorkItem
    operations: list[Operation]
    independent: bool = False
    optional: bool = False


@dataclass
class ListPlan:
    """Holds the entries of a list, and the batches of a run in order."""

    entries: list[Entry]
    batches: list[Batch] = field(default_factory=list)

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
    refuse_conflicts(entries, state)
    _read_ahead(entries, state)
    if not plan.problems or continue_on_error:
        _ListPlanner(state, policy or PlanPolicy(), reset_device).fill(plan)
    if plan.problems and not continue_on_error:
        raise PlanError(plan.problems)
    return plan


def _read_ahead(entries: Sequence[Entry], state: ServerState) -> None:
    """Read the whole lists of voicemails and devices if many entries need them: faster than one request for each."""
    if sum(entry.voicemail is not None for entry in entries) > READ_ALL_ABOVE:
        state.voicemails.read_all()
    if sum(entry.device_mac is not None for entry in entries if entry.active) > READ_ALL_ABOVE:
        state.read_devices()


# The plan itself


class _ListPlanner:
    """Fills a plan: removals, then other teardowns, then numbers that change in place, then builds."""

    def __init__(self, state: ServerState, policy: PlanPolicy, reset_device: bool) -> None:
        self.state = state
        self.policy = policy
        self.reset_device = reset_device
        self.shared = SharedVoicemails()
        self.builder = Builder(state, self.shared)

    def fill(self, plan: ListPlan) -> None:
        absent = [entry for entry in plan.entries if entry.absent]
        present = [entry for entry in plan.entries if not entry.absent]
        for entry in absent:
            if entry.found and entry.active:
                self._plan(entry, entry.teardown_operations, self._remove)
        for entry in present:
            self._plan(entry, entry.teardown_operations, self._release)
        voicemail_movers = self._move_voicemails([entry for entry in present if self._moves_voicemail(entry)])
        movers = self._move_numbers([entry for entry in present if self._moves_in_place(entry)])
        moved = set(movers)
        others = [entry for entry in present if entry not in moved]
        for entry in [*movers, *others]:
            self._plan(entry, entry.build_operations, self.builder.build)
        self._fail_dependents(plan.entries)
        builders = [entry for entry in others if entry.active and entry.build_operations]
        last = self._last(builders)
        # An entry may free the number that another entry moves to.
        releasers = [*absent, *(entry for entry in present if entry not in voicemail_movers), *voicemail_movers]
        plan.batches = [
            *(
                Batch(entry, entry.teardown_operations)
                for entry in releasers
                if entry.active and entry.teardown_operations
            ),
            *(Batch(entry, entry.build_operations) for entry in movers if entry.active and entry.build_operations),
            *(Batch(entry, entry.build_operations, independent=True) for entry in builders if entry not in last),
            *(Batch(entry, entry.build_operations) for entry in builders if entry in last),
        ]

    def _last(self, builders: Sequence[Entry]) -> set[Entry]:
        """Return the entries that depend on the outcome of the builds of another entry."""
        known = set(builders)
        return {entry for entry in builders if entry in self.shared.sharers or not entry.waits_for.isdisjoint(known)}

    def _plan(self, entry: Entry, operations: list[Operation], act: Callable[[Entry, Planner], None]) -> None:
        self._fail_dependents([entry])
        if entry.active:
            planner = Planner(self.state, self.policy)
            record_error(entry, partial(act, entry, planner))
            operations.extend(planner.operations)

    def _fail_dependents(self, entries: Iterable[Entry]) -> None:
        """Fail the entries that need a number or voicemail of an entry that cannot be planned."""
        waiting = [entry for entry in entries if entry.active]
        while True:
            stuck = [entry for entry in waiting if entry.active and not all(each.active for each in entry.waits_for)]
            if not stuck:
                return
            for entry in stuck:
                entry.fail(depends_on(each for each in entry.waits_for if not each.active))

    def _remove(self, entry: Entry, planner: Planner) -> None:
        if entry.found:
            remove_leftovers(planner, entry, entry.found)
            planner.remove_user(entry.found)

    # Releases

    def _release(self, entry: Entry, planner: Planner) -> None:
        user = entry.found
        if user is None:
            return
        self._refuse_shared_line(entry, user)
        if entry.incalls is not None:
            for extension in list(self.state.incalls_of(user)):
                if extension.key not in entry.incalls:
                    refuse_incall_of_shared_line(self.state, user, self.state.line_of(user), extension.key)
                    planner.dissociate_incall(user, extension)
                    planner.delete_extension(extension)
        number = self.state.extension_of_user(user)
        if number and entry.number and number["context"] != entry.number[1]:
            self._give_back_number(entry, planner)
        for extension in numbers_taken_off(self.state, user) if entry.number and not number else ():
            if extension.key != entry.number:
                planner.delete_extension(extension, leftover=True)

    def _refuse_shared_line(self, entry: Entry, user: User) -> None:
        line = self.state.line_of(user)
        number = self.state.extension_of(line) if line else None
        if (
            line
            and self.state.main_user_of(line) is not user
            and entry.number
            and (not number or number.key != entry.number)
        ):
            raise ConflictError(
                f"{line} belongs to {self.state.main_user_of(line)}. {user} is a secondary user of the line and cannot "
                "change its number.",
                f"Dissociate {user} from the line first, with confd_user_line.",
            )

    def _give_back_number(self, entry: Entry, planner: Planner) -> None:
        user = entry.found
        line = self.state.line_of(user) if user else None
        number = self.state.extension_of(line) if line else None
        if user and line and number:
            others = [each for each in self.state.lines_of_extension(number) if each is not line]
            planner.refuse_shared_number(user, number, others)
            self._free_of_phone(line, number, planner)
            planner.dissociate_line_extension(line, number)
            planner.delete_extension(number)

    def _free_of_phone(self, line: Line, number: Extension, planner: Planner) -> None:
        if self.state.device_of(line) and not self.reset_device:
            raise ConflictError(
                f"{number} cannot be dissociated from {line} while the line has a phone (device {line.device_id}).",
                "Set reset_device: true to put the phone into autoprov. Its user then has to dial the code again.",
            )
        planner.reset_line_device(line)

    # Numbers that move within their context

    def _moves_in_place(self, entry: Entry) -> bool:
        number = self.state.extension_of_user(entry.found) if entry.found and entry.active else None
        return bool(number and entry.number and number["context"] == entry.number[1] and number.key != entry.number)

    def _move_numbers(self, waiting: Sequence[Entry]) -> list[Entry]:
        """Plan the moves in an order in which every new number is free. Return the entries in that order."""
        wanting = {entry.number: entry for entry in waiting}
        moved: list[Entry] = []
        for entry in waiting:
            if entry.number in wanting and self._is_free(entry):
                moved.extend(self._move_in_order(entry, wanting))
        self._fail_dependents(wanting.values())
        for entry in waiting:
            if entry.number in wanting and entry.active:
                moved.extend(self._break_cycle(entry, wanting))
        return moved

    def _move_in_order(self, entry: Entry | None, wanting: dict[ExtensionKey | None, Entry]) -> list[Entry]:
        """Plan the move of an entry to a free number, then of the entry that moves to the freed number, and so on."""
        chain: list[Entry] = []
        while entry and self._is_free(entry):
            del wanting[entry.number]
            freed = self._number_of(entry)
            self._plan(entry, entry.build_operations, self._move_number)
            chain.append(entry)
            entry = wanting.get(freed)
        return chain

    def _break_cycle(self, entry: Entry, wanting: dict[ExtensionKey | None, Entry]) -> list[Entry]:
        """Plan the moves of entries that exchange numbers: one frees its number, and gets the new one at the end."""
        circle = self._cycle(entry, wanting)
        parked = min([each for each in circle if not self._has_phone(each)] or circle, key=lambda each: each.index)
        freed = self._number_of(parked)
        self._plan(parked, parked.teardown_operations, self._give_back_number)
        self._fail_dependents(circle)
        del wanting[parked.number]
        return self._move_in_order(wanting.get(freed), wanting)

    def _cycle(self, entry: Entry, wanting: dict[ExtensionKey | None, Entry]) -> list[Entry]:
        circle = [entry]
        successor = wanting.get(self._number_of(entry))
        while successor and successor is not entry:
            circle.append(successor)
            successor = wanting.get(self._number_of(successor))
        return circle

    def _number_of(self, entry: Entry) -> ExtensionKey | None:
        """Return the number that an entry has according to the plan so far."""
        number = self.state.extension_of_user(entry.found) if entry.found else None
        return number.key if number else None

    def _is_free(self, entry: Entry) -> bool:
        occupant = self.state.extension_at(*entry.number) if entry.number else None
        return occupant is None or self.state.owner_of(occupant) is None

    def _has_phone(self, entry: Entry) -> bool:
        line = self.state.line_of(entry.found) if entry.found else None
        return bool(line and self.state.device_of(line))

    def _move_number(self, entry: Entry, planner: Planner) -> None:
        number = self.state.extension_of_user(entry.found) if entry.found else None
        line = self.state.line_of(entry.found) if entry.found else None
        if number and line:
            planner.ensure_extension(number, entry.number_values)
            device_id = self.state.device_of(line)
            if device_id:
                planner.synchronize_device(Device(device_id))

    # Voicemails that change their number

    def _moves_voicemail(self, entry: Entry) -> bool:
        if not entry.active or entry.voicemail is None or entry.found is None:
            return False
        current = self.state.voicemails.of(entry.found)
        return current is not None and current.key != entry.voicemail_key

    def _move_voicemails(self, waiting: Sequence[Entry]) -> dict[Entry, None]:
        """Plan the moves of voicemails before other changes, each to a free number.

        Otherwise an entry could find the voicemail of another user at its own number. Return the entries whose
        voicemail moves, in that order.
        """
        moved: dict[Entry, None] = {}
        wanting = {entry.voicemail_key: entry for entry in reversed(waiting)}
        for first in waiting:
            entry: Entry | None = first
            while entry and entry.voicemail_key and self.state.voicemails.at(*entry.voicemail_key) is None:
                current = self.state.voicemails.of(entry.found) if entry.found else None
                freed = current.key if current else None
                self._plan(entry, entry.teardown_operations, self._move_voicemail)
                moved[entry] = None
                entry = wanting.get(freed)
        return moved

    def _move_voicemail(self, entry: Entry, planner: Planner) -> None:
        current = self.state.voicemails.of(entry.found) if entry.found else None
        if entry.found and current and entry.voicemail_key:
            number, context = entry.voicemail_key
            self.shared.claim(current, entry)
            planner.ensure_voicemail(current, {"number": number, "context": context}, [entry.found])
