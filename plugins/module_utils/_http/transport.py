# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session: TLS, retries, and every request without an answer as an exception that says why."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from .._model.errors import RefusedError
from .._model.secrets import maskable_secrets, rows_of
from .connection import Connection
from .failures import Attempt

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import disable_warnings
    from urllib3.exceptions import HTTPError, InsecureRequestWarning, InvalidHeader
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
PARSE_ERRORS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the libraries below raise over answers that no server should give."""
REDIRECTION, ERROR = 300, 400
JSON = "application/json"
TOKEN_HEADER = "X-Auth-Token"


class Transport:
    """A session with a server. Belongs to one thread (xivo-15.12.md, "Digest / session")."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.session = requests.Session()
        self.session.headers.update({"Accept": JSON})
        self.session.mount("https://", self._adapter())
        self.session.mount("http://", self._adapter())
        self._hidden: set[str] = set()
        # requests would search the whole environment before each request, a quarter of what a request costs here, and
        # show whoever is there what a .netrc says.
        self.session.trust_env = False
        self._environments: dict[str, Mapping[str, Any]] = {}
        if not connection.validate_certs:
            # The module says it, once; urllib3 would with every request.
            disable_warnings(InsecureRequestWarning)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error may show: what the options and the session hold."""
        known = (self.connection.password, self.connection.token, *self._hidden)
        return tuple(each for each in known if each)

    def hide(self, secret: str) -> None:
        """Let no error show a secret that was got from the server."""
        self._hidden.add(secret)

    def exchange(self, method: str, base_url: str, path: str, shown_path: str = "", **kwargs: Any) -> requests.Response:
        """The answer to a request, whatever it is. Raises RequestError if there is none, or if it leads elsewhere.

        shown_path: how errors name the path, if it holds a secret.
        """
        shown = shown_path or path

        def attempt() -> Attempt:
            secrets = {*self.secrets, *maskable_secrets(kwargs.get("json") or rows_of(kwargs.get("data")))}
            return Attempt(self.connection, base_url, f"{method} {base_url}{shown}", secrets)

        try:
            response = self.session.send(
                self._prepared(method, base_url + path, **kwargs),
                timeout=(min(CONNECT_TIMEOUT, self.connection.timeout), self.connection.timeout),
                allow_redirects=False,
                **self._environment_for(base_url),
            )
        except (requests.RequestException, HTTPError, OSError, *PARSE_ERRORS) as error:
            kind, message, hint = attempt().failed(error)
            raise kind(message, method=method, path=shown, hint=hint) from None
        status = response.status_code
        if REDIRECTION <= status < ERROR:
            # Never followed: whoever is there must not get the credentials.
            message, hint = attempt().redirected(response.headers.get("Location", ""), path)
            raise RefusedError(message, method=method, path=shown, status=status, hint=hint)
        return response

    def repeat_posts(self, url: str) -> None:
        """Let POSTs below a URL be repeated like anything else: twice done is no harm there."""
        self.session.mount(url, self._adapter(RETRIED_METHODS | {"POST"}))

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()

    def _prepared(self, method: str, url: str, **kwargs: Any) -> requests.PreparedRequest:
        """A request as the session would prepare it, without its search for settings that nobody changes here."""
        kwargs["headers"] = {**self.session.headers, **kwargs.get("headers", {})}
        kwargs.setdefault("auth", self.session.auth)
        return requests.Request(method, url, cookies=self.session.cookies, **kwargs).prepare()

    def _environment_for(self, base_url: str) -> Mapping[str, Any]:
        """What requests makes of the environment for a server, looked up once: proxies and verify.

        REQUESTS_CA_BUNDLE does not win over ca_path and validate_certs (xivo-15.12.md, trap 8).
        """
        if base_url not in self._environments:
            with requests.Session() as session:
                self._environments[base_url] = session.merge_environment_settings(
                    base_url, {}, None, self.connection.verify, None
                )
        return self._environments[base_url]

    def _adapter(self, methods: frozenset[str] = RETRIED_METHODS) -> HTTPAdapter:
        return HTTPAdapter(
            max_retries=BoundedRetry(
                total=self.connection.retries,
                other=0,
                allowed_methods=methods,
                status_forcelist=RETRIED_STATUS,
                backoff_factor=0.3,
                respect_retry_after_header=True,
                raise_on_status=False,
            )
        )


class BoundedRetry(Retry):
    """urllib3's Retry, which does not let a server's Retry-After stop a play for an hour."""

    def get_retry_after(self, response: Any) -> float | None:
        try:
            seconds = super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            seconds = None
        return None if seconds is None else min(seconds, LONGEST_RETRY_AFTER)


def leave_as_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An ``auth`` that does nothing, where the session's is not wanted."""
    return request


def text_of(response: requests.Response) -> str:
    """What an answer says, whatever charset it claims to be in: the names of some let the library stumble."""
    return response.content.decode("utf-8", "replace")
