# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds the answers of servers: the time from their first byte to their last one, their size, and their values.

The time-out of requests and urllib3 bounds each read of the socket only, and nothing there bounds a size.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import time
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, cast

from .bodies import PartedResponse
from .pace import Pace

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:
    # _ansible/module.py reports that requests is missing. Until then, the classes below need base classes.
    HTTPAdapter = HTTPConnectionPool = HTTPSConnectionPool = object  # type: ignore[misc, assignment]

MEGABYTE = 1_000_000
CHUNK = 16_384
"""The compressed bytes that are decompressed at once: at most 17 MB, since deflate shrinks by a factor of 1032."""
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
"""Others shrink without such a bound, and several together do."""
FEWEST_VALUES = 5_000_000
"""The values that an answer may have in any case. 10,000 users of Wazo have 2 millions (wazo-26.08.md, "5.1 User")."""
BYTES_OF_VALUE = 50
"""A larger limit of the size allows a value for each of so many bytes."""
VALUE_SIGNS = (b",", b"[", b"{")
"""JSON has at most as many values as these signs: each one follows a comma or is the first of a list or an object."""
FRAMING = 1_000_000
"""The bytes of headers that an answer may have besides its body, and besides as many bytes for the sizes of chunks."""


class AnswerLimitError(Exception):
    """The answer exceeds a limit. Not an OSError, so that urllib3 neither explains nor repeats it."""


class SlowAnswerError(AnswerLimitError):
    """The answer is not complete at its deadline."""


class LargeAnswerError(AnswerLimitError):
    """The answer has more bytes than allowed, or an encoding whose size nothing bounds. Its text says which."""


