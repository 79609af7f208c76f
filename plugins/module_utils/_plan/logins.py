# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the logins of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.records import User, UserPart
from .._model.resources import LOGIN, Resource
from .user_parts import UserPartPlanner
from .users import UserPlanner


class LoginPlanner(UserPlanner, UserPartPlanner):
    """Plans logins as settings of a user, in part as fields of the user where the server keeps them there."""

    def ensure_user_part(self, user: User, resource: Resource, values: Mapping[str, Any]) -> UserPart:
        """Give settings of a user the values that differ, also a login. See ``UserPartPlanner``."""
        if resource is not LOGIN:
            return super().ensure_user_part(user, resource, values)
        if not self.state.backend.login_fields_of_user:
            return self._ensure_own_login(user, values)
        return self._ensure_login_of_user(user, values, self.state.backend.login_fields_of_user)

    def _ensure_login_of_user(self, user: User, values: Mapping[str, Any], of_user: tuple[str, ...]) -> UserPart:
        """Plan a login whose username and password are fields of the user."""
        if values.get("username") == "":
            # The account goes first, so that nobody signs in while the name goes.
            part = super().ensure_user_part(user, LOGIN, {"enabled": False})
            self.ensure_user(user, dict.fromkeys(of_user, ""))
            return part
        is_new = not user["username"]
        in_user = {name: value for name, value in values.items() if name in of_user}
        self.ensure_user(user, in_user, writes_secrets=is_new)
        rest = {name: value for name, value in values.items() if name not in of_user}
        if rest.get("enabled") and not (user["username"] and user["password"]):
            raise InputError(
                f"The login of {user} cannot be enabled: the server requires a username and a password.",
                "Give login.username and login.password.",
            )
        return super().ensure_user_part(user, LOGIN, rest)

    def _ensure_own_login(self, user: User, values: Mapping[str, Any]) -> UserPart:
        """Plan a login that is an object of its own. Its names follow those of the user."""
        part, wanted = self.state.part_of(user, LOGIN), dict(values)
        if wanted.get("username") == "":
            return super().ensure_user_part(user, LOGIN, wanted)
        if not part.exists and not wanted.get("username"):
            raise InputError(f"{user} has no login, and a new one requires a username.", "Give login.username.")
        if wanted.get("username") not in (None, part["username"]):
            self._refuse_taken_name(user, wanted["username"])
        # The server does not show the password, so it is compared by signing in.
        compares = part.exists and self.policy.update_passwords and wanted.get("password")
        if compares and self.state.backend.signs_in(part["username"], wanted["password"]):
            del wanted["password"]
        follows = {field.name: user[field.follows] or "" for field in LOGIN.fields if field.follows}
        return super().ensure_user_part(user, LOGIN, {**wanted, **follows})

    def _refuse_taken_name(self, user: User, name: str) -> None:
        """Raise ConflictError if another login has a name, as its username or e-mail address, in any case."""
        owner = self.state.owner_of_login(name)
        if owner and owner is not user:
            raise ConflictError(f"The login name {name!r} already belongs to {owner}.", "Choose another one.")
