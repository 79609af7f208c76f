# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the settings of users that have requests of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.destinations import Destination
from .._model.errors import ConflictError
from .._model.func_keys import KeySet
from .._model.records import Group, Record, Row, User, UserPart
from .._model.resources import FALLBACKS, FUNC_KEYS, GROUPS, Resource, differences
from .._model.rules import raise_problems
from .._operations.group import UpdateGroup
from .._operations.user_part import CreateUserPart, DeleteUserPart, UpdateUserPart
from .._state.destinations import named_values, with_words
from .base import BasePlanner

CURE = "Remove the user, and create the user again."
"""What helps against fallbacks that the server refuses to change."""


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
        part = self._part_of(user, resource, values)
        changes = differences(part.fields, self._updatable(resource, values) if part.exists else values)
        if changes:
            raise_problems(self._problems_of_changes(resource, part.fields, changes))
            if resource.links:
                self._refuse_locked(part)
                with_words(self.state, part)
            self._change_part(part, changes)
        return part

    def problems_of_part(self, user: User | None, resource: Resource, values: Mapping[str, Any]) -> list[str]:
        """Return a text for each of the values that the server would not store. user: None for a new one.

        Raises InputError for values that name something the server does not have.
        """
        found = self._part_of(user, resource, values).fields if user else self.state.backend.defaults_of(resource)
        changes = differences(found, values)
        return self._problems_of_changes(resource, found, changes) if changes else []

    def _problems_of_changes(self, resource: Resource, found: Row, changes: Row) -> list[str]:
        backend, after = self.state.backend, {**found, **changes}
        problems = [
            *backend.problems_of_values(resource, _new_values(found, changes)),
            *backend.problems_of_combination(resource, after, changes, _has_nothing_else),
        ]
        if not problems:
            backend.check_part(resource, after)
        return problems

    def _part_of(self, user: User, resource: Resource, values: Mapping[str, Any]) -> UserPart:
        """Return settings of a user. values: what is wanted of them."""
        if user.id and resource is FUNC_KEYS and values.get("template"):
            self.state.backend.expect_template(user.id, values["template"])
        return self.state.part_of(user, resource)

    def _change_part(self, part: UserPart, changes: dict[str, Any]) -> None:
        old, existed = {name: part[name] for name in changes}, part.exists
        self.state.change_part(part, changes)
        kind = UpdateUserPart
        if existed != part.exists:
            kind = CreateUserPart if part.exists else DeleteUserPart
        self.operations.append(kind(part, changes, old))

    def clear_fallbacks_to(self, record: Record) -> str:
        """Take a user or a voicemail that is about to be deleted out of the fallbacks of users and groups.

        Afterwards XiVO would refuse every change of these fallbacks, for ever (person-xivo-16.16.md, trap 1). Return a
        warning about the users for whom that is so already; '' if there are none.
        """
        locked: list[UserPart | Group] = []
        for part, names in self.state.fallbacks_to(record):
            if self._dead_of(part):
                locked.append(part)
            else:
                self.ensure_user_part(part.user, FALLBACKS, dict.fromkeys(names, ""))
        for group in self.state.groups_leading_to(record):
            if self._dead_of(group):
                locked.append(group)
            else:
                self._clear_group(group)
        return " ".join(f"{part} lead to {record} as well, and cannot be changed. {CURE}" for part in locked)

    def _clear_group(self, group: Group) -> None:
        old = named_values(self.state, group.fields)
        changes = dict.fromkeys(old)
        group.fields.update(changes)
        self.operations.append(UpdateGroup(group, changes, old))

    def _dead_of(self, part: UserPart | Group) -> str:
        """Return which destination of settings was deleted, where the server refuses every change after that."""
        if not self.state.backend.locks_dead_links:
            return ""
        dead = {name: each for name, each in part.fields.items() if isinstance(each, Destination) and each.is_dead}
        return next((f"{name} leads to {each.type} {each.target}" for name, each in dead.items()), "")

    def _refuse_locked(self, part: UserPart) -> None:
        """Raise ConflictError for settings that cannot be changed (person-xivo-16.16.md, trap 1)."""
        dead = self._dead_of(part)
        if dead:
            raise ConflictError(
                f"{part} cannot be changed any more: {dead}, which was deleted, and the server refuses every change "
                "after that.",
                CURE,
            )

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
