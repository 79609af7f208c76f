# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that call a simulator of this process without sockets, which halves the time of a request.

Everything else is as it is: the sessions, retries and pools of requests and urllib3 on one side, authentication,
headers and pages on the other. A request that meets a fault, a request with TLS and one to another server or from
another process go through the network; so do all requests of the tests about HTTP (tests/unit/http, tests/contract).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage, responses
from io import BytesIO
from typing import Any
from unittest import mock
from urllib.parse import unquote_to_bytes, urlsplit

from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.response import HTTPResponse

from simulator import Simulator

QUOTED_SLASH = re.compile("%2F", re.IGNORECASE)


class InProcessConnection(HTTPConnection):
    """Call the simulator that listens at the connection's port, unless a fault is about the request."""

    _answer: HTTPResponse | None = None

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        simulator = _simulator_at(self.port)
        if simulator is None or simulator.meets_fault(method, urlsplit(url).path):
            super().request(method, url, body, headers, **options)
            return
        sent = {"Host": f"{self.host}:{self.port}", "Accept-Encoding": "identity", **(headers or {})}
        self._answer = _call(simulator, method, url, body, sent, options)

    def getresponse(self) -> HTTPResponse:
        if self._answer is None:
            return super().getresponse()
        answer, self._answer = self._answer, None
        return answer

    @property
    def is_connected(self) -> bool:
        return self.sock is None or super().is_connected


@contextmanager
def in_process_http() -> Iterator[None]:
    """Let all requests to simulators of this process be calls."""
    with (
        mock.patch.object(HTTPConnectionPool, "ConnectionCls", InProcessConnection),
        mock.patch.object(HTTPConnectionPool, "urlopen", _untraced_urlopen),
    ):
        yield


URLOPEN = HTTPConnectionPool.urlopen


def _untraced_urlopen(pool: HTTPConnectionPool, *given: Any, **options: Any) -> Any:
    """Send a request without tracing it for the coverage, which measures neither urllib3 nor the simulator."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        return URLOPEN(pool, *given, **options)
    finally:
        sys.settrace(trace)


class _Head:
    """What requests reads of http.client's response: the headers, for the cookies."""

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self.msg = HTTPMessage()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """Do nothing: there is no socket."""


def _simulator_at(port: int | None) -> Simulator | None:
    found = Simulator.running.get((os.getpid(), port))
    return None if found is None or found.ca_path else found


def _call(
    simulator: Simulator, method: str, url: str, body: Any, headers: dict[str, Any], options: dict[str, Any]
) -> HTTPResponse:
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], *_details: Any) -> None:
        started.update(status=int(status.split(maxsplit=1)[0]), headers=headers)

    chunks = simulator.wsgi(_environ(method, url, body, headers), start_response)
    content = BytesIO(b"".join(chunks))
    if hasattr(chunks, "close"):
        chunks.close()
    return HTTPResponse(
        content,
        HTTPHeaderDict(started["headers"]),
        started["status"],
        version=11,
        version_string="HTTP/1.1",
        reason=responses.get(started["status"]),
        preload_content=options["preload_content"],
        decode_content=options["decode_content"],
        original_response=_Head(started["headers"]),  # type: ignore[arg-type]
        request_method=method,
        request_url=url,
    )


def _environ(method: str, url: str, body: Any, headers: dict[str, Any]) -> dict[str, Any]:
    """Return what a WSGI server makes of a request (PEP 3333)."""
    path, _mark, query = url.partition("?")
    content = body.encode() if isinstance(body, str) else body or b""
    host, _colon, port = headers["Host"].rpartition(":")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        # As cheroot does it, which leaves %2F for the views.
        "PATH_INFO": b"%2F".join(map(unquote_to_bytes, QUOTED_SLASH.split(path))).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": url,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = text
    if content:
        environ["CONTENT_LENGTH"] = str(len(content))
    if "HTTP_CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ
