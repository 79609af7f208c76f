# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries: what a variables file says of provisioned users, checked, and each tied to the user that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ._errors import ConfdError, InputError
from ._identity import find_user, match_of, name_of, new_user_values, with_numbers
from ._ranges import Number, NumberRange, number_range
from ._resources import EXTENSION, LINE, USER, VOICEMAIL, number, wanted_values
from ._steps import Step
from ._world import User, World

LONGEST_NAME = 260
"""Two names of the greatest length that confd stores, and a blank, fit."""


@dataclass(eq=False)
class Entry:
    """One described user.

    number: the internal one, None if left out. incalls: None if left out, which leaves them alone.
    number_range, incall_ranges: where a number is still to be picked. voicemail: its wanted fields.
    device_mac: the phone that the line is to be put on.
    found: the user that is meant, once planned also one that is created.
    problem: why the entry cannot be planned, or why it failed.
    releases, builds: its planned steps; releases of all entries come before all builds.
    needs: entries that must have given a number back before this one takes it.
    """

    index: int
    state: str = "present"
    match: dict[str, Any] | None = None
    user: dict[str, Any] = field(default_factory=dict)
    line: dict[str, Any] | None = None
    number: Number | None = None
    number_values: dict[str, Any] = field(default_factory=dict)
    incalls: list[Number] | None = None
    incall_values: dict[Number, dict[str, Any]] = field(default_factory=dict)
    number_range: NumberRange | None = None
    incall_ranges: list[tuple[NumberRange, dict[str, Any]]] = field(default_factory=list)
    voicemail: dict[str, Any] | None = None
    device_mac: str | None = None
    found: User | None = None
    created: bool = False
    problem: str = ""
    releases: list[Step] = field(default_factory=list)
    builds: list[Step] = field(default_factory=list)
    needs: set[Entry] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    @property
    def absent(self) -> bool:
        return self.state == "absent"

    @property
    def active(self) -> bool:
        """Whether the entry can still be planned."""
        return not self.problem

    @property
    def steps(self) -> list[Step]:
        return [*self.releases, *self.builds]

    @property
    def numbers(self) -> list[Number]:
        """Every number that the entry wants to have."""
        return [] if self.absent else [*([self.number] if self.number else []), *(self.incalls or [])]

    def manages_commented(self, number: Number) -> bool:
        """Whether the entry says of a number of its own that it is switched off, or on."""
        values = self.number_values if number == self.number else self.incall_values.get(number, {})
        return "commented" in values

    @property
    def voicemail_key(self) -> Number | None:
        """Number and context of the described voicemail, the internal ones unless others are given; None if unknown."""
        exten, context = self.number or ("", "")
        given = self.voicemail or {}
        key = given.get("number") or exten, given.get("context") or context
        return key if all(key) else None

    @property
    def name(self) -> str:
        parts = [self.user.get(part) or (self.match or {}).get(part) for part in ("firstname", "lastname")]
        return " ".join(str(part) for part in parts if part)

    @property
    def label(self) -> str:
        """How messages, results and loops call the entry; holds no secret."""
        match = ", ".join(f"{key} {value}" for key, value in (self.match or {}).items())
        called = _legible(self.name or match or "user")
        number = f"{self.number[0]}@{self.number[1]}" if self.number else self.number_range
        return f"{called} ({number})" if number else called

    def fail(self, problem: object) -> None:
        """Remember the first thing that is wrong."""
        self.problem = self.problem or str(problem)

    def __str__(self) -> str:
        return f"entry {self.index + 1}, {self.label}" if self.index >= 0 else self.label


