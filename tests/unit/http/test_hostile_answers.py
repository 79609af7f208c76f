# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hostile or broken server can cost neither minutes nor gigabytes, and its words cannot drive a terminal."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.wazo.lines import line_body
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._http.limits import MEGABYTE, VALUE_SIGNS, Limits
from ansible_collections.xivo.confd.plugins.module_utils._model.callerids import canonical_caller_id
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    InputError,
    RequestError,
    TimedOutError,
    UnreadableError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.masker import Masker, remove_credentials
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import MASK
from simulator import Simulator
from support.fake_server import CANARY
from support.helpers import client_of as client_of_simulator
from support.people import fill, person
from support.raw_server import Asked, RawServer, reply

ENDLESS = 60.0
"""Seconds of this thread's processor time. No machine needs them for what takes milliseconds, and what grows with
the square of these answers needs more of them on every machine."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHALLENGE = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}


@contextmanager
def not_endless() -> Iterator[None]:
    """Fail if the block computes for minutes. Waiting, other threads and other processes do not count."""
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < ENDLESS


def client_of(server: Any, **options: Any) -> Client:
    return Client(Connection(server.url, **{"retries": 0, "timeout": 5.0, **options}))


def error_of(server: Any, **options: Any) -> RequestError:
    with pytest.raises(RequestError) as caught:
        client_of(server, **options).get("/users")
    return caught.value


@contextmanager
def stream(write: Callable[[socket.socket], Any]) -> Iterator[Any]:
    """A server that writes on and on to the first client, until that hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(65536)
                try:
                    while True:
                        write(connection)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield type("Server", (), {"url": f"http://127.0.0.1:{listener.getsockname()[1]}"})
        thread.join(30)
        assert not thread.is_alive()


# Time


@pytest.mark.parametrize(
    "answer",
    [
        reply(400, json.dumps(["x" + " " * 320_000 + "y"]).encode()),
        reply(400, json.dumps(["'" * 320_000]).encode()),
        reply(400, json.dumps(["//" * 320_000 + "@x"]).encode()),
        reply(400, json.dumps(["'SELECT" * 80_000]).encode()),
        reply(400, json.dumps(["x"] * 200_000).encode()),
        reply(302, headers={"Location": "http:" + "/" * 60_000}),
        reply(302, headers={"Location": "http:" + "//@ " * 15_000}),
        reply(401, json.dumps(["('" * 320_000]).encode()),
        reply(200, b"[" * 2_000_000),
        reply(400, b"[" * 2_000_000),
        reply(400, b'["' + b"x" * 20_000_000 + b'"]'),
        reply(500, b"x" * 20_000_000),
        reply(200, b"<html>", {"Content-Type": "x" + " " * 60_000 + "y"}),
    ],
    ids=[
        "blanks",
        "quotes",
        "slashes",
        "sql",
        "messages",
        "location",
        "credentials",
        "refusal",
        "nested",
        "nested error",
        "long error",
        "long page",
        "type",
    ],
)
def test_no_answer_takes_minutes_to_read(answer: bytes) -> None:
    with RawServer(lambda asked: answer) as server, not_endless():
        error = error_of(server)
        assert len(str(error)) < 3_000_000


def test_a_table_of_passwords_takes_no_minutes_to_mask() -> None:
    table = "firstname,password\r\n" + "".join(f"Ann,sEcret{row:06d}xyz\r\n" for row in range(1000))
    errors = [{"message": "sEcret0000" * 2000, "details": {"row_number": row}} for row in range(1000)]
    answer = reply(400, json.dumps({"errors": errors}).encode())
    with RawServer(lambda asked: answer) as server, not_endless(), pytest.raises(RequestError):
        client_of(server).post_table("/users/import", table)


def test_a_refusal_in_many_words_is_short() -> None:
    with RawServer(lambda asked: reply(400, json.dumps(["x" * 2000] * 1000).encode())) as server:
        error = error_of(server)
    assert len(str(error)) < 2200
    assert sum(map(len, error.messages)) <= 200_000


@pytest.mark.parametrize("text", ['"' * 320_000 + "x", '"' + ' " <>' * 80_000 + "x", " " * 320_000])
def test_no_caller_id_takes_minutes_to_read(text: str) -> None:
    with not_endless():
        canonical_caller_id(text)
        line_body({"callerid": f'"{text}'})


@pytest.mark.parametrize("sent", [b"1", b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"X-Long: "], ids=str)
def test_an_answer_that_trickles_ends_at_its_deadline(sent: bytes) -> None:
    pieces = iter([HEAD + b"Content-Length: 999999\r\n\r\n" if sent == b"1" else sent])
    tick = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.sendall(next(pieces, b"1" if sent != b"HTTP/1.1 100 Continue\r\n\r\n" else sent))
        tick.wait(0.05)

    with stream(trickle) as server:
        error = error_of(server, timeout=1.0, answer_timeout=0.3)
    assert isinstance(error, TimedOutError)
    assert "the answer was not complete 0.3 seconds after it began. Increase answer_timeout" in str(error)


