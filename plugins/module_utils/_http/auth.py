# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a session shows who it is: one strategy for each way. None of them knows a resource of confd.

XiVO: digest, or a token (xivo-15.12.md, "Digest / session"; xivo-16.16.md, "Digest / token"). What Wazo
takes is in _auth_wazo.py.
"""

from __future__ import annotations

from typing import Any

from .._model.errors import InputError
from .connection import Connection
from .transport import PARSE_ERRORS, TOKEN_HEADER, Transport, leave_as_is

try:
    import requests
    from requests.auth import HTTPDigestAuth
    from requests.utils import parse_dict_header
except ImportError:
    # Said by the edge; the class below needs something to derive from until then.
    HTTPDigestAuth = object  # type: ignore[misc, assignment]

DIGEST = "digest "


class Authentication:
    """Nothing to show: a server that trusts the client's address. The strategies differ from that."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.connection = transport.connection
        self.prepare()

    def prepare(self) -> None:
        """Let the session show what it has."""

    def on_challenge(self, response: requests.Response) -> None:
        """Learn from the answer to a request that showed nothing."""

    def retry_after_401(self, response: requests.Response) -> bool:
        """After a 401: whether the same request may succeed now. It came before the view, so nothing was done."""
        return False

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        """What a 401 means that remains, and what to do about it."""
        base_url = self.connection.base_url
        return f"{base_url} wants credentials.", "Give confd_username and confd_password, or confd_token."

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error may show."""
        return tuple(each for each in (self.connection.token, self.connection.password) if each)

    def clone_for(self, transport: Transport) -> Authentication:
        """The same for another session."""
        return type(self)(transport)

    def close(self) -> None:
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
        if not fits_header(username, "latin-1") or '"' in username:
            raise InputError(
                f"confd_username {username!r} holds characters that no web services access of a XiVO has.",
                "Is it that of a Wazo? Then set confd_api to wazo.",
            )
        self.transport.session.auth = CarefulDigest(username, password)

    def on_challenge(self, response: requests.Response) -> None:
        # As after a challenge that requests handled itself: the cookie is in the session already.
        challenge = response.headers.get("WWW-Authenticate", "")
        if response.status_code == 401 and is_challenge(challenge):
            auth: Any = self.transport.session.auth
            auth.init_per_thread_state()
            state = auth._thread_local
            state.chal = parse_dict_header(challenge[len(DIGEST) :])  # type: ignore[no-untyped-call]
            state.last_nonce = state.chal.get("nonce", "")

    def retry_after_401(self, response: requests.Response) -> bool:
        # Cookie and nonce parted (a restarted server, say): requests keeps the old Cookie header and would be refused
        # for ever. A wrong password looks the same, and is then shown twice.
        had_cookie = "Cookie" in response.request.headers
        if had_cookie:
            self.transport.session.cookies.clear()
            self.prepare()
        return had_cookie

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
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
        if not fits_header(self.token):
            raise InputError("confd_token holds characters that no token has.", "Give it without spaces and newlines.")
        self.transport.session.headers[TOKEN_HEADER] = self.token

    @property
    def token(self) -> str:
        return self.connection.token or ""

    def explain_401(self, response: requests.Response) -> tuple[str, str]:
        return f"{self.connection.base_url} does not take confd_token.", "It may have expired, or lack the permission."


def fits_header(text: str, encoding: str = "ascii") -> bool:
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
    except PARSE_ERRORS:
        return False


def authentication_for(transport: Transport) -> Authentication:
    """What the options ask for, on a server that is not known to be a Wazo."""
    connection: Connection = transport.connection
    if connection.token:
        return Token(transport)
    return Authentication(transport) if connection.username is None else Digest(transport)
