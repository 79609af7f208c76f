# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticates a session with Wazo: a token of its auth service, given or issued for a username and a password.

Source: wazo-26.08.md, "3. Auth, tenants, base URL".
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable
from threading import Lock
from typing import Any
from urllib.parse import quote

from .._model.errors import AuthenticationError, ConfdError, InputError, RequestError, ServerError, UnreadableError
from .auth import Authentication, Token, blanks_hint, fits_header
from .connection import Connection
from .failures import LONGEST_CAUSE
from .transport import PARSE_ERRORS, TOKEN_HEADER, Transport, leave_as_is, text_of

with contextlib.suppress(ImportError):
    import requests
    from requests.auth import HTTPBasicAuth

TENANTS_WANTED = "Give the account the permission auth.tenants.read: Wazo needs it wherever confd_tenant is set."
"""What to do about a missing permission. With the UUID of a tenant, lists work without it, single objects do not."""
TENANT_HEADER = "Wazo-Tenant"
HIDDEN_TOKEN = "/token/********"
TOKEN_SECONDS = 600
"""How long a token is valid, unless the run gives it back before."""
LONGEST_REFUSAL = 2000
LONGEST_TENANTS = 2000
MOST_UUIDS = 10
"""The characters of a refusal and of tenant names, and the tenants of one name, that are read or shown."""
RENEWAL_MARGIN = 180
"""The seconds before the end of a token at which it is replaced: no request takes that long to be accepted."""
REVOCATION_TIMEOUT = 2.0
REVOCATION_SECONDS = 5.0
"""The seconds for each step of a revocation (connection, wait, answer), and after which no other one begins."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
REFUSED_ACCESS = re.compile(
    r"""\('[^']*', '(?P<access>[^']{1,200})'|"required_access": *"(?P<access_of_auth>[^"]{1,200})\""""
)
"""The text of a 401: on confd the repr of (token, required permission, perhaps a tenant), on wazo-auth JSON."""


class WazoToken(Token):
    """A token on Wazo. Asks the auth service why confd rejects it, and looks up the tenant with the first request."""

    def __init__(self, transport: Transport) -> None:
        self._service = AuthService(transport)
        self._tenant_uuid = ""
        super().__init__(transport)

    def prepare(self) -> None:
        self.transport.session.auth = self._authenticate

    def _authenticate(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add token and tenant to the headers of a request to confd."""
        self.transport.hide(self.token)
        request.headers[TOKEN_HEADER] = self.token
        tenant = self.connection.tenant
        if tenant:
            if not self._tenant_uuid:
                self._tenant_uuid = tenant if UUID.fullmatch(tenant) else self._service.find_tenant(tenant, self.token)
            request.headers[TENANT_HEADER] = self._tenant_uuid
        return request

    def signs_in(self, username: str, password: str) -> bool:
        """Return whether somebody can sign in with a username and a password. The token is given back."""
        return self._service.signs_in(username, password)

    def may(self, access: str) -> bool:
        """Return whether the token grants an access in the tenant of the options."""
        return self._service.allows(self.token, access, self._tenant_uuid)

    @property
    def credentials_label(self) -> str:
        """Return how messages call the credentials."""
        return "confd_token"

    @property
    def token_label(self) -> str:
        """Return how messages call the token itself."""
        return "confd_token"

    @property
    def new_token_hint(self) -> str:
        """Return how to get a token that is valid."""
        return "Get a new token."

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        try:
            return self._ask_why(response)
        except RequestError:
            # The auth service cannot be reached, so the reason remains unknown.
            return super().explain_401(response)

    def _ask_why(self, response: requests.Response) -> tuple[str, str]:
        """Return the message and the hint for a 401. Raise RequestError if the auth service does not answer."""
        base_url, label = self.connection.base_url, self.credentials_label
        found = REFUSED_ACCESS.search(self.transport.masker().excerpt(text_of(response), LONGEST_REFUSAL))
        access = (found["access"] or found["access_of_auth"]) if found else ""
        if not self._service.allows(self.token):
            return f"{base_url} rejects {self.token_label}: it has expired or was revoked.", self.new_token_hint
        if access and not self._service.allows(self.token, access):
            return f"{label} lacks the permission {access}.", "Add it to a policy of the account in wazo-auth."
        if self._tenant_uuid and not self._service.allows(self.token, access, self._tenant_uuid):
            return (
                f"{label} has no access to the tenant {self.connection.tenant}, or the tenant does not exist.",
                "Check confd_tenant. An account has access to its own tenant and to the tenants below it.",
            )
        return f"{base_url} rejects {label} for {access or 'this request'}, although wazo-auth allows it.", "Run again."


