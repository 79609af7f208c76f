# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_user_line and confd_line_extension."""

from __future__ import annotations

from typing import Any

from .._model.records import Extension, Line, User
from .._state.lookup import MissingReferenceError, describe, resolve_extension, resolve_line, resolve_user
from .task import RESET_PHONE, Task


def ensure_user_line(task: Task) -> dict[str, Any]:
    """Run confd_user_line, and return its results with ``user_line``."""
    try:
        user = resolve_user(task.state, task.options["user"], task.check_mode)
        line = resolve_line(task.state, task.options["line"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(user_line=None)
        raise
    if task.absent:
        _check_dissociation(task, user, line)
        task.planner.dissociate_user_line(user, line)
    else:
        if task.planned is not None:
            task.state.note_unassociated(user, line)
        task.planner.associate_user_line(user, line, alone=bool(task.options.get("alone")))
    is_main_user = task.state.is_main_user(user, line)
    result = task.finish()
    pair = {"user_id": user.id, "line_id": line.id, "main_user": is_main_user, "main_line": True}
    return {**result, "user_line": _mark_predicted(pair)}


def ensure_line_extension(task: Task) -> dict[str, Any]:
    """Run confd_line_extension, and return its results with ``line_extension``."""
    try:
        line = resolve_line(task.state, task.options["line"], task.check_mode)
        extension = resolve_extension(task.state, task.options["extension"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(line_extension=None)
        raise
    if task.absent:
        _dissociate_extension(task, line, extension)
    elif task.planned is not None:
        _associate_as_planned(task, line, extension)
    elif task.state.leads_to(extension, line):
        pass
    elif _is_incall(task, line, extension):
        _associate_incall(task, line, extension)
    else:
        task.planner.associate_line_extension(line, extension)
    result = task.finish()
    pair = {
        "line_id": line.id,
        "extension_id": extension.id,
        "exten": extension["exten"],
        "context": extension["context"],
    }
    return {**result, "line_extension": _mark_predicted(pair)}


def _check_dissociation(task: Task, user: User, line: Line) -> None:
    """Refuse to dissociate a user from a line if confd would reject it, or would strand the user's incalls.

    Source: xivo-15.12.md, trap 4.
    """
    state = task.state
    if state.line_of(user) is not line:
        return
    if state.device_of(line):
        task.refuse(f"{line} has a phone (device {line.device_id}).", RESET_PHONE)
    if state.main_user_of(line) is user:
        others = [each for each in state.users_of(line) if each is not user]
        if others:
            task.refuse(f"{line} has secondary users: {describe(others)}.", "Dissociate them first.")
        incalls = state.incalls_of(user)
        if incalls:
            task.refuse(
                f"{user} has incalls that would lose their destination: {describe(incalls)}.",
                "Dissociate them first (confd_line_extension with state absent).",
            )


def _dissociate_extension(task: Task, line: Line, extension: Extension) -> None:
    """Plan to dissociate an extension from a line, or an incall from the main user of the line."""
    user = task.state.main_user_of(line)
    if task.state.extension_of(line) is extension:
        if task.state.device_of(line):
            task.refuse(f"{line} has a phone (device {line.device_id}).", RESET_PHONE)
        task.planner.dissociate_line_extension(line, extension)
    elif user:
        task.planner.dissociate_incall(user, extension)


def _associate_as_planned(task: Task, line: Line, extension: Extension) -> None:
    """Plan to associate an extension with a line, or an incall with the user whom the plan of the role names."""
    reference = (task.planned or {}).get("user")
    if reference:
        task.planner.associate_incall(resolve_user(task.state, reference, False, "planned.user"), extension, line)
    else:
        task.state.note_unassociated(line)
        task.planner.associate_line_extension(line, extension)


def _is_incall(task: Task, line: Line, extension: Extension) -> bool:
    """Return whether associating an extension with a line makes it an incall of the line's main user."""
    is_incall = task.state.is_incall(extension["context"])
    # In check mode, the type of a context without extensions is unknown. A second extension of a line can only be an
    # incall.
    return task.state.extension_of(line) is not None if is_incall is None else is_incall


def _associate_incall(task: Task, line: Line, extension: Extension) -> None:
    user = task.state.main_user_of(line)
    if user is None:
        task.refuse(
            f"{line} has no user, so the incall {extension} has no destination.",
            "Associate a user with the line first (confd_user_line).",
        )
        user = User(fields={"firstname": f"of {line}"})
        task.state.add_user(user)
    task.planner.associate_incall(user, extension, line)


def _mark_predicted(pair: dict[str, Any]) -> dict[str, Any]:
    """Return an association with ``predicted`` if one of its objects does not exist yet."""
    return {**pair, "predicted": True} if None in pair.values() else pair
