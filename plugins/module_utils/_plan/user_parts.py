# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the settings of users that have requests of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.func_keys import KeySet
from .._model.records import User, UserPart
from .._model.resources import FUNC_KEYS, GROUPS, Resource, differences
from .._operations.user_part import CreateUserPart, DeleteUserPart, UpdateUserPart
from .._state.destinations import with_words
from .base import BasePlanner


class UserPartPlanner(BasePlanner):
    """Plans the change of settings of a user."""

    def ensure_user_part(self, user: User, resource: Resource, values: Mapping[str, Any]) -> UserPart:
        """Give settings of a user the values that differ. Settings without a value stay.

        Raises InputError for a value that the server would not store, UnsupportedError where it has no such settings.
        """
        backend = self.state.backend
        backend.check_fields(resource, values)
        part = self._part_of(user, resource, values)
        changes = differences(part.fields, self._updatable(resource, values) if part.exists else values)
        if changes:
            backend.check_values(resource, _new_values(part.fields, changes))
            backend.check_part(resource, {**part.fields, **changes})
            if resource.links:
                with_words(self.state, part)
            self._change_part(part, changes)
        return part

    def problems_of_part(self, user: User | None, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        """Return a text for each of the values that the server would not store. user: None for a new one.

        Raises InputError for values that contradict each other.
        """
        backend = self.state.backend
        found = self._part_of(user, resource, values).fields if user else backend.defaults_of(resource)
        changes = differences(found, values)
        problems = backend.problems_of_values(resource, _new_values(found, changes))
        if changes and not problems:
            backend.check_part(resource, {**found, **changes})
        return problems

    def _part_of(self, user: User, resource: Resource, values: Mapping[str, Any]) -> UserPart:
        """Return settings of a user. values: what is wanted of them."""
        if user.id and resource is FUNC_KEYS and values.get("template"):
            self.state.backend.expect_template(user.id, values["template"])
        return self.state.part_of(user, resource)

    def _change_part(self, part: UserPart, changes: dict[str, Any]) -> None:
        old, existed = {name: part[name] for name in changes}, part.exists
        part.fields.update(changes)
        kind = UpdateUserPart
        if existed != part.exists:
            kind = CreateUserPart if part.exists else DeleteUserPart
        self.operations.append(kind(part, changes, old))

    def leave_groups(self, user: User) -> None:
        """Take a user out of all groups."""
        if GROUPS.name not in self.state.backend.absent_resources and not user.predicted:
            self.ensure_user_part(user, GROUPS, dict.fromkeys(GROUPS.field_names, ()))


def _new_values(found: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes without what is there already: of a set of keys only those that are new."""
    return {
        name: value.differing_from(found.get(name) or {}) if isinstance(value, KeySet) else value
        for name, value in changes.items()
    }
