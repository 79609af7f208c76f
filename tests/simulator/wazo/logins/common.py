# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Share what wazo-auth's views need: who asks and what he may do, bodies, errors (person-wazo-26.08.md, "1. login")."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, ValidationError

from ...generation import Answer, Call, Route
from ..accounts import Token
from .rows import Login

AUTH = "/api/auth/0.1"
REASON = "missing_permission_or_invalid_tenant"


class AuthError(Exception):
    """Report a failure with the body that wazo-auth answers."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(body)
        self.answer = Answer(status, dict(body))


def error(status: int, message: str, error_id: str, details: Any, resource: str | None = "users") -> AuthError:
    body = {"message": message, "error_id": error_id, "details": details, "timestamp": time.time()}
    return AuthError(status, body if resource is None else {**body, "resource": resource})


def old_error(status: int, reason: str) -> AuthError:
    """Return a failure in the shape that signing in and policies have."""
    return AuthError(status, {"reason": [reason], "timestamp": [time.time()], "status_code": status})


def no_such_user(uuid: object) -> AuthError:
    return error(404, f'No such user: "{uuid}"', "unknown-user", {"uuid": str(uuid)})


def conflict(field: str, what: str, value: str) -> AuthError:
    problem = {"constraint_id": "unique", "message": f'The {what} "{value}" is already used'}
    return error(409, "Conflict detected", "conflict", {field: problem})


def unauthorized(token: str, access: str | None) -> AuthError:
    """Return the refusal, which shows the token in clear. access None: as resetting a password answers."""
    required = {"reason": REASON, "required_access": access, "tenant_uuid": None} if access else {}
    return error(401, "Unauthorized", "unauthorized", {"invalid_token": token, **required}, resource=None)


@dataclass(frozen=True)
class Caller:
    """Hold who asks. tenant: of what he makes and lists; visible: the tenants in which he finds a login."""

    token: Token
    tenant: str
    visible: frozenset[str]


View = Callable[..., Answer]
Guarded = Callable[..., Answer]


def guarded(access: str, view: Guarded, hides_access: bool = False) -> View:
    """Return a view that is served to callers who may. access: with the URL's identifiers in braces."""

    def serve(call: Call, **identifiers: Any) -> Answer:
        try:
            words = defaultdict(str, {**call.query, **identifiers})
            caller = _caller(call, access.format_map(words), hides_access)
            return view(call, caller, **identifiers)
        except AuthError as failure:
            return failure.answer

    return serve


def _caller(call: Call, access: str, hides_access: bool) -> Caller:
    database: Any = call.database
    given, wanted = request.headers.get("X-Auth-Token", ""), request.headers.get("Wazo-Tenant")
    token = database.accounts.token(given)
    if token is None or not token.allows(access):
        raise unauthorized(given, None if hides_access else access)
    may_see = frozenset(database.descendants(token.account.tenant_uuid))
    if wanted is not None and wanted not in may_see:
        raise error(401, "Unauthorized tenant", "unauthorized-tenant", {"tenant_uuid": wanted}, resource=None)
    tenant = wanted or token.account.tenant_uuid
    return Caller(token, tenant, frozenset(database.descendants(tenant)))


def find_login(call: Call, caller: Caller, uuid: UUID | str) -> Login:
    """Return the login if the caller may see its tenant. Raises a 404."""
    database: Any = call.database
    login: Login | None = database.accounts.get(str(uuid))
    if login is None or login.tenant_uuid not in caller.visible:
        raise no_such_user(uuid)
    return login


CONSTRAINTS: dict[str, tuple[str, Any]] = {
    "Missing data for required field.": ("required", "required"),
    "Field may not be null.": ("not_null", "not_null"),
    "Not a valid boolean.": ("type", "boolean"),
    "Not a valid string.": ("type", "string"),
    "Not a valid email address.": ("type", "email"),
    "Not a valid UUID.": ("type", "uuid"),
}
ONE_OF = "Must be one of: "


def load(call: Call, schema: Schema, resource: str = "users", shows_field: bool = True) -> dict[str, Any]:
    """Return the known fields of a body, with defaults for what is left out. Raises a 400 with the first bad field."""
    given = request.get_json(force=True, silent=True)
    return load_object(given if isinstance(given, dict) else {}, schema, resource, shows_field)


def load_object(
    given: dict[str, Any], schema: Schema, resource: str = "users", shows_field: bool = True
) -> dict[str, Any]:
    """Return the known fields of an object. Raises as ``load``."""
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as failure:
        problems: dict[str, Any] = failure.messages_dict
        name = next(each for each in (*schema.fields, *problems) if each in problems)
        problem = _problem(problems[name])
        raise error(
            400, problem["message"], "invalid-data", {name: problem} if shows_field else {}, resource
        ) from failure
    return loaded


def _problem(found: Any) -> dict[str, Any]:
    """Return what is wrong with a field, as wazo-auth shows it: a message and the constraint that is violated."""
    while not isinstance(found, str):
        if isinstance(found, dict) and "message" in found:
            return found
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    if found.startswith(ONE_OF):
        choices = found.removeprefix(ONE_OF).rstrip(".").split(", ")
        return {"constraint_id": "enum", "constraint": {"choices": choices}, "message": found}
    kind, constraint = CONSTRAINTS.get(found, ("type", "valid"))
    return {"constraint_id": kind, "constraint": constraint, "message": found}


def route(method: str, rule: str, access: str, view: Guarded, hides_access: bool = False) -> Route:
    return Route(method, rule, guarded(access, view, hides_access), bases=(AUTH,), public=True)