def parse_entries(raw: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Entries of what is in a variables file; one that is wrong has its ``problem``."""
    entries = []
    for index, description in enumerate(raw):
        entry = Entry(index)
        try:
            _parse(entry, description)
        except InputError as error:
            entry.fail(error)
        entries.append(entry)
    return entries


def _parse(entry: Entry, raw: Mapping[str, Any]) -> None:
    entry.state = raw.get("state") or "present"
    entry.user = wanted_values(USER, raw.get("user") or {})
    entry.match = match_of(raw.get("match"))
    if raw.get("extension"):
        _parse_number(entry, raw["extension"])
    _parse_incalls(entry, raw)
    _parse_line(entry, raw.get("line"))
    _parse_voicemail(entry, raw.get("voicemail"))
    _parse_device(entry, raw.get("device"))
    if entry.match is None or (not entry.absent and raw.get("user") is None):
        if raw.get("user") is None:
            raise InputError("user is missing.", "Give it, or for state absent a match.")
        name_of(entry.user)


def _parse_number(entry: Entry, raw: Mapping[str, Any]) -> None:
    wanted, entry.number_values = _number(raw, "extension")
    if isinstance(wanted, NumberRange):
        entry.number_range = wanted
    else:
        entry.number = wanted


def _number(raw: Mapping[str, Any], where: str) -> tuple[Number | NumberRange, dict[str, Any]]:
    """(the number, or the range that it is to be picked from; the values of its extension)."""
    values = wanted_values(EXTENSION, raw)
    if not values.get("context"):
        raise InputError(f"{where}.context is missing.", "A number is an exten in a context.")
    if raw.get("range") is not None and values.get("exten") is not None:
        raise InputError(f"{where}.exten and {where}.range exclude each other.", "Give a number, or where to pick it.")
    if raw.get("range") is not None:
        return number_range(raw["range"], values["context"], f"{where}.range"), values
    if values.get("exten") in (None, ""):
        raise InputError(f"{where}.exten is missing.", "Give a number, or a range to pick one from.")
    values["exten"] = number(values["exten"], f"{where}.exten")
    return (values["exten"], values["context"]), values


def _parse_incalls(entry: Entry, raw: Mapping[str, Any]) -> None:
    one, many = raw.get("incall"), raw.get("incalls")
    if one is not None and many is not None:
        raise InputError("incall and incalls exclude each other.", "Put all numbers into incalls.")
    given = many if one is None else [one]
    if given is None:
        return
    entry.incalls = []
    for each in given:
        wanted, values = _number(each, "incall")
        if isinstance(wanted, NumberRange):
            entry.incall_ranges.append((wanted, values))
        else:
            entry.incalls.append(wanted)
            entry.incall_values[wanted] = values
    repeated = sorted(
        {f"{exten}@{context}" for exten, context in entry.numbers if entry.numbers.count((exten, context)) > 1}
    )
    if repeated:
        raise InputError(f"{', '.join(repeated)} is given twice.")


def _parse_line(entry: Entry, raw: Mapping[str, Any] | None) -> None:
    context = entry.number[1] if entry.number else entry.number_range.context if entry.number_range else None
    if raw is None and context is None:
        return
    entry.line = wanted_values(LINE, raw or {})
    if context is None and not entry.absent and not entry.line.get("username"):
        raise InputError("line without extension needs line.username.", "Every run would make a new line otherwise.")
    if context and entry.line.setdefault("context", context) != context:
        raise InputError(
            f"line.context is {entry.line['context']!r} and extension.context {context!r}.",
            "A line lives in the context of its number; leave line.context out.",
        )


def _parse_voicemail(entry: Entry, raw: Mapping[str, Any] | None) -> None:
    if raw is None:
        return
    entry.voicemail = wanted_values(VOICEMAIL, raw)
    if "number" in entry.voicemail:
        entry.voicemail["number"] = number(entry.voicemail["number"], "voicemail.number")
    has_number = entry.number or entry.number_range
    missing = [key for key in ("number", "context") if not entry.voicemail.get(key) and not has_number]
    if missing and not entry.absent:
        raise InputError(
            f"voicemail.{missing[0]} is missing, and there is no extension to take it from.", "Give voicemail.number."
        )


def _parse_device(entry: Entry, raw: Mapping[str, Any] | None) -> None:
    if raw is not None and not raw.get("mac"):
        raise InputError("device.mac is empty.", "Give the MAC of the phone, or leave device out.")
    entry.device_mac = (raw or {}).get("mac")


def _legible(name: str) -> str:
    """A name as messages can show it, whatever somebody pasted into it."""
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}..."


# Who is meant


def identify(entries: Sequence[Entry], world: World) -> None:
    """Tie every entry to the existing user that it means; what is not clear becomes the entry's ``problem``."""
    groups: dict[tuple[str, str | None], list[Entry]] = {}
    for entry in entries:
        if not entry.active:
            continue
        if entry.match is None:
            key = (entry.user["firstname"], entry.user.get("lastname") or None)
            groups.setdefault(key, []).append(entry)
        else:
            guarded(entry, partial(_identify_by_match, entry, world))
    for name, group in groups.items():
        _identify_namesakes(group, world.users_named(*name), world)
    _let_successors_stay(entries)
    _refuse_shared_identities(entries)


def voicemail_values(entry: Entry) -> dict[str, Any]:
    """What an entry wants of its voicemail; its number is the user's unless given."""
    own = {"number": entry.number[0], "context": entry.number[1]} if entry.number else {}
    return {**own, **(entry.voicemail or {})}


def guarded(entry: Entry, act: Callable[[], Any]) -> None:
    """Do something for an entry; what goes wrong becomes its problem."""
    try:
        act()
    except ConfdError as error:
        entry.fail(error)


def _identify_by_match(entry: Entry, world: World) -> None:
    wanted = dict(entry.user)
    if entry.number:
        wanted["exten"], wanted["context"] = entry.number
    entry.found = find_user(world, entry.match, {} if entry.absent else wanted)
    if entry.found is None and not entry.absent:
        new_user_values(entry.match, entry.user)


def _identify_namesakes(group: Sequence[Entry], users: Sequence[User], world: World) -> None:
    """Entries of one name take the users of that name, by number first (DESIGN, "homonyms in a list")."""
    _refuse_contradiction(group)
    group = [entry for entry in group if entry.active]
    left = list(users)
    if len(group) == 1 and not group[0].absent and len(left) == 1:
        group[0].found = left[0]
        return
    rest = []
    for entry in group:
        entry.found = next((user for user in left if _has_number(world, user, entry.number)), None)
        if entry.found:
            left.remove(entry.found)
        else:
            rest.append(entry)
    for entry in [each for each in rest if each.absent]:
        _identify_leaver(entry, left, world)
    comers = [entry for entry in rest if not entry.absent]
    _identify_by_range(comers, left, world)
    comers = [entry for entry in comers if entry.found is None]
    if len(comers) == 1 and len(left) == 1 and world.line_of(left[0]) is None:
        comers[0].found = left[0]
    elif left and comers:
        for entry in comers:
            entry.fail(
                f"{len(left)} existing user{'s' if len(left) > 1 else ''} of that name fit: "
                f"{with_numbers(world, left)}. "
                "Say with match who is meant, for example match: {id: ...} or match: {exten: ..., context: ...}."
            )
    elif len(comers) > 1 and sum(entry.number is None for entry in comers) > 1:
        for entry in comers:
            entry.fail("several entries have this name and no number. Tell them apart with match or extension.")


def _identify_by_range(comers: Sequence[Entry], left: list[User], world: World) -> None:
    """The only one who wants a number of a range is the only one who has one of it."""
    wanting = [entry for entry in comers if entry.number_range]
    if len(wanting) == 1:
        having = [user for user in left if _has_number_of(world, user, wanting[0].number_range)]
        if len(having) == 1:
            wanting[0].found = having[0]
            left.remove(having[0])


def _refuse_contradiction(group: Sequence[Entry]) -> None:
    """Somebody leaves and somebody of that name stays: the next run would take one for the other."""
    leavers = [entry for entry in group if entry.absent]
    for entry in group:
        leaver = None if entry.absent else next((each for each in leavers if _is_taken_for(entry, each)), None)
        if leaver:
            entry.fail(f"{leaver} of this name is absent. Tell them apart with extension or match.")


def _is_taken_for(entry: Entry, leaver: Entry) -> bool:
    """Whether not even a number tells somebody from a leaver of the same name."""
    if entry.number_range:
        return leaver.number is not None and leaver.number in entry.number_range
    return entry.number in (None, leaver.number)


def _identify_leaver(entry: Entry, left: list[User], world: World) -> None:
    """Who leaves: with a number given only its bearer (taken already) or somebody without any."""
    fit = [user for user in left if entry.number is None or world.number_of_user(user) is None]
    if len(fit) > 1:
        entry.fail(
            f"{len(fit)} users have this name: {with_numbers(world, fit)}. Say with extension or match who leaves."
        )
    elif fit:
        entry.found = fit[0]
        left.remove(fit[0])
    elif left:
        others = with_numbers(world, left)
        entry.warnings.append(f"{entry}: left alone, for {others} bears another number.")


def _has_number(world: World, user: User, wanted: Number | None) -> bool:
    current = world.number_of_user(user)
    return wanted is not None and current is not None and current.key == wanted


def _has_number_of(world: World, user: User, numbers: NumberRange | None) -> bool:
    current = world.number_of_user(user)
    return numbers is not None and current is not None and current.key in numbers


def _let_successors_stay(entries: Iterable[Entry]) -> None:
    """Who leaves and is meant by a number has left once the number is that of a successor in the same list."""
    successors = {entry.number: entry for entry in entries if entry.number and entry.active and not entry.absent}
    for entry in entries:
        if entry.active and entry.absent and entry.found and set(entry.match or ()) == {"exten", "context"}:
            successor = successors.get((entry.match["exten"], entry.match["context"])) if entry.match else None
            names = (entry.user.get("firstname"), entry.user.get("lastname") or None)
            if successor and successor.found is entry.found and names != entry.found.full_name:
                entry.found = None


def _refuse_shared_identities(entries: Iterable[Entry]) -> None:
    """Two entries for one user, or for one that both would create."""
    owners: dict[Any, Entry] = {}
    for entry in entries:
        if not entry.active or (entry.absent and entry.found is None):
            continue
        identity = entry.found or tuple(sorted((entry.match or {"entry": entry.index}).items()))
        first = owners.setdefault(identity, entry)
        if first is not entry:
            entry.fail(f"means the same user as {first}.")
