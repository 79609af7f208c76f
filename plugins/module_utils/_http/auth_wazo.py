# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticates a session with Wazo: a token of its auth service, given or issued for a username and a password.

Source: wazo-26.08.md, "3. Auth, tenants, base URL".
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

from .._model.errors import AuthenticationError, InputError
from .auth import Authentication
from .auth_service import RENEWAL_MARGIN, AuthService
from .auth_token import IssuedToken, ServiceToken, SharedToken
from .connection import Connection
from .messages import text_of
from .transport import TOKEN_HEADER, Transport, leave_as_is

with contextlib.suppress(ImportError):
    import requests

TENANTS_WANTED = "Give the account the permission auth.tenants.read: Wazo needs it wherever confd_tenant is set."
"""What to do about a missing permission. With the UUID of a tenant, lists work without it, single objects do not."""
TENANT_HEADER = "Wazo-Tenant"
LONGEST_REFUSAL = 2000
LONGEST_TENANTS = 2000
MOST_UUIDS = 10
"""The characters of a refusal and of tenant names, and the tenants of one name, that are read or shown."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
REFUSED_ACCESS = re.compile(
    r"""\('[^']*', '(?P<access>[^']{1,200})'|"required_access": *"(?P<access_of_auth>[^"]{1,200})\""""
)
"""The text of a 401: on confd the repr of (token, required permission, perhaps a tenant), on wazo-auth JSON."""


class WazoToken(ServiceToken):
    """A token on Wazo. Looks up the tenant with the first request."""

    _service: WazoAuthService

    def __init__(self, transport: Transport) -> None:
        self._tenant_uuid = ""
        super().__init__(transport, WazoAuthService(transport, transport.connection.auth_base_url))

    def _authenticate(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add token and tenant to the headers of a request to confd."""
        request = super()._authenticate(request)
        tenant = self.connection.tenant
        if tenant:
            if not self._tenant_uuid:
                token = request.headers[TOKEN_HEADER]
                self._tenant_uuid = tenant if UUID.fullmatch(tenant) else self._service.find_tenant(tenant, token)
            request.headers[TENANT_HEADER] = self._tenant_uuid
        return request

    def signs_in(self, username: str, password: str) -> bool:
        """Return whether somebody can sign in with a username and a password. The token is given back."""
        return self._service.signs_in(username, password)

    def may(self, access: str) -> bool:
        """Return whether the token grants an access in the tenant of the options."""
        return self._service.allows(self.token, access, self._tenant_uuid)

    def _access_of(self, response: requests.Response) -> str:
        found = REFUSED_ACCESS.search(self.transport.masker().excerpt(text_of(response), LONGEST_REFUSAL))
        return (found["access"] or found["access_of_auth"]) if found else ""

    def _permission_hint(self) -> str:
        return "Add it to a policy of the account in wazo-auth."

    def _explain_disagreement(self, access: str) -> tuple[str, str]:
        if self._tenant_uuid and not self._service.allows(self.token, access, self._tenant_uuid):
            return (
                f"{self.credentials_label} has no access to the tenant {self.connection.tenant}, or the tenant does "
                "not exist.",
                "Check confd_tenant. An account has access to its own tenant and to the tenants below it.",
            )
        return super()._explain_disagreement(access)


class WazoLogin(IssuedToken, WazoToken):
    """A token that wazo-auth issues."""

    def __init__(self, transport: Transport, shared: SharedToken | None = None) -> None:
        self.share(shared, transport.connection.handover)
        super().__init__(transport)

    def clone_for(self, transport: Transport) -> Authentication:
        return WazoLogin(transport, self.shared)


class WazoAuthService(AuthService):
    """wazo-auth, which also knows the tenants, and the people who have a login."""

    name = "wazo-auth"
    accounts = "On Wazo they belong to a user of wazo-auth."

    def signs_in(self, username: str, password: str) -> bool:
        """Return whether somebody can sign in. The token is given back: nobody may have more than a hundred."""
        self._transport.hide(password)
        response = self._ask_for_token(username, password, RENEWAL_MARGIN)
        if response.status_code == 401:
            return False
        token = self._read_member(response, "POST", "/token", "data")["token"]
        self._transport.hide(token)
        self.revoke([token])
        return True

    def find_tenant(self, name: str, token: str) -> str:
        """Return the UUID of the tenant of a name. Raise InputError if the token sees none or several of that name."""
        headers = {TOKEN_HEADER: token}
        response = self._exchange("GET", "/tenants", headers=headers, auth=leave_as_is)
        if response.status_code == 401:
            raise AuthenticationError(
                f"{self.url} does not let this account list the tenants, so the tenant {name!r} cannot be looked up.",
                method="GET",
                path="/tenants",
                status=401,
                hint=f"{TENANTS_WANTED} Or leave confd_tenant out, to work on the tenant of the account.",
            )
        tenants = self._read_member(response, "GET", "/tenants", "items")
        if not isinstance(tenants, list) or not all(_is_tenant(each) for each in tenants):
            raise self._unreadable_error(response, "GET", "/tenants")
        uuids = [tenant["uuid"] for tenant in tenants if tenant["name"] == name]
        if not uuids:
            known = ", ".join(sorted(str(tenant["name"]) for tenant in tenants))
            known = self._transport.masker().excerpt(known, LONGEST_TENANTS)
            raise InputError(f"The account has access to no tenant named {name!r}.", f"It has access to: {known}.")
        if len(uuids) > 1:
            raise InputError(
                f"The account has access to {len(uuids)} tenants named {name!r}.",
                f"Set confd_tenant to the UUID of one of them: {', '.join(sorted(map(str, uuids))[:MOST_UUIDS])}.",
            )
        return str(uuids[0])


def _is_tenant(row: Any) -> bool:
    return isinstance(row, dict) and UUID.fullmatch(str(row.get("uuid"))) is not None and "name" in row


def choose_wazo_authentication(transport: Transport) -> Authentication:
    """Return the authentication that the options ask for, on a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return WazoToken(transport)
    return Authentication(transport) if connection.username is None else WazoLogin(transport)
