# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Process a request: routing, authentication, faults, headers, view, answer, log."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from . import fault_answers
from .database import Database
from .errors import ConfdError
from .faults import FaultPlan
from .generation import Answer, Call, Exchange, Generation, Route
from .html_pages import HtmlError, html_answer
from .request_log import WRITING_METHODS, Request, RequestLog
from .scheduler import CLIENT_HEADER, RequestScheduler
from .server import reset_connection


class _MatchingRule(Rule):
    """Match URLs, and build none: werkzeug compiles two functions for that, nine tenths of a simulator's start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def build(_rule: Rule, **_values: Any) -> tuple[str, str]:
            raise NotImplementedError("The simulator builds no URLs from its rules.")

        return build


class Application:
    """Serve one generation of confd as a WSGI application."""

    def __init__(
        self,
        generation: Generation,
        database: Database,
        username: str | None,
        password: str,
        latency: float = 0.0,
        after_write: Callable[[], None] | None = None,
    ) -> None:
        self.database = database
        self.faults = FaultPlan()
        self.log = RequestLog()
        self.scheduler: RequestScheduler | None = None
        self.transit = 0.0
        """Seconds of each request that client and transport take: the real server's times are a client's."""
        self._generation = generation
        self._latency = latency
        self._after_write = after_write
        self.flask = Flask("simulator", static_folder=None)
        self.flask.url_rule_class = _MatchingRule
        self.authentication = generation.authentication(self.flask, database, username, password)
        self._add_routes()
        self.flask.register_error_handler(HTTPException, generation.routing_error)
        self.flask.register_error_handler(HtmlError, lambda error: html_answer(error.status, error.text))
        self.flask.register_error_handler(ConfdError, lambda error: _json(error.texts, error.status))
        self.flask.after_request(self._record)

    def _add_routes(self) -> None:
        bases = set(self._generation.bases)
        for number, route in enumerate(self._generation.routes):
            view = self._view(route)
            for base in route.bases or self._generation.bases:
                bases.add(base)
                self.flask.add_url_rule(base + route.rule, f"{number} {base}", view, methods=[route.method])
        self._all_bases = tuple(f"{base}/" for base in bases)

    def _view(self, route: Route) -> Callable[..., Response]:
        def view(**identifiers: Any) -> Response:
            begun = time.monotonic()
            refusal = None if route.public else self.authentication.refusal()
            g.authenticating = time.monotonic() - begun
            if refusal is not None:
                return refusal
            return self._with_faults(route, identifiers)

        return view

    def _with_faults(self, route: Route, identifiers: dict[str, Any]) -> Response:
        with self._scheduled():
            return self._serve_with_fault(route, identifiers)

    @contextmanager
    def _scheduled(self) -> Iterator[None]:
        """Wait for the request's turn, where a test decides the order of the requests of several clients."""
        client = request.headers.get(CLIENT_HEADER)
        if self.scheduler is None or client is None:
            yield
            return
        self.scheduler.wait_for(client, request.method, self._path())
        try:
            yield
        finally:
            self.scheduler.finish(client)

    def _serve_with_fault(self, route: Route, identifiers: dict[str, Any]) -> Response:
        path = self._path()
        fault = self.faults.take(request.method, path)
        g.fault = fault.kind if fault else None
        if fault and not fault.is_after:
            authentication = self.authentication
            spoilt = fault_answers.before(
                fault, path, authentication.challenge, authentication.forget_sessions, self.faults
            )
            if spoilt is not None:
                return spoilt
        response = self._serve(route, identifiers)
        if fault is None:
            self.faults.release_late()
        return fault_answers.after(fault, path, response) if fault and fault.is_after else response

    def _serve(self, route: Route, identifiers: dict[str, Any]) -> Response:
        begun = time.monotonic()
        try:
            exchange = Exchange(
                request.method, request.headers.get("Accept"), request.headers.get("Content-Type"), request.get_data()
            )
            (route.check_headers or self._generation.check_headers)(exchange)
            g.reached_view, g.acts = True, route.acts
            before = g.authenticating + time.monotonic() - begun
            with self.database.lock, self._delayed(route, before):
                call = Call(
                    self.database,
                    request.method,
                    request.args.to_dict(),
                    lambda: self._generation.parse_body(exchange),
                    self._url,
                    exchange,
                )
                answer = route.view(call, **identifiers)
                if self._after_write and (route.acts or request.method in WRITING_METHODS):
                    self._after_write()
            return self._answer(answer)
        except ConfdError as error:
            return _json(error.texts, error.status)
        except HtmlError as error:
            return html_answer(error.status, error.text)

    @contextmanager
    def _delayed(self, route: Route, before: float) -> Iterator[None]:
        """Let a request take as long as on the real server, with the time before, without the wait for its turn."""
        g.milliseconds = self._generation.milliseconds(route.method, route.rule, self.database)
        end = time.monotonic() + self._latency * g.milliseconds / 1000 - before - self.transit
        try:
            yield
        finally:
            if self._latency:
                time.sleep(max(0.0, end - time.monotonic()))

    def _answer(self, answer: Answer) -> Response:
        if answer.status == 204:
            response = Response(status=204, content_type="text/html; charset=utf-8")
        elif answer.table is not None:
            response = Response(answer.table, answer.status, content_type="text/csv; charset=utf-8")
        else:
            response = _json(answer.body, answer.status)
        if answer.location is not None:
            response.headers["Location"] = self._url(answer.location)
        return response

    def _record(self, response: Response) -> Response:
        if not request.path.startswith(self._all_bases):
            return response
        dropped = isinstance(response, fault_answers.Dropped)
        self.log.add(
            Request(
                request.method,
                self._path(),
                request.args.to_dict(),
                _logged_body(),
                None if dropped else response.status_code,
                reached_view=g.get("reached_view", False),
                # Requests to another service, for a token for example, change nothing in confd.
                acts=bool(self._base()) and (g.get("acts", False) or request.method in WRITING_METHODS),
                fault=g.get("fault"),
                milliseconds=g.get("milliseconds", 0.0),
            )
        )
        if dropped:
            reset_connection(request.environ)
        return response

    def _base(self) -> str:
        """Return the one of the generation's prefixes that the current request has; '' for another service's."""
        path = request.path
        return next((base for base in self._generation.bases if path.startswith(f"{base}/")), "")

    def _path(self) -> str:
        return request.path.removeprefix(self._base())

    def _url(self, path: str) -> str:
        if "root" not in g:
            scheme = request.headers.get("X-Forwarded-Proto", request.scheme)
            g.root = f"{scheme}://{request.host}{self._base()}"
        return f"{g.root}{quote(path, safe='/?=&')}"


def _logged_body() -> Any:
    raw = request.get_data()
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
