# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests tokens from an authentication service, asks what they allow, and revokes them.

XiVO and Wazo have the same service under two names, xivo-auth and wazo-auth. What differs is in auth_xivo.py and
auth_wazo.py. Source: wazo-26.08.md, "3. Auth, tenants, base URL".
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import quote

from .._model.errors import AuthenticationError, ConfdError, RefusedError, RequestError, ServerError, UnreadableError
from .auth import blanks_hint, fits_header
from .connection import Connection
from .failures import LONGEST_CAUSE, USE_TLS
from .handover import REPLACED, TOKEN, Notes
from .messages import wants_tls
from .transport import PARSE_ERRORS, Transport, leave_as_is

with contextlib.suppress(ImportError):
    import requests
    from requests.auth import HTTPBasicAuth

HIDDEN_TOKEN = "/token/********"
TOKEN_SECONDS = 600
"""How long a token is valid, unless the run gives it back before."""
RENEWAL_MARGIN = 180
"""The seconds before the end of a token at which it is replaced: no request takes that long to be accepted."""
REVOCATION_TIMEOUT = 2.0
REVOCATION_SECONDS = 5.0
"""The seconds for each step of a revocation (connection, wait, answer), and after which no other one begins."""


class AuthService:
    """The requests to an authentication service that a client needs. url: its URL with the version of its API."""

    name: ClassVar[str]
    """How the server calls the service, and its log."""
    accounts: ClassVar[str]
    """What an account of the service is, in a sentence for messages."""

    def __init__(self, transport: Transport, url: str) -> None:
        self._transport = transport
        self.url = url
        # Repeating the request may issue a second token, which does no harm: it expires.
        transport.repeat_posts(f"{self.url}/token")

    @property
    def address(self) -> dict[str, Any]:
        """Return how to reach the service, for revoke_left."""
        connection = self._transport.connection
        # By then, the process is no longer in the directory of the playbook.
        ca_path = os.path.abspath(connection.ca_path) if connection.ca_path else None
        return {"url": self.url, "validate_certs": connection.validate_certs, "ca_path": ca_path}

    def log_in(self) -> str:
        """Return a new token. Raise AuthenticationError for a wrong password."""
        connection = self._transport.connection
        response = self._ask_for_token(connection.username or "", connection.password or "", TOKEN_SECONDS)
        if response.status_code == 401:
            message, hint = self._explain_refused_login()
            raise AuthenticationError(
                message,
                method="POST",
                path="/token",
                status=401,
                hint=f"{hint}{blanks_hint(connection.password)}",
            )
        data = self._read_member(response, "POST", "/token", "data")
        token = data.get("token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token or not fits_header(token):
            raise self._unreadable_error(response, "POST", "/token")
        self._transport.hide(token)
        return token

    def revoke(self, tokens: Iterable[str], deadline: float | None = None) -> None:
        """Revoke tokens, if that takes a few seconds at most: a server that stalls does not hold up the end of a run.

        A token that is not revoked expires soon. deadline: when the last one may begin, on the monotonic clock.
        """
        brief = Transport(self._transport.connection.without_patience(REVOCATION_TIMEOUT))
        deadline = time.monotonic() + REVOCATION_SECONDS if deadline is None else deadline
        with contextlib.closing(brief), contextlib.suppress(ConfdError):
            for token in tokens:
                if time.monotonic() < deadline:
                    path = f"/token/{quote(token, safe='')}"
                    brief.exchange("DELETE", self.url, path, HIDDEN_TOKEN, auth=leave_as_is)

    def allows(self, token: str, access: str = "", tenant: str = "") -> bool:
        """Return whether a token is valid, and grants an access in a tenant if they are given."""
        params = {name: value for name, value in (("scope", access), ("tenant", tenant)) if value}
        path = f"/token/{quote(token, safe='')}"
        answer = self._exchange("HEAD", path, HIDDEN_TOKEN, params=params, auth=leave_as_is)
        return answer.status_code < 300

    def _ask_for_token(self, username: str, password: str, seconds: int) -> requests.Response:
        """Return the answer to a request for a token that is valid for a number of seconds."""
        credentials = HTTPBasicAuth(username.encode(), password.encode())
        body = self._token_request(seconds)
        return self._exchange("POST", "/token", json=body, auth=credentials)

    def _exchange(self, method: str, path: str, shown_path: str = "", **kwargs: Any) -> requests.Response:
        """Return the answer of the service. Its failure says that confd has carried out nothing.

        The service is asked before a request is sent to confd, or after confd has refused one.
        """
        try:
            return self._transport.exchange(method, self.url, path, shown_path, **kwargs)
        except RequestError as error:
            error.may_have_acted = False
            raise

    def _token_request(self, seconds: int) -> dict[str, Any]:
        """Return the body of a request for a token."""
        return {"expiration": seconds}

    def _explain_refused_login(self) -> tuple[str, str]:
        """Return the message and the hint for credentials that the service rejects."""
        username = self._transport.connection.username
        return f"{self.url} rejects confd_username {username!r} and confd_password.", f"Check both. {self.accounts}"

    def _read_member(self, response: requests.Response, method: str, path: str, name: str) -> Any:
        """Return a member of the JSON answer.

        Raise ServerError for a 5xx, RefusedError for another refusal with a reason, UnreadableError for what does not
        come from the service.
        """
        try:
            body = response.json()
        except PARSE_ERRORS:
            body = None
        reasons = body.get("reason") if isinstance(body, dict) else None
        is_refusal = response.status_code >= 400 and isinstance(reasons, list)
        if is_refusal or response.status_code >= 500:
            raise self._error_with_reason(response, method, path, reasons if isinstance(reasons, list) else [])
        try:
            return body[name]
        except PARSE_ERRORS:
            raise self._unreadable_error(response, method, path) from None

    def _error_with_reason(
        self, response: requests.Response, method: str, path: str, reasons: list[Any]
    ) -> RequestError:
        said = "; ".join(map(str, reasons))
        reason = self._transport.masker().excerpt(said or response.reason or "", LONGEST_CAUSE) or "no reason given"
        is_failure = response.status_code >= 500
        return (ServerError if is_failure else RefusedError)(
            f"{method} {self.url}{path}: HTTP {response.status_code}: {reason}",
            method=method,
            path=path,
            status=response.status_code,
            hint=f"See the log of the server: /var/log/{self.name}.log." if is_failure else "",
        )

    def _unreadable_error(self, response: requests.Response, method: str, path: str) -> UnreadableError:
        hint = "Check confd_auth_url. If it is not set, it is derived from confd_url."
        if wants_tls(self.url, response):
            hint = USE_TLS.replace("confd_url", "confd_auth_url")
        return UnreadableError(
            f"{method} {self.url}{path}: the answer (HTTP {response.status_code}) does not come from {self.name}.",
            method=method,
            path=path,
            status=response.status_code,
            hint=hint,
        )


def revoke_left(left: Iterable[Notes]) -> None:
    """Revoke the tokens that the last sessions have left for later ones.

    left: the notes of all accounts. An error is not reported: the run is over, and each token expires soon. All of them
    together take a few seconds at most.
    """
    now = time.monotonic()
    for notes in left:
        noted = [*([notes[TOKEN]] if TOKEN in notes else []), *notes.get(REPLACED, ())]
        for token in noted:
            if now < token["renew_at"] + RENEWAL_MARGIN:
                with contextlib.suppress(ConfdError):
                    transport = Transport(Connection(**token["service"]))
                    service = AuthService(transport, token["service"]["url"])
                    service.revoke([token["token"]], now + REVOCATION_SECONDS)
