# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP session with a confd. Knows the protocol, and no resource of the API."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Any

from .._model.errors import (
    AuthenticationError,
    ConfdError,
    LostAnswerError,
    NotFoundError,
    RefusedError,
    RequestError,
    ServerError,
    TimedOutError,
    UnreadableError,
)
from .._model.secrets import maskable_secrets, rows_of, without
from .auth import authentication_for, is_wazo_refusal
from .auth_wazo import WazoToken, wazo_authentication_for
from .connection import Connection
from .failures import IS_IT_TLS, PROXY_HINT, one_line
from .transport import PARSE_ERRORS, RETRIED_STATUS, Transport, leave_as_is, text_of

with contextlib.suppress(ImportError):
    import requests


FILTERED_LIMIT = 2
"""How many rows a query asks for that should find one: the second one would show that it does not."""
GATEWAY_TIMEOUT = 504
LONGEST_MESSAGE = 2000
DROPPED_KEYS = frozenset({"links", "fallbacks", "forwards", "services"})
"""Members that nothing here asks for, and that are half of what a list of users says."""
TABLE = "text/csv; charset=utf-8"
TLS_WANTED = re.compile(r"plain HTTP request|only speaks HTTPS|HTTPS port", re.IGNORECASE)
"""What nginx, cheroot and Apache say to somebody who forgot the s of https."""
SQL = re.compile(r"\s*(?:'(?:INSERT|UPDATE|DELETE|SELECT) |\[(?:SQL|parameters): ).*", re.DOTALL)
"""A statement that the database refused, which confd shows with all its values, passwords included."""


class Answer(dict[str, Any]):
    """A JSON object of a server's answer; a member that it should have and lacks is an UnreadableError."""

    # A list of all users holds a hundred thousand of these.
    __slots__ = ("_doing",)

    def __init__(self, members: dict[str, Any], doing: str) -> None:
        super().__init__((name, value) for name, value in members.items() if name not in DROPPED_KEYS)
        self._doing = doing

    def __missing__(self, key: str) -> Any:
        raise UnreadableError(
            f"{self._doing}: the answer lacks {key!r}.",
            hint="Is `confd_api` the right generation, and no proxy in between?",
        )


@dataclass(frozen=True)
class ProbeResult:
    """An answer to somebody unknown. by_wazo: whether it is a 401 as only Wazo gives it; body: parsed JSON, or None."""

    status: int
    by_wazo: bool
    body: Any = None


