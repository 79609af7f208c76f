# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logins of users on Wazo: users of wazo-auth with the same uuid.

confd leaves the login behind when it deletes a user, and the person can still sign in. Tokens outlive a deleted login,
but not a disabled one. Source: person-wazo-26.08.md, "0. Traps first" and "1.2 Straight at wazo-auth".
"""

from __future__ import annotations

from ..._http.client import Client
from ..._model.errors import AuthenticationError, ConflictError, NotFoundError
from ..._model.records import Row, User
from ..._model.resources import USER, Resource
from ..xivo16.backend import Xivo16

KEPT = ("username", "firstname", "lastname", "purpose", "authentication_method")
"""What a PUT must repeat of a login, because it resets what it does not name (person-wazo-26.08.md, trap 3)."""
ACCESSES = ("read", "update", "delete")


class WazoLogins(Xivo16):
    """Removes the login of a user with the user, and revokes its tokens."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._may_remove_logins: bool | None = None

    def delete(self, resource: Resource, object_id: int) -> None:
        user = self._get(f"/users/{object_id}") if resource is USER else None
        if user and not self._remove_login(user["uuid"]):
            self._delete_with_login(user)
        else:
            super().delete(resource, object_id)

    def warning_of_removal(self, user: User) -> str:
        if self._may_remove_logins is None:
            needed = [f"auth.users.{user.uuid}.{each}" for each in ACCESSES]
            self._may_remove_logins = all(self.client.may(access) for access in needed)
        if self._may_remove_logins:
            return ""
        return (
            f"If {user} is signed in, the session remains until its token expires: the account lacks a permission of "
            f"auth.users.#.{{{','.join(ACCESSES)}}}. The login itself is removed."
        )

    def _remove_login(self, uuid: str) -> bool:
        """Remove the login of a user, if there is one, and revoke its tokens. Return whether the account may do it."""
        auth, path = self.client.of_auth_service(), f"/users/{uuid}"
        try:
            login = auth.get(path)
            # A deletion alone would leave the tokens valid.
            auth.put(path, {**{name: login[name] for name in KEPT}, "enabled": False})
            auth.delete(path)
        except NotFoundError:
            return True
        except AuthenticationError:
            return False
        return True

    def _delete_with_login(self, user: Row) -> None:
        """Let confd delete a user and the login. It would delete everything else that the user has as well."""
        owned = [name for name in ("lines", "incalls", "voicemail", "agent") if user[name]]
        if owned:
            raise ConflictError(
                f"User {user['id']} still has: {', '.join(owned)}. The account cannot remove the login alone, and with "
                "the login the server would delete them.",
                "Remove them first, or give the account the permissions auth.users.#.read, auth.users.#.update and "
                "auth.users.#.delete in wazo-auth.",
            )
        self.client.delete(f"{self._path(USER, user['id'])}?recursive=true")
