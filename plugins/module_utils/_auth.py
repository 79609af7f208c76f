# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a session shows who it is: one strategy for each way. None of them knows a resource of confd.

XiVO: digest, or a token (facts file xivo-15.12, section "Digest / session"; xivo-16.16, "Digest / token").
Wazo: a token of its auth service, got for a username and a password or given (facts file wazo-26.08, section 3).
"""

from __future__ import annotations

import re
from threading import Lock
from typing import Any
from urllib.parse import quote

from ._connection import Connection
from ._errors import AuthenticationError, InputError, RequestError, ServerError, UnreadableError
from ._failures import readable
from ._masking import confidential, without
from ._transport import STUMBLES, TOKEN_HEADER, Transport, leave_as_is, text_of

try:
    import requests
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth
    from requests.utils import parse_dict_header
except ImportError:
    # Said by the edge; the class below needs something to derive from until then.
    HTTPDigestAuth = object  # type: ignore[misc, assignment]

DIGEST = "digest "
TENANT_HEADER = "Wazo-Tenant"
HIDDEN_TOKEN = "/token/********"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
REFUSED_ACCESS = re.compile(r"\('[^']*', '(?P<access>[^']+)'")
"""confd's refusal on Wazo: the repr of (token, the permission that was asked for, perhaps a tenant)."""


class Authentication:
    """Nothing to show: a server that trusts the client's address. The strategies differ from that."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.connection = transport.connection
        self.prepare()

    def prepare(self) -> None:
        """Let the session show what it has."""

    def meet(self, response: requests.Response) -> None:
        """Learn from the answer to a request that showed nothing."""

    def recover(self, response: requests.Response) -> bool:
        """After a 401: whether the same request may succeed now. It came before the view, so nothing was done."""
        return False

    def refusal(self, response: requests.Response) -> tuple[str, str]:
        """What a 401 means that remains, and what to do about it."""
        base_url = self.connection.base_url
        return f"{base_url} wants credentials.", "Give confd_username and confd_password, or confd_token."

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error may show."""
        return tuple(each for each in (self.connection.token, self.connection.password) if each)

    def join(self, transport: Transport) -> Authentication:
        """The same for another session."""
        return type(self)(transport)

    def leave(self) -> None:
        """Give back what was got from the server."""


class CarefulDigest(HTTPDigestAuth):
    """That of requests, which would also send a request again that was answered, and stumbles over half a challenge."""

    def handle_401(self, r: Any, **kwargs: Any) -> Any:
        challenge = r.headers.get("WWW-Authenticate", "")
        if r.status_code != 401 or not is_challenge(challenge):
            return r
        # Some releases of requests have no types here.
        return super().handle_401(r, **kwargs)  # type: ignore[no-untyped-call, unused-ignore]


def is_challenge(text: str) -> bool:
    """Whether a WWW-Authenticate asks for a digest that can be computed."""
    if not text.lower().startswith(DIGEST):
        return False
    asked = parse_dict_header(text[len(DIGEST) :])  # type: ignore[no-untyped-call]
    return all(asked.get(name) is not None for name in ("realm", "nonce"))


class Digest(Authentication):
    """A username and a password, as XiVO's web services access has them."""

    def prepare(self) -> None:
        username, password = self.connection.username or "", self.connection.password or ""
        if not _fits_header(username, "latin-1") or '"' in username:
            raise InputError(
                f"confd_username {username!r} holds characters that no web services access of a XiVO has.",
                "Is it that of a Wazo? Then set confd_api to wazo.",
            )
        self.transport.session.auth = CarefulDigest(username, password)

    def meet(self, response: requests.Response) -> None:
        # As after a challenge that requests handled itself: the cookie is in the session already.
        challenge = response.headers.get("WWW-Authenticate", "")
        if response.status_code == 401 and is_challenge(challenge):
            auth: Any = self.transport.session.auth
            auth.init_per_thread_state()
            state = auth._thread_local
            state.chal = parse_dict_header(challenge[len(DIGEST) :])  # type: ignore[no-untyped-call]
            state.last_nonce = state.chal.get("nonce", "")

    def recover(self, response: requests.Response) -> bool:
        # Cookie and nonce parted (a restarted server, say): requests keeps the old Cookie header and would be refused
        # for ever. A wrong password looks the same, and is then shown twice.
        had_cookie = "Cookie" in response.request.headers
        if had_cookie:
            self.transport.session.cookies.clear()
            self.prepare()
        return had_cookie

    def refusal(self, response: requests.Response) -> tuple[str, str]:
        if is_wazo_refusal(response):
            return f"{self.connection.base_url} refuses as a Wazo does.", "Set confd_api to wazo, or leave it out."
        return (
            f"{self.connection.base_url} does not take confd_username {self.connection.username!r} "
            "with confd_password.",
            "Check both; on XiVO they are those of a web services access.",
        )


class Token(Authentication):
    """A token that the administrator gives, on whichever generation."""

    def prepare(self) -> None:
        self.transport.session.auth = leave_as_is
        if not _fits_header(self.token):
            raise InputError("confd_token holds characters that no token has.", "Give it without spaces and newlines.")
        self.transport.session.headers[TOKEN_HEADER] = self.token

    @property
    def token(self) -> str:
        return self.connection.token or ""

    def refusal(self, response: requests.Response) -> tuple[str, str]:
        return f"{self.connection.base_url} does not take confd_token.", "It may have expired, or lack the permission."


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

    def refusal(self, response: requests.Response) -> tuple[str, str]:
        try:
            return self._explained(response)
        except RequestError:
            # An auth service out of reach: what it would have told remains unknown.
            return super().refusal(response)

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

    def recover(self, response: requests.Response) -> bool:
        """Log in again if the token has expired; another refusal stays one."""
        if self._service.allows(self.token):
            return False
        self._shared.forget(self._used)
        self._used = ""
        return True

    def join(self, transport: Transport) -> Authentication:
        return WazoLogin(transport, self._shared)

    def leave(self) -> None:
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
        if not isinstance(token, str) or not token or not _fits_header(token):
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
        except STUMBLES:
            body = None
        if response.status_code >= 500:
            raise self._failed(response, method, path, body)
        try:
            return body[name]
        except STUMBLES:
            raise self._unreadable(response, method, path) from None

    def _failed(self, response: requests.Response, method: str, path: str, body: Any) -> ServerError:
        reasons = body.get("reason") if isinstance(body, dict) else None
        said = "; ".join(map(str, reasons)) if isinstance(reasons, list) else ""
        secrets = confidential({"confd_password": self._transport.connection.password or ""})
        return ServerError(
            f"{method} {self._url}{path}: HTTP {response.status_code}: "
            f"{readable(without(said, secrets)) or response.reason or 'no reason given'}",
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


def _fits_header(text: str, encoding: str = "ascii") -> bool:
    """Whether a text can be sent in a header as it is."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return text.isprintable() and text.strip() == text


def is_wazo_refusal(response: requests.Response) -> bool:
    """Whether a 401 is Wazo's: a JSON list, and no challenge."""
    if response.status_code != 401 or "WWW-Authenticate" in response.headers:
        return False
    try:
        return isinstance(response.json(), list)
    except STUMBLES:
        return False


def authentication_for(transport: Transport) -> Authentication:
    """What the options ask for, on a server that is not known to be a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return Token(transport)
    return Authentication(transport) if connection.username is None else Digest(transport)


def wazo_authentication_for(transport: Transport) -> Authentication:
    """The same on a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return WazoToken(transport)
    return Authentication(transport) if connection.username is None else WazoLogin(transport)
