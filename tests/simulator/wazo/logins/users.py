# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve AUTH/users: who may sign in (person-wazo-26.08.md, "1.2 Straight at wazo-auth")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Email, OneOf, ValidationError

from ...generation import Answer, Call
from ...schema import Body, StrictBoolean
from ..common import recurses
from .common import Caller, conflict, error, find_login, load, route
from .rows import Login, LoginEmail

METHODS = ("default", "native", "ldap", "saml")
PURPOSES = ("user", "internal", "external_api")
COLUMNS = ("username", "firstname", "lastname")


class Size:
    """Refuse text that is too short or too long, with the details that wazo-auth shows."""

    def __init__(self, smallest: int, largest: int | None) -> None:
        self._smallest, self._largest = smallest, largest

    def __call__(self, value: str | None) -> None:
        if value is None or self._smallest <= len(value) <= (self._largest or len(value)):
            return
        limits = {"min": self._smallest, "max": self._largest}
        message = f"Length must be between {self._smallest} and {self._largest}."
        if self._largest is None:
            message = f"Shorter than minimum length {self._smallest}."
        raise ValidationError({"constraint_id": "length", "constraint": limits, "message": message})


def _name() -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=Size(1, 256))


FIELDS: dict[str, Any] = {
    "username": _name(),
    "firstname": _name(),
    "lastname": _name(),
    "enabled": StrictBoolean(load_default=True),
    "purpose": fields.String(load_default="user", validate=OneOf(PURPOSES)),
    "authentication_method": fields.String(load_default=None, allow_none=True),
}
CHANGE = Body.from_dict(FIELDS)()
CREATION = Body.from_dict(
    {
        **FIELDS,
        "password": fields.String(load_default=None, allow_none=True, validate=Size(1, None)),
        "email_address": fields.String(load_default=None, allow_none=True, validate=Email()),
        "uuid": fields.UUID(load_default=None, allow_none=True),
    }
)()


def login_view(database: Any, login: Login) -> dict[str, Any]:
    return {
        "uuid": login.id,
        **{name: getattr(login, name) for name in (*COLUMNS, "purpose", "enabled", "tenant_uuid")},
        "authentication_method": login.authentication_method,
        "emails": [email_view(row) for row in database.login_emails.where(login_id=login.id)],
    }


def email_view(email: LoginEmail) -> dict[str, Any]:
    return {"uuid": email.id, "address": email.address, "main": email.main, "confirmed": email.confirmed}


def check_names(database: Any, values: Mapping[str, Any], uuid: str | None) -> None:
    """Refuse a username or an e-mail address that another login has as either, in any case and tenant."""
    for field in ("username", "email_address"):
        name = values.get(field)
        if name and database.accounts.owner_of(name) not in (None, uuid):
            raise conflict(field, "login", name)


def new_login(database: Any, values: Mapping[str, Any], tenant: str) -> Login:
    """Insert a login with the fields of CREATION; its e-mail address is confirmed at once."""
    check_names(database, values, None)
    uuid = str(values.get("uuid") or database.random_uuid())
    if database.accounts.get(uuid):
        raise conflict("uuid", "uuid", uuid)
    names = (*COLUMNS, "password", "enabled", "purpose")
    columns = {name: values[name] for name in names if name in values}
    login: Login = database.logins.insert(id=uuid, tenant_uuid=tenant, authentication_method=_method(values), **columns)
    if values.get("email_address"):
        add_email(database, login, values["email_address"], main=True, confirmed=True)
    return login


def add_email(
    database: Any, login: Login, address: str, *, main: bool, confirmed: bool, uuid: str | None = None
) -> None:
    identifier = uuid or database.random_uuid()
    database.login_emails.insert(id=identifier, login_id=login.id, address=address, main=main, confirmed=confirmed)


def _method(values: Mapping[str, Any]) -> str:
    method = values.get("authentication_method")
    if method is None:
        return "default" if values.get("purpose", "user") == "user" else "native"
    if method not in METHODS:
        details = {"authentication_method": method}
        raise error(400, f"Invalid authentication method {method}", "invalid-data", details)
    return str(method)


