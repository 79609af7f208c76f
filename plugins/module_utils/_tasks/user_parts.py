# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the modules of the settings of a user that have requests of their own, such as confd_user_forwards."""

from __future__ import annotations

from typing import Any

from .._model.resources import LOGIN, USER_PARTS, Resource, wanted_values
from .._state.destinations import resolve_values, wishes_of, with_words
from .._state.lookup import resolve_user
from .task import Task


def ensure_user_part(task: Task, resource: Resource) -> dict[str, Any]:
    """Run the module of a resource, and return its results with the settings under the name of the resource."""
    user = resolve_user(task.state, task.options["user"], task.check_mode)
    key = next(key for key, each in USER_PARTS.items() if each is resource)
    wanted = resolve_values(
        task.state, wishes_of(resource, wanted_values(resource, task.options), key), user, task.check_mode
    )
    if resource.needs_line and any(wanted.values()) and not user.predicted and task.state.line_of(user) is None:
        task.refuse(
            f"{user} has no line, but {resource.label} require one.",
            "Associate a line with the user first (confd_user_line).",
        )
    part = task.planner.ensure_user_part(user, resource, wanted)
    result = task.finish()
    shown = (with_words(task.state, part) if resource.links else part).result()
    # On some generations username and password of the login are fields of the user.
    of_user = task.state.backend.login_fields_of_user if resource is LOGIN else ()
    return {**result, resource.name: {**shown, **{name: user[name] for name in of_user}}}
