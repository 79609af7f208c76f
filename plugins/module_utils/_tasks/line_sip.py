# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_line_sip."""

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
    """Run confd_line_sip, and return its results with ``line_sip``."""
    options, state = task.options, task.state
    match = {key: value for key, value in (options.get("match") or {}).items() if value is not None}
    if len(match) > 1 or (options.get("id") is None and not options.get("username") and not match):
        raise InputError(
            "match has both user and extension."
            if match
            else "The task does not identify a SIP line, so every run would create a new one.",
            "Set id, username, or match with either user or extension.",
        )
    found, seed, context = _line_and_purpose(task, match)
    if task.absent:
        return _delete_line(task, found)
    if found is None and options.get("id") is not None:
        raise InputError(f"There is no SIP line with id {options['id']}.", "Leave id out to create one.")
    task.expect_none(found)
    values = wanted_values(LINE, options)
    if found is None and context:
        values.setdefault("context", context)
    line = task.planner.ensure_line(found, values, seed)
    return task.finish(line_sip=state.load_line_details(line))


def _line_and_purpose(task: Task, match: Mapping[str, Any]) -> tuple[Line | None, str, str | None]:
    """Return (the line that the options identify, the seed of a new line's SIP username, a new line's context)."""
    options, state = task.options, task.state
    if options.get("id") is not None or not match:
        return find_line(state, {"id": options.get("id")}, options.get("username")), options.get("username") or "", None
    if "user" in match:
        user = resolve_user(state, match["user"], task.check_mode)
        seed, context = f"user {user.id}", None
        found = state.line_of(user) or (abandoned_line(state, seed) if user.id else None)
    else:
        found, seed, context = _line_for_extension(task, match["extension"])
    return found or _free_line_named(task, options.get("username")), seed, context


def _free_line_named(task: Task, username: str | None) -> Line | None:
    """Return the line of a SIP username that an earlier run created for the same match, but did not associate.

    Raise ConflictError if the line is associated with something else.
    """
    line = task.state.line_named(username) if username and not task.absent else None
    associated = _associations_of(task, line) if line else []
    if associated:
        raise ConflictError(
            f"The SIP username {username} is in use: match does not identify {line}, which is associated with "
            f"{', '.join(associated)}.",
            "Choose another username, because SIP usernames are unique, or correct match.",
        )
    return line


def _line_for_extension(task: Task, reference: Mapping[str, Any]) -> tuple[Line | None, str, str | None]:
    if task.creates:
        extension = _new_extension(reference)
        return None, str(extension), extension["context"]
    try:
        extension = resolve_extension(task.state, reference, task.check_mode)
    except MissingReferenceError:
        if reference.get("id") is not None:
            raise
        extension = _new_extension(reference)
        task.state.add_extension(extension)
    has_owner, line = task.state.line_with(extension)
    if not has_owner:
        line = abandoned_line(task.state, str(extension))
    return line, str(extension), extension["context"]


def _new_extension(reference: Mapping[str, Any]) -> Extension:
    return Extension(fields={"exten": parse_exten(reference["exten"], "exten"), "context": reference["context"]})


def _delete_line(task: Task, line: Line | None) -> dict[str, Any]:
    if line:
        associated = _associations_of(task, line)
        if associated:
            task.refuse(
                f"{line} is associated with {', '.join(associated)}.",
                "Dissociate it first (confd_line_device, confd_line_extension, confd_user_line).",
            )
        task.planner.delete_line(line)
    return task.finish(line_sip=line)


def _associations_of(task: Task, line: Line) -> list[str]:
    """Return the users, the extension and the device of a line as text."""
    extension = task.state.extension_of(line)
    users = task.state.users_of(line)
    return [
        *map(str, users),
        *([f"extension {extension} (id {extension.id})"] if extension else []),
        *([f"device {line.device_id}"] if task.state.device_of(line) else []),
    ]
