# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticates a session with a XiVO by a token that its auth service issues for a username and a password.

The option confd_auth_url or confd_auth_backend asks for it. Without them, XiVO gets a digest, which works on every XiVO
that was observed, and which the documentation of XiVO calls deprecated.

That confd takes a token in X-Auth-Token, and what it answers to a bad one, was observed (xivo-16.16.md, "Digest /
token"). The service itself was not: the observed server had a stand-in. What is marked [doc] is what the documentation
of XiVO and the published description of the service say.

- [doc] xivo-auth listens on port 9497 with HTTPS, below /0.1. POST /token takes Basic authentication, and the backend
  that knows the account: https://documentation.xivo.solutions/en/2022.10/administrator/system/xivo-auth/xivo-auth.html
- [doc] The backend of a web services access is xivo_service, that of an administrator of the web interface xivo_admin,
  that of a user xivo_user:
  https://documentation.xivo.solutions/en/2023.05/administrator/system/xivo-auth/stock_plugins.html
- [doc] A token allows what the ACL of its web services access has. A request needs SERVICE.RESOURCE.ACTION, with dots
  for the slashes of its path: https://documentation.xivo.solutions/en/2022.10/api_sdk/rest_api/acl.html
- [doc] An expiration must be an integer. HEAD /token/TOKEN answers 204, 403 if the token lacks the ``scope``, and 404
  if it has expired; DELETE revokes it; GET /backends lists the backends. None of the three needs credentials. A wrong
  password and an unknown backend are both a 401 with a list ``reason``: https://github.com/wazo-platform/wazo-auth,
  whose older name is xivo-auth.
"""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlsplit

from .._model.errors import RequestError
from .auth import Authentication
from .auth_service import AuthService
from .auth_token import IssuedToken, ServiceToken, SharedToken
from .failures import LONGEST_CAUSE
from .transport import Transport, leave_as_is

with contextlib.suppress(ImportError):
    import requests

ACTIONS = {"GET": "read", "HEAD": "read", "POST": "create", "PUT": "update", "DELETE": "delete"}
"""{method of a request: the last word of the permission that it needs}."""
MOST_BACKENDS = 20
"""The backends that a message names."""


class XivoToken(ServiceToken):
    """A token on a XiVO whose auth service the options name."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, XivoAuthService(transport, transport.connection.xivo_auth_base_url))

    def _access_of(self, response: requests.Response) -> str:
        # confd does not say which permission is missing.
        base, request = urlsplit(self.connection.base_url).path, response.request
        path = urlsplit(request.url or "").path
        resource = path[len(base) :].strip("/").replace("/", ".") if path.startswith(base) else ""
        action = ACTIONS.get(request.method or "")
        return f"confd.{resource}.{action}" if resource and action else ""

    def _permission_hint(self) -> str:
        return (
            "Add it to the ACL of the web services access (in the web interface: Configuration, Management, Web "
            "Services Access). confd.# stands for all permissions of confd."
        )

    def _explain_disagreement(self, access: str) -> tuple[str, str]:
        message, _hint = super()._explain_disagreement(access)
        return (
            message,
            "Check that confd_url and confd_auth_url belong to the same server, and that the account has the "
            "permissions of confd, for example confd.# in the ACL of a web services access.",
        )


class XivoLogin(IssuedToken, XivoToken):
    """A token that xivo-auth issues."""

    def __init__(self, transport: Transport, shared: SharedToken | None = None) -> None:
        self.share(shared, transport.connection.handover)
        super().__init__(transport)

    def clone_for(self, transport: Transport) -> Authentication:
        return XivoLogin(transport, self.shared)


class XivoAuthService(AuthService):
    """xivo-auth, which asks one of its backends whether a password is right."""

    name = "xivo-auth"
    accounts = (
        "The backend xivo_service takes a web services access, xivo_admin an administrator of the web interface, and "
        "xivo_user a user."
    )

    def _token_request(self, seconds: int) -> dict[str, Any]:
        return {"backend": self._backend, "expiration": seconds}

    @property
    def _backend(self) -> str:
        return self._transport.connection.xivo_auth_backend

    def _explain_refused_login(self) -> tuple[str, str]:
        known = self._backends()
        if known and self._backend not in known:
            shown = self._transport.masker().excerpt(", ".join(sorted(known)[:MOST_BACKENDS]), LONGEST_CAUSE)
            return f"{self.url} has no backend {self._backend!r}.", f"Set confd_auth_backend to one of: {shown}."
        username = self._transport.connection.username
        return (
            f"{self.url} rejects confd_username {username!r} and confd_password for the backend {self._backend!r}.",
            f"Check both, and confd_auth_backend. {self.accounts}",
        )

    def _backends(self) -> list[str]:
        """Return the backends that the service has; none if it does not say so."""
        try:
            answer = self._exchange("GET", "/backends", auth=leave_as_is)
            names = self._read_member(answer, "GET", "/backends", "data")
        except RequestError:
            return []
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def choose_xivo_authentication(transport: Transport) -> Authentication | None:
    """Return the authentication by the auth service of a XiVO; None if the options do not ask for it."""
    connection = transport.connection
    if not connection.wants_xivo_auth or not connection.has_credentials:
        return None
    return XivoToken(transport) if connection.token else XivoLogin(transport)
