# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the info modules: reads a list in one request without paging, and returns the rows that match the query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._model.records import Row, User
from .._model.resources import LINE, normalised
from .._model.texts import searchable_part
from .._state.state import ServerState
from .query import DEVICES, EXTENSIONS, LINES, USERS, VOICEMAILS, Query
from .task import Task

DETAILS = frozenset({"secret", "callerid"})
"""Fields of lines that are slow to read on some servers: 2.3 ms a line on xivo15 (xivo-15.12.md, trap 7)."""
FEW_LINES = 20
"""The largest number of lines that are read one by one instead of with the list of all details."""


def read_users(task: Task) -> dict[str, Any]:
    """Run confd_user_info, and return its results with ``users`` and ``total``."""
    query = Query.of(USERS, task.options)
    if not task.options.get("with_lines"):
        return _answer(task, query, _with_apart)
    if query.id is None:
        task.state.read_snapshot()
    user = task.state.user(query.id) if query.id is not None else None
    users = [user] if user else [] if query.id is not None else task.state.users()
    for each in users[:1]:
        task.state.load_apart(each)
    rows = query.filtered(query.found(each.result() for each in users))
    by_id = {each.id: each for each in users}
    page = query.page(rows)
    _read_details(task.state, [by_id[row["id"]] for row in page])
    page = [{**row, **_line_and_extension(task, by_id[row["id"]])} for row in page]
    return _result(task, query, page, len(rows))


def read_lines(task: Task) -> dict[str, Any]:
    """Run confd_line_sip_info, and return its results with ``lines_sip`` and ``total``.

    The fields of DETAILS are read only if the query or the result needs them.
    """
    query = Query.of(LINES, task.options)
    if query.id is not None:
        return _answer(task, query, _with_line_apart)
    costly = DETAILS.intersection(query.filters)
    rows = query.found(task.backend.search(LINES.resource))
    if "device_id" in query.filters or query.order == "device_id":
        rows = _with_devices(task, rows)
    rows = query.filtered(rows, query.filters.keys() - costly - LINE.apart)
    if not LINE.apart.isdisjoint({*query.filters, query.order}):
        rows = query.filtered(_with_line_apart(task, rows), LINE.apart.intersection(query.filters))
    detailed = bool(costly) or query.order in DETAILS
    if detailed:
        rows = query.filtered(_with_details(task, rows), costly)
    page = _with_devices(task, query.page(rows))
    if task.options.get("return_secrets") and not detailed:
        page, detailed = _with_details(task, page), True
    hidden = frozenset() if detailed else DETAILS
    return _result(task, query, [_drop_fields(row, hidden) for row in page], len(rows))


def read_extensions(task: Task) -> dict[str, Any]:
    """Run confd_extension_info, and return its results with ``extensions`` and ``total``."""
    return _answer(task, Query.of(EXTENSIONS, task.options))


def read_devices(task: Task) -> dict[str, Any]:
    """Run confd_device_info, and return its results with ``devices`` and ``total``."""
    return _answer(task, Query.of(DEVICES, task.options))


def read_voicemails(task: Task) -> dict[str, Any]:
    """Run confd_voicemail_info, and return its results with ``voicemails`` and ``total``."""
    return _answer(task, Query.of(VOICEMAILS, task.options))


def _as_they_are(_task: Task, rows: list[Row]) -> list[Row]:
    return rows


def _answer(
    task: Task, query: Query, complete: Callable[[Task, list[Row]], list[Row]] = _as_they_are
) -> dict[str, Any]:
    """Return the results of a query that needs one list, or one object by id. complete: adds what they lack."""
    if query.id is not None:
        row = task.backend.get(query.listing.resource, query.id)
        return _result(task, query, complete(task, [row] if row else []), 1 if row else 0)
    found = query.found(task.backend.search(query.listing.resource, searchable_part(query.search)))
    rows = query.filtered(complete(task, found))
    return _result(task, query, query.page(rows), len(rows))


def _result(task: Task, query: Query, rows: Iterable[Row], total: int) -> dict[str, Any]:
    name = query.listing.result
    return {"changed": False, name: list(rows), "total": total, "confd_api": task.backend.api}


def _with_apart(task: Task, rows: list[Row]) -> list[Row]:
    """Return the rows of users with the fields that are read apart from the others."""
    if len(rows) == 1:
        return [{**row, **task.backend.apart_of_user(row["id"])} for row in rows]
    found = task.backend.apart_of_users() if rows else {}
    return [{**row, **found.get(row["id"], {})} for row in rows]


def _with_line_apart(task: Task, rows: list[Row]) -> list[Row]:
    """Return the rows of lines with the fields that are read apart from the others; the defaults where there are none.

    Servers that lack a field are not asked for it.
    """
    usual = {each.name: each.default for each in LINE.fields if each.apart and task.backend.has_field(LINE, each.name)}
    if all(row.keys() >= usual.keys() for row in rows):
        return rows
    found = (
        {row["id"]: task.backend.apart_of_line(row["id"]) for row in rows}
        if len(rows) <= FEW_LINES
        else task.backend.apart_of_lines()
    )
    return [{**usual, **normalised(LINE, found.get(row["id"], {})), **row} for row in rows]


def _with_details(task: Task, rows: list[Row]) -> list[Row]:
    """Return the rows with the fields of DETAILS, without lines that have been deleted meanwhile."""
    if all(row.keys() >= DETAILS for row in rows):
        return rows
    if len(rows) <= FEW_LINES:
        read = (task.backend.get(LINES.resource, row["id"]) for row in rows)
        details = {row["id"]: row for row in read if row}
    else:
        details = {row["id"]: row for row in task.backend.list_detailed_lines()}
    return [{**row, **{name: details[row["id"]].get(name) for name in DETAILS}} for row in rows if row["id"] in details]


def _with_devices(task: Task, rows: list[Row]) -> list[Row]:
    """Return the rows with ``device_id``, which some servers have in single lines or in a slow list only.

    Source: xivo-16.16.md, trap 4.
    """
    if all("device_id" in row for row in rows):
        return rows
    if len(rows) <= FEW_LINES:
        return [{**row, "device_id": task.backend.device_of_line(row["id"])} for row in rows]
    devices = task.backend.devices_of_lines()
    return [{**row, "device_id": devices.get(row["id"])} for row in rows]


def _read_details(state: ServerState, users: list[User]) -> None:
    """Read what the lists leave out of the lines and extensions of users, in as few requests as possible."""
    lines = [line for line in map(state.line_of, users) if line]
    numbers = [number for number in map(state.extension_of, lines) if number]
    if len(lines) > FEW_LINES:
        state.read_devices()
    state.load_full_extensions(numbers)


def _line_and_extension(task: Task, user: User) -> Row:
    """Return {"line": ..., "extension": ...} of a user, each None if the user has none."""
    line = task.state.line_of(user)
    number = task.state.extension_of(line) if line else None
    return {
        "line": _drop_fields({**line.result(), "device_id": task.state.device_of(line)}, DETAILS) if line else None,
        "extension": task.state.load_full_extension(number).result() if number else None,
    }


def _drop_fields(row: Row, names: Iterable[str]) -> Row:
    return {name: value for name, value in row.items() if name not in names}
