# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses and checks entries: the descriptions of provisioned users in a variables file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .._model.collector import collector_paused
from .._model.errors import ConfdError, InputError
from .._model.numbers import ExtensionKey, NumberRange, parse_exten, parse_range
from .._model.printable import one_line, printable
from .._model.records import User
from .._model.resources import EXTENSION, LINE, USER, USER_PARTS, VOICEMAIL, wanted_values
from .._state.destinations import wishes_of
from .._state.lookup import match_of, name_of
from .work_items import WorkItem

LONGEST_NAME = 260
"""Number of characters: two names of the greatest length that confd stores, and a space."""


DISABLED = "disabled"
"""The status of an entry that disables its user."""


@dataclass(frozen=True)
class Disabling:
    """Says how a purge disables a user.

    since: the day that the user is marked with. until: the day from which on a purge removes the user, as far as it is
    known. must_lock: whether the user must not be able to call; otherwise a line that cannot be locked is a warning.
    """

    since: date
    until: date | None = None
    must_lock: bool = True

    @property
    def until_text(self) -> str | None:
        return self.until.isoformat() if self.until else None


@dataclass(eq=False)
class Entry(WorkItem):
    """Describes one user.

    number: the internal number, None if omitted. incalls: None if omitted, so that they are not changed.
    number_range, incall_ranges: ranges from which a number is still to be chosen. voicemail: its wanted fields;
    names_voicemail: whether the entry gives its number, which is otherwise the number of the user.
    device_mac: the MAC address of the phone that gets the line. parts: {key of USER_PARTS: its wanted values}.
    without: which of line (with the number), extension and voicemail the user is not to have. made_anew: whether the
    user is somebody who was removed, and so none of those who have the name. called: the label, where the entry does
    not have the name. Only an undo has these three.
    found: the existing user that the entry identifies; once planned, also a user that is created.
    disables: what the purge does that made this entry of a user who is in no list, if it disables the user.
    """

    state: str = "present"
    match: dict[str, Any] | None = None
    user: dict[str, Any] = field(default_factory=dict)
    line: dict[str, Any] | None = None
    number: ExtensionKey | None = None
    number_values: dict[str, Any] = field(default_factory=dict)
    incalls: list[ExtensionKey] | None = None
    incall_values: dict[ExtensionKey, dict[str, Any]] = field(default_factory=dict)
    number_range: NumberRange | None = None
    incall_ranges: list[tuple[NumberRange, dict[str, Any]]] = field(default_factory=list)
    voicemail: dict[str, Any] | None = None
    names_voicemail: bool = False
    device_mac: str | None = None
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    made_anew: bool = False
    called: str = ""
    found: User | None = None
    disables: Disabling | None = None

    @property
    def planned_status(self) -> str:
        status = super().planned_status
        return DISABLED if self.disables and status == "updated" else status

    @property
    def absent(self) -> bool:
        return self.state == "absent"

    @property
    def numbers(self) -> list[ExtensionKey]:
        """Return all numbers of the entry, the internal one first; none if the state is absent."""
        return [] if self.absent or self.disables else [*([self.number] if self.number else []), *(self.incalls or [])]

    def manages_commented(self, number: ExtensionKey) -> bool:
        """Return whether the entry sets ``commented`` for one of its numbers."""
        values = self.number_values if number == self.number else self.incall_values.get(number, {})
        return "commented" in values

    @property
    def voicemail_key(self) -> ExtensionKey | None:
        """Return number and context of the described voicemail, by default those of the user; None if unknown."""
        exten, context = self.number or ("", "")
        given = self.voicemail or {}
        key = given.get("number") or exten, given.get("context") or context
        return key if all(key) else None

    @property
    def voicemail_values(self) -> dict[str, Any]:
        """Return the wanted values of the voicemail. Its number is by default the number of the user."""
        own = {"number": self.number[0], "context": self.number[1]} if self.number else {}
        return {**own, **(self.voicemail or {})}

    @property
    def name(self) -> str:
        parts = [self.user.get(part) or (self.match or {}).get(part) for part in ("firstname", "lastname")]
        return " ".join(str(part) for part in parts if part)

    @property
    def label(self) -> str:
        """Return the name and number of the described user, or its match."""
        if self.called:
            return one_line(self.called, LONGEST_NAME)
        match = ", ".join(f"{key} {value}" for key, value in (self.match or {}).items())
        called = one_line(self.name or match or "user", LONGEST_NAME)
        number = f"{self.number[0]}@{self.number[1]}" if self.number else self.number_range
        return f"{called} ({printable(str(number))})" if number else called


