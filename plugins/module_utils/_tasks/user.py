# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.records import User
from .._model.resources import USER, wanted_values
from .._state.lookup import find_user, match_of, name_of, new_user_values, one_user
from .task import Task


def ensure_user(task: Task) -> dict[str, Any]:
    """Run confd_user, and return its results with ``user``."""
    match = match_of(task.options.get("match"))
    wanted = wanted_values(USER, task.options)
    if task.absent:
        return _delete_user(task, match, wanted)
    homonyms = task.options.get("homonyms") or ()
    found = None if task.options.get("new") else find_user(task.state, match, wanted, homonyms)
    values = wanted if found else new_user_values(match, wanted)
    if task.creates:
        namesakes = (task.planned or {}).get("namesakes") or ()
        task.state.note_users_named(values.get("firstname"), values.get("lastname"), namesakes)
    user = task.planner.ensure_user(found, values)
    return task.finish(user=user)


def _delete_user(task: Task, match: dict[str, Any] | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    user = one_user(task.state, match or name_of(wanted))
    if user:
        associated = _associations_of(task, user)
        if associated:
            task.refuse(
                f"{user} is associated with {', '.join(associated)}.",
                "Dissociate the user first (confd_line_extension, confd_user_line, confd_voicemail), or use "
                "confd_provisioned_users.",
            )
        keeps_login = task.options.get("login") == "keep" and not task.backend.login_fields_of_user
        task.planner.delete_user(user, keeps_login)
    return task.finish(user=user)


def _associations_of(task: Task, user: User) -> list[str]:
    """Return the line, the incalls and the voicemail of a user as text."""
    line = task.state.line_of(user)
    voicemail = task.backend.voicemail_of_user(user.id) if user.id else None
    incalls = [f"incall {extension}" for extension in task.state.incalls_of(user)]
    return [
        *([str(line)] if line else []),
        *incalls,
        *([f"voicemail {voicemail}"] if voicemail else []),
    ]