class WazoLogin(WazoToken):
    """A token that is requested with username and password before the first request. Sessions of a run share it."""

    def __init__(self, transport: Transport, shared: _SharedToken | None = None) -> None:
        self._shared = shared or _SharedToken()
        self._owns = shared is None
        self._used = ""
        super().__init__(transport)

    @property
    def token(self) -> str:
        self._used = self._shared.get(self._service)
        return self._used

    def retry_after_401(self, response: requests.Response) -> bool:
        """Return whether a new login may help: the token has expired. Every other reason for a 401 remains."""
        if self._service.allows(self._used):
            return False
        self._shared.forget(self._used)
        return True

    def clone_for(self, transport: Transport) -> Authentication:
        return WazoLogin(transport, self._shared)

    def close(self) -> None:
        if self._owns:
            self._shared.revoke(self._service)

    @property
    def credentials_label(self) -> str:
        return f"confd_username {self.connection.username!r}"

    @property
    def token_label(self) -> str:
        return f"the token that {self._service.url} issued for {self.credentials_label}"

    @property
    def new_token_hint(self) -> str:
        return "Run again. If it is rejected again, check that confd_url and confd_auth_url belong to the same server."


class _SharedToken:
    """A token that several threads share. It is valid for a short time, and replaced before that is over.

    So a run that is killed leaves a token that is soon worth nothing.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._token = ""
        self._renew_at = 0.0
        self._replaced: list[str] = []
        """Tokens that another thread may still be using. They are revoked at the end."""

    def get(self, service: AuthService) -> str:
        """Return the token; log in if there is none yet, or if it expires soon."""
        with self._lock:
            now = time.monotonic()
            if self._token and now >= self._renew_at:
                self._replaced.append(self._token)
                self._token = ""
            if not self._token:
                self._token = service.log_in()
                self._renew_at = now + TOKEN_SECONDS - RENEWAL_MARGIN
            return self._token

    def forget(self, token: str) -> None:
        """Drop an expired token, unless another thread has replaced it already."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def revoke(self, service: AuthService) -> None:
        """Revoke the tokens of the run on the server."""
        with self._lock:
            tokens = [*self._replaced, *([self._token] if self._token else [])]
            self._replaced, self._token = [], ""
        if tokens:
            service.revoke(tokens)


