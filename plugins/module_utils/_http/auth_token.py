# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticates a session with a token: that of an option, or one that an authentication service issues."""

from __future__ import annotations

import contextlib
import time
from abc import ABC, abstractmethod
from threading import Lock

from .._model.errors import RequestError
from .auth import Token
from .auth_service import RENEWAL_MARGIN, TOKEN_SECONDS, AuthService
from .handover import TOKEN, Handover, is_usable
from .transport import TOKEN_HEADER, Transport

with contextlib.suppress(ImportError):
    import requests


class ServiceToken(Token, ABC):
    """A token from the option confd_token. Asks the authentication service why confd rejects it."""

    def __init__(self, transport: Transport, service: AuthService) -> None:
        self._service = service
        super().__init__(transport)

    def prepare(self) -> None:
        self.transport.sign = self._authenticate

    def _authenticate(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to the headers of a request to confd."""
        self.transport.hide(self.token)
        request.headers[TOKEN_HEADER] = self.token
        return request

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
            # The authentication service cannot be reached, so the reason remains unknown.
            return super().explain_401(response)

    def _ask_why(self, response: requests.Response) -> tuple[str, str]:
        """Return the message and the hint for a 401. Raise RequestError if the service does not answer."""
        base_url, access = self.connection.base_url, self._access_of(response)
        if not self._service.allows(self.token):
            return f"{base_url} rejects {self.token_label}: it has expired or was revoked.", self.new_token_hint
        if access and not self._service.allows(self.token, access):
            return f"{self.credentials_label} lacks the permission {access}.", self._permission_hint()
        return self._explain_disagreement(access)

    @abstractmethod
    def _access_of(self, response: requests.Response) -> str:
        """Return the permission that a request needs, such as "confd.users.read"; '' if it is not known."""

    @abstractmethod
    def _permission_hint(self) -> str:
        """Return how to give the account a permission."""

    def _explain_disagreement(self, access: str) -> tuple[str, str]:
        """Return the message and the hint for a token that confd rejects and the service does not."""
        label = self.credentials_label
        message = f"{self.connection.base_url} rejects {label} for {access or 'this request'}"
        return f"{message}, although {self._service.name} allows it.", "Run again."


class IssuedToken(ServiceToken):
    """A token that is requested with username and password before the first request. Sessions of a run share it.

    Of the base classes of a class, it comes before the one that knows the server.
    """

    shared: SharedToken
    owns_token: bool
    _used = ""

    def share(self, shared: SharedToken | None, handover: Handover) -> None:
        """Use the token of another session; None to request one, and to pass it on or to revoke it at the end."""
        self.shared = shared or SharedToken(handover)
        self.owns_token = shared is None

    @property
    def token(self) -> str:
        self._used = self.shared.get(self._service)
        return self._used

    def ended_session(self) -> bool:
        try:
            # Otherwise the account lacks a permission.
            return not self._service.allows(self._used)
        except RequestError:
            return True

    def retry_after_401(self, response: requests.Response) -> bool:
        """Return whether a new login may help: the token has expired. Every other reason for a 401 remains."""
        if self._service.allows(self._used):
            return False
        self.shared.forget(self._used)
        return True

    def close(self) -> None:
        if self.owns_token:
            self.shared.leave(self._service)

    @property
    def credentials_label(self) -> str:
        return f"confd_username {self.connection.username!r}"

    @property
    def token_label(self) -> str:
        return f"the token that {self._service.url} issued for {self.credentials_label}"

    @property
    def new_token_hint(self) -> str:
        return "Run again. If it is rejected again, check that confd_url and confd_auth_url belong to the same server."


class SharedToken:
    """A token that several threads share. It is valid for a short time, and replaced before that is over.

    So a run that is killed leaves a token that is soon worth nothing.
    """

    def __init__(self, handover: Handover) -> None:
        self._handover = handover
        self._lock = Lock()
        self._token = ""
        self._renew_at = 0.0
        self._is_own = False
        """Whether this run has requested the token. It gives back no other."""
        self._replaced: list[str] = []
        """Tokens that another thread may still be using. They are revoked at the end."""

    def get(self, service: AuthService) -> str:
        """Return the token; log in if there is none yet, or if it expires soon."""
        with self._lock:
            now = time.monotonic()
            if self._token and now >= self._renew_at:
                self._replaced.extend([self._token] if self._is_own else [])
                self._token = ""
            if not self._token:
                self._take_over()
            if not self._token:
                self._token = service.log_in()
                self._renew_at, self._is_own = now + TOKEN_SECONDS - RENEWAL_MARGIN, True
            return self._token

    def _take_over(self) -> None:
        """Use the token that an earlier session has left, unless it expires soon."""
        left = self._handover.get(TOKEN)
        if is_usable(left):
            self._token, self._renew_at, self._is_own = left["token"], left["renew_at"], False

    def forget(self, token: str) -> None:
        """Drop an expired token, unless another thread has replaced it already."""
        with self._lock:
            if self._token == token:
                self._token = ""
                self._handover.forget()

    def leave(self, service: AuthService) -> None:
        """Leave the token to the next session, or revoke it if there is none or it has a better one."""
        with self._lock:
            tokens = [*self._replaced, *([self._token] if self._token and self._is_own else [])]
            token = {"token": self._token, "renew_at": self._renew_at, "service": service.address}
            if self._token and self._handover.offer(TOKEN, token, lambda other: other["renew_at"] > self._renew_at):
                tokens = self._replaced
            self._replaced, self._token = [], ""
        if tokens:
            service.revoke(tokens)