@dataclass(frozen=True)
class Limits:
    """The bounds of one answer. seconds: from its first byte to its last one; size: its bytes, decompressed."""

    seconds: float
    size: int

    @property
    def values(self) -> int:
        """Return how many values of JSON an answer may have: each takes up to a hundred bytes of memory, and time."""
        return max(FEWEST_VALUES, self.size // BYTES_OF_VALUE)


class BoundedAdapter(HTTPAdapter):
    """HTTPAdapter of requests that reads each answer within limits.

    What HTTPAdapter works out for each request anew is worked out once: one session needs it hundreds of times.
    """

    def __init__(self, limits: Limits, pace: Pace, **arguments: Any) -> None:
        self._limits = limits
        self._pace = pace
        self._pools: dict[str, Any] = {}
        """{scheme, host and port as in the URL: the connections to a server}."""
        super().__init__(**arguments)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Create the pools of connections."""
        super().init_poolmanager(*given, **named)  # type: ignore[no-untyped-call, unused-ignore]
        self._bound(self.poolmanager)

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        """Return the pools of connections through a proxy."""
        return self._bound(super().proxy_manager_for(*given, **named))  # type: ignore[no-untyped-call, unused-ignore]

    def get_connection_with_tls_context(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> Any:
        """Return the connections to the server of a request. Its CA file and proxies are the same for all requests."""
        origin = _origin_of(request.url or "")
        if origin not in self._pools:
            self._pools[origin] = super().get_connection_with_tls_context(request, *given, **named)
        return self._pools[origin]

    def cert_verify(self, conn: Any, *given: Any, **named: Any) -> None:
        """Set the CA file of the connections to a server, unless that was done."""
        if not conn.is_ready:
            super().cert_verify(conn, *given, **named)  # type: ignore[no-untyped-call, unused-ignore]
            conn.is_ready = True

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """Return what the request line names: the path, or the whole URL for a proxy."""
        url = request.url or ""
        return super().request_url(request, proxies) if proxies else url[len(_origin_of(url)) :].partition("#")[0]

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Return an answer without its body. The cookies are left to the session."""
        response = PartedResponse()
        response.status_code = resp.status
        # Those of urllib3 ignore case as well.
        response.headers = resp.headers
        response.raw = resp
        response.reason = resp.reason
        response.url = req.url or ""
        response.request = req
        return response

    def send(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        """Return the answer to a request with its content. Raises SlowAnswerError and LargeAnswerError."""
        response = cast(PartedResponse, super().send(request, *given, **{**named, "stream": True}))
        try:
            response.parts = self._read(response)
            response.size = sum(map(len, response.parts))
        finally:
            response.close()
        return response

    def close(self) -> None:
        """Close the connections."""
        self._pools.clear()
        super().close()  # type: ignore[no-untyped-call, unused-ignore]

    def _read(self, response: PartedResponse) -> list[bytes]:
        """Return the parts of the body of an answer, decompressed."""
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in ENCODINGS:
            raise LargeAnswerError("is compressed in a way that was not asked for")
        length = getattr(response.raw, "length_remaining", None)
        if not encoding and length is not None and length <= CHUNK:
            body: bytes = response.raw.read()
            response._content_consumed = True  # type: ignore[attr-defined, unused-ignore]
            return [body]
        parts = self._read_chunks(response)
        is_long = sum(map(len, parts)) > FEWEST_VALUES
        if is_long and sum(part.count(sign) for part in parts for sign in VALUE_SIGNS) > self._limits.values:
            raise LargeAnswerError(f"has more than {self._limits.values:,} values")
        return parts

    def _read_chunks(self, response: requests.Response) -> list[bytes]:
        """Return the parts of an answer whose size or encoding has to be watched."""
        chunks, size = [], 0
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > self._limits.size:
                raise LargeAnswerError(too_large(self._limits.size))
            chunks.append(chunk)
        return chunks

    def _bound(self, manager: Any) -> Any:
        """Let the connections of a manager read answers within the limits."""
        classes = {"http": _BoundedPool, "https": _BoundedTlsPool}
        manager.pool_classes_by_scheme = {
            scheme: partial(pool_class, limits=self._limits, pace=self._pace) for scheme, pool_class in classes.items()
        }
        return manager


class _Bounding:
    """Part of a pool of connections: requests keep a pace, and answers are read within limits."""

    def __init__(self, *given: Any, limits: Limits, pace: Pace, **named: Any) -> None:
        self._limits = limits
        self._pace = pace
        self.is_ready = False
        """Whether the adapter has set what certificates have to fulfil."""
        super().__init__(*given, **named)
        pool: Any = self
        pool.ConnectionCls = _in_one_write(pool.ConnectionCls)

    def _get_conn(self, *given: Any, **named: Any) -> Any:
        """Return a connection when a request may be sent. urllib3 calls this again for each repetition."""
        self._pace.wait()
        return super()._get_conn(*given, **named)  # type: ignore[misc]

    def _new_conn(self) -> Any:
        connection = super()._new_conn()  # type: ignore[misc]
        connection.response_class = partial(_BoundedResponse, limits=self._limits)
        return connection


class _OneWrite:
    """Sends the headers and a short body of a request in one write. A base class of connections of urllib3."""

    _holds = False
    _held = b""

    def request(self, method: str, url: str, body: Any = None, *given: Any, **named: Any) -> None:
        """Send a request."""
        self._holds, self._held = isinstance(body, bytes) and 0 < len(body) <= CHUNK, b""
        super().request(method, url, body, *given, **named)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        """Send bytes of a request: first its headers, then its body."""
        if self._holds:
            self._holds, self._held = False, data
            return
        held, self._held = self._held, b""
        super().send(held + data if held else data)  # type: ignore[misc]


@cache
def _in_one_write(connection_class: type) -> type:
    """Return a class of connections of urllib3 that sends in one write, as _OneWrite does."""
    return type(connection_class.__name__, (_OneWrite, connection_class), {})


class _BoundedPool(_Bounding, HTTPConnectionPool):
    """Connections without TLS."""


class _BoundedTlsPool(_Bounding, HTTPSConnectionPool):
    """Connections with TLS."""


class _BoundedResponse(http.client.HTTPResponse):
    """An answer, from its status line on, whose bytes are read within limits."""

    def __init__(self, sock: Any, *given: Any, limits: Limits, **named: Any) -> None:
        super().__init__(_BoundedSocket(sock, limits), *given, **named)  # type: ignore[arg-type]


class _BoundedSocket:
    """What HTTPResponse needs of a socket: a file of one answer."""

    def __init__(self, sock: Any, limits: Limits) -> None:
        self._sock = sock
        self._limits = limits

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the bytes of an answer."""
        return io.BufferedReader(_BoundedReader(self._sock, self._limits))


class _BoundedReader(io.RawIOBase):
    """The bytes of one answer. Each read of the socket ends at the deadline of the whole answer."""

    def __init__(self, sock: Any, limits: Limits) -> None:
        super().__init__()
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._limits = limits
        self._deadline = 0.0
        self._left = 2 * limits.size + FRAMING

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read bytes into a buffer, and return their number; 0 at the end. Raises SlowAnswerError, LargeAnswerError."""
        self._shorten_timeout()
        try:
            count: int | None = self._file.readinto(buffer)
        except socket.timeout:
            # Before the deadline, it is the time-out of a single read.
            if self._is_late():
                raise SlowAnswerError from None
            raise
        self._deadline = self._deadline or time.monotonic() + self._limits.seconds
        self._left -= count or 0
        if self._left < 0:
            raise LargeAnswerError(too_large(self._limits.size))
        return count

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
        super().close()

    def _shorten_timeout(self) -> None:
        """Let the next read end at the deadline, if its own time-out ends later."""
        if self._deadline:
            if self._is_late():
                raise SlowAnswerError
            patience = self._sock.gettimeout()
            left = max(self._deadline - time.monotonic(), 0.001)
            self._sock.settimeout(left if patience is None else min(patience, left))

    def _is_late(self) -> bool:
        return bool(self._deadline) and time.monotonic() >= self._deadline


def too_large(size: int) -> str:
    """Return what is wrong with an answer of more than ``size`` bytes."""
    return f"is larger than {size / MEGABYTE:g} MB"


def _origin_of(url: str) -> str:
    """Return a URL up to its path."""
    return url[: url.find("/", url.find("//") + 2)]
