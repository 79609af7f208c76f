# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends requests in one HTTP session, with TLS and retries. A request without an answer raises an explained error."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._model.errors import RefusedError
from .._model.masker import Masker
from .._model.secrets import maskable_secrets, parse_csv
from .connection import Connection
from .cookies import Cookies
from .failures import Attempt
from .limits import MEGABYTE, AnswerLimitError, BoundedAdapter, Limits

try:
    import requests
    from urllib3 import disable_warnings
    from urllib3.exceptions import HTTPError, InsecureRequestWarning, InvalidHeader
    from urllib3.util import Retry
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    Retry = object  # type: ignore[misc, assignment]
else:
    REQUESTS_IMPORT_ERROR = None

CONNECT_TIMEOUT = 10.0
LONGEST_RETRY_AFTER = 60.0
RETRIED_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
RETRIED_STATUS = frozenset({502, 503, 504})
PARSE_ERRORS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the libraries raise for answers that no server should send."""
REDIRECTION, ERROR = 300, 400
JSON = "application/json"
WITHOUT_BODY = frozenset({"GET", "HEAD"})
PLAIN_PATH = re.compile(r"(?:/[\w-]+)+", re.ASCII)
"""Paths in which requests would quote and shorten nothing."""
Sign = Callable[["requests.PreparedRequest"], "requests.PreparedRequest"]
"""Adds credentials to a request."""
TOKEN_HEADER = "X-Auth-Token"


@dataclass(frozen=True)
class _Server:
    """What is the same in all requests to a server. url: its base URL as requests writes it.

    settings: proxies and CA file, as arguments of an adapter.
    """

    url: str
    settings: Mapping[str, Any]


class Transport:
    """A session with a server, for one thread only (xivo-15.12.md, "Digest / session")."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.session = requests.Session()
        self.session.mount("https://", self._adapter())
        self.session.mount("http://", self._adapter())
        # urllib3 copies them for each request, which takes several times as long for a dictionary that ignores case.
        self.headers: dict[str, Any] = {**self.session.headers, "Accept": JSON}
        self.cookies = Cookies()
        self.sign: Sign | None = None
        """Adds the credentials to each request."""
        self._timeout = (min(CONNECT_TIMEOUT, connection.timeout), connection.timeout)
        self._hidden: set[str] = set()
        self._servers: dict[str, _Server] = {}
        if not connection.validate_certs:
            # The module warns once; urllib3 would warn with every request.
            disable_warnings(InsecureRequestWarning)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the secrets of the options and of the session, which no error may show."""
        return (*self.connection.secrets, *self._hidden)

    def masker(self, sent: Any = None) -> Masker:
        """Return what removes these secrets and those of ``sent``, the values of a request, from foreign texts."""
        return Masker({*self.secrets, *maskable_secrets(sent)})

    def hide(self, secret: str) -> None:
        """Keep a secret that the server issued out of all errors."""
        self._hidden.add(secret)

    def exchange(self, method: str, base_url: str, path: str, shown_path: str = "", **kwargs: Any) -> requests.Response:
        """Return the answer to a request, whatever its status. Raise RequestError if there is none or it redirects.

        shown_path: the path in errors, if the path itself contains a secret. kwargs: those of _prepare.
        """
        shown = shown_path or path

        def attempt() -> Attempt:
            masker = self.masker(kwargs.get("json") or parse_csv(kwargs.get("data")))
            return Attempt(self.connection, base_url, f"{method} {base_url}{shown}", masker)

        try:
            request = self._prepare(method, base_url, path, **kwargs)
            # Session.send would work out cookies, redirects and hooks for each request anew.
            response = self.session.get_adapter(base_url + path).send(
                request, timeout=self._timeout, **self._server_at(base_url).settings
            )
            self.cookies.keep(response, base_url)
        except (requests.RequestException, HTTPError, OSError, AnswerLimitError, *PARSE_ERRORS) as error:
            kind, message, hint = attempt().explain_failure(error)
            raise kind(message, method=method, path=shown, hint=hint) from None
        status = response.status_code
        if REDIRECTION <= status < ERROR:
            # A redirection is never followed: the server there must not get the credentials.
            message, hint = attempt().explain_redirect(response.headers.get("Location", ""), path)
            raise RefusedError(message, method=method, path=shown, status=status, hint=hint)
        return response

    def _prepare(
        self,
        method: str,
        base_url: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: bytes | None = None,
        auth: Sign | None = None,
    ) -> requests.PreparedRequest:
        """Return a request with the cookies and the credentials of the session; auth: other credentials.

        Session.request would search the whole environment before each request, and send the credentials of a .netrc.
        """
        request = requests.PreparedRequest()
        request.method = method
        request.headers = {**self.headers, **(headers or {})}  # type: ignore[assignment]
        if params or not PLAIN_PATH.fullmatch(path):
            request.prepare_url(base_url + path, params)
        else:
            request.url = self._server_at(base_url).url + path
        cookies = self.cookies.header_for(request, base_url)
        if cookies:
            request.headers["Cookie"] = cookies
        if json is not None or data is not None or method not in WITHOUT_BODY:
            request.prepare_body(data, None, json)
        sign = auth or self.sign
        return sign(request) if sign else request

    def repeat_posts(self, url: str) -> None:
        """Let POSTs below a URL be repeated like other requests, where a second one does no harm."""
        self.session.mount(url, self._adapter(RETRIED_METHODS | {"POST"}))

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def _server_at(self, base_url: str) -> _Server:
        """Return a server with the proxies and the CA file, as requests reads them from the environment; read once.

        ca_path and validate_certs have precedence over REQUESTS_CA_BUNDLE (xivo-15.12.md, trap 8).
        """
        if base_url not in self._servers:
            request = requests.PreparedRequest()
            request.prepare_url(base_url, None)
            settings = self.session.merge_environment_settings(base_url, {}, None, self.connection.verify, None)
            self._servers[base_url] = _Server((request.url or "").rstrip("/"), settings)
        return self._servers[base_url]

    def _adapter(self, methods: frozenset[str] = RETRIED_METHODS) -> BoundedAdapter:
        connection = self.connection
        return BoundedAdapter(
            Limits(connection.answer_timeout, int(connection.max_answer_size * MEGABYTE)),
            connection.pace,
            max_retries=BoundedRetry(
                total=self.connection.retries,
                other=0,
                allowed_methods=methods,
                status_forcelist=RETRIED_STATUS,
                backoff_factor=0.3,
                respect_retry_after_header=True,
                raise_on_status=False,
            ),
        )


class BoundedRetry(Retry):
    """urllib3's Retry with a limit, so that a server's Retry-After cannot stop a play for an hour."""

    def get_retry_after(self, response: Any) -> float | None:
        """Return the seconds to wait, at most LONGEST_RETRY_AFTER; None if the server does not say how long."""
        try:
            seconds = super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            seconds = None
        return None if seconds is None else min(seconds, LONGEST_RETRY_AFTER)


def leave_as_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Return a request without changes: the ``auth`` of requests that do not use that of the session."""
    return request
