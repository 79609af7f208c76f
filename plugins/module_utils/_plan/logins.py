# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the logins of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.records import User, UserPart
from .._model.resources import LOGIN, Resource, differences
from .users import UserPlanner


class LoginPlanner(UserPlanner):
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
        if values.get("profile") == "" and self.state.part_of(user, LOGIN)["profile"]:
            raise InputError(
                f"The login of {user} keeps its profile: the server can replace it, but not remove it.",
                "Give another profile, or set login.enabled to false.",
            )
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
        if ":" in wanted.get("username", ""):
            raise InputError(
                f"login.username {wanted['username']!r} has a colon, with which nobody can sign in.",
                "Choose another one.",
            )
        follows = {field.name: user[field.follows] or "" for field in LOGIN.fields if field.follows}
        if follows["email"] and follows["email"] != part["email"]:
            self._refuse_taken_name(user, follows["email"])
        if part.exists and wanted.get("password") and self._keeps_password(part, wanted):
            del wanted["password"]
        wanted |= follows
        self._require_access(user, part, wanted)
        return super().ensure_user_part(user, LOGIN, wanted)

    def _keeps_password(self, part: UserPart, wanted: Mapping[str, Any]) -> bool:
        """Return whether the password of a login is not written: it is the wanted one, or nobody can sign in with it.

        The server does not show it, so it is compared by signing in, which a disabled login cannot.
        """
        if not self.policy.update_passwords:
            return True
        if not wanted.get("enabled", part["enabled"]):
            return True
        return bool(part["enabled"]) and self.state.backend.signs_in(part["username"], wanted["password"])

    def _require_access(self, user: User, part: UserPart, wanted: Mapping[str, Any]) -> None:
        """Raise InputError if the account lacks a permission for the change of a login."""
        changes = differences(part.fields, wanted)
        lacking = self.state.backend.lacking_access(user, part.exists, changes) if changes else []
        if lacking:
            raise InputError(
                f"The account lacks permissions for the login of {user}: {', '.join(lacking)}.",
                "Add them to a policy of the account in wazo-auth.",
            )

    def _refuse_taken_name(self, user: User, name: str) -> None:
        """Raise ConflictError if another login has a name, as its username or e-mail address, in any case."""
        owner = self.state.owner_of_login(name)
        if owner and owner is not user:
            raise ConflictError(f"The login name {name!r} already belongs to {owner}.", "Choose another one.")
