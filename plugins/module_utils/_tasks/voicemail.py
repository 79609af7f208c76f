# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs confd_voicemail."""

from __future__ import annotations

from typing import Any

from .._model.errors import InputError
from .._model.numbers import parse_exten
from .._model.records import User, Voicemail, id_of
from .._model.resources import VOICEMAIL, wanted_values
from .._state.lookup import MissingReferenceError, resolve_user
from .task import Task


def ensure_voicemail(task: Task) -> dict[str, Any]:
    """Run confd_voicemail, and return its results with ``voicemail``."""
    found, values = _voicemail_and_values(task)
    if task.absent:
        if found:
            _delete_voicemail(task, found)
        return task.finish(voicemail=found)
    if found is None and task.options.get("id") is not None:
        raise InputError(f"There is no voicemail with id {task.options['id']}.", "Leave id out to create one.")
    task.expect_none(found)
    user = _resolve_user(task)
    if user and found is None:
        values.setdefault("name", user.name)
    voicemail = task.planner.ensure_voicemail(found, values, [user] if user else [])
    if user:
        _associate_user(task, user, voicemail)
    return task.finish(voicemail=voicemail)


def _voicemail_and_values(task: Task) -> tuple[Voicemail | None, dict[str, Any]]:
    """Return (the voicemail that the options identify, its wanted values). Raise InputError if they identify none."""
    options = task.options
    values = wanted_values(VOICEMAIL, options)
    if values.get("number", "") != "":
        values["number"] = parse_exten(values["number"], "number")
        if not (values["number"].isascii() and values["number"].isdigit()):
            raise InputError(f"number is {values['number']!r}, but the number of a voicemail must consist of digits.")
    if options.get("id") is not None:
        return task.state.voicemails.get(options["id"]), values
    if not values.get("number") or not values.get("context"):
        raise InputError(
            "number and context are required to identify a voicemail.", "Set id instead to renumber a voicemail."
        )
    return task.state.voicemails.at(values["number"], values["context"]), values


def _resolve_user(task: Task) -> User | None:
    """Return the user of the option ``user``, if it is set. Raise MissingReferenceError if there is no such user."""
    reference = task.options.get("user")
    return resolve_user(task.state, reference, task.check_mode) if reference else None


def _associate_user(task: Task, user: User, voicemail: Voicemail) -> None:
    state = task.state
    if not user.predicted and state.voicemails.of(user) is not voicemail and state.line_of(user) is None:
        task.refuse(
            f"{user} has no line, and confd associates voicemails only with users that have a line.",
            "Associate a line with the user first (confd_user_line).",
        )
    task.planner.associate_voicemail(user, voicemail)


def _delete_voicemail(task: Task, voicemail: Voicemail) -> None:
    """Plan to delete a voicemail. If the task has a user, only a voicemail of that user or of nobody is deleted."""
    if not task.options.get("user"):
        task.planner.delete_voicemail(voicemail, release=True)
        return
    try:
        user = _resolve_user(task)
    except MissingReferenceError:
        user = None
    if user and task.state.voicemails.of(user) is voicemail:
        task.planner.dissociate_voicemail(user)
        others = task.backend.owners_of_voicemail(id_of(voicemail))
        if all(owner.user_id == user.id for owner in others):
            task.planner.delete_voicemail(voicemail)
        return
    owner = next(task.backend.owners_of_voicemail(id_of(voicemail)), None)
    if owner is None:
        task.planner.delete_voicemail(voicemail)
        return
    found = task.state.user(owner.user_id) or f"user {owner.user_id}"
    task.warnings.append(f"{voicemail} is not deleted: it belongs to {found}, not to the user of this task.")
