# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the auth service, and check its tokens in confd.

Facts: wazo-26.08.md, "3. Auth, tenants, base URL"; observations.md, "Wazo 26.08: HTTP and lists".
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from flask import Flask, Response, request

from ..generation import Answer, Call, Route
from ..tokens import Token, access_of, failure, given_token, revocation, state_of
from . import tenancy
from .accounts import EVERYTHING, TooManyTokens
from .database import WazoDatabase
from .logins.common import AUTH

READ_TENANTS = "auth.tenants.read"


class WazoAuthentication:
    """Check the token of a request to confd: each refusal is a 401 that shows the token and the permission needed."""

    def __init__(self, app: Flask, database: WazoDatabase, username: str | None, password: str) -> None:
        self._database = database
        self._trusted = username is None
        if username is not None:
            database.accounts.add(username, password, EVERYTHING, database.master)

    def forget_sessions(self) -> None:
        """Keep all tokens: they stay valid after a restart of confd."""

    def refusal(self) -> Response | None:
        if self._trusted:
            tenancy.enter(self._database, self._database.master)
            return None
        token = self._database.accounts.token(given_token())
        if token is None:
            return self.challenge()
        access, wanted = access_of(request.path), request.headers.get("Wazo-Tenant")
        may_see = self._database.descendants(token.account.tenant_uuid)
        if (wanted is not None and wanted not in may_see) or not token.allows(access):
            return _refusal((token.id, access, wanted))
        # To find an object of the named tenant, confd asks for the tenants with the caller's token.
        may_find = wanted is None or request.method == "POST" or token.allows(READ_TENANTS)
        tenancy.enter(self._database, wanted or token.account.tenant_uuid, may_find)
        return None

    def challenge(self) -> Response:
        return _refusal((given_token(), access_of(request.path)))


def _refusal(what: tuple[object, ...]) -> Response:
    return Response(json.dumps([repr(what)]), 401, content_type="application/json")


# The auth service's own views


def create_token(call: Call) -> Answer:
    database = _database(call)
    given = request.authorization
    body = request.get_json(silent=True) or {}
    token = None
    if given is not None and given.type == "basic":
        try:
            token = database.accounts.log_in(given.username or "", given.password or "", body.get("expiration"))
        except TooManyTokens:
            return failure(429, "Maximum number of tokens reached for this user")
    return Answer(body={"data": _token_view(database, token)}) if token else failure(401, "Authentication Failed")


def _token_view(database: WazoDatabase, token: Token) -> dict[str, Any]:
    issued, expires = (_utc(seconds) for seconds in (token.issued_at, token.expires_at))
    account = token.account
    person = account.id if account.purpose == "user" else None
    return {
        "token": token.id,
        "auth_id": account.id,
        "xivo_user_uuid": person,
        "xivo_uuid": database.uuid,
        "issued_at": issued,
        "expires_at": expires,
        "utc_issued_at": issued,
        "utc_expires_at": expires,
        "acl": list(token.acl),
        "metadata": {
            "uuid": account.id,
            "tenant_uuid": account.tenant_uuid,
            "auth_id": account.id,
            "pbx_user_uuid": person,
            "xivo_uuid": database.uuid,
            "purpose": account.purpose,
        },
        "session_uuid": token.session,
        "remote_addr": request.remote_addr,
        "user_agent": request.headers.get("User-Agent", ""),
    }


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None).isoformat()


def revoke_token(call: Call, token: str) -> Answer:
    return revocation(_database(call).accounts.issued, token)


def get_token(call: Call, token: str) -> Answer:
    """Show a token; a HEAD says whether it allows something: 204, 403 or 404."""
    database = _database(call)
    found = database.accounts.token(token)
    scope, tenant = call.query.get("scope"), call.query.get("tenant")
    allowed = found is not None and (not scope or found.allows(scope))
    if found is not None and tenant:
        allowed = allowed and tenant in database.descendants(found.account.tenant_uuid)
    return state_of(found, allowed, lambda token: _token_view(database, token))


def list_tenants(call: Call) -> Answer:
    database = _database(call)
    token = database.accounts.token(given_token())
    if token is None or not token.allows(READ_TENANTS):
        return failure(401, "Unauthorized")
    visible = database.descendants(token.account.tenant_uuid)
    items = [
        {"uuid": row.id, "parent_uuid": row.parent_uuid, "name": row.name, "slug": row.name}
        for row in database.tenants
        if row.id in visible
    ]
    return Answer(body={"filtered": len(items), "total": len(items), "items": items})


def _database(call: Call) -> WazoDatabase:
    assert isinstance(call.database, WazoDatabase)
    return call.database


def _route(method: str, rule: str, view: Any) -> Route:
    return Route(method, rule, view, bases=(AUTH,), public=True)


ROUTES = (
    _route("POST", "/token", create_token),
    _route("DELETE", "/token/<token>", revoke_token),
    _route("GET", "/token/<token>", get_token),
    _route("GET", "/tenants", list_tenants),
)
