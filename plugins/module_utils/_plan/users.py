# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would change about a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import InputError
from .._model.records import User
from .._model.resources import (
    USER,
    canonical,
    differences,
    generated_caller_id,
)
from .._operations.user import CreateUser, DeleteUser, UpdateUser
from .base import BasePlanner


class UserPlanner(BasePlanner):
    """Plans users."""

    def ensure_user(self, found: User | None, values: Mapping[str, Any]) -> User:
        """Create a user with these values, or give the found one those that differ."""
        self.state.backend.check_fields(USER, values)
        if found is None:
            return self._create_user(values)
        changes = self._user_changes(found, self._updatable(USER, values))
        if changes:
            self._check_values(USER, changes)
            self.operations.append(UpdateUser(found, changes, self._replace(found, changes)))
        return found

    def delete_user(self, user: User) -> None:
        """Delete a user who has no line any more."""
        self.operations.append(DeleteUser(user))
        self.state.remove_user(user)

    def _create_user(self, values: Mapping[str, Any]) -> User:
        given = {name: canonical(name, value) for name, value in values.items() if name in USER.field_names}
        self._check_values(USER, given)
        user = User(fields={**self.state.backend.defaults_of(USER), **given})
        user.fields["caller_id"] = given.get("caller_id") or user.generated_caller_id
        namesakes = self.state.users_named(user["firstname"], user["lastname"])
        self.operations.append(CreateUser(user, given, namesakes))
        self.state.add_user(user)
        return user

    def _user_changes(self, user: User, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The differences, with a caller ID that keeps step with the name unless somebody chose another."""
        names = {name: canonical(name, wanted.get(name, user[name])) for name in ("firstname", "lastname")}
        if names["firstname"] is None:
            raise InputError("firstname cannot be emptied: confd wants one.")
        generated = generated_caller_id(**names)
        values = dict(wanted)
        if wanted.get("caller_id") == "" or (
            "caller_id" not in wanted and user["caller_id"] == user.generated_caller_id
        ):
            values["caller_id"] = generated
        return differences(user.fields, values)
