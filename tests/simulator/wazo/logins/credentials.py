# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the passwords and e-mail addresses of logins (person-wazo-26.08.md, "1.2 Straight at wazo-auth")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Email

from ...generation import Answer, Call, Route
from ...schema import Body, StrictBoolean
from .common import AUTH, AuthError, Caller, error, find_login, load, old_error, route
from .users import Size, add_email, check_names, email_view

PASSWORDS = Body.from_dict(
    {
        "old_password": fields.String(required=True),
        "new_password": fields.String(required=True, validate=Size(1, None)),
    }
)()
RESET = Body.from_dict({"password": fields.String(required=True, allow_none=True, validate=Size(1, None))})()
EMAIL = Body.from_dict(
    {
        "address": fields.String(required=True, validate=Email()),
        "main": StrictBoolean(required=True),
        "confirmed": StrictBoolean(load_default=None, allow_none=True),
    }
)
EMAILS = Body.from_dict({"emails": fields.List(fields.Nested(EMAIL), required=True)})()


def change_password(call: Call, caller: Caller, uuid: UUID) -> Answer:
    """Change a password. A wrong old one is a 401, which looks like a dead token of the caller."""
    database: Any = call.database
    login = find_login(call, caller, uuid)
    values = load(call, PASSWORDS)
    if login.password is None or values["old_password"] != login.password:
        raise old_error(401, "Authentication Failed")
    login.password = values["new_password"]
    database.accounts.revoke_all(login)
    return Answer(204)


def reset_password(call: Call, caller: Caller) -> Answer:
    """Set a password without the old one; null deletes it. All tokens of the login die."""
    database: Any = call.database
    login = find_login(call, caller, call.query["user_uuid"])
    login.password = load(call, RESET, "reset", shows_field=False)["password"]
    database.accounts.revoke_all(login)
    return Answer(204)


def mail_reset(_call: Call) -> Answer:
    """Fail: there is no mail server."""
    failure = error(500, "Email subsystem has failed", "email-error", {}, resource=None)
    return failure.answer


def set_own_emails(call: Call, caller: Caller, uuid: UUID) -> Answer:
    """Set all addresses; a new one is not confirmed, and does not sign in."""
    return _set_emails(call, caller, uuid, by_administrator=False)


def set_emails(call: Call, caller: Caller, uuid: UUID) -> Answer:
    return _set_emails(call, caller, uuid, by_administrator=True)


def _set_emails(call: Call, caller: Caller, uuid: UUID, by_administrator: bool) -> Answer:
    database: Any = call.database
    login = find_login(call, caller, uuid)
    given = load(call, EMAILS)["emails"]
    _check_main(given)
    for each in given:
        check_names(database, {"email_address": each["address"]}, login.id)
    known = {row.address: row for row in database.login_emails.where(login_id=login.id)}
    for row in known.values():
        database.login_emails.delete(row)
    for each in given:
        row = known.get(each["address"])
        confirmed = row.confirmed if row else False
        if by_administrator and each["confirmed"] is not None:
            confirmed = each["confirmed"]
        add_email(
            database, login, each["address"], main=each["main"], confirmed=confirmed, uuid=row.id if row else None
        )
    return Answer(body=[email_view(row) for row in database.login_emails.where(login_id=login.id)])


def _check_main(emails: list[dict[str, Any]]) -> None:
    mains = sum(each["main"] for each in emails)
    if emails and mains != 1:
        text = "Only one address should be main" if mains else "At least one address should be main"
        raise AuthError(400, _bad_schema(text))


def _bad_schema(text: str) -> dict[str, Any]:
    details = {"_schema": {"constraint_id": "type", "constraint": "valid", "message": text}}
    body: dict[str, Any] = error(400, text, "invalid-data", details).answer.body
    return body


ROUTES = (
    route("PUT", "/users/<uuid:uuid>/password", "auth.users.{uuid}.password.update", change_password),
    route(
        "POST",
        "/users/password/reset",
        "auth.users.password.reset.{user_uuid}.create",
        reset_password,
        hides_access=True,
    ),
    Route("GET", "/users/password/reset", mail_reset, bases=(AUTH,), public=True),
    route("PUT", "/users/<uuid:uuid>/emails", "auth.users.{uuid}.emails.update", set_own_emails),
    route("PUT", "/admin/users/<uuid:uuid>/emails", "auth.admin.users.{uuid}.emails.update", set_emails),
)
