# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains why a request got no usable answer, and what to do. No explanation contains a secret."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass

from .._model.errors import (
    CertificateError,
    LostAnswerError,
    RequestError,
    TimedOutError,
    UnreachableError,
    UnreadableError,
)
from .._model.masker import Masker, remove_credentials
from .connection import Connection
from .limits import LargeAnswerError, SlowAnswerError

with contextlib.suppress(ImportError):
    from requests import exceptions
    from requests.utils import get_environ_proxies, select_proxy
    from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

LONGEST_CAUSE = 300
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
CONNECTION_OBJECT = re.compile(r"^(<[^>]*>|\w+\(host=[^)]*\)): ")
"""The connection object that urllib3 puts in front of the cause."""
NO_TLS = ("WRONG VERSION NUMBER", "RECORD LAYER FAILURE", "HTTP REQUEST")
CONFD_PORT = " confd listens on port 9486."
PROXY_HINT = "Check the environment variables HTTPS_PROXY and NO_PROXY, or HTTP_PROXY for an http:// address."
RUN_AGAIN = "Run again: changes that were made are not repeated."
USE_TLS = "If the server uses TLS on this port, begin confd_url with https://."
NOT_CONFD = "Check that confd_url is the address of confd and that no proxy answers in its place."


@dataclass(frozen=True)
class Attempt:
    """A request that failed. request: its method and URL, for messages; masker: for the texts of others in them."""

    connection: Connection
    base_url: str
    request: str
    masker: Masker

    @property
    def option(self) -> str:
        """The option that gave the address of the request."""
        return "confd_url" if self.base_url == self.connection.base_url else "confd_auth_url"

    @property
    def _proxy(self) -> str:
        """How messages call the proxy of the environment. Its credentials are left out."""
        address = select_proxy(self.base_url, get_environ_proxies(self.base_url)) or ""
        return f"the proxy {remove_credentials(address)}".strip()

    def explain_failure(self, error: Exception) -> tuple[type[RequestError], str, str]:
        """Return (the class to raise, its message, its hint) for an exception of requests or urllib3."""
        kind, message, hint = self._explain(error)
        if self.option != "confd_url":
            hint = (
                hint.replace(CONFD_PORT, "")
                .replace("confd_url", self.option)
                .replace("of confd ", "of the authentication service ")
            )
        return kind, message, hint

    def _explain(self, error: Exception) -> tuple[type[RequestError], str, str]:
        if isinstance(error, SlowAnswerError):
            seconds = self.connection.answer_timeout
            return (
                TimedOutError,
                f"{self.request}: the answer was not complete {seconds:g} seconds after it began.",
                f"Increase {_option('answer_timeout')} if the server or the network is slow. {RUN_AGAIN}",
            )
        if isinstance(error, LargeAnswerError):
            hint = f"Increase {_option('max_answer_size')} if the server has that many users. {NOT_CONFD}"
            return UnreadableError, f"{self.request}: the answer {error}.", hint
        cause = self.masker.excerpt(_innermost_text(error), LONGEST_CAUSE)
        if isinstance(error, exceptions.SSLError):
            return CertificateError, *self._explain_tls_failure(cause)
        if isinstance(error, exceptions.ProxyError):
            problem = "refused the connection" if "Tunnel connection failed" in cause else "did not answer"
            return UnreachableError, f"{self.request}: {self._proxy} {problem} ({cause}).", PROXY_HINT
        # A request that may be repeated ends as a MaxRetryError that contains the last failure.
        if isinstance(error, exceptions.ReadTimeout) or _has_cause(error, ReadTimeoutError):
            return (
                TimedOutError,
                f"{self.request}: no answer within {self.connection.timeout:g} seconds.",
                f"Increase {_option('timeout')}, or reduce the load of the server. {RUN_AGAIN}",
            )
        return self._explain_unsent(error, cause) or self._explain_lost_answer(error, cause)

    def explain_redirect(self, location: str, path: str) -> tuple[str, str]:
        """Return (the message, the hint) for a redirection to ``location``."""
        target = self.masker.excerpt(location, LONGEST_CAUSE).partition("?")[0]
        base = target[: -len(path)] if path and target.endswith(path) else target
        hint = (
            f"Set {self.option} to this address if you trust it."
            if base.startswith("http")
            else f"Check {self.option}."
        )
        return f"{self.request}: the server redirects to {base or 'another address'}.", hint

    def _explain_unsent(self, error: Exception, cause: str) -> tuple[type[RequestError], str, str] | None:
        """Return the explanation of a request that was not sent; None if it may have been sent."""
        if isinstance(error, (exceptions.InvalidURL, exceptions.InvalidSchema)):
            message = f"{self.request}: the address of the server or of a proxy is not valid ({cause})."
            return UnreachableError, message, PROXY_HINT
        if isinstance(error, UnicodeError):
            # The value may be a secret, so the message does not name the option.
            message = f"{self.request}: an option contains characters that cannot be sent."
            return UnreachableError, message, "Check the options of the connection."
        if isinstance(error, exceptions.ConnectTimeout) or _has_cause(error, NewConnectionError):
            return (
                UnreachableError,
                f"No connection to {self.base_url} ({cause}).",
                f"Check confd_url, the server and the firewall.{CONFD_PORT}",
            )
        if isinstance(error, OSError) and "invalid path" in str(error):
            return CertificateError, f"{self._ca_file_label()} cannot be read.", "It must be a PEM file."
        return None

    def _explain_lost_answer(self, error: Exception, cause: str) -> tuple[type[RequestError], str, str]:
        """Return the explanation of a request that was sent and got no complete answer."""
        if not isinstance(error, (OSError, HTTPError)) or isinstance(error, exceptions.ContentDecodingError):
            # The libraries fail on an answer that no server should send. Their texts may repeat secrets.
            message = f"{self.request}: the answer cannot be parsed ({type(error).__name__})."
            return UnreadableError, message, NOT_CONFD
        message = f"{self.request}: the connection was lost before the server answered ({cause})."
        hint = f"The server may be restarting. {RUN_AGAIN}"
        return LostAnswerError, message, f"{hint} {USE_TLS}" if self.base_url.startswith("http:") else hint

    def _explain_tls_failure(self, cause: str) -> tuple[str, str]:
        """Return (the message, the hint) for a failed TLS handshake."""
        if any(sign in cause.upper().replace("_", " ") for sign in NO_TLS):
            message = f"{self.request}: the server does not use TLS on this port."
            return message, "Check the port, or begin the URL with http:// if the server does not offer TLS."
        return f"{self.request}: the server's certificate is not trusted ({cause}).", self._certificate_hint(cause)

    def _certificate_hint(self, cause: str) -> str:
        if "expired" in cause or "not yet valid" in cause:
            return "Renew the certificate on the server, or correct the clock of the server or of this computer."
        if "mismatch" in cause or "not valid for" in cause:
            return "Use a name from the certificate in confd_url, or install a certificate for the name in confd_url."
        ca = self.connection.ca_path
        option = f"Check that ca_path {ca!r} is" if ca else f"Set {_option('ca_path')} to"
        return (
            f"{option} the PEM file of the CA that signed the certificate. To connect without verifying the "
            f"certificate, at your own risk, set {_option('validate_certs')} to false."
        )

    def _ca_file_label(self) -> str:
        """Return how messages call the CA file that is in use."""
        if self.connection.ca_path:
            return f"ca_path {self.connection.ca_path!r}"
        variable = next((name for name in CA_VARIABLES if os.environ.get(name)), "")
        if variable:
            return f"The file {os.environ[variable]!r} of the environment variable {variable}"
        return "The CA bundle of requests"


def _option(name: str) -> str:
    """Return how hints call an option that has another name as a variable of an inventory."""
    return f"{name} (in an inventory: confd_{name})"


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and its causes, outermost first. urllib3 keeps the causes in ``reason`` and ``args``."""
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


def _innermost_text(error: BaseException) -> str:
    """Return the text of the innermost cause, without the URL that requests adds and the object that urllib3 adds."""
    return CONNECTION_OBJECT.sub("", str(_causes(error)[-1]) or type(error).__name__)
