# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a session shows who it is on Wazo: a token of its auth service, got for a username and a password or given.

Source: wazo-26.08.md, "3. Auth, tenants, base URL".
"""

from __future__ import annotations

import contextlib
import re
from threading import Lock
from typing import Any
from urllib.parse import quote

from .._model.errors import AuthenticationError, InputError, RequestError, ServerError, UnreadableError
from .._model.secrets import maskable_secrets, without
from .auth import Authentication, Token, fits_header
from .connection import Connection
from .failures import one_line
from .transport import PARSE_ERRORS, TOKEN_HEADER, Transport, leave_as_is, text_of

with contextlib.suppress(ImportError):
    import requests
    from requests.auth import HTTPBasicAuth

TENANT_HEADER = "Wazo-Tenant"
HIDDEN_TOKEN = "/token/********"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
REFUSED_ACCESS = re.compile(r"\('[^']*', '(?P<access>[^']+)'")
"""confd's refusal on Wazo: the repr of (token, the permission that was asked for, perhaps a tenant)."""


class WazoToken(Token):
    """A token on Wazo, whose auth service tells why confd refuses it. The tenant is looked up when it is needed."""

    def __init__(self, transport: Transport) -> None:
        self._service = AuthService(transport)
        self._tenant_uuid = ""
        super().__init__(transport)

    def prepare(self) -> None:
        self.transport.session.auth = self._show

    def _show(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put token and tenant into a request to confd."""
        self.transport.hide(self.token)
        request.headers[TOKEN_HEADER] = self.token
        if self.connection.tenant:
            request.headers[TENANT_HEADER] = self._tenant(self.connection.tenant)
        return request

    def _tenant(self, given: str) -> str:
        if not self._tenant_uuid:
            self._tenant_uuid = given if UUID.fullmatch(given) else self._service.tenant_named(given, self.token)
        return self._tenant_uuid

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        try:
            return self._explained(response)
        except RequestError:
            # An auth service out of reach: what it would have told remains unknown.
            return super().explain_401(response)

    def _explained(self, response: requests.Response) -> tuple[str, str]:
        base_url, whose = self.connection.base_url, self._whose()
        found = REFUSED_ACCESS.search(text_of(response))
        access = found["access"] if found else ""
        if not self._service.allows(self.token):
            return f"{base_url} does not take {whose}: it has expired, or was revoked.", "Get another one."
        if access and not self._service.allows(self.token, access):
            return f"{whose} has not the permission {access}.", "Give it to the account's policy in wazo-auth."
        if self._tenant_uuid and not self._service.allows(self.token, access, self._tenant_uuid):
            return (
                f"{whose} may not use the tenant {self.connection.tenant}, or there is none of that name.",
                "Check confd_tenant; an account sees its own tenant and those below it.",
            )
        return f"{base_url} refuses {whose} for {access or 'this request'}, which wazo-auth allows.", "Try again."

    def _whose(self) -> str:
        return "confd_token"


class WazoLogin(WazoToken):
    """A token got for a username and a password when the first request is made; sessions of one run share it."""

    def __init__(self, transport: Transport, shared: _SharedToken | None = None) -> None:
        self._shared = shared or _SharedToken()
        self._owns = shared is None
        self._used = ""
        super().__init__(transport)

    @property
    def token(self) -> str:
        self._used = self._used or self._shared.get(self._service)
        return self._used

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*super().secrets, *([self._used] if self._used else []))

    def retry_after_401(self, response: requests.Response) -> bool:
        """Log in again if the token has expired; another refusal stays one."""
        if self._service.allows(self.token):
            return False
        self._shared.forget(self._used)
        self._used = ""
        return True

    def clone_for(self, transport: Transport) -> Authentication:
        return WazoLogin(transport, self._shared)

    def close(self) -> None:
        if self._owns:
            self._shared.revoke(self._service)

    def _whose(self) -> str:
        return f"confd_username {self.connection.username!r}"


class _SharedToken:
    """A token for several threads: got once, and once more after it has expired."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._token = ""

    def get(self, service: AuthService) -> str:
        with self._lock:
            self._token = self._token or service.log_in()
            return self._token

    def forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._token = ""

    def revoke(self, service: AuthService) -> None:
        """Give it back; the newest one, if it was got anew by another session."""
        with self._lock:
            if self._token:
                service.revoke(self._token)
            self._token = ""


class AuthService:
    """The few requests to wazo-auth that a client needs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._url = transport.connection.auth_base_url
        # A token too many ends by itself.
        transport.repeat_posts(f"{self._url}/token")

    def log_in(self) -> str:
        """A new token. Raises AuthenticationError for a wrong password."""
        connection = self._transport.connection
        credentials = HTTPBasicAuth((connection.username or "").encode(), (connection.password or "").encode())
        response = self._transport.exchange("POST", self._url, "/token", json={}, auth=credentials)
        if response.status_code == 401:
            raise AuthenticationError(
                f"{self._url} does not take confd_username {connection.username!r} with confd_password.",
                method="POST",
                path="/token",
                status=401,
                hint="Check both; on Wazo they are those of a user of wazo-auth.",
            )
        data = self._member(response, "POST", "/token", "data")
        token = data.get("token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token or not fits_header(token):
            raise self._unreadable(response, "POST", "/token")
        self._transport.hide(token)
        return token

    def revoke(self, token: str) -> None:
        path = f"/token/{quote(token, safe='')}"
        self._transport.exchange("DELETE", self._url, path, HIDDEN_TOKEN, auth=leave_as_is)

    def allows(self, token: str, access: str = "", tenant: str = "") -> bool:
        """Whether a token is good, for an access or in a tenant if they are given."""
        params = {name: value for name, value in (("scope", access), ("tenant", tenant)) if value}
        path = f"/token/{quote(token, safe='')}"
        answer = self._transport.exchange("HEAD", self._url, path, HIDDEN_TOKEN, params=params, auth=leave_as_is)
        return answer.status_code < 300

    def tenant_named(self, name: str, token: str) -> str:
        """The uuid of a tenant that the token may see. Raises InputError if there is none, or more than one."""
        headers = {TOKEN_HEADER: token}
        response = self._transport.exchange("GET", self._url, "/tenants", headers=headers, auth=leave_as_is)
        if response.status_code == 401:
            raise AuthenticationError(
                f"{self._url} does not list its tenants, so {name!r} cannot be looked up.",
                method="GET",
                path="/tenants",
                status=401,
                hint="Give confd_tenant as a UUID, or the account the permission auth.tenants.read.",
            )
        tenants = self._member(response, "GET", "/tenants", "items")
        if not isinstance(tenants, list) or not all(_is_tenant(each) for each in tenants):
            raise self._unreadable(response, "GET", "/tenants")
        uuids = [tenant["uuid"] for tenant in tenants if tenant["name"] == name]
        if len(uuids) != 1:
            known = ", ".join(sorted(str(tenant["name"]) for tenant in tenants))
            found = "no tenant" if not uuids else f"{len(uuids)} tenants"
            raise InputError(f"There is {found} {name!r} that the account may see.", f"It sees: {known}.")
        return str(uuids[0])

    def _member(self, response: requests.Response, method: str, path: str, name: str) -> Any:
        """What is under a name in the answer. Raises ServerError, or UnreadableError if that is not wazo-auth's."""
        try:
            body = response.json()
        except PARSE_ERRORS:
            body = None
        if response.status_code >= 500:
            raise self._failed(response, method, path, body)
        try:
            return body[name]
        except PARSE_ERRORS:
            raise self._unreadable(response, method, path) from None

    def _failed(self, response: requests.Response, method: str, path: str, body: Any) -> ServerError:
        reasons = body.get("reason") if isinstance(body, dict) else None
        said = "; ".join(map(str, reasons)) if isinstance(reasons, list) else ""
        secrets = maskable_secrets({"confd_password": self._transport.connection.password or ""})
        return ServerError(
            f"{method} {self._url}{path}: HTTP {response.status_code}: "
            f"{one_line(without(said, secrets)) or response.reason or 'no reason given'}",
            method=method,
            path=path,
            status=response.status_code,
            hint="The server's log has more: /var/log/wazo-auth.log.",
        )

    def _unreadable(self, response: requests.Response, method: str, path: str) -> UnreadableError:
        return UnreadableError(
            f"{method} {self._url}{path}: the answer (HTTP {response.status_code}) is not that of wazo-auth.",
            method=method,
            path=path,
            status=response.status_code,
            hint="Is `confd_auth_url` that of wazo-auth? It is derived from confd_url unless it is given.",
        )


def _is_tenant(row: Any) -> bool:
    return isinstance(row, dict) and UUID.fullmatch(str(row.get("uuid"))) is not None and "name" in row


def wazo_authentication_for(transport: Transport) -> Authentication:
    """What the options ask for on a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return WazoToken(transport)
    return Authentication(transport) if connection.username is None else WazoLogin(transport)