class AuthService:
    """The requests to wazo-auth that a client needs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.url = transport.connection.auth_base_url
        # Repeating the request may issue a second token, which does no harm: it expires.
        transport.repeat_posts(f"{self.url}/token")

    def log_in(self) -> str:
        """Return a new token. Raise AuthenticationError for a wrong password."""
        connection = self._transport.connection
        credentials = HTTPBasicAuth((connection.username or "").encode(), (connection.password or "").encode())
        response = self._transport.exchange(
            "POST", self.url, "/token", json={"expiration": TOKEN_SECONDS}, auth=credentials
        )
        if response.status_code == 401:
            raise AuthenticationError(
                f"{self.url} rejects confd_username {connection.username!r} and confd_password.",
                method="POST",
                path="/token",
                status=401,
                hint=f"Check both. On Wazo they belong to a user of wazo-auth.{blanks_hint(connection.password)}",
            )
        data = self._read_member(response, "POST", "/token", "data")
        token = data.get("token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token or not fits_header(token):
            raise self._unreadable_error(response, "POST", "/token")
        self._transport.hide(token)
        return token

    def signs_in(self, username: str, password: str) -> bool:
        """Return whether somebody can sign in. The token is given back: nobody may have more than a hundred."""
        credentials = HTTPBasicAuth(username.encode(), password.encode())
        self._transport.hide(password)
        body = {"expiration": RENEWAL_MARGIN}
        response = self._transport.exchange("POST", self.url, "/token", json=body, auth=credentials)
        if response.status_code == 401:
            return False
        token = self._read_member(response, "POST", "/token", "data")["token"]
        self._transport.hide(token)
        self.revoke([token])
        return True

    def revoke(self, tokens: Iterable[str]) -> None:
        """Revoke tokens, if that takes a few seconds at most: a server that stalls does not hold up the end of a run.

        A token that is not revoked expires soon.
        """
        brief = Transport(self._transport.connection.without_patience(REVOCATION_TIMEOUT))
        deadline = time.monotonic() + REVOCATION_SECONDS
        with contextlib.closing(brief), contextlib.suppress(ConfdError):
            for token in tokens:
                if time.monotonic() < deadline:
                    path = f"/token/{quote(token, safe='')}"
                    brief.exchange("DELETE", self.url, path, HIDDEN_TOKEN, auth=leave_as_is)

    def allows(self, token: str, access: str = "", tenant: str = "") -> bool:
        """Return whether a token is valid, and grants an access in a tenant if they are given."""
        params = {name: value for name, value in (("scope", access), ("tenant", tenant)) if value}
        path = f"/token/{quote(token, safe='')}"
        answer = self._transport.exchange("HEAD", self.url, path, HIDDEN_TOKEN, params=params, auth=leave_as_is)
        return answer.status_code < 300

    def find_tenant(self, name: str, token: str) -> str:
        """Return the UUID of the tenant of a name. Raise InputError if the token sees none or several of that name."""
        headers = {TOKEN_HEADER: token}
        response = self._transport.exchange("GET", self.url, "/tenants", headers=headers, auth=leave_as_is)
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

    def _read_member(self, response: requests.Response, method: str, path: str, name: str) -> Any:
        """Return a member of the JSON answer. Raise ServerError for a 5xx, UnreadableError if the member is missing."""
        try:
            body = response.json()
        except PARSE_ERRORS:
            body = None
        if response.status_code >= 500:
            raise self._server_error(response, method, path, body)
        try:
            return body[name]
        except PARSE_ERRORS:
            raise self._unreadable_error(response, method, path) from None

    def _server_error(self, response: requests.Response, method: str, path: str, body: Any) -> ServerError:
        reasons = body.get("reason") if isinstance(body, dict) else None
        said = "; ".join(map(str, reasons)) if isinstance(reasons, list) else ""
        reason = self._transport.masker().excerpt(said or response.reason or "", LONGEST_CAUSE) or "no reason given"
        return ServerError(
            f"{method} {self.url}{path}: HTTP {response.status_code}: {reason}",
            method=method,
            path=path,
            status=response.status_code,
            hint="See the log of the server: /var/log/wazo-auth.log.",
        )

    def _unreadable_error(self, response: requests.Response, method: str, path: str) -> UnreadableError:
        return UnreadableError(
            f"{method} {self.url}{path}: the answer (HTTP {response.status_code}) does not come from wazo-auth.",
            method=method,
            path=path,
            status=response.status_code,
            hint="Check confd_auth_url. If it is not set, it is derived from confd_url.",
        )


def _is_tenant(row: Any) -> bool:
    return isinstance(row, dict) and UUID.fullmatch(str(row.get("uuid"))) is not None and "name" in row


def choose_wazo_authentication(transport: Transport) -> Authentication:
    """Return the authentication that the options ask for, on a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return WazoToken(transport)
    return Authentication(transport) if connection.username is None else WazoLogin(transport)
