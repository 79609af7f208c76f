# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold who may sign in, and the tokens.

Facts: wazo-26.08.md, "3. Auth, tenants, base URL"; person-wazo-26.08.md, "1.2 Straight at wazo-auth" and "1.3 What she
may do: policies and groups".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..tokens import DEFAULT_SECONDS, Token, Tokens
from .logins.rows import Login

if TYPE_CHECKING:
    from .database import WazoDatabase

SERVICE_SECONDS = 1800.0
EVERYTHING = ("#",)
FOR_EVERYBODY = ("confd.infos.read", "confd.users.me.read", "confd.users.me.#.read", "confd.users.me.#.update",
                 "auth.users.me.password.update")  # fmt: skip
"""Of the 60 permissions that a real installation adds to every token."""
MOST_TOKENS = 100
"""So many open tokens a person may have."""


class TooManyTokens(Exception):
    """Report that a person has as many open tokens as she may have."""


class Accounts:
    """Hold the tokens, and the accounts of services: these outlive a reset, unlike ``database.logins``.

    for_everybody: what every token allows besides its own policies.
    """

    def __init__(self, database: WazoDatabase) -> None:
        self._database = database
        self._services: dict[str, Login] = {}
        self.issued = Tokens(database.random_uuid)
        self.for_everybody: tuple[str, ...] = FOR_EVERYBODY
        self.left_by_confd: list[Token] = []
        """What confd's own service account got each time that it worked at wazo-auth, and never gives back."""

    def add(self, username: str, password: str, acl: list[str] | tuple[str, ...], tenant_uuid: str) -> Login:
        account = Login(
            id=self._database.random_uuid(),
            tenant_uuid=tenant_uuid,
            username=username,
            password=password,
            purpose="internal",
            authentication_method="native",
            acl=tuple(acl),
        )
        self._services[username] = account
        return account

    def __iter__(self) -> Iterator[Login]:
        """Iterate over all logins, those of services first."""
        yield from self._services.values()
        yield from self._database.logins

    def get(self, identifier: str) -> Login | None:
        found: Login | None = self._database.logins.get(identifier)
        return found or next((each for each in self._services.values() if each.id == identifier), None)

    def username_of(self, uuid: str) -> str | None:
        """Return the username of the login of a user."""
        login = self.get(uuid)
        return login.username if login else None

    def owner_of(self, name: str) -> str | None:
        """Return the uuid of the login that has a username or an e-mail address, in any case; it may not sign in."""
        folded = name.lower()
        service = next((each for each in self._services.values() if each.folded == folded), None)
        email = self._database.login_emails.first(folded=folded)
        login = service or self._database.logins.first(folded=folded)
        return login.id if login else email.login_id if email else None

    def _named(self, name: str) -> Login | None:
        """Return the login that signs in with a name: its username, or one of its confirmed addresses."""
        email = self._database.login_emails.first(address=name, confirmed=True)
        return (
            self._services.get(name)
            or self._database.logins.first(username=name)
            or (self._database.logins.get(email.login_id) if email else None)
        )

    def log_in(self, name: str, password: str, seconds: float | None) -> Token | None:
        """Return a new token, or None if nobody of that name has that password and may sign in."""
        login = self._named(name)
        if login is None or not login.enabled or not login.password or login.password != password:
            return None
        if login.purpose == "user" and len(self.tokens_of(login)) >= MOST_TOKENS:
            raise TooManyTokens
        return self._new_token(login, DEFAULT_SECONDS if seconds is None else seconds)

    def add_token(self, username: str, identifier: str, seconds: float = DEFAULT_SECONDS) -> Token:
        """Give an account of a service a token, without its password."""
        return self._new_token(self._services[username], seconds, identifier)

    def _new_token(self, login: Login, seconds: float, identifier: str | None = None) -> Token:
        return self.issued.issue(login, self._acl_of(login), seconds, identifier)

    def _acl_of(self, login: Login) -> tuple[str, ...]:
        """Return what a new token allows: policies change nothing in those that are there."""
        groups = self._database.login_groups.where(tenant_uuid=login.tenant_uuid)
        of_groups = [uuid for row in groups if row.everybody or login.id in row.members for uuid in row.policies]
        policies = [self._database.policies.get(uuid) for uuid in (*of_groups, *login.policies)]
        given = (access for policy in policies if policy for access in policy.acl)
        return (*self.for_everybody, *login.acl, *given)

    def work_as_confd(self) -> None:
        """Do what confd does to create or delete a login: sign in anew, and leave the token behind."""
        confd = self._named("confd-service")
        if confd:
            self.left_by_confd.append(self._new_token(confd, SERVICE_SECONDS))
            self.issued.revoke(self.left_by_confd[-1])

    def token(self, identifier: str) -> Token | None:
        """Return a token that is neither expired nor revoked, or None."""
        return self.issued.get(identifier)

    @property
    def tokens(self) -> list[str]:
        """Return the ids of the tokens that are neither expired nor revoked, without those of confd itself."""
        return [token.id for token in self.issued]

    def tokens_of(self, login: Login) -> list[Token]:
        return [token for token in self.issued if token.account.id == login.id]

    def revoke_all(self, login: Login) -> None:
        """Revoke the tokens of a login: it was disabled, or its password changed."""
        for token in self.tokens_of(login):
            self.issued.revoke(token)

    def expire_tokens(self) -> None:
        self.issued.expire_all()
