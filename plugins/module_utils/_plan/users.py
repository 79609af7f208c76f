# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans users."""

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
from .callerids import callerid_to_keep


class UserPlanner(BasePlanner):
    """Plans the creation, change and deletion of users."""

    def ensure_user(
        self, found: User | None, values: Mapping[str, Any], identified_by: Mapping[str, Any] | None = None
    ) -> User:
        """Create a user with these values, or give the found one the values that differ.

        identified_by: see ``CreateUser``.
        Raises InputError for a value that the server would not store, UnsupportedError for a field that it lacks.
        """
        self.state.backend.check_fields(USER, values)
        values = self.state.backend.spell_out(USER, values)
        if found is None:
            return self._create_user(values, identified_by)
        changes = self._user_changes(found, self._updatable(USER, values))
        if changes:
            summaries = self.state.backend.summaries_of(USER, {**found.fields, **changes})
            changes |= differences(found.fields, summaries)
            self.state.backend.check_values(USER, changes)
            self.ownership.refuse_foreign_values(USER, changes, found)
            named = self._voicemail_to_name(found, changes)
            name = found.name
            old = self._replace(found, changes)
            if not {"firstname", "lastname"}.isdisjoint(changes):
                # A server may lose a custom caller ID with the name, and then it has to be put back.
                old.setdefault("caller_id", found["caller_id"])
            self.operations.append(UpdateUser(found, changes, old, named, callerid_to_keep(self.state, found, name)))
        return found

    def delete_user(self, user: User) -> None:
        """Delete a user without line."""
        self.operations.append(DeleteUser(user))
        self.state.remove_user(user)

    def _create_user(self, values: Mapping[str, Any], identified_by: Mapping[str, Any] | None) -> User:
        given = {name: canonical(name, value) for name, value in values.items() if name in USER.field_names}
        self.state.backend.check_values(USER, given)
        self.ownership.refuse_foreign_values(USER, given, None)
        user = User(fields={**self.state.backend.defaults_of(USER), **given})
        user.fields |= self.state.backend.summaries_of(USER, user.fields)
        user.fields["caller_id"] = given.get("caller_id") or user.generated_caller_id
        namesakes = self.state.users_named(user["firstname"], user["lastname"])
        self.operations.append(CreateUser(user, given, namesakes, dict(identified_by) if identified_by else None))
        self.state.add_user(user)
        return user

    def _user_changes(self, user: User, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Return the differences. A generated caller ID follows the name; a custom one is kept."""
        names = {name: canonical(name, wanted.get(name, user[name])) for name in ("firstname", "lastname")}
        if names["firstname"] is None:
            raise InputError("firstname cannot be empty: confd requires it.")
        generated = generated_caller_id(**names)
        values = dict(wanted)
        if wanted.get("caller_id") == "" or (
            "caller_id" not in wanted and user["caller_id"] == user.generated_caller_id
        ):
            values["caller_id"] = generated
        return differences(user.fields, values)
