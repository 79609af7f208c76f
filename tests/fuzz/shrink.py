# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a failing case small: without entries, keys, options and people that it does not need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from fuzz.case import Case
from fuzz.picture import FEATURES

Fails = Callable[[Case], bool]
OF_USER = ("user_lines", "user_voicemails", "incalls")
OF_LINE = ("user_lines", "line_extensions")
MOST_TRIES = 200


def shrink(case: Case, fails: Fails) -> Case:
    """Return the smallest case that still fails, found by leaving out one thing after the other."""
    tries = 0
    found = True
    while found:
        found = False
        for smaller in _smaller(case):
            tries += 1
            if tries > MOST_TRIES:
                return case
            if fails(smaller):
                case, found = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    for place in range(len(case.users)):
        yield case.but(users=case.users[:place] + case.users[place + 1 :])
    if case.fault:
        yield case.but(fault=None)
    yield from _smaller_servers(case)
    yield from _smaller_entries(case)
    yield from _fewer_options(case)


def _smaller_servers(case: Case) -> Iterator[Case]:
    for table in ("users", "lines", "voicemails", "extensions"):
        for row in case.before[table]:
            if row.get("context") != FEATURES:
                yield case.but(before=_without(case.before, table, row))


def _smaller_entries(case: Case) -> Iterator[Case]:
    for place, entry in enumerate(case.users):
        for path in _paths(entry):
            users = deepcopy(case.users)
            _drop(users[place], path)
            if users[place].get("user") or users[place].get("match"):
                yield case.but(users=users)


def _fewer_options(case: Case) -> Iterator[Case]:
    for name, value in case.options.items():
        if value and name in ("continue_on_error", "reset_device"):
            yield case.but(options={**case.options, name: False})
    if "purge" in case.options:
        names = ("continue_on_error", "reset_device")
        yield case.but(options={name: case.options[name] for name in names})


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each key and element, the outer ones first."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        if not {"exten", "context", "number", "range"} & {key}:
            yield (*path, key)
    for key in keys:
        yield from _paths(value[key], (*path, key))


def _drop(value: Any, path: tuple[Any, ...]) -> None:
    for key in path[:-1]:
        value = value[key]
    del value[path[-1]]


def _without(state: dict[str, Any], table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the state without a row and what refers to it; a user goes with the lines that nobody else has."""
    state = dict(state)
    state[table] = [each for each in state[table] if each["id"] != row["id"]]
    if table == "users":
        own = {each["line_id"] for each in state["user_lines"] if each["user_id"] == row["id"]}
        _remove(state, OF_USER, "user_id", {row["id"]})
        lines = own - {each["line_id"] for each in state["user_lines"]}
        state["lines"] = [each for each in state["lines"] if each["id"] not in lines]
        _remove(state, OF_LINE, "line_id", lines)
    elif table == "lines":
        _remove(state, OF_LINE, "line_id", {row["id"]})
    elif table == "voicemails":
        _remove(state, ("user_voicemails",), "voicemail_id", {row["id"]})
    else:
        _remove(state, ("line_extensions",), "extension_id", {row["id"]})
        state["incalls"] = [
            each for each in state["incalls"] if (each["exten"], each["context"]) != (row["exten"], row["context"])
        ]
    return state


def _remove(state: dict[str, Any], tables: tuple[str, ...], column: str, ids: set[Any]) -> None:
    for table in tables:
        state[table] = [each for each in state[table] if each[column] not in ids]
