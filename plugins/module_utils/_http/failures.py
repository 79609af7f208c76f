# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request got no usable answer, in words an administrator can act on; never with a secret in them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .._model.errors import (
    CertificateError,
    LostAnswerError,
    RequestError,
    TimedOutError,
    UnreachableError,
    UnreadableError,
)
from .._model.secrets import without, without_credentials
from .connection import Connection

with contextlib.suppress(ImportError):
    from requests import exceptions
    from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

LONGEST_CAUSE = 300
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
WHERE = re.compile(r"^(<[^>]*>|\w+\(host=[^)]*\)): ")
"""The connection object that urllib3 puts in front of what happened to it."""
NO_TLS = ("WRONG VERSION NUMBER", "RECORD LAYER FAILURE", "HTTP REQUEST")
PROXY_HINT = "Check HTTPS_PROXY and NO_PROXY of the environment, or HTTP_PROXY for an http:// address."
RUN_AGAIN = "Is the server restarting? Run again: what is done already is not done twice."
IS_IT_TLS = "Does the server speak TLS on this port? Then confd_url begins with https://."


@dataclass(frozen=True)
class Attempt:
    """A request that failed. doing: the request in words; secrets: what no error may show."""

    connection: Connection
    base_url: str
    doing: str
    secrets: Iterable[str] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it was sent without TLS."""
        return self.base_url.startswith("http:")

    def failed(self, error: Exception) -> tuple[type[RequestError], str, str]:
        """(the error to raise, its message, what to do) for what requests or urllib3 raised."""
        cause = one_line(without(without_credentials(_innermost(error)), self.secrets))
        if isinstance(error, exceptions.SSLError):
            return CertificateError, *self._tls_failure(cause)
        if isinstance(error, exceptions.ProxyError):
            said = "refuses" if "Tunnel connection failed" in cause else "does not answer"
            return UnreachableError, f"{self.doing}: the proxy {said} ({cause}).", PROXY_HINT
        # A request that may be repeated ends as a MaxRetryError around what happened the last time.
        if isinstance(error, exceptions.ReadTimeout) or _has_cause(error, ReadTimeoutError):
            return (
                TimedOutError,
                f"{self.doing}: no answer within {self.connection.timeout:g} seconds.",
                "Raise timeout, or look at the load of the server. Run again: what is done is not done twice.",
            )
        return self._never_sent(error, cause) or self._broken(error, cause)

    def redirected(self, location: str, path: str) -> tuple[str, str]:
        """(the message, what to do) for an answer that sends the client somewhere else."""
        target = one_line(without(without_credentials(location), self.secrets)).partition("?")[0]
        base = target[: -len(path)] if path and target.endswith(path) else target
        option = "confd_url" if self.base_url == self.connection.base_url else "confd_auth_url"
        advice = f"Use that as {option} if you trust it." if base.startswith("http") else f"Check {option}."
        return f"{self.doing}: the server redirects to {base or 'another address'}.", advice

    def _never_sent(self, error: Exception, cause: str) -> tuple[type[RequestError], str, str] | None:
        """The request did not even begin."""
        if isinstance(error, (exceptions.InvalidURL, exceptions.InvalidSchema)):
            message = f"{self.doing}: the address, or that of a proxy, cannot be used ({cause})."
            return UnreachableError, message, PROXY_HINT
        if isinstance(error, (exceptions.InvalidHeader, UnicodeError)):
            # The value may be a secret: not even its kind is told.
            return UnreachableError, f"{self.doing}: an option holds characters that cannot be sent.", ""
        if isinstance(error, exceptions.ConnectTimeout) or _has_cause(error, NewConnectionError):
            return (
                UnreachableError,
                f"No connection to {self.base_url} ({cause}).",
                "Check confd_url, the server and the firewall; confd listens on port 9486.",
            )
        if isinstance(error, OSError) and "invalid path" in str(error):
            return CertificateError, f"{self._ca_file()} cannot be read.", "It must be a PEM file."
        return None

    def _broken(self, error: Exception, cause: str) -> tuple[type[RequestError], str, str]:
        """It was sent, and what came back is no answer."""
        if not isinstance(error, (OSError, HTTPError)) or isinstance(error, exceptions.ContentDecodingError):
            # What no server should send lets the library stumble, and its words may repeat what was sent.
            message = f"{self.doing}: the answer cannot be understood ({type(error).__name__})."
            return UnreadableError, message, "Is `confd_url` that of a confd, and no proxy in between?"
        return (
            LostAnswerError,
            f"{self.doing}: the connection broke before an answer came ({cause}).",
            f"{RUN_AGAIN} {IS_IT_TLS}" if self.is_plain else RUN_AGAIN,
        )

    def _tls_failure(self, cause: str) -> tuple[str, str]:
        if any(sign in cause.upper().replace("_", " ") for sign in NO_TLS):
            message = f"{self.doing}: the server does not speak TLS on this port."
            return message, "Is it an http:// server, or another port?"
        return f"{self.doing}: the server's certificate is not trusted ({cause}).", self._tls_hint(cause)

    def _tls_hint(self, cause: str) -> str:
        if "expired" in cause or "not yet valid" in cause:
            return "Renew it on the server, or look at the clocks of both."
        if "mismatch" in cause or "not valid for" in cause:
            return (
                "Write the name that the certificate is for in confd_url, or give the server a certificate of its name."
            )
        ca = self.connection.ca_path
        given = f"Is ca_path {ca!r} the PEM file of the CA that signed it?" if ca else ""
        advice = given or "Give the CA that signed it in ca_path."
        return f"{advice} Otherwise, knowing what you do, set validate_certs: false."

    def _ca_file(self) -> str:
        if self.connection.ca_path:
            return f"ca_path {self.connection.ca_path!r}"
        named = next((name for name in CA_VARIABLES if os.environ.get(name)), "the CA bundle of requests")
        return f"{named} {os.environ[named]!r} of the environment" if named in os.environ else named


def one_line(text: str, longest: int = LONGEST_CAUSE) -> str:
    """One line that a terminal can show, whatever a server sent."""
    words = " ".join(text[: 2 * longest].split())
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in words)
    return shown if len(shown) <= longest else f"{shown[:longest]}..."


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what it was made of, outermost first; urllib3 keeps them in ``reason`` and ``args``."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        inner = getattr(current, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in reversed(current.args) if isinstance(arg, BaseException)), None)
        current = inner
    return chain


def _has_cause(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(cause, kind) for cause in _causes(error))


def _innermost(error: BaseException) -> str:
    """The innermost cause in one line, without the URL that requests repeats around it."""
    text = str(_causes(error)[-1]) or type(error).__name__
    return WHERE.sub("", text)
