# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logins of users on Wazo: users of wazo-auth with the same uuid.

confd leaves the login behind when it deletes a user, and the person can still sign in. Tokens outlive a deleted login,
but not a disabled one. Source: person-wazo-26.08.md, "0. Traps first" and "1.2 Straight at wazo-auth".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ..._http.client import Client
from ..._http.confirm import create_once
from ..._model.errors import AuthenticationError, ConflictError, NotFoundError
from ..._model.records import Row, User
from ..._model.resources import CALL_PERMISSIONS, GROUPS, LOGIN, USER, Resource, normalised
from ..xivo.rows import given
from ..xivo16.backend import Xivo16

KEPT = ("username", "firstname", "lastname", "enabled", "purpose", "authentication_method")
"""What a PUT must repeat of a login, because it resets what it does not name (person-wazo-26.08.md, trap 3)."""
WRITTEN = frozenset({"username", "firstname", "lastname", "enabled"})
PERSON = "user"
"""The purpose of the logins of people."""
ACCESSES = ("read", "update", "delete")
ACCESS = {
    "create": "auth.users.create",
    "update": "auth.users.{uuid}.update",
    "password": "auth.users.password.reset.{uuid}.create",
    "email": "auth.admin.users.{uuid}.emails.update",
}
"""{kind of a change: the permission that it requires} (person-wazo-26.08.md, "1.4 ACLs a client needs")."""
ACCESS_OF_FIELD = {"password": "password", "email": "email"}


class WazoLogins(Xivo16):
    """Reads and writes the logins of users. Removes the login of a user with the user, and revokes its tokens."""

    login_fields_of_user = ()
    listed_parts: ClassVar[frozenset[str]] = frozenset({LOGIN.name, CALL_PERMISSIONS.name, GROUPS.name})

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._may_remove_logins: bool | None = None
        self._may: dict[str, bool] = {}
        """{kind of a change: whether the account may make it}. Asked about one user, and true for all."""
        self._logins: dict[str, Row] | None = None
        """{uuid: login}; None before they are read."""

    def forget_parts(self) -> None:
        super().forget_parts()
        self._logins = None

    # Reading

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource is not LOGIN:
            return super().get(resource, object_id)
        user = self._get(f"/users/{object_id}")
        return self._login_of(user["uuid"]) if user else None

    def list_parts(self, resource: Resource, users: Iterable[User]) -> dict[int, Row]:
        if resource is not LOGIN:
            return super().list_parts(resource, users)
        logins = self.list_logins()
        return {user.id: logins.get(user.uuid or "", {}) for user in users if user.id}

    def list_logins(self) -> dict[str, Row]:
        if self._logins is None:
            rows = self.client.of_auth_service().get_items("/users", recurse="true")
            self._logins = {row["uuid"]: {**login_row(row), "purpose": row["purpose"]} for row in rows}
        return self._logins

    def logins_without_user(self) -> list[Row]:
        # Service accounts have another purpose (person-wazo-26.08.md, "1.5 Order, state, idempotence").
        people = {uuid: row for uuid, row in self.list_logins().items() if row["purpose"] == PERSON}
        known = {row["uuid"] for row in self.client.get_items("/users", recurse="true")} if people else set()
        found = [{"uuid": uuid, "name": row["username"]} for uuid, row in people.items() if uuid not in known]
        return sorted(found, key=lambda login: str(login["name"]))

    def signs_in(self, username: str, password: str) -> bool:
        return self.client.signs_in(username, password)

    def lacking_access(self, user: User, exists: bool, changes: Row) -> list[str]:
        kinds = ["update"] if exists else ["create"]
        if exists:
            kinds += [kind for kind, field in ACCESS_OF_FIELD.items() if field in changes]
        accesses = {kind: ACCESS[kind].format(uuid=user.uuid) for kind in kinds}
        for kind, access in accesses.items():
            if kind not in self._may:
                self._may[kind] = self.client.may(access)
        return [access for kind, access in accesses.items() if not self._may[kind]]

    def defaults_of(self, resource: Resource) -> Row:
        defaults = super().defaults_of(resource)
        return {**defaults, "enabled": True} if resource is LOGIN else defaults

    def check_part(self, resource: Resource, fields: Mapping[str, Any]) -> None:
        if resource is not LOGIN:
            super().check_part(resource, fields)

    def _login_of(self, uuid: str) -> Row:
        """Return the row of a login; an empty one if there is none."""
        try:
            return login_row(self.client.of_auth_service().get(f"/users/{uuid}"))
        except NotFoundError:
            return {}

    # Writing

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        """Create, change or remove the login of a user."""
        if resource is not LOGIN:
            return super().update(resource, object_id, changes)
        uuid = self.client.get(f"/users/{object_id}")["uuid"]
        found = self._login_of(uuid)
        if changes.get("username", "") is None:
            self._remove_login(uuid)
        elif not found:
            self.client.of_auth_service().post("/users", {**new_login(changes), "uuid": uuid})
        else:
            self._change_login(uuid, changes)
        return self._login_of(uuid)

    def _change_login(self, uuid: str, changes: Row) -> None:
        auth, path = self.client.of_auth_service(), f"/users/{uuid}"
        if not WRITTEN.isdisjoint(changes):
            login = auth.get(path)
            auth.put(path, {name: changes.get(name, login[name]) for name in KEPT})
        if "email" in changes:
            addresses = [{"address": changes["email"], "main": True, "confirmed": True}] if changes["email"] else []
            auth.put(f"/admin{path}/emails", {"emails": addresses})
        if changes.get("password"):
            self._reset_password(uuid, changes["password"])

    def _reset_password(self, uuid: str, password: str) -> None:
        """Give a login a new password. No request shows it, so after a lost answer it is compared by signing in."""
        path = f"/users/password/reset?user_uuid={uuid}"

        def reset() -> bool:
            self.client.of_auth_service().post(path, {"password": password}, has_answer=False)
            return True

        create_once(reset, lambda: self.signs_in(self._login_of(uuid)["username"], password) or None)

    def _remove_login(self, uuid: str) -> None:
        """Remove the login of a user, if there is one, and revoke its tokens."""
        auth, path = self.client.of_auth_service(), f"/users/{uuid}"
        try:
            login = auth.get(path)
            # A deletion alone would leave the tokens valid.
            auth.put(path, {**{name: login[name] for name in KEPT}, "enabled": False})
            auth.delete(path)
        except NotFoundError:
            return

    # Removal with the user

    def delete(self, resource: Resource, object_id: int) -> None:
        user = self._get(f"/users/{object_id}") if resource is USER else None
        if not user:
            super().delete(resource, object_id)
            return
        try:
            self._remove_login(user["uuid"])
        except AuthenticationError:
            self._delete_with_login(user)
        else:
            super().delete(resource, object_id)

    def delete_user_only(self, user_id: int) -> None:
        super().delete(USER, user_id)

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


def new_login(values: Row) -> Row:
    """Return the body of a new login, for wazo-auth and within a new user."""
    return given({"email_address" if name == "email" else name: value for name, value in values.items()})


def login_row(login: Row) -> Row:
    """Return a login as the core knows it. Without a username, its uuid stands for the name."""
    emails = sorted(login["emails"], key=lambda each: not each["main"])
    values = {
        **{name: login[name] for name in ("firstname", "lastname", "enabled")},
        "username": login["username"] or login["uuid"],
        "email": emails[0]["address"] if emails else None,
    }
    return normalised(LOGIN, values)
