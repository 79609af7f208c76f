# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the accounts of the auth service and their tokens (wazo-26.08.md, "3. Auth, tenants, base URL")."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .database import WazoDatabase

DEFAULT_SECONDS = 7200.0
EVERYTHING = ("#",)


@dataclass
class Account:
    """Hold an account with its password and permissions, in a tenant."""

    uuid: str
    username: str
    password: str
    acl: tuple[str, ...]
    tenant_uuid: str


@dataclass
class Token:
    """Hold a token that an account got for its password."""

    id: str
    account: Account
    issued_at: float
    expires_at: float
    acl: tuple[str, ...]

    @property
    def expired(self) -> bool:
        return time.time() >= self.expires_at

    def allows(self, access: str) -> bool:
        return any(allows(pattern, access) for pattern in self.acl)


def allows(pattern: str, access: str) -> bool:
    """Return whether a permission covers an access: `*` is one word, `#` any number of them."""
    words = {"*": r"[^.]*", "#": r".*"}
    return re.fullmatch(r"\.".join(words.get(word, re.escape(word)) for word in pattern.split(".")), access) is not None


class Accounts:
    """Hold the accounts and tokens of the auth service."""

    def __init__(self, database: WazoDatabase) -> None:
        self._database = database
        self._accounts: dict[str, Account] = {}
        self._tokens: dict[str, Token] = {}

    def add(
        self, username: str, password: str, acl: list[str] | tuple[str, ...], tenant_uuid: str, uuid: str | None = None
    ) -> Account:
        """Add an account. uuid: that of the user whose login it is."""
        account = Account(uuid or self._database.random_uuid(), username, password, tuple(acl), tenant_uuid)
        self._accounts[username] = account
        return account

    def username_of(self, uuid: str) -> str | None:
        """Return the username of the login of a user."""
        return next((account.username for account in self._accounts.values() if account.uuid == uuid), None)

    def log_in(self, username: str, password: str, seconds: float | None) -> Token | None:
        account = self._accounts.get(username)
        if account is None or account.password != password:
            return None
        lasts = DEFAULT_SECONDS if seconds is None else seconds
        return self.add_token(username, self._database.random_uuid(), lasts)

    def add_token(self, username: str, identifier: str, seconds: float = DEFAULT_SECONDS) -> Token:
        """Give an account a token, without its password."""
        account, now = self._accounts[username], time.time()
        token = self._tokens[identifier] = Token(identifier, account, now, now + seconds, account.acl)
        return token

    def token(self, identifier: str) -> Token | None:
        """Return a token that is neither expired nor revoked, or None."""
        token = self._tokens.get(identifier)
        return token if token and not token.expired else None

    @property
    def tokens(self) -> list[str]:
        """Return the ids of the tokens that are neither expired nor revoked."""
        return [token.id for token in self._tokens.values() if not token.expired]

    def revoke(self, token: Token) -> None:
        self._tokens.pop(token.id, None)

    def expire_tokens(self) -> None:
        for token in self._tokens.values():
            token.expires_at = 0.0
