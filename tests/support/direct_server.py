# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated server without HTTP in between: the client's requests go to the views of a generation as they are.

Five times as quick, which thousands of random examples need. What HTTP adds (authentication, headers, pages of HTML) is
left out; it is tested elsewhere. A WriteFault stands for what a client meets after its own repetitions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import requests
from flask import Flask
from werkzeug.routing import Map, Rule

from ansible_collections.xivo.confd.plugins.module_utils._http import client as _client
from ansible_collections.xivo.confd.plugins.module_utils._http.transport import (
    RETRIED_METHODS,
    RETRIED_STATUS,
    Transport,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import LostAnswerError, TimedOutError
from simulator import Context, Request
from simulator.errors import ConfdError
from simulator.generation import Answer, Call, Exchange, Generation, Route
from simulator.request_log import WRITING_METHODS
from simulator.simulator import GENERATIONS
from simulator.wazo import tenancy
from simulator.wazo.accounts import EVERYTHING
from simulator.wazo.database import WazoDatabase

JSON = "application/json"
URL = "http://direct.example.org"


FAULT_KINDS = ("500", "503", "drop_before", "drop_after", "timeout_before", "timeout_after")


@dataclass
class WriteFault:
    """Describe what happens to the writes of a run, from the nth on, so many times.

    kind: one of FAULT_KINDS. 500 and 503: an answer, and nothing is written. drop: the connection is lost, before or
    after the request was carried out. timeout: no answer in time, and the request was carried out or never will be.
    """

    kind: str
    nth: int
    times: int = 1
    seen: int = field(default=0, init=False)

    @property
    def has_happened(self) -> bool:
        return self.seen >= self.nth

    def meet(self, send: Callable[[], requests.Response], request: str) -> requests.Response:
        """Return the answer to one attempt of a write. Raises LostAnswerError or TimedOutError."""
        self.seen += 1
        if not self.nth <= self.seen < self.nth + self.times:
            return send()
        if self.kind.isdigit():
            return _response(Answer(int(self.kind), ["Simulated fault."]))
        if self.kind.endswith("_after"):
            send()
        kind = TimedOutError if self.kind.startswith("timeout") else LostAnswerError
        raise kind(f"{request}: simulated fault, {self.kind}")


class Direct:
    """What the tests use of a Simulator: a database, its generation, and what was asked."""

    url = URL
    username = ca_path = None
    password = ""

    def __init__(self, api: str, contexts: tuple[Context, ...]) -> None:
        self.generation: Generation = GENERATIONS[api]
        self.database = self.generation.database(contexts, 1)
        self.requests: list[Request] = []
        self.fault: WriteFault | None = None
        self._flask = Flask("direct")
        routes = self.generation.routes
        self._match = _matcher(each for each in routes if each.bases is None)
        self._match_auth = _matcher(each for each in routes if each.bases is not None)
        self._base = self.generation.bases[0]
        self.reset()
        self.initial = self.state()

    @contextmanager
    def reachable(self) -> Iterator[None]:
        """Let every client that is opened meanwhile talk to this server."""
        transport = type("_Transport", (_DirectTransport,), {"server": self})
        with mock.patch.object(_client, "Transport", transport):
            yield

    @property
    def writes(self) -> list[Request]:
        return [each for each in self.requests if each.is_write]

    def clear_log(self) -> None:
        self.requests = []

    def state(self) -> dict[str, Any]:
        return self.database.dump()

    def reset(self) -> None:
        self.database.clear()
        self.database.random.seed(1)
        self.generation.populate(self.database)
        self.fault = None
        self.clear_log()

    def exchange(
        self, method: str, path: str, query: Mapping[str, Any], body: Any, kind: str = JSON, auth: bool = False
    ) -> requests.Response:
        """The answer of the view that a path leads to. body: what is JSON, or bytes of another kind.

        auth: whether the path is one of Wazo's auth service, which the client asks as somebody who may do everything.
        """
        route, identifiers = (self._match_auth if auth else self._match)(path, method)
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        exchange = Exchange(method, JSON, kind, raw)
        text = {name: str(value) for name, value in query.items()}
        call = Call(self.database, method, text, lambda: self.generation.parse_body(exchange), self._link, exchange)
        with self.database.lock:
            answer = self._answer(route, call, identifiers)
            acts = route.acts or method in WRITING_METHODS
            self.requests.append(Request(method, path, text, body, answer.status, reached_view=True, acts=acts))
        return _response(answer)

    def _answer(self, route: Route, call: Call, identifiers: dict[str, Any]) -> Answer:
        try:
            with self._auth_request(call) if route.bases else self._flask.app_context():
                if isinstance(self.database, WazoDatabase):
                    tenancy.enter(self.database, self.database.master)
                return route.view(call, **identifiers)
        except ConfdError as error:
            return Answer(error.status, error.texts)

    def _auth_request(self, call: Call) -> AbstractContextManager[Any]:
        """Return the context of a request to the auth service, whose views read it themselves."""
        data = call.exchange.raw_body if call.exchange else b""
        headers = {"X-Auth-Token": self._token()}
        return self._flask.test_request_context(method=call.method, headers=headers, data=data)

    def _token(self) -> str:
        """Return a token of an account that may do everything."""
        accounts = self.database.accounts
        found = accounts.log_in("direct", "direct", None)
        if found is None:
            accounts.add("direct", "direct", EVERYTHING, self.database.master)
            found = accounts.log_in("direct", "direct", None)
        return str(found.id)

    def _link(self, path: str) -> str:
        return f"{URL}{self._base}{path}"


def _matcher(routes: Iterable[Route]) -> Callable[[str, str], tuple[Any, Mapping[str, Any]]]:
    rules = Map([Rule(each.rule, endpoint=each, methods=[each.method]) for each in routes])
    return rules.bind("direct.example.org").match


def _response(answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response._content = b"" if answer.status == 204 else json.dumps(answer.body).encode()
    response.encoding = "utf-8"
    return response


class _DirectTransport(Transport):
    """The way of a client's requests to the one Direct there is."""

    server: Direct

    def exchange(self, method: str, base_url: str, path: str, shown_path: str = "", **kwargs: Any) -> requests.Response:
        headers = kwargs.get("headers") or {}
        body = kwargs["data"] if "data" in kwargs else kwargs.get("json")
        kind = headers.get("Content-Type", JSON)

        def send() -> requests.Response:
            auth = "/auth/" in base_url
            return self.server.exchange(method, path, kwargs.get("params") or {}, body, kind, auth)

        if self.server.fault is None or method not in WRITING_METHODS:
            return send()
        return self._meet_fault(self.server.fault, send, method, path)

    def _meet_fault(
        self, fault: WriteFault, send: Callable[[], requests.Response], method: str, path: str
    ) -> requests.Response:
        """Repeat a write as urllib3 does it for a Transport."""
        for _each in range(self.connection.retries if method in RETRIED_METHODS else 0):
            try:
                response = fault.meet(send, f"{method} {path}")
            except LostAnswerError:
                continue
            if response.status_code not in RETRIED_STATUS:
                return response
        return fault.meet(send, f"{method} {path}")


@contextmanager
def direct(api: str, contexts: tuple[Context, ...]) -> Iterator[Direct]:
    """A server of a generation, which every client that is opened meanwhile talks to."""
    server = Direct(api, contexts)
    with server.reachable():
        yield server
