# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticates a session: one strategy for each way. None of them knows a resource of confd.

XiVO takes digest authentication or a token. Tokens that are issued for a password are in auth_xivo.py and auth_wazo.py.
Sources: xivo-15.12.md, "Digest / session"; xivo-16.16.md, "Digest / token".
"""

from __future__ import annotations

from typing import Any

from .._model.errors import InputError
from .connection import Connection
from .handover import CHALLENGE
from .transport import PARSE_ERRORS, TOKEN_HEADER, Transport, leave_as_is

try:
    import requests
    from requests.auth import HTTPDigestAuth
    from requests.utils import parse_dict_header
except ImportError:
    # _ansible/module.py reports that requests is missing. Until then, the class below needs a base class.
    HTTPDigestAuth = object  # type: ignore[misc, assignment]

DIGEST = "digest "


class Authentication:
    """No credentials, for a server that trusts the client's address; base class of the other strategies."""

    most_repetitions = 1
    """How often a request may be repeated after a 401."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.connection = transport.connection
        self.prepare()

    def prepare(self) -> None:
        """Configure the session to send the credentials. Raise InputError if they cannot be sent."""

    def check_login(self) -> None:
        """Raise InputError for a login on which a XiVO fails. Called when the server is known to be one."""

    def on_challenge(self, response: requests.Response) -> None:
        """Keep the challenge that the server sent in answer to a request without credentials."""

    def ended_session(self) -> bool:
        """Return whether a first request was answered 401 because the server forgot the session of an earlier task."""
        return True

    def retry_after_401(self, response: requests.Response) -> bool:
        """Return whether to repeat a request that was answered 401.

        Even a write may be repeated: the server checks the credentials before it carries out a request.
        """
        return False

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        """Return the message and the hint for a final 401."""
        base_url = self.connection.base_url
        return f"{base_url} requires credentials.", "Set confd_username and confd_password, or confd_token."

    def clone_for(self, transport: Transport) -> Authentication:
        """Return the same authentication for another session."""
        return type(self)(transport)

    def close(self) -> None:
        """Return to the server what it issued, such as a token."""


def challenge_of(response: requests.Response) -> dict[str, str] | None:
    """Return the digest challenge of a 401; None if there is no complete one."""
    text = response.headers.get("WWW-Authenticate", "")
    if response.status_code != 401 or not text.lower().startswith(DIGEST):
        return None
    challenge: dict[str, str] = parse_dict_header(text[len(DIGEST) :])  # type: ignore[no-untyped-call, unused-ignore]
    return challenge if all(challenge.get(name) is not None for name in ("realm", "nonce")) else None


class Digest(Authentication):
    """A username and a password of a XiVO web services access.

    Nonce and cookie belong together (xivo-15.12.md, trap 2). HTTPDigestAuth of requests keeps the old cookie when it
    answers a new challenge, so only its digest is used here.
    """

    most_repetitions = 2
    """The first 401 brings the challenge. The second one is that of a server which restarted meanwhile."""

    def prepare(self) -> None:
        username, password = self.connection.username or "", self.connection.password or ""
        if not fits_header(username, "latin-1") or '"' in username:
            raise self._bad_login()
        self._digest: Any = HTTPDigestAuth(username, password)
        self._challenge: dict[str, str] = {}
        self.transport.sign = self._sign
        known = self.connection.handover.get(CHALLENGE)
        if known:
            self._challenge = known["challenge"]
            self.transport.cookies.replace(known["cookies"])

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the answer to the challenge, if the server has sent one, to the headers of a request."""
        if self._challenge:
            self._digest.init_per_thread_state()
            self._digest._thread_local.chal = self._challenge
            answer = self._digest.build_digest_header(request.method or "", request.url or "")
            if answer:
                request.headers["Authorization"] = answer
        return request

    def check_login(self) -> None:
        # The web interface takes a login with accents, and confd answers 500 to every request with it.
        if not (self.connection.username or "").isascii():
            raise self._bad_login()

    def _bad_login(self) -> InputError:
        return InputError(
            f"confd_username {self.connection.username!r} contains characters that are not allowed in the login of a "
            "XiVO web services access.",
            "Give the access another login, of ASCII characters. If the server is a Wazo, set confd_api to wazo.",
        )

    def on_challenge(self, response: requests.Response) -> None:
        self._challenge = challenge_of(response) or self._challenge

    def close(self) -> None:
        """Leave the challenge and its cookie to the next session. The server takes both as often as they come.

        Source: xivo-15.12.md, "Digest / session".
        """
        cookies = self.transport.cookies.parts()
        if self._challenge and cookies:
            self.connection.handover.put(CHALLENGE, {"challenge": self._challenge, "cookies": cookies})

    def retry_after_401(self, response: requests.Response) -> bool:
        # After a restart of the server, or with another nonce, all answers to the old cookie are 401. A wrong password
        # looks the same.
        challenge = challenge_of(response)
        if challenge is None:
            return False
        if "Cookie" in response.request.headers:
            self.connection.handover.forget()
            self.transport.cookies.replace_by(response, self.connection.base_url)
        self._challenge = challenge
        return True

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        if is_wazo_refusal(response):
            return f"{self.connection.base_url} answers like a Wazo server.", "Set confd_api to wazo, or leave it out."
        return (
            f"{self.connection.base_url} rejects confd_username {self.connection.username!r} and confd_password.",
            f"Check both. On XiVO they belong to a web services access.{blanks_hint(self.connection.password)}",
        )


class Token(Authentication):
    """A token from the option confd_token, for servers of every generation."""

    def prepare(self) -> None:
        self.transport.sign = leave_as_is
        if not fits_header(self.token):
            raise InputError(
                "confd_token contains characters that are not allowed in a token.", "Remove spaces and line breaks."
            )
        self.transport.headers[TOKEN_HEADER] = self.token

    @property
    def token(self) -> str:
        """Return the token."""
        return self.connection.token or ""

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        return (
            f"{self.connection.base_url} rejects confd_token.",
            "Get a new token. The old one may have expired, or lack the permission for this request.",
        )


def blanks_hint(password: str | None) -> str:
    """Return a sentence about a password with blanks or line breaks at its ends, which files easily add; '' if none."""
    if password is None or password == password.strip():
        return ""
    return (
        " confd_password begins or ends with a blank or a line break: check the file or variable that it is read from."
    )


def fits_header(text: str, encoding: str = "ascii") -> bool:
    """Return whether a text can be sent unchanged in an HTTP header."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return text.isprintable() and text.strip() == text


def is_wazo_refusal(response: requests.Response) -> bool:
    """Return whether an answer is a 401 of Wazo: a JSON list, and no challenge (wazo-26.08.md, "4. Errors")."""
    if response.status_code != 401 or "WWW-Authenticate" in response.headers:
        return False
    try:
        return isinstance(response.json(), list)
    except PARSE_ERRORS:
        return False


def choose_authentication(transport: Transport) -> Authentication:
    """Return the authentication that the options ask for, on a server that is not known to be a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return Token(transport)
    return Authentication(transport) if connection.username is None else Digest(transport)
