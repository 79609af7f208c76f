# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the settings of users that have requests of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.records import Row, User, UserPart
from .._model.resources import GROUPS, Resource, differences
from .._model.rules import raise_problems
from .._operations.user_part import CreateUserPart, DeleteUserPart, UpdateUserPart
from .base import BasePlanner


def _has_nothing_else(_name: str) -> bool:
    """Return that rules of settings depend on no other things of the user."""
    return False


class UserPartPlanner(BasePlanner):
    """Plans the change of settings of a user."""

    def ensure_user_part(self, user: User, resource: Resource, values: Mapping[str, Any]) -> UserPart:
        """Give settings of a user the values that differ. Settings without a value stay.

        Raises InputError for a value that the server would not store, UnsupportedError where it has no such settings.
        """
        backend = self.state.backend
        backend.check_fields(resource, values)
        part = self.state.part_of(user, resource)
        changes = differences(part.fields, self._updatable(resource, values) if part.exists else values)
        if changes:
            raise_problems(self._problems_of_changes(resource, part.fields, changes))
            self._change_part(part, changes)
        return part

    def problems_of_part(self, user: User | None, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        """Return a text for each of the values that the server would not store. user: None for a new one.

        Raises InputError for values that name something the server does not have.
        """
        found = self.state.part_of(user, resource).fields if user else self.state.backend.defaults_of(resource)
        changes = differences(found, values)
        return self._problems_of_changes(resource, found, changes) if changes else []

    def _problems_of_changes(self, resource: Resource, found: Row, changes: Row) -> list[str]:
        backend, after = self.state.backend, {**found, **changes}
        problems = [
            *backend.problems_of_values(resource, changes),
            *backend.problems_of_combination(resource, after, changes, _has_nothing_else),
        ]
        if not problems:
            backend.check_part(resource, after)
        return problems

    def _change_part(self, part: UserPart, changes: dict[str, Any]) -> None:
        old, existed = {name: part[name] for name in changes}, part.exists
        self.state.change_part(part, changes)
        kind = UpdateUserPart
        if existed != part.exists:
            kind = CreateUserPart if part.exists else DeleteUserPart
        self.operations.append(kind(part, changes, old))

    def leave_groups(self, user: User) -> None:
        """Take a user out of all groups."""
        if GROUPS.name not in self.state.backend.absent_resources and not user.predicted:
            self.ensure_user_part(user, GROUPS, dict.fromkeys(GROUPS.field_names, ()))
