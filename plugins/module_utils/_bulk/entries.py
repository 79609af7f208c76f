# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries: what a variables file says of provisioned users, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import ConfdError, InputError
from .._model.numbers import ExtensionKey, NumberRange, parse_exten, parse_range
from .._model.records import User
from .._model.resources import EXTENSION, LINE, USER, VOICEMAIL, wanted_values
from .._state.lookup import match_of, name_of
from .work_items import WorkItem

LONGEST_NAME = 260
"""Two names of the greatest length that confd stores, and a blank, fit."""


@dataclass(eq=False)
class Entry(WorkItem):
    """One described user.

    number: the internal one, None if left out. incalls: None if left out, which leaves them alone.
    number_range, incall_ranges: where a number is still to be picked. voicemail: its wanted fields.
    device_mac: the phone that the line is to be put on.
    found: the user that is meant, once planned also one that is created.
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
    device_mac: str | None = None
    found: User | None = None

    @property
    def absent(self) -> bool:
        return self.state == "absent"

    @property
    def numbers(self) -> list[ExtensionKey]:
        """Return every number that the entry wants to have."""
        return [] if self.absent else [*([self.number] if self.number else []), *(self.incalls or [])]

    def manages_commented(self, number: ExtensionKey) -> bool:
        """Return whether the entry says if one of its numbers is disabled."""
        values = self.number_values if number == self.number else self.incall_values.get(number, {})
        return "commented" in values

    @property
    def voicemail_key(self) -> ExtensionKey | None:
        """Return number and context of the described voicemail, by default the internal ones; None if unknown."""
        exten, context = self.number or ("", "")
        given = self.voicemail or {}
        key = given.get("number") or exten, given.get("context") or context
        return key if all(key) else None

    @property
    def voicemail_values(self) -> dict[str, Any]:
        """Return the wanted values of the voicemail; its number is the user's unless given."""
        own = {"number": self.number[0], "context": self.number[1]} if self.number else {}
        return {**own, **(self.voicemail or {})}

    @property
    def name(self) -> str:
        parts = [self.user.get(part) or (self.match or {}).get(part) for part in ("firstname", "lastname")]
        return " ".join(str(part) for part in parts if part)

    @property
    def label(self) -> str:
        """Return the name and number of the described user, or its match."""
        match = ", ".join(f"{key} {value}" for key, value in (self.match or {}).items())
        called = _legible(self.name or match or "user")
        number = f"{self.number[0]}@{self.number[1]}" if self.number else self.number_range
        return f"{called} ({number})" if number else called


def parse_entries(raw: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Return the entries of a variables file; one that is wrong has its ``problem``."""
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
    """Do something for an entry. A ConfdError becomes its problem."""
    try:
        act()
    except ConfdError as error:
        entry.fail(error)


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


def _number(raw: Mapping[str, Any], where: str) -> tuple[ExtensionKey | NumberRange, dict[str, Any]]:
    """Return (the number, or the range that it is to be picked from; the values of its extension)."""
    values = wanted_values(EXTENSION, raw)
    if not values.get("context"):
        raise InputError(f"{where}.context is missing.", "A number is an exten in a context.")
    if raw.get("range") is not None and values.get("exten") is not None:
        raise InputError(f"{where}.exten and {where}.range exclude each other.", "Give a number, or where to pick it.")
    if raw.get("range") is not None:
        return parse_range(raw["range"], values["context"], f"{where}.range"), values
    if values.get("exten") in (None, ""):
        raise InputError(f"{where}.exten is missing.", "Give a number, or a range to pick one from.")
    values["exten"] = parse_exten(values["exten"], f"{where}.exten")
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
        entry.voicemail["number"] = parse_exten(entry.voicemail["number"], "voicemail.number")
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
    """Return a name as messages can show it: without control characters, and not too long."""
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}..."