@collector_paused()
def parse_entries(raw: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Return the entries of a variables file. An entry with an error has it as its ``problem``."""
    entries = []
    for index, description in enumerate(raw):
        entry = Entry(index)
        try:
            _parse(entry, description)
        except InputError as error:
            entry.fail(error)
        entries.append(entry)
    return entries


def record_error(entry: Entry, act: Callable[[], Any]) -> None:
    """Call a function for an entry. A ConfdError becomes the problem of the entry."""
    try:
        act()
    except ConfdError as error:
        entry.fail(error)


def _parse(entry: Entry, raw: Mapping[str, Any]) -> None:
    entry.state = raw.get("state") or "present"
    entry.user = wanted_values(USER, raw.get("user") or {})
    entry.match = match_of(raw.get("match"))
    entry.made_anew = bool(raw.get("made_anew"))
    if raw.get("without"):
        entry.without = frozenset(raw["without"])
    entry.called = raw.get("called") or ""
    if raw.get("extension"):
        _parse_number(entry, raw["extension"])
    _parse_incalls(entry, raw)
    _parse_line(entry, raw.get("line"))
    _parse_voicemail(entry, raw.get("voicemail"))
    _parse_device(entry, raw.get("device"))
    given = {
        key: wishes_of(resource, wanted_values(resource, raw[key]), key)
        for key, resource in USER_PARTS.items()
        if raw.get(key) is not None
    }
    entry.parts = {key: values for key, values in given.items() if values}
    _refuse_two_logins(entry)
    if entry.match is None or (not entry.absent and raw.get("user") is None):
        if raw.get("user") is None:
            raise InputError("user is missing.", "Add user to the entry. With state: absent, match is enough.")
        name_of(entry.user)


def _refuse_two_logins(entry: Entry) -> None:
    """Raise InputError where the user and the login have different usernames or passwords: XiVO has one of each."""
    login = entry.parts.get("login", {})
    for name in ("username", "password"):
        if login.get(name) and entry.user.get(name) not in (None, login[name]):
            raise InputError(f"user.{name} and login.{name} differ.", f"Give login.{name} only.")


def _parse_number(entry: Entry, raw: Mapping[str, Any]) -> None:
    wanted, entry.number_values = _number(raw, "extension")
    if isinstance(wanted, NumberRange):
        entry.number_range = wanted
    else:
        entry.number = wanted


def _number(raw: Mapping[str, Any], where: str) -> tuple[ExtensionKey | NumberRange, dict[str, Any]]:
    """Return (the number, or the range to choose it from; the values of its extension). Raises InputError."""
    values = wanted_values(EXTENSION, raw)
    if not values.get("context"):
        raise InputError(f"{where}.context is missing.", "Give the context of the number.")
    if raw.get("range") is not None and values.get("exten") is not None:
        raise InputError(
            f"{where}.exten and {where}.range are mutually exclusive.",
            "Give exten for a certain number, or range for the next free one.",
        )
    if raw.get("range") is not None:
        return parse_range(raw["range"], values["context"], f"{where}.range"), values
    if values.get("exten") in (None, ""):
        raise InputError(f"{where}.exten is missing.", "Give exten, or range for the next free number.")
    values["exten"] = parse_exten(values["exten"], f"{where}.exten")
    return (values["exten"], values["context"]), values


def _parse_incalls(entry: Entry, raw: Mapping[str, Any]) -> None:
    one, many = raw.get("incall"), raw.get("incalls")
    if one is not None and many is not None:
        raise InputError("incall and incalls are mutually exclusive.", "Put all direct numbers into incalls.")
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
        raise InputError(f"The entry has {', '.join(repeated)} more than once.", "Give each number once.")


def _parse_line(entry: Entry, raw: Mapping[str, Any] | None) -> None:
    context = entry.number[1] if entry.number else entry.number_range.context if entry.number_range else None
    if raw is None and context is None:
        return
    entry.line = wanted_values(LINE, raw or {})
    if context is None and not entry.absent and not entry.line.get("username"):
        raise InputError(
            "line without extension requires line.username.",
            "Give one of the two; otherwise every run would create a new line.",
        )
    if context and entry.line.setdefault("context", context) != context:
        raise InputError(
            f"line.context is {entry.line['context']!r}, but extension.context is {context!r}.",
            "Leave line.context out, because a line has the context of its number.",
        )


def _parse_voicemail(entry: Entry, raw: Mapping[str, Any] | None) -> None:
    if raw is None:
        return
    entry.voicemail = wanted_values(VOICEMAIL, raw)
    if "number" in entry.voicemail:
        entry.voicemail["number"] = parse_exten(entry.voicemail["number"], "voicemail.number")
        entry.names_voicemail = True
    has_number = entry.number or entry.number_range
    missing = [key for key in ("number", "context") if not entry.voicemail.get(key) and not has_number]
    if missing and not entry.absent:
        raise InputError(
            f"voicemail.{missing[0]} is missing, and the entry has no extension to take it from.",
            f"Give voicemail.{missing[0]}.",
        )


def _parse_device(entry: Entry, raw: Mapping[str, Any] | None) -> None:
    if raw is not None and not raw.get("mac"):
        raise InputError("device.mac is empty.", "Give the MAC address of the phone, or leave device out.")
    entry.device_mac = (raw or {}).get("mac")
