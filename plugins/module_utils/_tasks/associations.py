# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What confd_user_line and confd_line_extension do."""

from __future__ import annotations

from typing import Any

from .._model.records import Extension, Line, User
from .._state.lookup import MissingReferenceError, describe, resolve_extension, resolve_line, resolve_user
from .task import Task


def ensure_user_line(task: Task) -> dict[str, Any]:
    """confd_user_line: results ``user_line``."""
    try:
        user = resolve_user(task.state, task.options["user"], task.check_mode)
        line = resolve_line(task.state, task.options["line"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(user_line=None)
        raise
    if task.absent:
        _refuse_parting(task, user, line)
        task.planner.dissociate_user_line(user, line)
    else:
        task.planner.associate_user_line(user, line)
    result = task.finish()
    return {**result, "user_line": _user_line(task, user, line)}


def ensure_line_extension(task: Task) -> dict[str, Any]:
    """confd_line_extension: results ``line_extension``."""
    try:
        line = resolve_line(task.state, task.options["line"], task.check_mode)
        extension = resolve_extension(task.state, task.options["extension"], task.check_mode)
    except MissingReferenceError:
        if task.absent:
            return task.finish(line_extension=None)
        raise
    if task.absent:
        _part_extension(task, line, extension)
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
    return {**result, "line_extension": _associated(pair)}


def _refuse_parting(task: Task, user: User, line: Line) -> None:
    """What confd would refuse, and what it would do and strand (xivo-15.12.md, trap 4)."""
    state = task.state
    if state.line_of(user) is not line:
        return
    if state.device_of(line):
        task.refuse(f"{line} has a phone (device {line.device_id}).", "Put the phone into autoprov first.")
    if state.main_user_of(line) is user:
        others = [each for each in state.users_of(line) if each is not user]
        if others:
            task.refuse(f"{line} has secondary users: {describe(others)}.", "Dissociate them first.")
        incalls = state.incalls_of(user)
        if incalls:
            task.refuse(
                f"{user} is called from outside by {describe(incalls)}, which would be stranded.",
                "Dissociate these first (confd_line_extension with state absent).",
            )


def _part_extension(task: Task, line: Line, extension: Extension) -> None:
    user = task.state.main_user_of(line)
    if task.state.number_of(line) is extension:
        if task.state.device_of(line):
            task.refuse(f"{line} has a phone (device {line.device_id}).", "Put the phone into autoprov first.")
        task.planner.dissociate_line_extension(line, extension)
    elif user:
        task.planner.dissociate_incall(user, extension)


def _is_incall(task: Task, line: Line, extension: Extension) -> bool:
    if task.state.number_of(line) is extension:
        return False
    is_incall = task.state.is_incall(extension["context"])
    # A context without any extension yet, in check mode: a second number of a line can only be an incall.
    return task.state.number_of(line) is not None if is_incall is None else is_incall


def _associate_incall(task: Task, line: Line, extension: Extension) -> None:
    user = task.state.main_user_of(line)
    if user is None:
        task.refuse(
            f"{line} has no user yet, so {extension} cannot reach anybody.",
            "Give the line a user first (confd_user_line).",
        )
        user = User(fields={"firstname": "the user to come"})
        task.state.add_user(user)
    task.planner.associate_incall(user, extension)


def _user_line(task: Task, user: User, line: Line) -> dict[str, Any]:
    main = task.state.main_user_of(line)
    return _associated({"user_id": user.id, "line_id": line.id, "main_user": main in (None, user), "main_line": True})


def _associated(pair: dict[str, Any]) -> dict[str, Any]:
    return {**pair, "predicted": True} if None in pair.values() else pair
