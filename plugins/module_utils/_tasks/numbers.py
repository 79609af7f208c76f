# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_numbers_info: says who or what has each number of a server, which are free, and whose the phones are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._model.contexts import INCALL, INTERNAL, ContextInfo
from .._model.errors import AuthenticationError, ServerError
from .._model.numbers import ExtensionKey, NumberRange, ranges_between
from .._model.printable import printable
from .._model.records import FEATURES_CONTEXT, Extension, Line, Owner, Row, User
from .._model.resources import DEVICE
from .._state.free_numbers import free_parts, is_free
from .._state.state import ServerState
from .task import Task

PERSON, LINE, FEATURE, PATTERN, NOTHING, UNKNOWN = "person", "line", "feature", "pattern", "nothing", "unknown"
"""What has a number, besides the types of objects as the servers call them: a person, a line without a person, a
feature code, a pattern of numbers, nothing, or something that the server may not tell."""
PARKING = "parking_lot"
SHOWN_OF_DEVICES = ("id", "mac", "vendor", "model", "plugin", "version", "ip", "description", "status")


def read_numbers(task: Task) -> Row:
    """Return the results of confd_numbers_info: numbers, contexts, phones, and what is not told."""
    state = task.state.read_snapshot()
    state.read_all_extensions()
    _read_lines(state)
    not_told = list(state.backend.untold)
    numbers = [_number(state, extension) for extension in state.extensions()]
    numbers.sort(key=_sort_key)
    not_told += [
        f"the positions of {_named('parking lot', row)}, which are numbers of {row['context']} as well"
        for row in numbers
        if row["used_by"] == PARKING
    ]
    contexts = _contexts(state)
    not_told += _patterns(numbers, contexts)
    devices = _devices(state, not_told) if task.options.get("devices", True) else []
    return {
        "changed": False,
        "numbers": numbers,
        "contexts": contexts,
        "free_known": state.contexts() is not None,
        "devices": devices,
        "not_told": not_told,
        "total": len(numbers),
        "warnings": state.warnings,
        "confd_api": state.backend.api,
    }


def _read_lines(state: ServerState) -> None:
    """Read the numbers that the lists do not show: of lines without a user, and direct numbers that hang on lines.

    Where each takes a request, the direct numbers are read from whichever are fewer, the lines or the numbers.
    """
    for extension in state.extensions():
        owner = state.listed_owner_of(extension)[1]
        if owner and owner.line and not owner.user and not state.lines_of_extension(extension):
            state.link_extension(owner.line, extension)
    if not state.backend.incalls_hang_on_lines:
        return
    for line in state.lines():
        number = state.extension_of(line) if not state.users_of(line) else None
        if number and line not in state.lines_of_extension(number):
            state.link_extension(line, number)
    unowned = [each for each in state.extensions() if not each.is_feature and not state.listed_owner_of(each)[0]]
    with_line = [user for user in state.users() if state.line_of(user)]
    if len(unowned) <= len(with_line):
        for extension in unowned:
            state.owner_of(extension)
    else:
        for user in with_line:
            state.incalls_of(user)


# Numbers


def _number(state: ServerState, extension: Extension) -> Row:
    owner = state.listed_owner_of(extension)[1]
    lines = state.lines_of_extension(extension) or ([owner.line] if owner and owner.line else [])
    people = _people(state, lines, owner)
    use = owner.use if owner else None
    used_by, name = _use(state, extension, owner)
    return {
        "exten": extension["exten"],
        "context": extension["context"],
        "type": _type_of(state, extension),
        "used_by": PERSON if people else LINE if lines else used_by,
        "name": ", ".join(user.name for user in people) if people else "" if lines else name,
        "people": [{"user_id": user.id, **{part: user[part] for part in ("firstname", "lastname")}} for user in people],
        "line_ids": [line.id for line in lines],
        "object_id": use.id if use and use.id and not people else None,
        "extension_id": extension.id,
        "disabled": bool(extension["commented"]),
        "left_over": bool(lines) and not people and is_free(state, extension.key),
    }


def _people(state: ServerState, lines: Iterable[Line], owner: Owner | None) -> list[User]:
    """Return the users whom a number reaches, each once."""
    users = [user for line in lines for user in state.users_of(line)]
    return list(dict.fromkeys(users or ([owner.user] if owner and owner.user else [])))


def _use(state: ServerState, extension: Extension, owner: Owner | None) -> tuple[str, str]:
    """Return (what has a number that is on no line, its name)."""
    if owner and owner.use:
        return owner.use.type, state.backend.name_of_use(owner.use)
    if owner and owner.other:
        # A line that was created after the lists of lines were read.
        return LINE, ""
    if extension.is_feature:
        return (FEATURE if extension["context"] == FEATURES_CONTEXT else PATTERN), ""
    kind = INCALL if state.is_incall(extension["context"]) else INTERNAL
    return (UNKNOWN if kind in state.backend.hides_owners_in else NOTHING), ""