def remove_login(database: Any, login: Login) -> None:
    """Delete a login. Its tokens stay valid until they expire."""
    for email in database.login_emails.where(login_id=login.id):
        database.login_emails.delete(email)
    database.logins.delete(login)


# Views


def create(call: Call, caller: Caller) -> Answer:
    login = new_login(call.database, load(call, CREATION), caller.tenant)
    return Answer(200, login_view(call.database, login))


def show(call: Call, caller: Caller, uuid: UUID) -> Answer:
    return Answer(body=login_view(call.database, find_login(call, caller, uuid)))


def change(call: Call, caller: Caller, uuid: UUID) -> Answer:
    """Set all fields: a key that is left out falls to its default, so that `{}` takes the username away."""
    database: Any = call.database
    login = find_login(call, caller, uuid)
    values = load(call, CHANGE)
    check_names(database, values, login.id)
    method = _method(values)
    login.rename(values["username"])
    for name in ("firstname", "lastname", "enabled", "purpose"):
        setattr(login, name, values[name])
    login.authentication_method = method
    if not login.enabled:
        database.accounts.revoke_all(login)
    return Answer(body=login_view(database, login))


def delete(call: Call, caller: Caller, uuid: UUID) -> Answer:
    remove_login(call.database, find_login(call, caller, uuid))
    return Answer(204)


# The list


def list_logins(call: Call, caller: Caller) -> Answer:
    """List the logins of a tenant. `total` counts before the filters; unknown parameters are ignored."""
    database: Any = call.database
    tenants = caller.visible if recurses(call) else {caller.tenant}
    rows = [row for row in database.accounts if row.tenant_uuid in tenants]
    found = [row for row in rows if _passes(database, row, call.query)]
    page = _page(found, call.query)
    body = {"filtered": len(found), "total": len(rows), "items": [login_view(database, row) for row in page]}
    return Answer(body=body)


def _passes(database: Any, login: Login, query: Mapping[str, str]) -> bool:
    addresses = [row.address for row in database.login_emails.where(login_id=login.id)]
    texts = [getattr(login, name) or "" for name in COLUMNS] + addresses
    if not any(query.get("search", "").lower() in text.lower() for text in texts):
        return False
    exact = {"uuid": [login.id], "purpose": [login.purpose], "email_address": addresses}
    exact |= {name: [getattr(login, name)] for name in COLUMNS}
    exact |= {
        "policy_uuid": login.policies,
        "policy_slug": _slugs(database, login),
        "group_uuid": _groups(database, login),
    }
    return all(query[name] in values for name, values in exact.items() if name in query)


def _slugs(database: Any, login: Login) -> list[str]:
    return [database.policies.get(uuid).slug for uuid in login.policies]


def _groups(database: Any, login: Login) -> list[str]:
    return [row.id for row in groups_of(database, login)]


def groups_of(database: Any, login: Login) -> list[Any]:
    """Return the groups of a login, that of everybody first."""
    rows = database.login_groups.where(tenant_uuid=login.tenant_uuid)
    return [row for row in rows if row.everybody or login.id in row.members]


def _page(rows: list[Login], query: Mapping[str, str]) -> list[Login]:
    """Sort and cut as PostgreSQL does: what is null comes last, or first when the order is reversed."""
    name = query.get("order", "username")
    column = name if name in COLUMNS else "username"
    reverse = query.get("direction") == "desc"
    ordered = sorted(rows, key=lambda row: (getattr(row, column) is None, getattr(row, column) or ""), reverse=reverse)
    offset = int(query.get("offset", "0"))
    return ordered[offset : offset + int(query["limit"])] if "limit" in query else ordered[offset:]


ROUTES = (
    route("GET", "/users", "auth.users.read", list_logins),
    route("POST", "/users", "auth.users.create", create),
    route("GET", "/users/<uuid:uuid>", "auth.users.{uuid}.read", show),
    route("PUT", "/users/<uuid:uuid>", "auth.users.{uuid}.update", change),
    route("DELETE", "/users/<uuid:uuid>", "auth.users.{uuid}.delete", delete),
)
