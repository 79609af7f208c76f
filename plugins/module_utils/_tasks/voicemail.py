# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What confd_voicemail does: find the voicemail and its user, plan, apply."""

from __future__ import annotations

from typing import Any

from .._model.errors import InputError
from .._model.numbers import parse_exten
from .._model.records import User, Voicemail, id_of
from .._model.resources import VOICEMAIL, wanted_values
from .._state.lookup import MissingReferenceError, resolve_user
from .task import Task


def ensure_voicemail(task: Task) -> dict[str, Any]:
    """confd_voicemail: results ``voicemail``."""
    found, values = _voicemail_and_values(task)
    if task.absent:
        if found:
            _remove(task, found)
        return task.finish(voicemail=found)
    if found is None and task.options.get("id") is not None:
        raise InputError(f"There is no voicemail with id {task.options['id']}.", "Leave id out to create one.")
    task.expect_none(found)
    user = _user(task)
    if user and found is None:
        values.setdefault("name", user.name)
    voicemail = task.planner.ensure_voicemail(found, values, [user] if user else [])
    if user:
        _give(task, user, voicemail)
    return task.finish(voicemail=voicemail)


def _voicemail_and_values(task: Task) -> tuple[Voicemail | None, dict[str, Any]]:
    """(the voicemail that is meant, the values it shall have)."""
    options = task.options
    values = wanted_values(VOICEMAIL, options)
    if values.get("number", "") != "":
        values["number"] = _digits(parse_exten(values["number"], "number"))
    if options.get("id") is not None:
        return task.state.voicemails.get(options["id"]), values
    if not values.get("number") or not values.get("context"):
        raise InputError("A voicemail needs number and context.", "Or give its id to renumber one.")
    return task.state.voicemails.at(values["number"], values["context"]), values


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdigit()):
        raise InputError(f"number is {text!r}, but the number of a voicemail has digits only.")
    return text


def _user(task: Task) -> User | None:
    reference = task.options.get("user")
    return resolve_user(task.state, reference, task.check_mode) if reference else None


def _give(task: Task, user: User, voicemail: Voicemail) -> None:
    state = task.state
    if not user.predicted and state.voicemails.of(user) is not voicemail and state.line_of(user) is None:
        task.refuse(
            f"{user} has no line, and confd gives voicemails only to users with a line.",
            "Give the user a line first (confd_user_line).",
        )
    task.planner.associate_voicemail(user, voicemail)


def _remove(task: Task, voicemail: Voicemail) -> None:
    """Without a user, take it away from everybody; with one, only if it is that user's or nobody's."""
    if not task.options.get("user"):
        task.planner.delete_voicemail(voicemail, release=True)
        return
    try:
        user = _user(task)
    except MissingReferenceError:
        user = None
    if user and task.state.voicemails.of(user) is voicemail:
        task.planner.dissociate_voicemail(user)
        task.planner.delete_voicemail(voicemail)
        return
    owner = next(task.backend.owners_of_voicemail(id_of(voicemail)), None)
    if owner is None:
        task.planner.delete_voicemail(voicemail)
        return
    someone = task.state.user(owner.user_id) or f"user {owner.user_id}"
    task.warnings.append(f"{voicemail} is left alone: it is not that user's, but belongs to {someone}.")
