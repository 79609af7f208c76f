# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole list of entries: one plan, every conflict known before the first write, releases before builds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ._entries import Entry, guarded, voicemail_values
from ._errors import ConflictError, PlanError
from ._identity import abandoned_line, describe, new_user_values
from ._leftovers import numbers_taken_off, remove_leftovers
from ._list_conflicts import refuse_conflicts, refuse_two_wishes
from ._plan import Planner, Policy
from ._plan_device import plan_synchronize
from ._plan_phone import Phones, plan_phone
from ._plan_voicemail import give_voicemail, plan_voicemail
from ._ranges import Number
from ._records import Device, Extension, Line, User, Voicemail
from ._resources import callerid_of_line
from ._steps import Step, puts_user
from ._world import World

FEW = 20
"""Up to so many objects are rather asked for one by one than with a list of all."""


@dataclass
class Batch:
    """Steps of one entry that belong together.

    independent: they wait for no step of another entry but releases. optional: that confd refuses them is no failure.
    """

    entry: Entry
    steps: list[Step]
    independent: bool = False
    optional: bool = False


@dataclass
class ListPlan:
    """What a run does, in order."""

    entries: list[Entry]
    batches: list[Batch] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [f"{entry}: {entry.problem}" for entry in self.entries if entry.problem]


def plan_entries(
    world: World,
    entries: Sequence[Entry],
    policy: Policy | None = None,
    continue_on_error: bool = False,
    reset_device: bool = False,
) -> ListPlan:
    """Plan a list of identified entries against a World that has read everything.

    reset_device: put a phone into autoprov where its number has to be taken off its line.
    Raises PlanError with all problems of the list unless ``continue_on_error``; then entries with problems have no
    steps.
    """
    plan = ListPlan(list(entries))
    refuse_conflicts(entries, world)
    _read_ahead(entries, world)
    if not plan.problems or continue_on_error:
        _ListPlanner(world, policy or Policy(), reset_device).fill(plan)
    if plan.problems and not continue_on_error:
        raise PlanError(plan.problems)
    return plan


def _read_ahead(entries: Sequence[Entry], world: World) -> None:
    """Where many entries will want to know the same of their objects, one list is quicker."""
    if sum(entry.voicemail is not None for entry in entries) > FEW:
        world.voicemails.read_all()
    if sum(entry.device_mac is not None for entry in entries if entry.active) > FEW:
        world.read_devices()


# The plan itself