class Client:
    """A session: authentication, TLS, retries; every failure is a RequestError.

    Belongs to one thread (xivo-15.12.md, "Digest / session").
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.base_url = connection.base_url
        self._transport = Transport(connection)
        self._authentication = authentication_for(self._transport)

    def clone(self) -> Client:
        """A client of the same server for another thread, with this one's token if it got one."""
        other = Client(self.connection)
        other._authentication = self._authentication.clone_for(other._transport)
        return other

    def probe(self, path: str, **params: Any) -> ProbeResult:
        """What GET ``path`` is answered when no username and password are shown; a token is.

        It costs nothing where the session would have met a challenge anyway: the next request answers this one.
        """
        response = self._transport.exchange("GET", self.base_url, path, params=params, auth=leave_as_is)
        if response.status_code not in (401, 404):
            self._check(response, "GET", path)
        self._authentication.on_challenge(response)
        return ProbeResult(response.status_code, is_wazo_refusal(response), _parsed(response))

    def use_wazo_auth(self) -> None:
        """Show credentials as Wazo takes them from now on, in the tenant of the options."""
        if not isinstance(self._authentication, WazoToken):
            self._authentication = wazo_authentication_for(self._transport)

    def get(self, path: str, **params: Any) -> Any:
        """The parsed JSON of GET ``path``; ``params`` is the query."""
        return self._json(self._send("GET", path, params=params), "GET", path)

    def get_items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every row of a list, in one unpaged request: pages lose and repeat rows (xivo-15.12.md, trap 3)."""
        rows, total = self._read_list(path, params)
        if len(rows) < total:
            # Something was created between the server's two queries.
            rows, total = self._read_list(path, params)
        if len(rows) < total:
            raise self._unreadable("GET", path, 200, f"{len(rows)} of {total} rows")
        return rows

    def get_filtered(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """The rows of a list that ``params`` narrow down to one or two; all of them all the same if they are more."""
        rows, total = self._read_list(path, {**params, "limit": FILTERED_LIMIT})
        return rows if len(rows) >= total else self.get_items(path, **params)

    def get_no_content(self, path: str) -> None:
        """GET ``path`` for what it does: some actions of confd are GETs that answer 204."""
        self._done("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The parsed JSON that POST answers with. Never repeated once it may have reached the server."""
        return self._json(self._send("POST", path, json=body), "POST", path)

    def post_table(self, path: str, text: str, sent: Any = None) -> Any:
        """As post, of a table in CSV. What confd says of single rows is in the error's ``rows``.

        sent: what is in it under its fields' names, so that no error shows a secret of it.
        """
        body = {"data": text.encode("utf-8"), "headers": {"Content-Type": TABLE}}
        return self._json(self._send("POST", path, sent, **body), "POST", path)

    def put(self, path: str, body: dict[str, Any]) -> None:
        """PUT ``body``. Answered 204 does not mean stored: read back."""
        self._done("PUT", path, json=body)

    def delete(self, path: str) -> None:
        """DELETE ``path``."""
        self._done("DELETE", path)

    def close(self) -> None:
        """Give token and connection back."""
        with contextlib.suppress(ConfdError):
            # A token that cannot be given back ends by itself after two hours.
            self._authentication.close()
        self._transport.close()

    def _send(self, method: str, path: str, sent: Any = None, **kwargs: Any) -> requests.Response:
        response = self._transport.exchange(method, self.base_url, path, **kwargs)
        if response.status_code == 401 and self._authentication.retry_after_401(response):
            response = self._transport.exchange(method, self.base_url, path, **kwargs)
        self._check(response, method, path, kwargs.get("json") or sent or rows_of(kwargs.get("data")))
        return response

    def _done(self, method: str, path: str, **kwargs: Any) -> None:
        """A request whose answer has nothing to say. A page is not confd's, whatever its status."""
        response = self._send(method, path, **kwargs)
        if response.content:
            self._json(response, method, path)

    def _read_list(self, path: str, params: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
        answer = self.get(path, **params)
        rows = answer.get("items")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._unreadable("GET", path, 200, "JSON without a list of items")
        total = answer.get("total", len(rows))
        if not isinstance(total, int):
            raise self._unreadable("GET", path, 200, "JSON without a number of items")
        return rows, total

    def _check(self, response: requests.Response, method: str, path: str, sent: Any = None) -> None:
        status = response.status_code
        if status < 300:
            return
        doing = f"{method} {self.base_url}{path}"
        if status == 401:
            message, hint = self._authentication.explain_401(response)
            raise AuthenticationError(message, method=method, path=path, status=status, hint=hint)
        messages = self._messages(response, sent)
        reason = self._without_secrets(response.reason or "no reason given", sent)
        words = "; ".join(messages) or f"{reason} (a page, not JSON)"
        raise _error_class(status, messages)(
            f"{doing}: HTTP {status}: {words}",
            method=method,
            path=path,
            status=status,
            messages=messages,
            rows={number: self._without_secrets(text, sent) for number, text in _rows(_parsed(response)).items()},
            hint=self._tls_hint(response) or _hint(status, messages),
        )

    def _json(self, response: requests.Response, method: str, path: str) -> Any:
        doing = f"{method} {self.base_url}{path}"
        try:
            answer = response.json(object_hook=lambda members: Answer(members, doing), parse_constant=_no_json)
        except (*PARSE_ERRORS, requests.RequestException):
            answer = None
        if not isinstance(answer, dict):
            kind = one_line(response.headers.get("Content-Type", "no content type"))
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

    def _messages(self, response: requests.Response, sent: Any = None) -> list[str]:
        return [self._without_secrets(text, sent) for text in _texts(_parsed(response))]

    def _without_secrets(self, text: str, sent: Any) -> str:
        """A server's words without the statements of its database, without our credentials and the secrets we sent."""
        secrets = {*self._authentication.secrets, *self._transport.secrets, *maskable_secrets(sent)}
        return one_line(without(SQL.sub("", text), secrets), LONGEST_MESSAGE)

    def _tls_hint(self, response: requests.Response) -> str:
        wants_tls = self.base_url.startswith("http:") and TLS_WANTED.search(text_of(response))
        return IS_IT_TLS if wants_tls else ""


def _no_json(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _texts(body: Any) -> list[str]:
    """What a server says, in whichever shape: confd's list, the errors of an import, wazo-auth's reasons, one text.

    What an import repeats of its rows, passwords included, is left out. Source: wazo-26.08.md, "4. Errors".
    """
    if isinstance(body, dict):
        rows = [_text_of_row(error) for error in _errors(body)]
        body = rows or body.get("message") or body.get("reason") or [str(body)]
    if body is None:
        return []
    return [str(each) for each in body] if isinstance(body, list) else [str(body)]


def _parsed(response: requests.Response) -> Any:
    """The JSON of an answer; None if it is none."""
    try:
        return response.json()
    except (*PARSE_ERRORS, requests.RequestException):
        return None


def _rows(body: Any) -> dict[int, str]:
    """What an error says of single rows of a table (xivo-16.16.md, "users/import")."""
    rows: dict[int, str] = {}
    for error in _errors(body):
        number = _row_number(error)
        if number is not None:
            rows.setdefault(number, str(error.get("message") or "refused"))
    return rows


def _errors(body: Any) -> list[dict[str, Any]]:
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _row_number(error: dict[str, Any]) -> int | None:
    details = error.get("details")
    number = details.get("row_number") if isinstance(details, dict) else None
    return number if isinstance(number, int) else None


def _text_of_row(error: dict[str, Any]) -> str:
    text, number = str(error.get("message") or "refused"), _row_number(error)
    return text if number is None else f"row {number}: {text}"


def _error_class(status: int, messages: list[str]) -> type[RequestError]:
    if status == GATEWAY_TIMEOUT:
        # The proxy has stopped waiting, which does not stop confd.
        return TimedOutError
    if status in RETRIED_STATUS:
        return LostAnswerError
    if status >= 500:
        return ServerError
    # confd's own 404 is JSON; a page comes from a URL that confd does not have, which is not an absent object.
    return NotFoundError if status == 404 and messages else RefusedError


def _hint(status: int, messages: list[str]) -> str:
    if status == 407:
        return f"That is a proxy. {PROXY_HINT}"
    if status == 403:
        return "The account lacks the permission, or the server takes this request from itself only."
    if not messages and status in (404, 405):
        return "Is `confd_url` that of a confd, and `confd_api` the right generation?"
    if status >= 500:
        return "The server's log has more: /var/log/xivo-confd.log or /var/log/wazo-confd.log."
    return ""
