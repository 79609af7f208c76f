# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session: TLS, retries, and every request without an answer as an exception that says why."""

from __future__ import annotations

import traceback
from typing import Any

from ._connection import Connection
from ._errors import CertificateError, LostAnswerError, RequestError, TimedOutError, UnreachableError

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import InvalidHeader, NewConnectionError
    from urllib3.util import Retry
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    Retry = HTTPAdapter = object  # type: ignore[misc, assignment]
else:
    REQUESTS_IMPORT_ERROR = None

CONNECT_TIMEOUT = 10.0
LONGEST_RETRY_AFTER = 60.0
RETRIED_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
RETRIED_STATUS = frozenset({502, 503, 504})
JSON = "application/json"


class Transport:
    """A session with a server. Belongs to one thread (facts file xivo-15.12, section "Digest / session")."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.session = requests.Session()
        self.session.headers.update({"Accept": JSON})
        self.session.mount("https://", self._adapter())
        self.session.mount("http://", self._adapter())
        self.session.auth = leave_as_is

    def exchange(self, method: str, base_url: str, path: str, shown_path: str = "", **kwargs: Any) -> requests.Response:
        """The answer to a request, whatever it is. Raises RequestError if there is none.

        shown_path: how errors name the path, if it holds a secret.
        """
        try:
            return self.session.request(
                method,
                base_url + path,
                timeout=(min(CONNECT_TIMEOUT, self.connection.timeout), self.connection.timeout),
                # With each call: as an attribute of the session REQUESTS_CA_BUNDLE would win over it (trap 8).
                verify=self.connection.verify,
                allow_redirects=False,
                **kwargs,
            )
        except (requests.RequestException, OSError) as error:
            shown = shown_path or path
            kind, message, hint = self._explained(error, f"{method} {base_url}{shown}", base_url)
            raise kind(message, method=method, path=shown, hint=hint) from None

    def repeat_posts(self, url: str) -> None:
        """Let POSTs below a URL be repeated like anything else: twice done is no harm there."""
        self.session.mount(url, self._adapter(RETRIED_METHODS | {"POST"}))

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()

    def _adapter(self, methods: frozenset[str] = RETRIED_METHODS) -> HTTPAdapter:
        retries = self.connection.retries
        return HTTPAdapter(
            max_retries=BoundedRetry(
                total=retries,
                connect=retries,
                read=retries,
                status=retries,
                other=0,
                redirect=0,
                allowed_methods=methods,
                status_forcelist=RETRIED_STATUS,
                backoff_factor=0.3,
                respect_retry_after_header=True,
                raise_on_status=False,
            )
        )

    def _explained(self, error: Exception, doing: str, base_url: str) -> tuple[type[RequestError], str, str]:
        """What happened to a request that got no answer, and what to do about it."""
        cause = _innermost(error)
        if isinstance(error, requests.exceptions.SSLError):
            return CertificateError, *_tls_failure(doing, cause, self.connection.ca_path)
        if isinstance(error, requests.exceptions.ProxyError):
            return (
                UnreachableError,
                f"{doing}: the proxy does not answer ({cause}).",
                "Check HTTPS_PROXY and NO_PROXY of the environment.",
            )
        if isinstance(error, requests.exceptions.ReadTimeout):
            return (
                TimedOutError,
                f"{doing}: no answer within {self.connection.timeout:g} seconds.",
                "Raise timeout, or look at the load of the server. Run again: what is done is not done twice.",
            )
        if isinstance(error, requests.exceptions.InvalidURL):
            return UnreachableError, f"confd_url {self.connection.url!r} cannot be used ({cause}).", ""
        if isinstance(error, requests.exceptions.ConnectTimeout) or _has_cause(error, NewConnectionError):
            return (
                UnreachableError,
                f"No connection to {base_url} ({cause}).",
                "Check confd_url, the server and the firewall; confd listens on port 9486.",
            )
        if isinstance(error, OSError) and "invalid path" in str(error):
            return CertificateError, f"ca_path {self.connection.ca_path!r} cannot be read.", "It must be a PEM file."
        return (
            LostAnswerError,
            f"{doing}: the connection broke before an answer came ({cause}).",
            "Is the server restarting? Run again: what is done already is not done twice.",
        )


class BoundedRetry(Retry):
    """urllib3's Retry, which does not let a server's Retry-After stop a play for an hour."""

    def get_retry_after(self, response: Any) -> float | None:
        try:
            seconds = super().get_retry_after(response)
        except InvalidHeader:
            seconds = None
        return None if seconds is None else min(seconds, LONGEST_RETRY_AFTER)


def leave_as_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An ``auth`` that does nothing: without one, requests would send what a .netrc says."""
    return request


def _tls_failure(doing: str, cause: str, ca_path: str | None) -> tuple[str, str]:
    if any(sign in cause.upper().replace("_", " ") for sign in ("WRONG VERSION NUMBER", "RECORD LAYER FAILURE")):
        return f"{doing}: the server does not speak TLS on this port.", "Is it an http:// server, or another port?"
    ca = (
        f"Is ca_path {ca_path!r} the PEM file of the CA that signed it?"
        if ca_path
        else ("Give the CA that signed it in ca_path.")
    )
    return (
        f"{doing}: the server's certificate is not trusted ({cause}).",
        f"{ca} Otherwise, knowing what you do, set validate_certs: false.",
    )


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
    return text.split(": ", 1)[-1] if text.startswith("<") else text
