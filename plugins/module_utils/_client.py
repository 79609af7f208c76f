# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session with a confd. Knows the protocol, and no resource of the API."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Any

from ._auth import WazoToken, authentication_for, is_wazo_refusal, wazo_authentication_for
from ._connection import API_VERSION, Connection
from ._errors import (
    AuthenticationError,
    ConfdError,
    LostAnswerError,
    NotFoundError,
    RefusedError,
    RequestError,
    ServerError,
    UnreadableError,
)
from ._transport import REQUESTS_IMPORT_ERROR, RETRIED_STATUS, Transport, leave_as_is

with contextlib.suppress(ImportError):
    import requests

__all__ = ["API_VERSION", "REQUESTS_IMPORT_ERROR", "Client", "Connection"]

FEW = 2
TABLE = "text/csv; charset=utf-8"
SQL = re.compile(r"\s*(?:'(?:INSERT|UPDATE|DELETE|SELECT) |\[(?:SQL|parameters): ).*", re.DOTALL)
"""A statement that the database refused, which confd shows with all its values, passwords included."""


@dataclass(frozen=True)
class FirstLook:
    """An answer to somebody unknown. by_wazo: whether it is a 401 as only Wazo gives it."""

    status: int
    by_wazo: bool


class Client:
    """A session: authentication, TLS, retries; every failure is a RequestError.

    Belongs to one thread (facts file xivo-15.12, section "Digest / session").
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.base_url = connection.base_url
        self._transport = Transport(connection)
        self._authentication = authentication_for(self._transport)

    def another(self) -> Client:
        """A client of the same server for another thread, with this one's token if it got one."""
        other = Client(self.connection)
        other._authentication = self._authentication.join(other._transport)
        return other

    def look(self, path: str, **params: Any) -> FirstLook:
        """What GET ``path`` is answered when no username and password are shown; a token is.

        It costs nothing where the session would have met a challenge anyway: the next request answers this one.
        """
        response = self._transport.exchange("GET", self.base_url, path, params=params, auth=leave_as_is)
        if response.status_code not in (401, 404):
            self._check(response, "GET", path)
        self._authentication.meet(response)
        return FirstLook(response.status_code, is_wazo_refusal(response))

    def enter_wazo(self) -> None:
        """Show credentials as Wazo takes them from now on, in the tenant of the options."""
        if not isinstance(self._authentication, WazoToken):
            self._authentication = wazo_authentication_for(self._transport)

    def get(self, path: str, **params: Any) -> Any:
        """The parsed JSON of GET ``path``; ``params`` is the query."""
        return self._json(self._send("GET", path, params=params), "GET", path)

    def get_items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every row of a list, in one unpaged request: pages lose and repeat rows (trap 3 of xivo-15.12)."""
        rows, total = self._read_list(path, params)
        if len(rows) < total:
            # Something was created between the server's two queries.
            rows, total = self._read_list(path, params)
        if len(rows) < total:
            raise self._unreadable("GET", path, 200, f"{len(rows)} of {total} rows")
        return rows

    def get_few(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a list that ``params`` narrow down to one or two; all of them all the same if they are more."""
        rows, total = self._read_list(path, {**params, "limit": FEW})
        return rows if len(rows) >= total else self.get_items(path, **params)

    def get_nothing(self, path: str) -> None:
        """GET ``path`` for what it does: some actions of confd are GETs that answer 204."""
        self._send("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The parsed JSON that POST answers with. Never repeated once it may have reached the server."""
        return self._json(self._send("POST", path, json=body), "POST", path)

    def post_table(self, path: str, text: str) -> Any:
        """As post, of a table in CSV. What confd says of single rows is in the error's ``rows``."""
        sent = {"data": text.encode("utf-8"), "headers": {"Content-Type": TABLE}}
        return self._json(self._send("POST", path, **sent), "POST", path)

    def put(self, path: str, body: dict[str, Any]) -> None:
        """PUT ``body``. Answered 204 does not mean stored: read back."""
        self._send("PUT", path, json=body)

    def delete(self, path: str) -> None:
        """DELETE ``path``."""
        self._send("DELETE", path)

    def close(self) -> None:
        """Give token and connection back."""
        with contextlib.suppress(ConfdError):
            # A token that cannot be given back ends by itself after two hours.
            self._authentication.leave()
        self._transport.close()

    def _send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        had_cookie = bool(self._transport.session.cookies)
        response = self._transport.exchange(method, self.base_url, path, **kwargs)
        if response.status_code == 401 and self._authentication.recover(response, had_cookie):
            response = self._transport.exchange(method, self.base_url, path, **kwargs)
        self._check(response, method, path)
        return response

    def _read_list(self, path: str, params: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
        answer = self.get(path, **params)
        rows = answer.get("items")
        if not isinstance(rows, list):
            raise self._unreadable("GET", path, 200, "JSON without a list of items")
        return rows, int(answer.get("total", len(rows)))

    def _check(self, response: requests.Response, method: str, path: str) -> None:
        status = response.status_code
        if status < 300:
            return
        doing = f"{method} {self.base_url}{path}"
        if status < 400:
            target = response.headers.get("Location", "another address")
            raise RefusedError(
                f"{doing}: the server redirects to {target}.",
                method=method,
                path=path,
                status=status,
                hint="Use that as `confd_url` if you trust it.",
            )
        if status == 401:
            message, hint = self._authentication.refusal(response)
            raise AuthenticationError(message, method=method, path=path, status=status, hint=hint)
        messages = self._messages(response)
        words = "; ".join(messages) or f"{response.reason or 'no reason given'} (a page, not JSON)"
        raise _error_class(status, messages)(
            f"{doing}: HTTP {status}: {words}",
            method=method,
            path=path,
            status=status,
            messages=messages,
            rows={number: self._without_secrets(text) for number, text in _rows(_parsed(response)).items()},
            hint=_hint(status, messages),
        )

    def _json(self, response: requests.Response, method: str, path: str) -> Any:
        try:
            answer = response.json()
        except (ValueError, requests.RequestException):
            answer = None
        if not isinstance(answer, dict):
            kind = response.headers.get("Content-Type", "no content type")
            raise self._unreadable(method, path, response.status_code, f"{kind}, {len(response.content)} bytes")
        return answer

    def _unreadable(self, method: str, path: str, status: int, what: str) -> UnreadableError:
        return UnreadableError(
            f"{method} {self.base_url}{path}: the answer (HTTP {status}) is not confd's JSON but {what}.",
            method=method,
            path=path,
            status=status,
            hint="Is `confd_url` that of a confd, and no proxy or web interface in between?",
        )

    def _messages(self, response: requests.Response) -> list[str]:
        body = _parsed(response)
        if body is None:
            return []
        texts = body if isinstance(body, list) else _texts(body) if isinstance(body, dict) else [body]
        return [self._without_secrets(str(text)) for text in texts]

    def _without_secrets(self, text: str) -> str:
        text = " ".join(SQL.sub("", text).split())
        for secret in self._authentication.secrets:
            text = text.replace(secret, "********")
        return text


def _parsed(response: requests.Response) -> Any:
    """The JSON of an answer; None if it is none."""
    try:
        return response.json()
    except (ValueError, requests.RequestException):
        return None


def _texts(body: dict[str, Any]) -> list[Any]:
    """The words of an error that is an object. What it repeats of the request, passwords included, is left out."""
    rows = _rows(body)
    return [f"row {number}: {text}" for number, text in rows.items()] or [body.get("message") or body]


def _rows(body: Any) -> dict[int, str]:
    """What an error says of single rows of a table (facts file xivo-16.16, section users/import)."""
    errors = body.get("errors") if isinstance(body, dict) else None
    rows: dict[int, str] = {}
    for error in errors if isinstance(errors, list) else ():
        details = error.get("details") if isinstance(error, dict) else None
        number = details.get("row_number") if isinstance(details, dict) else None
        if isinstance(number, int):
            rows.setdefault(number, str(error.get("message") or "refused"))
    return rows


def _error_class(status: int, messages: list[str]) -> type[RequestError]:
    if status in RETRIED_STATUS:
        return LostAnswerError
    if status >= 500:
        return ServerError
    # confd's own 404 is JSON; a page comes from a URL that confd does not have, which is not an absent object.
    return NotFoundError if status == 404 and messages else RefusedError


def _hint(status: int, messages: list[str]) -> str:
    if status == 403:
        return "The account lacks the permission, or the server takes this request from itself only."
    if not messages and status in (404, 405):
        return "Is `confd_url` that of a confd, and `confd_api` the right generation?"
    if status >= 500:
        return "The server's log has more: /var/log/xivo-confd.log or /var/log/wazo-confd.log."
    return ""