def test_a_slow_answer_is_not_asked_for_again() -> None:
    # The server has one answer only: a second request would wait for the time-out, and say so.
    pieces = iter([HEAD + b"Content-Length: 9\r\n\r\n"])
    tick = threading.Event()
    with stream(lambda connection: (connection.sendall(next(pieces, b" ")), tick.wait(0.1))) as server:
        assert "not complete" in str(error_of(server, retries=3, answer_timeout=0.3))


# Size


def endless(connection: socket.socket) -> None:
    connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


def test_endless_chunks_end_with_their_cause() -> None:
    head = iter([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"])
    with stream(lambda connection: (connection.sendall(next(head, b"")), endless(connection))) as server:
        error = error_of(server, max_answer_size=2.0)
    assert isinstance(error, UnreadableError)
    assert "the answer is larger than 2 MB. Increase max_answer_size" in str(error)


def test_an_endless_size_of_a_chunk_ends_with_its_cause() -> None:
    head = iter([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"])
    with stream(lambda connection: connection.sendall(next(head, b"0" * 65536))) as server:
        # Some releases of urllib3 bound this line themselves.
        assert re.search("is larger than 2 MB|chunk size line exceeded", str(error_of(server, max_answer_size=2.0)))


@pytest.mark.parametrize(
    ("value", "signs", "status"), [(b"{},", 2, 200), (b"[],", 2, 400), (b"1,", 1, 200), (b'["a","b"],', 3, 500)]
)
def test_the_values_of_json_are_bounded(value: bytes, signs: int, status: int) -> None:
    body = b'{"total":1,"items":[' + value * (5_200_000 // signs) + b"1]}"
    packed = gzip.compress(body, 1)
    with RawServer(lambda asked: reply(status, packed, {"Content-Encoding": "gzip"})) as server, not_endless():
        said = str(error_of(server))
    assert "the answer has more than 5,120,000 values. Increase max_answer_size" in said


def test_ten_thousand_users_are_read() -> None:
    with Simulator(api="wazo", tls=False) as simulator:
        fill(simulator, [person("Ann", "B", "1200", "2200", voicemail={"password": "1234"})])
        client = client_of_simulator(simulator)
        client.use_wazo_auth()
        (row,) = client.get_items("/users")
        client.close()
    body = json.dumps(row).encode() * 10_000
    assert 2 * sum(map(body.count, VALUE_SIGNS)) < Limits(300.0, 256 * MEGABYTE).values


@pytest.mark.parametrize("status", [200, 400, 500])
def test_what_is_decompressed_is_bounded(status: int) -> None:
    packed = gzip.compress(b" " * 20_000_000)
    with RawServer(lambda asked: reply(status, packed, {"Content-Encoding": "gzip"})) as server:
        assert "is larger than 5 MB" in str(error_of(server, max_answer_size=5.0))


def test_a_challenge_is_bounded_too() -> None:
    packed = gzip.compress(b" " * 20_000_000)
    with RawServer(lambda asked: reply(401, packed, {**CHALLENGE, "Content-Encoding": "gzip"})) as server:
        assert "is larger than 5 MB" in str(error_of(server, max_answer_size=5.0, username="u", password="p"))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_compression_without_a_bound_is_refused(encoding: str) -> None:
    packed = gzip.compress(gzip.compress(b"{}"))
    with RawServer(lambda asked: reply(200, packed, {"Content-Encoding": encoding})) as server:
        assert "is compressed in a way that was not asked for" in str(error_of(server))


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "identity"])
def test_what_servers_compress_is_read(encoding: str) -> None:
    body = b'{"id": 1}'
    packed = body if encoding == "identity" else gzip.compress(body)
    with RawServer(lambda asked: reply(200, packed, {"Content-Encoding": encoding})) as server:
        assert client_of(server).get("/users") == {"id": 1}


def test_an_answer_within_the_limit_is_read() -> None:
    body = b'{"id": 1, "text": "' + b"x" * 900_000 + b'"}'
    with RawServer(lambda asked: reply(200, body)) as server:
        assert client_of(server, max_answer_size=1.0).get("/users")["id"] == 1


# Words


def test_a_secret_at_the_cut_is_not_shown_in_half() -> None:
    for before in range(19_970, 20_010):
        text = f"{'. ' * 9_000}{' ' * (before - 18_000)}{CANARY}{'x' * 30_000}"
        assert CANARY[:4] not in Masker([CANARY]).excerpt(text, 100_000)


SPELT = "Ca&na<ry\"é' 7/x+Z"
BASIC = b64encode(f"root:{SPELT}".encode()).decode()
ISSUED = "issued-token-Zq712345"
TENANT = {"uuid": "00000000-0000-0000-0000-000000000000"}


def answers_of(place: str, words: str) -> Callable[[Asked], bytes]:
    """What a Wazo answers that repeats words in one place."""
    text = json.dumps([words]).encode()
    answers = {
        "message": reply(400, text),
        "object": reply(500, json.dumps({"message": words}).encode()),
        "status": reply(f"500 {words}".encode().decode("latin-1"), b"x"),
        "location": reply(302, headers={"Location": f"https://elsewhere/{words}"}),
        "type": reply(200, b"<html>", {"Content-Type": words}),
        "chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + words.encode() + b"\r\n",
        "permission": reply(401, json.dumps([f"('', '{words[:200]}')"]).encode()),
    }

    def answer(asked: Asked) -> bytes:
        if asked.path.endswith("/tenants"):
            return reply(200, json.dumps({"items": [{**TENANT, "name": words}]}).encode())
        if asked.path.endswith("/backends"):
            return reply(200, json.dumps({"data": [words]}).encode())
        if asked.path.endswith("/token") and place == "backends":
            return reply(401)
        if asked.path.endswith("/token"):
            refused = reply(500, json.dumps({"reason": [words]}).encode())
            return refused if place == "reason" else reply(200, json.dumps({"data": {"token": ISSUED}}).encode())
        return reply(200) if asked.method == "HEAD" else answers.get(place, reply(400))

    return answer


OF_XIVO = ("message", "status", "location", "type", "chunk")
PLACES = ("message", "object", "status", "location", "type", "chunk", "permission", "tenant")


@pytest.mark.parametrize(
    ("place", "words"), [*product(PLACES, [BASIC, SPELT, ISSUED]), ("reason", BASIC), ("reason", SPELT)]
)
def test_no_place_of_an_answer_repeats_credentials(place: str, words: str) -> None:
    tenant = {"tenant": "sub"} if place == "tenant" else {}
    with RawServer(answers_of(place, f"before {words} after")) as server:
        client = client_of(server, username="root", password=SPELT, **tenant)
        client.use_wazo_auth()
        with pytest.raises(ConfdError) as caught:
            client.get("/users")
    said = json.dumps([str(caught.value), *getattr(caught.value, "messages", ())], ensure_ascii=False)
    # A password with quotes is no permission, and one with accents no address: nothing is repeated.
    assert MASK in said or (words == SPELT and place in ("location", "permission"))
    assert "Zq7123" not in said and BASIC.rstrip("=") not in said and "Ca&na" not in said


@pytest.mark.parametrize(
    ("place", "words"),
    [*product(OF_XIVO, [BASIC, SPELT, ISSUED]), *product(("reason", "backends"), [BASIC, SPELT])],
)
def test_nor_does_one_of_a_xivo_with_a_token(place: str, words: str) -> None:
    with RawServer(answers_of(place, f"before {words} after")) as server:
        client = client_of(server, username="root", password=SPELT, auth_url=server.url)
        client.use_xivo_auth()
        with pytest.raises(ConfdError) as caught:
            client.get("/users")
    said = json.dumps([str(caught.value), *getattr(caught.value, "messages", ())], ensure_ascii=False)
    assert MASK in said or (words == SPELT and place == "location")
    assert "Zq7123" not in said and BASIC.rstrip("=") not in said and "Ca&na" not in said


def test_a_long_name_of_a_tenant_is_cut() -> None:
    with RawServer(answers_of("tenant", "n" * 1_000_000)) as server:
        client = client_of(server, username="root", password=SPELT, tenant="sub")
        client.use_wazo_auth()
        with pytest.raises(InputError) as caught:
            client.get("/users")
    assert len(str(caught.value)) < 2200


def test_credentials_at_the_cut_are_not_shown_in_half() -> None:
    text = f"{' ' * 19_980}https://me:{CANARY}{'x' * 30_000}@pbx"
    assert CANARY[:4] not in Masker([]).excerpt(text, 100_000)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see //me:pw@host/x", "see //********@host/x"),
        ("a //b and //c:d@e //f@g@h\t//", "a //b and //********@e //********@h\t//"),
        ("mail me@host", "mail me@host"),
        ("http:////u@h", "http://********@h"),
    ],
)
def test_credentials_of_urls_are_masked(text: str, shown: str) -> None:
    assert remove_credentials(text) == shown


@pytest.mark.parametrize("status", [400, 401, 302, 500])
def test_words_of_a_server_cannot_drive_the_terminal(status: int) -> None:
    words = "\x1b[2J\x07\u202eok: [pbx]\r\nchanged"

    def answer(asked: Asked) -> bytes:
        refused = f"('', '{words}')" if status == 401 else words
        return reply(status, json.dumps([refused]).encode(), {"Location": "http://\x1b[2J\x07"})

    with RawServer(answer) as server:
        error = error_of(server)
    assert all(re.search(r"[\x00-\x1f\x7f\u202e]", text) is None for text in (str(error), *error.messages))
