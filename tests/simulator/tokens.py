# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the tokens that an authentication service issues, and what they allow. XiVO and Wazo have the same service.

Facts: wazo-26.08.md, "3. Auth, tenants, base URL".
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import request

from .generation import Answer

DEFAULT_SECONDS = 7200.0
ACTIONS = {"GET": "read", "HEAD": "read", "POST": "create", "PUT": "update", "DELETE": "delete"}


@dataclass
class Token:
    """Hold a token that a login got for its password. It lives on when the login is deleted.

    account: the row of the login, which has an ``id``.
    """

    id: str
    account: Any
    issued_at: float
    expires_at: float
    acl: tuple[str, ...]
    session: str

    @property
    def expired(self) -> bool:
        return time.time() >= self.expires_at

    def allows(self, access: str) -> bool:
        return any(allows(pattern, access, self.account.id) for pattern in self.acl)


def allows(pattern: str, access: str, owner: str = "me") -> bool:
    """Return whether a permission covers an access: `*` is one word, `#` any number of them, `me` the owner's uuid."""
    words = {"*": r"[^.]*", "#": r".*", "me": f"(me|{re.escape(owner)})"}
    return re.fullmatch(r"\.".join(words.get(word, re.escape(word)) for word in pattern.split(".")), access) is not None


class Tokens:
    """Hold the tokens of a service."""

    def __init__(self, random_uuid: Callable[[], str]) -> None:
        self._random_uuid = random_uuid
        self._tokens: dict[str, Token] = {}
        self.ever: list[str] = []
        """The ids of all tokens, those that are expired or revoked as well."""

    def issue(self, account: Any, acl: tuple[str, ...], seconds: float, identifier: str | None = None) -> Token:
        now, random_uuid = time.time(), self._random_uuid
        token = Token(identifier or random_uuid(), account, now, now + seconds, acl, session=random_uuid())
        self._tokens[token.id] = token
        self.ever.append(token.id)
        return token

    def get(self, identifier: str) -> Token | None:
        """Return a token that is neither expired nor revoked, or None."""
        token = self._tokens.get(identifier)
        return token if token and not token.expired else None

    def __iter__(self) -> Iterator[Token]:
        """Iterate over the tokens that are neither expired nor revoked."""
        return iter([token for token in self._tokens.values() if not token.expired])

    def revoke(self, token: Token) -> None:
        self._tokens.pop(token.id, None)

    def expire_all(self) -> None:
        for token in self._tokens.values():
            token.expires_at = 0.0


def access_of(path: str) -> str:
    """Return the permission that a request to confd needs: `confd.users.1.read`."""
    words = path.partition("/1.1/")[2].strip("/").split("/")
    return ".".join(["confd", *words, ACTIONS.get(request.method, "read")])


def given_token() -> str:
    """Return the token of a request."""
    return request.headers.get("X-Auth-Token", "")


def failure(status: int, reason: str) -> Answer:
    """Return a refusal of the service."""
    return Answer(status, {"reason": [reason], "timestamp": [time.time()], "status_code": status})


def state_of(token: Token | None, allowed: bool, view: Callable[[Token], Any]) -> Answer:
    """Return the answer to a question about a token: its data, or 204 to a HEAD; 404 or 403 if it is not valid."""
    if token is None:
        return failure(404, "No such token")
    if not allowed:
        return failure(403, "Unauthorized for this token")
    return Answer(204) if request.method == "HEAD" else Answer(body={"data": view(token)})


def revocation(tokens: Tokens, identifier: str) -> Answer:
    """Revoke a token, and return the answer."""
    found = tokens.get(identifier)
    if found is None:
        return failure(404, "No such token")
    tokens.revoke(found)
    return Answer(body={"data": {"message": "success"}})
