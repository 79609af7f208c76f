# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talks to a confd in one HTTP session. Knows the protocol, and no resource of the API."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from .._model.errors import (
    AuthenticationError,
    ConfdError,
    InputError,
    LostAnswerError,
    NotFoundError,
    RefusedError,
    RequestError,
    ServerError,
    TimedOutError,
    UnreadableError,
)
from .._model.masker import LONGEST_EXCERPT_SOURCE, Masker
from .._model.printable import one_line
from .._model.secrets import parse_csv
from .answers import WRONG_ADDRESS_OR_API, decoder_of, rows_of
from .auth import choose_authentication, is_wazo_refusal
from .auth_token import ServiceToken
from .auth_wazo import TENANTS_WANTED, WazoToken, choose_wazo_authentication
from .auth_xivo import choose_xivo_authentication
from .bodies import size_of, taken_parts, taken_text
from .connection import Connection, origin_of
from .failures import LONGEST_CAUSE, NOT_CONFD, PROXY_HINT, USE_TLS
from .journal import Recorder
from .kept_answers import KeptAnswers
from .messages import bounded, messages_of, messages_of_rows, wants_tls
from .transport import PARSE_ERRORS, RETRIED_STATUS, Transport, leave_as_is

with contextlib.suppress(ImportError):
    import requests


FILTERED_LIMIT = 2
"""The rows that a query for one object asks for: a second row shows that the query matches several objects."""
GATEWAY_TIMEOUT = 504
LONGEST_MESSAGE = 2000
"""The characters of a message of an answer in an error, and of all its messages together."""
NO_CONFIG = "provd config does not exist"
"""What confd answers to writes of a phone without configuration, and of its line (xivo-15.12.md, "devices (provd)")."""
INVALID_TENANT = "Invalid tenant"
"""What Wazo answers about a single object in a tenant, to an account without the permission to read tenants."""
TABLE = "text/csv; charset=utf-8"
SQL = re.compile(r"(?:\n *LINE \d+: |'(?:INSERT|UPDATE|DELETE|SELECT) |\[(?:SQL|parameters): ).*", re.DOTALL)
"""A failed SQL statement, which confd quotes with all its values, passwords included.

PostgreSQL quotes the place of the mistake besides: person-xivo-16.16.md, "endpoints/sip: options, webrtc".
"""


class SessionEndedError(Exception):
    """The server does not accept the session of an earlier task, so nothing was done. Begin again without it."""


@dataclass(frozen=True)
class ProbeResult:
    """The answer to a request without password. by_wazo: whether it is a 401 of Wazo; body: parsed JSON, or None."""

    status: int
    by_wazo: bool
    body: Any = None


