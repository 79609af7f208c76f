# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the rows of wazo-auth: logins, policies, and groups of logins. The `id` of each is its uuid."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Login:
    """Hold who may sign in. policies: uuids, in the order they were given.

    acl: what a test gave an account directly, without a policy.
    """

    id: str
    tenant_uuid: str
    username: str | None = None
    password: str | None = None
    firstname: str | None = None
    lastname: str | None = None
    enabled: bool = True
    purpose: str = "user"
    authentication_method: str = "default"
    policies: list[str] = field(default_factory=list)
    acl: tuple[str, ...] = ()
    folded: str | None = None

    def __post_init__(self) -> None:
        self.acl = tuple(self.acl)  # a state file has lists
        self.rename(self.username)

    def rename(self, username: str | None) -> None:
        """Set the username; no other login may have it in any case, so that it is compared as ``folded``."""
        self.username, self.folded = username, username.lower() if username else None


@dataclass
class LoginEmail:
    """Hold an e-mail address of a login. One that is not confirmed does not sign in, but no other login may have it."""

    id: str
    login_id: str
    address: str
    main: bool
    confirmed: bool

    @property
    def folded(self) -> str:
        return self.address.lower()


@dataclass
class Policy:
    id: str
    tenant_uuid: str
    name: str
    slug: str
    description: str | None = None
    acl: list[str] = field(default_factory=list)
    read_only: bool = False
    shared: bool = False


@dataclass
class LoginGroup:
    """Hold a group of logins. everybody: whether each login of the tenant is in it and cannot leave."""

    id: str
    tenant_uuid: str
    name: str
    slug: str
    everybody: bool = False
    members: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
