# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What confd_line_sip does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.numbers import parse_exten
from .._model.records import Extension, Line
from .._model.resources import LINE, wanted_values
from .._state.lookup import MissingReferenceError, abandoned_line, find_line, resolve_extension, resolve_user
from .task import Task


def ensure_line_sip(task: Task) -> dict[str, Any]:
    """confd_line_sip: results ``line_sip``."""
    options, state = task.options, task.state
    match = {key: value for key, value in (options.get("match") or {}).items() if value is not None}
    if len(match) > 1 or (options.get("id") is None and not options.get("username") and not match):
        raise InputError(
            "match has both user and extension."
            if match
            else "Nothing says which SIP line is meant, so every run would make a new one.",
            "Give id, username, or match with one of user and extension.",
        )
    found, seed, context = _line_and_purpose(task, match)
    if task.absent:
        return _no_line(task, found)
    if found is None and options.get("id") is not None:
        raise InputError(f"There is no line with id {options['id']}.", "confd gives the ids; leave it out to create.")
    task.expect_none(found)
    values = wanted_values(LINE, options)
    if found is None and context:
        values.setdefault("context", context)
    line = task.planner.ensure_line(found, values, seed)
    return task.finish(line_sip=state.load_line_details(line))


def _line_and_purpose(task: Task, match: Mapping[str, Any]) -> tuple[Line | None, str, str | None]:
    """(the line that is meant, what a new one would be for, the context that suggests)."""
    options, state = task.options, task.state
    if options.get("id") is not None or not match:
        return find_line(state, {"id": options.get("id")}, options.get("username")), options.get("username") or "", None
    if "user" in match:
        user = resolve_user(state, match["user"], task.check_mode)
        seed, context = f"user {user.id}", None
        found = state.line_of(user) or (abandoned_line(state, seed) if user.id else None)
    else:
        found, seed, context = _line_for_number(task, match["extension"])
    return found or _free_line_named(task, options.get("username")), seed, context


def _free_line_named(task: Task, username: str | None) -> Line | None:
    """What an earlier run made for the same purpose and nobody associated yet."""
    line = task.state.line_named(username) if username and not task.absent else None
    held = _held_by_line(task, line) if line else []
    if held:
        raise ConflictError(
            f"{line} is not what match means: it is associated with {', '.join(held)}.", "SIP usernames are unique."
        )
    return line


def _line_for_number(task: Task, reference: Mapping[str, Any]) -> tuple[Line | None, str, str | None]:
    try:
        extension = resolve_extension(task.state, reference, task.check_mode)
    except MissingReferenceError:
        if reference.get("id") is not None:
            raise
        extension = Extension(
            fields={"exten": parse_exten(reference["exten"], "exten"), "context": reference["context"]}
        )
        task.state.add_extension(extension)
    owner = task.state.owner_of(extension)
    line = owner.line if owner else abandoned_line(task.state, str(extension))
    return line, str(extension), extension["context"]


def _no_line(task: Task, line: Line | None) -> dict[str, Any]:
    if line:
        held = _held_by_line(task, line)
        if held:
            task.refuse(
                f"{line} is associated with {', '.join(held)}.",
                "Take that away first (confd_line_extension, confd_user_line).",
            )
        task.planner.delete_line(line)
    return task.finish(line_sip=line)


def _held_by_line(task: Task, line: Line) -> list[str]:
    extension = task.state.extension_of(line)
    users = task.state.users_of(line)
    return [
        *map(str, users),
        *([f"extension {extension} (id {extension.id})"] if extension else []),
        *([f"device {line.device_id}"] if task.state.device_of(line) else []),
    ]
