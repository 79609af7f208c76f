# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that answers whatever bytes a test wants, and the bytes that broken servers answer."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any

from hypothesis import strategies as st

PATIENCE = 60.0


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; secure: through TLS."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    secure: bool = False


@dataclass
class RawServer:
    """One answer a connection, which is closed after it. tls: how it speaks TLS, if it does."""

    answer: Callable[[Asked], bytes] = lambda asked: reply(200, b"{}")
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> RawServer:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=32)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(PATIENCE)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE)
            with contextlib.suppress(OSError), connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        stream = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
        with stream, stream.makefile("rb") as file:
            words = file.readline().split()
            if len(words) < 2:
                return
            head = b"".join(iter(file.readline, b"\r\n"))
            headers = {name.lower(): value for name, value in BytesParser().parsebytes(head).items()}
            body = file.read(int(headers.get("content-length", 0)))
            asked = Asked(words[0].decode(), words[1].decode(), headers, body, self.tls is not None)
            self.asked.append(asked)
            stream.sendall(self.answer(asked))


def reply(status: int | str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a well-formed answer, or of one that its headers make wrong."""
    given = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in given.items()), "Connection: close"]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


# What broken servers answer


def answers(*echoed: str) -> st.SearchStrategy[bytes]:
    """Any answer. echoed: texts that the server may repeat wherever it says something."""
    echo = st.sampled_from(echoed)
    return st.one_of(
        _structured(echo, echoed),
        _structured(echo, echoed),
        _structured(echo, echoed),
        st.binary(max_size=60),
        st.sampled_from(_NO_HTTP),
    )


_NO_HTTP = (
    b"",
    b"\r\n\r\n",
    b"\x15\x03\x03\x00\x02\x02\x46",
    b"HTTP/1.1\r\n\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/9.9 200 OK\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nno header at all\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 70000 + b"\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % each for each in range(120)) + b"\r\n{}",
    b"SSH-2.0-OpenSSH_9.2\r\n",
)
_STATUSES = (
    *(
        200,
        200,
        200,
        200,
        201,
        201,
        204,
        206,
        299,
        300,
        301,
        302,
        303,
        304,
        307,
        308,
        400,
        400,
        401,
        401,
        401,
        403,
        404,
    ),
    *(404, 405, 406, 407, 408, 409, 415, 418, 429, 451, 500, 500, 501, 502, 503, 504, 520, 599, 600, 999),
)
_CHALLENGES = (
    *("Digest", "Digest ", 'Digest realm="r"', 'Digest nonce="n"', 'Digest realm="r", nonce="n", qop="auth-int"'),
    *('Digest realm="r", nonce="n"', 'Digest realm="r", nonce="n", algorithm=SHA3', "Basic", 'Basic realm="r"'),
    *('DIGEST realm="é", nonce="\x7f", opaque="', 'Basic realm="r", Digest realm="r", nonce="n"', "Negotiate", "==,,="),
)
_TYPES = (
    *("application/json", "application/json; charset=nonsense", "application/json; charset=utf-16", "text/html"),
    *("", ";", "text/html; charset=\x00", "application/json;charset"),
)
_RETRY_AFTER = ("0", "-1", "soon", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 0000", "1e9", "")


@st.composite
def _structured(draw: st.DrawFn, echo: st.SearchStrategy[str], echoed: tuple[str, ...]) -> bytes:
    status = draw(st.sampled_from(_STATUSES))
    body = draw(_bodies(echo))
    headers = {"Content-Type": draw(st.sampled_from(_TYPES))}
    values: dict[str, tuple[str, ...]] = {
        "Content-Length": ("0", "1", "999999", "-5", "abc", ""),
        "Content-Encoding": ("gzip", "deflate", "nonsense"),
        "Transfer-Encoding": ("chunked", "nonsense"),
        "Retry-After": _RETRY_AFTER,
        "WWW-Authenticate": _CHALLENGES,
        "Set-Cookie": ("session=; Path=/", "=;;;=", 'x="\\', "session=a; Max-Age=never; Expires=never"),
        "Location": ("/elsewhere", "https://evil.example.org/1.1/users", "//user:pw@evil", "http://[", "", *echoed),
    }
    for name in draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=3)):
        headers[name] = draw(st.sampled_from(values[name]))
    return reply(status, body, headers)


@st.composite
def _bodies(draw: st.DrawFn, echo: st.SearchStrategy[str]) -> bytes:
    kind = draw(st.sampled_from(("json", "json", "list", "error", "odd", "bytes", "gzip", "truncated")))
    if kind == "list":
        rows = st.lists(st.one_of(st.dictionaries(_KEYS, _json(echo), max_size=3), _json(echo)), max_size=3)
        total = st.one_of(st.integers(-1, 5), _json(echo))
        return _dumped({"items": draw(st.one_of(rows, _json(echo))), "total": draw(total)})
    if kind == "error":
        return _dumped([f"Input Error - field 'x': {draw(echo)} is wrong", *draw(st.lists(_json(echo), max_size=2))])
    if kind == "odd":
        return draw(st.sampled_from(_ODD)).replace(b"ECHO", draw(echo).encode("utf-8", "replace"))
    if kind == "bytes":
        return draw(st.binary(max_size=80))
    whole = _dumped(draw(_json(echo)))
    if kind == "gzip":
        return gzip.compress(whole)
    return whole[: draw(st.integers(0, len(whole)))] if kind == "truncated" else whole


_KEYS = st.sampled_from(("id", "items", "total", "message", "token", "data", "uuid", "name", "password", "x"))
_ODD = (
    b"<html><body>ECHO</body></html>",
    b'{"items": [], "total": NaN}',
    b'{"items": [], "total": 1e999}',
    b'{"items": [{"id": 1}], "total": -Infinity}',
    b'{"id": 1, "id": 2, "id": [3]}',
    b'\xef\xbb\xbf{"id": 1}',
    '{"id": 1}'.encode("utf-16"),
    b'{"id": "\\ud800"}',
    b'{"id": ' + b"1" * 5000 + b"}",
    b"[" * 20_000,
    b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    b'{"message": {"message": "ECHO"}}',
    b'{"data": {"token": "line\\nbreak ECHO"}}',
    b'{"data": {"token": 7}}',
    b'{"data": ["ECHO"]}',
    b'{"items": [{"uuid": "ECHO", "name": "sub"}]}',
    b'["ECHO", "' + b"x" * 100_000 + b'"]',
    b"[\"('ECHO', 'confd.users.read', None)\"]",
    b"null",
    b'"ECHO"',
)


def _json(echo: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), echo)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
        max_leaves=6,
    )


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()
