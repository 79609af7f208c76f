# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let confd make and delete the login of a user (person-wazo-26.08.md, "1.1 Through confd")."""

from __future__ import annotations

from typing import Any

from ...errors import ConfdError, unexpected_error
from ...generation import Call
from ..common import database_of
from ..logins.common import AuthError, load_object
from ..logins.users import CREATION, login_view, new_login, remove_login
from ..rows import User

NOT_AN_OBJECT = {
    str: "'str' object does not support item assignment",
    list: "list indices must be integers or slices, not str",
}


def check_auth(auth: Any) -> None:
    """Fail if `auth` is no object, after the user was made."""
    if not isinstance(auth, dict):
        text = NOT_AN_OBJECT.get(type(auth), f"'{type(auth).__name__}' object does not support item assignment")
        raise unexpected_error(text)


def create_login(call: Call, user: User, auth: dict[str, Any]) -> dict[str, Any]:
    """Make the login of a user with the same uuid, and return it. What is left out or empty is the user's own.

    Purpose, authentication method and policies are dropped.
    """
    database = database_of(call)
    database.accounts.work_as_confd()
    values = {
        "uuid": user.uuid,
        "username": auth.get("username") or user.username or user.email or user.uuid,
        "password": auth.get("password") or user.password,
        "firstname": auth.get("firstname") or user.firstname,
        "lastname": auth.get("lastname") or user.lastname or None,
        "email_address": auth.get("email_address") or user.email,
        "enabled": True if auth.get("enabled") is None else auth["enabled"],
    }
    try:
        login = new_login(database, load_object(values, CREATION), user.tenant_uuid)
    except AuthError as failure:
        raise _refusal(failure.answer.status, failure.answer.body["message"]) from failure
    return login_view(database, login)


def _refusal(status: int, message: str) -> ConfdError:
    """Return how confd passes on a refusal of wazo-auth: without the field, with an internal URL."""
    return ConfdError(400, f"{status} Client Error: {message} for url: http://AUTH-HOST/0.1/users")


def delete_login(database: Any, uuid: str) -> None:
    """Delete a login with its user; it may be missing. confd signs in for it in any case."""
    database.accounts.work_as_confd()
    login = database.logins.get(uuid)
    if login:
        remove_login(database, login)
