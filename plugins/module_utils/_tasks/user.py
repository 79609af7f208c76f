# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What confd_user does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.records import User
from .._model.resources import USER, wanted_values
from .._state.lookup import find_user, match_of, name_of, new_user_values, one_user
from .task import Task


def ensure_user(task: Task) -> dict[str, Any]:
    """confd_user: results ``user``."""
    match = match_of(task.options.get("match"))
    wanted = wanted_values(USER, task.options)
    if task.absent:
        return _no_user(task, match, wanted)
    homonyms = task.options.get("homonyms") or ()
    found = None if task.options.get("new") else find_user(task.state, match, wanted, homonyms)
    user = task.planner.ensure_user(found, wanted if found else new_user_values(match, wanted))
    return task.finish(user=user)


def _no_user(task: Task, match: dict[str, Any] | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    keys = match or name_of(wanted)
    user = one_user(task.state, keys)
    if user:
        held = _held_by(task, user)
        if held:
            task.refuse(
                f"{user} is associated with {', '.join(held)}.",
                "Take that away first (confd_line_extension, confd_user_line), or use confd_provisioned_users.",
            )
        task.planner.delete_user(user)
    return task.finish(user=user)


def _held_by(task: Task, user: User) -> list[str]:
    line = task.state.line_of(user)
    voicemail = task.backend.voicemail_of_user(user.id) if user.id else None
    incalls = [f"incall {extension}" for extension in task.state.incalls_of(user)]
    return [
        *([str(line)] if line else []),
        *incalls,
        *([f"voicemail {voicemail}"] if voicemail else []),
    ]