class Client:
    """A session with authentication, TLS and retries, for one thread only. Every failure is a RequestError.

    Source: xivo-15.12.md, "Digest / session".
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.base_url = connection.base_url
        self._transport = Transport(connection)
        self._authentication = choose_authentication(self._transport)
        self.recorder: Recorder | None = None
        """Gets every request that writes; None without a journal."""
        self.kept = KeptAnswers()
        self.is_unproven = False
        """Whether the generation is that of an earlier session, which the server has not yet accepted again."""

    def clone(self) -> Client:
        """Return a client of the same server for another thread. It shares the token, if there is one."""
        other = Client(self.connection)
        other._authentication = self._authentication.clone_for(other._transport)
        other.recorder = self.recorder.clone() if self.recorder else None
        return other

    def probe(self, path: str, **params: Any) -> ProbeResult:
        """Return the answer to GET ``path`` without username and password, but with a given token.

        With digest authentication this costs nothing: the next request uses the challenge of this answer.
        """
        response = self._transport.exchange("GET", self.base_url, path, params=params, auth=leave_as_is)
        if response.status_code not in (401, 404):
            self._check(response, "GET", path)
        self._authentication.on_challenge(response)
        return ProbeResult(response.status_code, is_wazo_refusal(response), _json_or_none(response))

    def of_auth_service(self) -> Client:
        """Return a client of the auth service in the same session. It is closed with this one."""
        other = copy(self)
        other.base_url = self.connection.auth_base_url
        other.kept = KeptAnswers()
        return other

    def may(self, access: str) -> bool:
        """Return whether the credentials grant an access on Wazo, such as "auth.users.read"."""
        return isinstance(self._authentication, WazoToken) and self._authentication.may(access)

    def signs_in(self, username: str, password: str) -> bool:
        """Return whether somebody can sign in to Wazo with a username and a password. The token is given back."""
        return isinstance(self._authentication, WazoToken) and self._authentication.signs_in(username, password)

    def check_login(self) -> None:
        """Raise InputError for a login on which a XiVO fails."""
        self._authentication.check_login()

    def refuse_exposed_password(self, api: str) -> None:
        """Raise InputError if a server that was only guessed would get a password that others in the network can read.

        An authentication service takes a password in Basic form. Anybody in the network can answer like a server that
        has one and get it so, where a XiVO would have got a digest. api: the generation that the server seems to have.
        """
        connection = self.connection
        if connection.token or connection.username is None:
            return
        url = ""
        if api == "wazo":
            url = connection.auth_base_url
        elif api == "xivo16" and connection.wants_xivo_auth:
            url = connection.xivo_auth_base_url
        if url and origin_of(url, "confd_auth_url").is_exposed:
            raise InputError(
                f"{self.base_url} answers like a server of generation {api}, whose authentication service would get "
                f"the password without encryption ({url}).",
                f"Use https://. To send it nevertheless, set confd_api: {api}.",
            )

    def use_wazo_auth(self) -> None:
        """Authenticate as Wazo requires it from now on, in the tenant of the options."""
        if not isinstance(self._authentication, WazoToken):
            self._authentication = choose_wazo_authentication(self._transport)

    def use_xivo_auth(self) -> None:
        """Authenticate by the authentication service of a XiVO from now on, if the options ask for it."""
        if not isinstance(self._authentication, ServiceToken):
            self._authentication = choose_xivo_authentication(self._transport) or self._authentication

    def get(self, path: str, **params: Any) -> Any:
        """Return the parsed JSON of GET ``path``; ``params`` is the query."""
        answer = self.kept.find(path, params)
        if answer is None:
            try:
                answer = self._parse(self._send("GET", path, params=params), "GET", path)
            except NotFoundError as error:
                self.kept.keep_missing(path, params, error)
                raise
            self.kept.keep(path, params, answer)
        return answer

    def get_items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Return every row of a list, read in one request: pages lose and repeat rows (xivo-15.12.md, trap 3).

        The total of the answer is no check: servers count rows that they do not show, such as the other lines in
        /lines_sip, and users with two main lines twice (xivo-16.16.md, trap 8).
        """
        return self._read_list(path, params)[0]

    def read_items(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Return what ``get_items`` does, but parse the rows one by one.

        The text and all rows of 10,000 users would take 90 MB together.
        """
        if self.kept.keeps:
            return iter(self.get_items(path, **params))
        return self._rows(self._send("GET", path, params=params), path)

    def _rows(self, response: requests.Response, path: str) -> Iterator[dict[str, Any]]:
        rows = rows_of(taken_parts(response), response.encoding, f"GET {self.base_url}{path}")
        try:
            for row in rows:
                if not isinstance(row, dict):
                    raise self._unreadable_error("GET", path, response.status_code, "has no list of items")
                yield row
        except (*PARSE_ERRORS, requests.RequestException):
            raise self._not_json(response, "GET", path) from None

    def get_filtered(self, path: str, limit: int = FILTERED_LIMIT, **params: Any) -> list[dict[str, Any]]:
        """Return all rows of a list that match ``params``, at most ``limit`` of them; more cost two requests."""
        rows, total = self._read_list(path, {**params, "limit": limit})
        return rows if len(rows) >= total else self.get_items(path, **params)

    def get_no_content(self, path: str) -> None:
        """Send GET ``path`` for its effect: some actions of confd are GETs that answer 204."""
        self._write("GET", path, has_answer=False)

    def post(self, path: str, body: dict[str, Any], has_answer: bool = True) -> Any:
        """Return the parsed JSON answer of POST ``path``. Never repeated once it may have reached the server.

        has_answer: whether there is one; otherwise return None.
        """
        return self._write("POST", path, has_answer, json=body)

    def post_table(self, path: str, text: str, sent: Any = None) -> Any:
        """Return the parsed JSON answer of POST ``path`` with a table in CSV.

        An error has the messages about single rows in ``rows``. sent: the same values under the names of the fields, so
        that no error shows a secret of them.
        """
        body: dict[str, Any] = {"data": text.encode("utf-8"), "headers": {"Content-Type": TABLE}}
        return self._write("POST", path, sent=sent, **body)

    def put(self, path: str, body: dict[str, Any]) -> None:
        """Send PUT ``path``. A 204 does not mean that the values are stored: read them back (xivo-15.12.md, trap 1)."""
        self._write("PUT", path, has_answer=False, json=body)

    def delete(self, path: str) -> None:
        """Send DELETE ``path``."""
        self._write("DELETE", path, has_answer=False)

    def close(self) -> None:
        """Revoke the token and close the connections."""
        with contextlib.suppress(ConfdError):
            self._authentication.close()
        self._transport.close()

    def _send(self, method: str, path: str, sent: Any = None, **kwargs: Any) -> requests.Response:
        """Return the answer to a request. Raise RequestError unless its status is below 300."""
        if self.recorder:
            self.recorder.flush()
        response = self._transport.exchange(method, self.base_url, path, **kwargs)
        if response.status_code == 401 and self.is_unproven and self._authentication.ended_session():
            self.connection.handover.forget()
            raise SessionEndedError
        self.is_unproven = False
        for _repetition in range(self._authentication.most_repetitions):
            if response.status_code != 401 or not self._authentication.retry_after_401(response):
                break
            response = self._transport.exchange(method, self.base_url, path, **kwargs)
        self._check(response, method, path, kwargs.get("json") or sent or parse_csv(kwargs.get("data")))
        return response

    def _write(self, method: str, path: str, has_answer: bool = True, sent: Any = None, **kwargs: Any) -> Any:
        """Send a request that changes the server, record it, and return its parsed answer.

        has_answer: whether the answer is a JSON object; otherwise it is empty or JSON, and None is returned.
        """
        self.kept.end()
        try:
            response = self._send(method, path, sent, **kwargs)
            answer = self._answer_of(response, method, path, has_answer)
        except BaseException as error:
            if self.recorder:
                self.recorder.failed(method, path, error)
            raise
        if self.recorder:
            self.recorder.succeeded(method, path, response.status_code)
        return answer

    def _answer_of(self, response: requests.Response, method: str, path: str, has_answer: bool) -> Any:
        """Return the JSON object of an answer, or None. A web page does not come from confd, whatever its status."""
        if has_answer:
            return self._parse(response, method, path)
        if response.content and not isinstance(_json_or_none(response), list):
            self._parse(response, method, path)
        return None

    def _read_list(self, path: str, params: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
        """Return (the rows of an answer, the number of rows that the server has)."""
        answer = self.get(path, **params)
        rows = answer.get("items")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._unreadable_error("GET", path, 200, "has no list of items")
        total = answer.get("total", len(rows))
        if not isinstance(total, int):
            raise self._unreadable_error("GET", path, 200, "has no valid total")
        return rows, total

    def _check(self, response: requests.Response, method: str, path: str, sent: Any = None) -> None:
        """Raise the error of a status from 300 on. sent: the values whose secrets the error must not show."""
        status = response.status_code
        if status < 300:
            return
        if status == 401:
            message, hint = self._authentication.explain_401(response)
            raise AuthenticationError(message, method=method, path=path, status=status, hint=hint)
        body, masker = _json_or_none(response), self._transport.masker(sent)
        messages = [_excerpt(masker, message) for message in bounded(messages_of(body))]
        reason = _excerpt(masker, response.reason or "no reason given")
        text = one_line("; ".join(messages), LONGEST_MESSAGE) or f"{reason} (not JSON)"
        raise _error_class(status, messages)(
            f"{method} {self.base_url}{path}: HTTP {status}: {text}",
            method=method,
            path=path,
            status=status,
            messages=messages,
            rows={row: _excerpt(masker, message) for row, message in messages_of_rows(body).items()},
            hint=USE_TLS if wants_tls(self.base_url, response) else _hint(status, messages),
        )

    def _parse(self, response: requests.Response, method: str, path: str) -> Any:
        """Return the JSON object of an answer. Raise UnreadableError if it is none."""
        request = f"{method} {self.base_url}{path}"
        try:
            answer = decoder_of(request).decode(taken_text(response))
        except (*PARSE_ERRORS, requests.RequestException):
            answer = None
        if not isinstance(answer, dict):
            raise self._not_json(response, method, path)
        return answer

    def _not_json(self, response: requests.Response, method: str, path: str) -> UnreadableError:
        given = response.headers.get("Content-Type", "no content type")
        content_type = self._transport.masker().excerpt(given, LONGEST_CAUSE)
        problem = f"is not confd's JSON but {content_type}, {size_of(response)} bytes"
        return self._unreadable_error(method, path, response.status_code, problem)

    def _unreadable_error(self, method: str, path: str, status: int, problem: str) -> UnreadableError:
        return UnreadableError(
            f"{method} {self.base_url}{path}: the answer (HTTP {status}) {problem}.",
            method=method,
            path=path,
            status=status,
            hint=NOT_CONFD,
        )


def _excerpt(masker: Masker, text: str) -> str:
    """Return a text of the server in one line, without SQL statements and secrets."""
    return masker.excerpt(SQL.sub("", text[: LONGEST_EXCERPT_SOURCE + 1]).rstrip(), LONGEST_MESSAGE)


def _json_or_none(response: requests.Response) -> Any:
    """Return the parsed JSON of an answer, or None."""
    try:
        return response.json()
    except (*PARSE_ERRORS, requests.RequestException):
        return None


def _error_class(status: int, messages: list[str]) -> type[RequestError]:
    if status == GATEWAY_TIMEOUT:
        # The proxy no longer waits, but confd may still carry out the request.
        return TimedOutError
    if status in RETRIED_STATUS:
        return LostAnswerError
    if status >= 500:
        return ServerError
    # A 404 of confd about an object is JSON. A web page means that confd does not have the URL.
    return NotFoundError if status == 404 and messages else RefusedError


def _hint(status: int, messages: list[str]) -> str:
    """Return what to do about a status; '' if the messages of the server say all that is known."""
    if status == 407:
        return f"The answer comes from a proxy. {PROXY_HINT}"
    if status == 403:
        return "The account lacks the permission, or the server accepts this request from localhost only."
    if not messages and status in (404, 405):
        return WRONG_ADDRESS_OR_API
    if any(NO_CONFIG in text for text in messages):
        return (
            "The phone has no configuration on the provisioning server. Save the phone in the web interface of the "
            "server, which gives it one, or delete it there; then run again."
        )
    if any(INVALID_TENANT in text for text in messages):
        return TENANTS_WANTED
    if status >= 500:
        return "See the log of the server: /var/log/xivo-confd.log or /var/log/wazo-confd.log."
    return ""
