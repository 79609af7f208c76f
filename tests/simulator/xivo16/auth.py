# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve xivo-auth, which issues tokens for a password that one of its backends knows.

The service of the observed server was a stand-in. So this follows its documentation, which
plugins/module_utils/_http/auth_xivo.py lists, and what the same service of a Wazo answers: wazo-26.08.md, "3. Auth,
tenants, base URL".
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from flask import request

from ..generation import Answer, Call, Route
from ..html_pages import HtmlError
from ..tokens import DEFAULT_SECONDS, Token, Tokens, failure, revocation, state_of

AUTH = "/0.1"
SERVICE, ADMIN, USER = "xivo_service", "xivo_admin", "xivo_user"
BACKENDS = (SERVICE, ADMIN, USER, "ldap_user")
OF_CONFD = ("confd.#",)


@dataclass(frozen=True)
class Account:
    """Hold what a backend knows of somebody: the password, and what tokens for it allow."""

    id: str
    password: str
    acl: tuple[str, ...]


class Accounts:
    """Hold the accounts of all backends, and the tokens. They outlive a reset, as those of a Wazo do."""

    def __init__(self, seed: int | None) -> None:
        # Not confd's own random values: those of a known seed do not depend on who signs in.
        self._random = random.Random(seed)
        self._accounts: dict[tuple[str, str], Account] = {}
        self.issued = Tokens(self._random_uuid)

    def _random_uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def add(self, username: str, password: str, acl: tuple[str, ...] = OF_CONFD, backend: str = SERVICE) -> None:
        """Add an account. A web services access without an ACL works with a digest, and its tokens allow nothing."""
        self._accounts[backend, username] = Account(self._random_uuid(), password, acl)

    def get(self, backend: str, username: str, password: str) -> Account | None:
        """Return an account, or None if the backend does not exist, or knows nobody of that name and password."""
        account = self._accounts.get((backend, username))
        return account if account and account.password == password else None

    @property
    def tokens(self) -> list[str]:
        """Return the ids of the tokens that are neither expired nor revoked."""
        return [token.id for token in self.issued]


def create_token(call: Call) -> Answer:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or "backend" not in body:
        raise HtmlError(500, "The server encountered an internal error and was unable to complete your request.")
    given, accounts = request.authorization, _accounts(call)
    seconds = body.get("expiration", int(DEFAULT_SECONDS))
    username, password = ("", "") if given is None or given.type != "basic" else (given.username, given.password)
    account = accounts.get(body["backend"], username or "", password or "")
    if account is None:
        return failure(401, "Authentication Failed")
    if type(seconds) is not int or seconds <= 0:
        return failure(400, "Invalid expiration")
    return Answer(body={"data": _token_view(accounts.issued.issue(account, account.acl, seconds))})


def _token_view(token: Token) -> dict[str, Any]:
    issued, expires = (
        datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None).isoformat()
        for seconds in (token.issued_at, token.expires_at)
    )
    return {
        "token": token.id,
        "auth_id": token.account.id,
        "xivo_user_uuid": None,
        "issued_at": issued,
        "expires_at": expires,
        "utc_issued_at": issued,
        "utc_expires_at": expires,
        "acls": list(token.acl),
    }


def get_token(call: Call, token: str) -> Answer:
    """Show a token; a HEAD says whether it allows something."""
    found, scope = _accounts(call).issued.get(token), call.query.get("scope")
    return state_of(found, found is not None and (not scope or found.allows(scope)), _token_view)


def revoke_token(call: Call, token: str) -> Answer:
    return revocation(_accounts(call).issued, token)


def list_backends(call: Call) -> Answer:
    return Answer(body={"data": list(BACKENDS)})


def _accounts(call: Call) -> Accounts:
    database: Any = call.database
    accounts: Accounts = database.accounts
    return accounts


def _route(method: str, rule: str, view: Any) -> Route:
    return Route(method, rule, view, bases=(AUTH,), public=True)


ROUTES = (
    _route("POST", "/token", create_token),
    _route("DELETE", "/token/<token>", revoke_token),
    _route("GET", "/token/<token>", get_token),
    _route("GET", "/backends", list_backends),
)