class _ListPlanner:
    """Fills a plan: removals, then what is given back, then numbers that move in place, then builds."""

    def __init__(self, world: World, policy: Policy, reset_device: bool) -> None:
        self.world = world
        self.policy = policy
        self.reset_device = reset_device
        self.phones = Phones(world)
        self.voicemails: dict[Voicemail, Entry] = {}
        self.sharers: set[Entry] = set()
        """Who gets a voicemail that another entry makes."""

    def fill(self, plan: ListPlan) -> None:
        present = [entry for entry in plan.entries if not entry.absent]
        for entry in plan.entries:
            if entry.absent and entry.found and entry.active:
                self._plan(entry, entry.releases, self._remove)
        for entry in present:
            self._plan(entry, entry.releases, self._release)
        self._move_voicemails([entry for entry in present if self._moves_voicemail(entry)])
        movers = self._move_numbers([entry for entry in present if self._moves_in_place(entry)])
        moved = set(movers)
        others = [entry for entry in present if entry not in moved]
        for entry in [*movers, *others]:
            self._plan(entry, entry.builds, self._build)
        self._fail_those_who_wait(plan.entries)
        plan.batches = [
            *(Batch(entry, entry.releases) for entry in plan.entries if entry.active and entry.releases),
            *(Batch(entry, entry.builds) for entry in movers if entry.active and entry.builds),
            *(Batch(entry, entry.builds, independent=True) for entry in others if self._is_alone(entry)),
            *(Batch(entry, entry.builds) for entry in others if entry in self.sharers and entry.active),
        ]

    def _is_alone(self, entry: Entry) -> bool:
        return entry.active and bool(entry.builds) and entry not in self.sharers

    def _plan(self, entry: Entry, steps: list[Step], act: Callable[[Entry, Planner], None]) -> None:
        self._fail_those_who_wait([entry])
        if entry.active:
            planner = Planner(self.world, self.policy)
            guarded(entry, partial(act, entry, planner))
            steps.extend(planner.steps)

    def _fail_those_who_wait(self, entries: Iterable[Entry]) -> None:
        """An entry that takes over the number of one that cannot be planned cannot be planned either."""
        waiting = [entry for entry in entries if entry.active]
        while True:
            stuck = [entry for entry in waiting if entry.active and not all(need.active for need in entry.needs)]
            if not stuck:
                return
            for entry in stuck:
                entry.fail(f"waits for a number of {describe_entries(entry.needs)}.")

    def _remove(self, entry: Entry, planner: Planner) -> None:
        if entry.found:
            remove_leftovers(planner, entry, entry.found)
            planner.remove_user(entry.found)

    # What is given back

    def _release(self, entry: Entry, planner: Planner) -> None:
        user = entry.found
        if user is None:
            return
        self._refuse_shared_line(entry, user)
        if entry.incalls is not None:
            for extension in list(self.world.incalls_of(user)):
                if extension.key not in entry.incalls:
                    self._refuse_incall_of_shared_line(user, self.world.line_of(user), extension.key)
                    planner.no_incall(user, extension)
                    planner.delete_extension(extension)
        number = self.world.number_of_user(user)
        if number and entry.number and number["context"] != entry.number[1]:
            self._give_back_number(entry, planner)
        for extension in numbers_taken_off(self.world, user) if entry.number and not number else ():
            if extension.key != entry.number:
                planner.delete_extension(extension, leftover=True)

    def _refuse_shared_line(self, entry: Entry, user: User) -> None:
        line = self.world.line_of(user)
        number = self.world.number_of(line) if line else None
        if (
            line
            and self.world.main_user_of(line) is not user
            and entry.number
            and (not number or number.key != entry.number)
        ):
            raise ConflictError(
                f"{line} is {self.world.main_user_of(line)}'s; {user} only shares it and cannot change its number.",
                "Dissociate the user from it first (confd_user_line).",
            )

    def _give_back_number(self, entry: Entry, planner: Planner) -> None:
        line = self.world.line_of(entry.found) if entry.found else None
        number = self.world.number_of(line) if line else None
        if line and number:
            self._free_of_phone(line, number, planner)
            planner.no_line_number(line, number)
            planner.delete_extension(number)

    def _free_of_phone(self, line: Line, number: Extension, planner: Planner) -> None:
        if self.world.device_of(line) and not self.reset_device:
            raise ConflictError(
                f"{number} cannot be taken off {line} while it has a phone (device {line.device_id}).",
                "Set reset_device: true to put the phone into autoprov, which makes its owner dial the code again.",
            )
        planner.reset_device(line)

    # Numbers that move within their context

    def _moves_in_place(self, entry: Entry) -> bool:
        number = self.world.number_of_user(entry.found) if entry.found and entry.active else None
        return bool(number and entry.number and number["context"] == entry.number[1] and number.key != entry.number)

    def _move_numbers(self, waiting: list[Entry]) -> list[Entry]:
        """Plan the moves in an order in which every new number is free; returns the entries in that order."""
        moved: list[Entry] = []
        while waiting:
            self._fail_those_who_wait(waiting)
            waiting = [entry for entry in waiting if entry.active]
            ready = [entry for entry in waiting if self._is_free(entry)]
            if waiting and not ready:
                # A circle: one of them lets go of its number, and gets the new one when all others have moved.
                parked = next((entry for entry in waiting if not self._has_phone(entry)), waiting[0])
                self._plan(parked, parked.releases, self._give_back_number)
                waiting.remove(parked)
            for entry in ready:
                self._plan(entry, entry.builds, self._move_number)
                waiting.remove(entry)
                moved.append(entry)
        return moved

    def _is_free(self, entry: Entry) -> bool:
        occupant = self.world.extension_at(*entry.number) if entry.number else None
        return occupant is None or self.world.holder_of(occupant) is None

    def _has_phone(self, entry: Entry) -> bool:
        line = self.world.line_of(entry.found) if entry.found else None
        return bool(line and self.world.device_of(line))

    def _move_number(self, entry: Entry, planner: Planner) -> None:
        number = self.world.number_of_user(entry.found) if entry.found else None
        line = self.world.line_of(entry.found) if entry.found else None
        if number and line:
            planner.extension(number, entry.number_values)
            device_id = self.world.device_of(line)
            if device_id:
                plan_synchronize(planner, Device(device_id))

    # Voicemails that change their number

    def _moves_voicemail(self, entry: Entry) -> bool:
        current = self.world.voicemails.of(entry.found) if entry.found and self._wants_voicemail(entry) else None
        return current is not None and current.key != entry.voicemail_key

    def _wants_voicemail(self, entry: Entry) -> bool:
        return entry.active and entry.voicemail is not None

    def _move_voicemails(self, waiting: list[Entry]) -> None:
        """First, and each to a free number: nobody shall find the voicemail of somebody else at a number of theirs."""
        progress = True
        while progress:
            progress = False
            for entry in waiting[:]:
                if entry.voicemail_key and self.world.voicemails.at(*entry.voicemail_key) is None:
                    self._plan(entry, entry.releases, self._move_voicemail)
                    waiting.remove(entry)
                    progress = True

    def _move_voicemail(self, entry: Entry, planner: Planner) -> None:
        current = self.world.voicemails.of(entry.found) if entry.found else None
        if entry.found and current and entry.voicemail_key:
            number, context = entry.voicemail_key
            self._share(current, entry)
            plan_voicemail(planner, current, {"number": number, "context": context}, [entry.found])

    # Builds

    def _build(self, entry: Entry, planner: Planner) -> None:
        """In the order that is the fastest, and in which an interrupted run leaves nothing that cannot be found."""
        extension = self._extension(entry, planner)
        line = self._line(entry, planner, extension)
        if line and extension:
            planner.line_number(line, extension)
        user = self._user(entry, planner)
        if line:
            planner.user_line(user, line)
        for key in entry.incalls or ():
            self._incall(entry, planner, user, key)
        if entry.voicemail is not None:
            self._voicemail(entry, planner, user)
        self._caller_id_of_line(entry, planner, line)
        if entry.device_mac:
            self._phone(entry, planner, line, user)

    def _phone(self, entry: Entry, planner: Planner, line: Line | None, user: User) -> None:
        line = line or self.world.line_of(user)
        if line is None or self.world.number_of(line) is None:
            raise ConflictError(f"{user} has no number, and a phone needs one.", "Give the entry an extension.")
        plan_phone(planner, line, self.phones.of(entry.device_mac or ""))

    def _voicemail(self, entry: Entry, planner: Planner, user: User) -> None:
        """The user's voicemail, or the one of that number, or a new one; its number is the user's unless given."""
        values = voicemail_values(entry)
        if self.world.line_of(user) is None:
            raise ConflictError(f"{user} has no line, and a voicemail needs one.", "Give the entry an extension.")
        current = self.world.voicemails.of(user)
        found = current or self.world.voicemails.at(values["number"], values["context"])
        if found is None:
            values.setdefault("name", user.name)
        else:
            self._share(found, entry)
        if found and found.predicted:
            entry.needs.add(self.voicemails[found])
            self.sharers.add(entry)
        if current and any(puts_user(step, user) for step in (*entry.steps, *planner.steps)):
            current.fields["name"] = self.world.backend.voicemail_name(user) or current["name"]
        voicemail = plan_voicemail(planner, found, values, [user])
        self._share(voicemail, entry)
        give_voicemail(planner, user, voicemail)

    def _share(self, voicemail: Voicemail, entry: Entry) -> None:
        """The first entry that wants something of a voicemail is the one that the others must agree with."""
        refuse_two_wishes(voicemail, entry, self.voicemails.setdefault(voicemail, entry))

    def _extension(self, entry: Entry, planner: Planner) -> Extension | None:
        if entry.number is None:
            return None
        return planner.extension(self.world.extension_at(*entry.number), entry.number_values)

    def _user(self, entry: Entry, planner: Planner) -> User:
        entry.created = entry.found is None
        values = new_user_values(entry.match, entry.user) if entry.created else entry.user
        entry.found = planner.user(entry.found, values)
        return entry.found

    def _line(self, entry: Entry, planner: Planner, extension: Extension | None) -> Line | None:
        if entry.line is None:
            return None
        found = self._existing_line(entry, extension)
        values = dict(entry.line)
        if found:
            values.pop("callerid", None)
            if extension:
                # A line follows the context of its number by itself.
                values.pop("context", None)
        seed = f"{entry.number[0]}@{entry.number[1]}" if entry.number else entry.line["username"]
        self._refuse_foreign_username(values.get("username"), found)
        return planner.line(found, values, seed)

    def _existing_line(self, entry: Entry, extension: Extension | None) -> Line | None:
        """The user's line; or one that an interrupted run left for this number; or one of the given SIP username."""
        own = self.world.line_of(entry.found) if entry.found else None
        holder = self.world.holder_of(extension) if extension else None
        if own or (holder and holder.line):
            return own or (holder.line if holder else None)
        if entry.line and entry.line.get("username"):
            return self._free_line_named(entry.line["username"])
        return abandoned_line(self.world, "@".join(entry.number)) if entry.number else None

    def _free_line_named(self, username: str) -> Line | None:
        line = self.world.line_named(username)
        users = self.world.users_of(line) if line else []
        if users or (line and self.world.device_of(line)):
            raise ConflictError(f"{line} belongs to {describe(users) or 'a phone'}.", "Take another line.username.")
        return line

    def _refuse_foreign_username(self, username: str | None, line: Line | None) -> None:
        namesake = self.world.line_named(username) if username else None
        if namesake and namesake is not line:
            raise ConflictError(f"line.username {username!r} is taken by {namesake}.", "SIP usernames are unique.")

    def _incall(self, entry: Entry, planner: Planner, user: User, key: Number) -> None:
        line = self.world.line_of(user)
        if line is None:
            raise ConflictError(
                f"{key[0]}@{key[1]} cannot reach {user}, who has no line.", "Give the entry an extension."
            )
        extension = self.world.extension_at(*key)
        if extension not in self.world.incalls_of(user):
            self._refuse_incall_of_shared_line(user, line, key)
        planner.incall(user, planner.extension(extension, entry.incall_values[key]))

    def _refuse_incall_of_shared_line(self, user: User, line: Line | None, key: Number) -> None:
        """Incalls are given to a line, step by step at least, and so reach its main user."""
        main = self.world.main_user_of(line) if line else None
        if line and main is not user and main:
            raise ConflictError(
                f"{key[0]}@{key[1]} cannot be changed for {user}, who only shares {line} of {main}.",
                "Say it in the entry of that user, or give this one a line of their own.",
            )

    def _caller_id_of_line(self, entry: Entry, planner: Planner, line: Line | None) -> None:
        """Last, for associations and changes of the user overwrite it (trap 5 of xivo-15.12)."""
        wanted = entry.line.get("callerid") if entry.line else None
        if line and wanted is not None:
            if entry.releases or entry.builds or planner.steps:
                line.fields["callerid"] = self._callerid_by_then(entry, line, bool(wanted))
            planner.line(line, {"callerid": wanted}, "")

    def _callerid_by_then(self, entry: Entry, line: Line, wanted: bool) -> str | None:
        """What the server has made of the caller ID: known where it is always made of the user's."""
        user, number = self.world.main_user_of(line), self.world.number_of(line)
        if self.world.backend.sets_callerid or user is None:
            return None if wanted else f'"{entry.name}"'
        return callerid_of_line(user["caller_id"], number["exten"] if number else None)


def describe_entries(entries: Iterable[Entry]) -> str:
    """Entries in words."""
    return ", ".join(sorted(str(entry) for entry in entries))
