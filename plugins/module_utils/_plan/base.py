# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base class of all parts of the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._model.records import Record, User, Voicemail
from .._model.resources import USER, Resource
from .._model.rules import LINE_OF_USER, MOBILE_FALLBACK, VOICEMAIL_OF_USER, Has, raise_problems
from .._operations.base import Operation
from .._state.state import ServerState
from .ownership import Ownership


@dataclass
class PlanPolicy:
    """Limits of a plan. update_passwords: whether the secrets of existing objects are compared and changed."""

    update_passwords: bool = True


class BasePlanner:
    """Collects operations, and changes the state as each operation will change the server."""

    def __init__(self, state: ServerState, policy: PlanPolicy | None = None) -> None:
        self.state = state
        self.policy = policy or PlanPolicy()
        self.ownership = Ownership(state)
        self.operations: list[Operation] = []

    def _updatable(self, resource: Resource, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that may be compared with those of an existing object."""
        if self.policy.update_passwords:
            return dict(values)
        return {name: value for name, value in values.items() if name not in resource.secrets}

    def _refuse_for(self, user: User, thing: str) -> None:
        """Raise InputError if the server could not store the values of a user who gets a thing that ``Has`` knows."""
        raise_problems(self.state.backend.problems_of_combination(USER, user.fields, {thing}, self.has(user, thing)))

    def has(self, user: User | None, *more: str) -> Has:
        """Return what says whether a user has something. more: what the user gets by the change that is planned."""

        def has(thing: str) -> bool:
            if user is None or thing in more:
                return thing in more
            if thing == LINE_OF_USER:
                return self.state.line_of(user) is not None
            if thing == VOICEMAIL_OF_USER:
                return self.state.voicemails.of(user) is not None
            return thing == MOBILE_FALLBACK and user.mobile_fallback

        return has

    def _voicemail_to_name(self, user: User, changes: Mapping[str, Any]) -> tuple[Voicemail, str] | None:
        """Return the voicemail of a user who is written, with its name, if the name has to be put back; else None.

        A name that was made of the user's follows the changes of the user, every other name is kept, like a caller ID.
        """
        voicemails, made = self.state.voicemails, self.state.backend.voicemail_name
        named = voicemails.named_otherwise(user)
        found = voicemails.of(user) if made(user) is not None and not named else None
        if found and not found.predicted:
            found.fields["name"] = made(User(fields={**user.fields, **changes}))
        return named

    def _replace(self, record: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change a record of the state. Return the old values of what changes."""
        old = {name: record[name] for name in changes}
        self.state.change(record, changes)
        return old