def _type_of(state: ServerState, extension: Extension) -> str | None:
    """Return the type of the context of a number; None if the server does not tell."""
    if extension["context"] == FEATURES_CONTEXT:
        return None
    contexts = state.contexts()
    if contexts is not None:
        found = contexts.get(extension["context"])
        return found.type if found else None
    is_incall = state.is_incall(extension["context"])
    return None if is_incall is None else INCALL if is_incall else INTERNAL


def _sort_key(row: Row) -> tuple[Any, ...]:
    """Return the key that sorts numbers by context, feature codes after plain numbers, and these as numbers."""
    exten = row["exten"]
    plain = exten.isdigit()
    return row["context"], not plain, int(exten) if plain else 0, exten


# Contexts


def _patterns(numbers: Iterable[Row], contexts: Iterable[Row]) -> list[str]:
    """Return in words which patterns may reach numbers that are called free."""
    with_free = {each["name"] for each in contexts if each["free"]}
    found = [row for row in numbers if row["used_by"] == PATTERN and row["context"] in with_free]
    return [f"the numbers that match the pattern {row['exten']} of {printable(row['context'])}" for row in found]


def _contexts(state: ServerState) -> list[Row]:
    """Return the contexts with what is free in their ranges; only their names where the server does not tell more."""
    found = state.contexts()
    if found is None:
        names = sorted({each["context"] for each in state.extensions()})
        return [{"name": name, "label": name, "type": None, "ranges": None, "free": None} for name in names]
    return [_context(state, found[name]) for name in sorted(found)]


def _context(state: ServerState, context: ContextInfo) -> Row:
    uses = [(use, part) for use, first, last in context.uses for part in ranges_between(first, last, context.name)]
    wholes = _without_overlaps(part for _use, part in uses)
    return {
        "name": context.name,
        "label": context.label or context.name,
        "type": context.type,
        "ranges": [{"use": use, **_range(state, part)} for use, part in uses],
        "free": [_part(free) for whole in wholes for free in free_parts(state, whole)],
    }


def _range(state: ServerState, wanted: NumberRange) -> Row:
    """Return a range with what is free in it: the number that an entry with this range would get, and how many."""
    free = free_parts(state, wanted)
    count = sum(part.size for part in free)
    next_free = next(iter(free[0]))[0] if free else None
    return {**_part(wanted), "taken": wanted.size - count, "free": count, "next_free": next_free}


def _part(part: NumberRange) -> Row:
    first, last = (str(value).zfill(part.width) for value in (part.low, part.high))
    return {"first": first, "last": last, "numbers": part.size}


def _without_overlaps(ranges: Iterable[NumberRange]) -> list[NumberRange]:
    """Return the ranges of a context in order, joined where they overlap."""
    joined: list[NumberRange] = []
    for each in sorted(ranges, key=lambda part: (part.width, part.low, part.high)):
        last = joined[-1] if joined else None
        if last and last.width == each.width and each.low <= last.high:
            joined[-1] = NumberRange(last.context, last.low, max(last.high, each.high), last.width)
        else:
            joined.append(each)
    return joined


# Devices


def _devices(state: ServerState, not_told: list[str]) -> list[Row]:
    """Return the phones with their lines and people, by MAC address. not_told: gets the reason if that fails."""
    try:
        rows = state.backend.search(DEVICE)
        state.read_devices()
    except (AuthenticationError, ServerError) as error:
        not_told.append(f"the phones: {printable(str(error))}")
        return []
    lines: dict[str, list[Line]] = {}
    for line in state.lines():
        device_id = state.device_of(line)
        if device_id:
            lines.setdefault(device_id, []).append(line)
    numbers = {line: number for number, on_it in state.lines_by_number().items() for line in on_it}
    rows.sort(key=lambda row: (row["mac"] or "", row["id"]))
    return [
        {
            **{name: row.get(name) for name in SHOWN_OF_DEVICES},
            "lines": [_line(state, line, numbers.get(line)) for line in sorted(lines.get(row["id"], ()), key=_slot)],
        }
        for row in rows
    ]


def _slot(line: Line) -> tuple[int, int]:
    return line["device_slot"] or 0, line.id or 0


def _line(state: ServerState, line: Line, number: ExtensionKey | None) -> Row:
    """Return a line of a phone. number: its internal number."""
    exten, context = number or (None, None)
    name = ", ".join(user.name for user in state.users_of(line))
    return {"line_id": line.id, "exten": exten, "context": context, "name": name}


def _named(kind: str, row: Row) -> str:
    return printable(f"the {kind} {row['name']}".strip())
