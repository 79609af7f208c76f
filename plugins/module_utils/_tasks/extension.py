# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_extension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.numbers import parse_exten
from .._model.records import Extension
from .._model.resources import EXTENSION, wanted_values
from .task import RESET_PHONE, Task


def ensure_extension(task: Task) -> dict[str, Any]:
    """Run confd_extension, and return its results with ``extension``."""
    found, values = _extension_and_values(task)
    if task.absent:
        return _delete_extension(task, found)
    if found is None and task.options.get("id") is not None:
        raise InputError(f"There is no extension with id {task.options['id']}.", "Leave id out to create one.")
    task.expect_none(found, "extension")
    owner = (
        task.state.owner_of(found) if found and values.get("context", found["context"]) != found["context"] else None
    )
    extension = _move_context(task, found, values) if found and owner else task.planner.ensure_extension(found, values)
    return task.finish(extension=extension)


def _extension_and_values(task: Task) -> tuple[Extension | None, dict[str, Any]]:
    """Return (the extension that the options identify, its wanted values). Raise InputError if they identify none."""
    options, state = task.options, task.state
    values = wanted_values(EXTENSION, options)
    if "exten" in values:
        values["exten"] = parse_exten(values["exten"], "exten")
    if options.get("id") is not None:
        return state.extension(options["id"]), values
    if not values.get("exten") or not values.get("context"):
        raise InputError(
            "exten and context are required to identify an extension.", "Set id instead to renumber an extension."
        )
    return None if task.creates else state.extension_at(values["exten"], values["context"]), values


def _move_context(task: Task, extension: Extension, values: Mapping[str, Any]) -> Extension:
    """Plan to move an associated extension to another context: dissociate it, change it, and associate it again."""
    state, planner = task.state, task.planner
    owner = state.owner_of(extension)
    line, user = (owner.line, owner.user) if owner else (None, None)
    if user and line is None:
        # The server associates incalls with the user. As an internal extension, it will belong to the user's line.
        line = state.line_of(user)
    if line and state.device_of(line) and state.extension_of(line) is extension:
        raise ConflictError(
            f"{extension} cannot be moved to another context while {line} has a phone (device {line.device_id}).",
            RESET_PHONE,
        )
    if user:
        # Read the user's incalls now: the state keeps them, and the server's would be those between two changes later.
        state.incalls_of(user)
    to_incall = state.is_incall(values["context"])
    if to_incall and user and not (line and state.extension_of(line) is extension):
        # It stays the same incall, with everything that the web interface has set.
        return planner.ensure_extension(extension, values)
    if line and state.extension_of(line) is extension:
        planner.dissociate_line_extension(line, extension, undo_on_failure=True)
    elif user:
        planner.dissociate_incall(user, extension, undo_on_failure=True)
    planner.ensure_extension(extension, values)
    if to_incall and user:
        planner.associate_incall(user, extension)
    elif line and not to_incall:
        planner.associate_line_extension(line, extension)
    return extension


def _delete_extension(task: Task, extension: Extension | None) -> dict[str, Any]:
    if extension:
        owner = task.state.owner_of(extension)
        if owner:
            task.refuse(
                f"extension {extension} (id {extension.id}) is associated with {owner}.",
                "Dissociate it first (confd_line_extension with state absent).",
            )
        task.planner.delete_extension(extension)
    return task.finish(extension=extension)
