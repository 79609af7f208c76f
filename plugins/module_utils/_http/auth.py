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
COOKIE = ("name", "value", "domain", "path")
"""What makes a cookie one that belongs to the server."""


class Authentication:
    """No credentials, for a server that trusts the client's address; base class of the other strategies."""

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


class CarefulDigest(HTTPDigestAuth):
    """HTTPDigestAuth of requests, which here acts on a 401 with a complete challenge only.

    The original also repeats requests that were answered with another 4xx, and fails on an incomplete challenge.
    """

    def handle_401(self, r: Any, **kwargs: Any) -> Any:
        """Send the request again with the digest, if the answer has a complete challenge."""
        challenge = r.headers.get("WWW-Authenticate", "")
        if r.status_code != 401 or not is_challenge(challenge):
            return r
        # Some releases of requests have no types here.
        return super().handle_401(r, **kwargs)  # type: ignore[no-untyped-call, unused-ignore]


def is_challenge(text: str) -> bool:
    """Return whether a WWW-Authenticate header holds a complete digest challenge."""
    if not text.lower().startswith(DIGEST):
        return False
    asked = parse_dict_header(text[len(DIGEST) :])  # type: ignore[no-untyped-call]
    return all(asked.get(name) is not None for name in ("realm", "nonce"))


class Digest(Authentication):
    """A username and a password of a XiVO web services access."""

    def prepare(self) -> None:
        username, password = self.connection.username or "", self.connection.password or ""
        if not fits_header(username, "latin-1") or '"' in username:
            raise self._bad_login()
        self.transport.session.auth = CarefulDigest(username, password)
        known = self.connection.handover.get(CHALLENGE)
        if known:
            self._set_challenge(known["challenge"])
            for cookie in known["cookies"]:
                self.transport.session.cookies.set(**cookie)

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
        # The same state as after a challenge that requests itself handled. The session has the cookie already.
        challenge = response.headers.get("WWW-Authenticate", "")
        if response.status_code == 401 and is_challenge(challenge):
            self._set_challenge(parse_dict_header(challenge[len(DIGEST) :]))  # type: ignore[no-untyped-call]

    def _set_challenge(self, challenge: dict[str, Any]) -> None:
        """Let the next request answer a challenge that the server sent before."""
        auth: Any = self.transport.session.auth
        auth.init_per_thread_state()
        auth._thread_local.chal = challenge
        auth._thread_local.last_nonce = challenge.get("nonce", "")

    def close(self) -> None:
        """Leave the challenge and its cookie to the next session. The server takes both as often as they come.

        Source: xivo-15.12.md, "Digest / session".
        """
        challenge = getattr(getattr(self.transport.session.auth, "_thread_local", None), "chal", None)
        cookies = [{name: getattr(each, name) for name in COOKIE} for each in self.transport.session.cookies]
        if challenge and cookies:
            self.connection.handover.put(CHALLENGE, {"challenge": challenge, "cookies": cookies})

    def retry_after_401(self, response: requests.Response) -> bool:
        # After a restart of the server, cookie and nonce no longer match, and requests keeps the old Cookie header: all
        # further answers would be 401 (xivo-15.12.md, trap 2). A wrong password looks the same, and is then sent twice.
        had_cookie = "Cookie" in response.request.headers
        if had_cookie:
            self.connection.handover.forget()
            self.transport.session.cookies.clear()
            self.prepare()
        return had_cookie

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
        self.transport.session.auth = leave_as_is
        if not fits_header(self.token):
            raise InputError(
                "confd_token contains characters that are not allowed in a token.", "Remove spaces and line breaks."
            )
        self.transport.session.headers[TOKEN_HEADER] = self.token

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
