# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials stay where they belong: which server gets those of the environment, and in which form."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible import signals
from ansible_collections.xivo.confd.plugins.module_utils._ansible.environment import refuse_other_servers
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._http import auth_service, auth_token
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection, is_loopback, origin_of
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import AuthenticationError, InputError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Simulator
from support.fake_server import CANARY
from support.helpers import Options, client_of
from support.raw_server import Asked, RawServer, reply

A, B = "https://a.example.org:9486", "https://b.example.org:9486"
SECRETS = ("confd_password", "confd_token")


def refusal(environ: dict[str, str], url: str = B, **options: Any) -> str:
    """The error about where the password of the environment would go; '' if it may go there."""
    connection = Connection(url, **{"username": "root", "password": "x", **options})
    try:
        refuse_other_servers(connection, SECRETS, environ)
    except InputError as error:
        return str(error)
    return ""


# Where the credentials of the environment may go


@pytest.mark.parametrize(
    ("environ", "url", "may"),
    [
        ({}, B, True),
        ({"CONFD_URL": ""}, B, True),
        ({"CONFD_URL": A}, A, True),
        ({"CONFD_URL": A}, "https://A.example.org:9486/1.1/", True),
        ({"CONFD_URL": "https://a.example.org"}, "https://a.example.org:443/api/confd", True),
        ({"CONFD_URL": A}, B, False),
        ({"CONFD_URL": A}, "http://a.example.org:9486", False),
        ({"CONFD_URL": A}, "https://a.example.org:9487", False),
        ({"CONFD_URL": A}, "https://a.example.org.b.example.org:9486", False),
        ({"CONFD_HOSTS": "a.example.org"}, A, True),
        ({"CONFD_HOSTS": "*.example.org"}, B, True),
        ({"CONFD_HOSTS": "a.example.org, b.example.org"}, B, True),
        ({"CONFD_HOSTS": "b.example.org:9486"}, B, True),
        ({"CONFD_HOSTS": "b.example.org:443"}, B, False),
        ({"CONFD_HOSTS": "a.example.org"}, B, False),
        ({"CONFD_HOSTS": "*.example.org"}, "http://b.example.org:9486", False),
        ({"CONFD_HOSTS": "http://*.example.org"}, "http://b.example.org:9486", True),
        ({"CONFD_HOSTS": "http://*.example.org"}, B, False),
        ({"CONFD_HOSTS": "*.example.org"}, "https://example.org.evil.net", False),
        ({"CONFD_HOSTS": "*.example.org"}, "https://evil.net/.example.org", False),
        ({"CONFD_URL": A, "CONFD_HOSTS": "b.*"}, B, True),
        ({"CONFD_URL": A, "CONFD_HOSTS": "c.*"}, B, False),
        ({"CONFD_HOSTS": "10.1.2.*"}, "https://10.1.2.3:9486", True),
        ({"CONFD_HOSTS": "10.1.2.*:9486"}, "https://10.1.2.3:9486", True),
        ({"CONFD_HOSTS": "10.1.2.*"}, "https://10.1.2.evil.org", False),
        ({"CONFD_HOSTS": "10.*:443"}, "https://10.evil.org", False),
        ({"CONFD_HOSTS": "*.1"}, "https://evil.1", False),
        ({"CONFD_HOSTS": "*"}, B, True),
        ({"CONFD_HOSTS": "[::1]:9486"}, "https://[::1]:9486", True),
        ({"CONFD_HOSTS": "[::1]"}, "https://[::1]:9486", True),
        ({"CONFD_HOSTS": "::1"}, "https://[::1]:9486", True),
        ({"CONFD_HOSTS": "[::1]:443"}, "https://[::1]:9486", False),
        ({"CONFD_HOSTS": f"{B}/"}, B, True),
        ({"CONFD_HOSTS": f"{B}/1.1"}, B, True),
        ({"CONFD_HOSTS": ","}, B, False),
        ({"CONFD_HOSTS": " "}, B, False),
        ({"CONFD_HOSTS": "b?example.org"}, B, False),
    ],
)
def test_where_the_password_of_the_environment_may_go(environ: dict[str, str], url: str, may: bool) -> None:
    said = refusal(environ, url)
    assert (said == "") is may
    if not may:
        assert "confd_password comes from the environment variable CONFD_PASSWORD" in said
        assert "CONFD_HOSTS" in said


@pytest.mark.parametrize(
    ("environ", "may"),
    [
        ({}, True),
        ({"CONFD_URL": B}, False),
        ({"CONFD_URL": B, "CONFD_AUTH_URL": "https://auth.example.org/0.1"}, True),
        ({"CONFD_HOSTS": "b.example.org"}, False),
        ({"CONFD_HOSTS": "b.example.org auth.*"}, True),
    ],
)
def test_the_auth_service_gets_it_on_the_same_terms(environ: dict[str, str], may: bool) -> None:
    said = refusal(environ, auth_url="https://auth.example.org/api/auth/0.1")
    assert (said == "") is may
    assert may or "confd_auth_url https://auth.example.org:443" in said


def test_credentials_of_the_inventory_go_where_it_says() -> None:
    connection = Connection(B, username="root", password="x")
    refuse_other_servers(connection, [], {"CONFD_URL": A, "CONFD_HOSTS": "a"})
    refuse_other_servers(connection, ["confd_token"], {"CONFD_URL": A, "CONFD_TOKEN": "unused"})


@pytest.mark.parametrize(
    "url",
    ["https://evil.net\\.example.org", "https://evil.net%2f.example.org", "https://a b", "https://evil.net\t.org"],
)
def test_hosts_that_libraries_read_differently_are_no_hosts(url: str) -> None:
    with pytest.raises(InputError, match="not a valid URL"):
        origin_of(url, "confd_url")


def run(options: Options) -> Options:
    def look(task: Task) -> Options:
        return {"users": task.backend.find_users(firstname="nobody")}

    return Module(look, {}).result({"_ansible_check_mode": False, "retries": 0, **options})


@pytest.mark.parametrize(
    "secret", [{"CONFD_PASSWORD": CANARY, "CONFD_USERNAME": "root"}, {"CONFD_TOKEN": CANARY}], ids=["password", "token"]
)
@pytest.mark.parametrize("bound", [{"CONFD_URL": A}, {"CONFD_HOSTS": "a.example.org"}], ids=["url", "hosts"])
def test_a_hostile_server_of_the_inventory_gets_nothing(
    secret: dict[str, str], bound: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**secret, **bound}.items():
        monkeypatch.setenv(name, value)
    with RawServer(lambda asked: reply(401, b"[]")) as server:
        result = run({"confd_url": server.url})
    assert "comes from the environment variable" in result["msg"]
    assert server.asked == []
    assert CANARY not in json.dumps(result)


# In which form


def seen(server: RawServer) -> str:
    return json.dumps([[asked.path, asked.headers, asked.body.decode()] for asked in server.asked])


BASIC = b64encode(f"root:{CANARY}".encode()).decode()


def like_a_wazo(asked: Asked) -> bytes:
    return reply(401, json.dumps(["('', 'confd.users.read')"]).encode())


@pytest.fixture
def exposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is this machine, so that the servers of the test are as far away as others."""
    monkeypatch.setattr(
        "ansible_collections.xivo.confd.plugins.module_utils._http.connection.is_loopback", lambda host: False
    )


CREDENTIALS = {"confd_username": "root", "confd_password": CANARY}


@pytest.mark.usefixtures("exposed")
def test_auto_sends_no_password_in_basic_form_over_http() -> None:
    with RawServer(like_a_wazo) as server:
        result = run({"confd_url": server.url, **CREDENTIALS})
    assert "generation wazo, whose authentication service would get the password without encryption" in result["msg"]
    assert "set confd_api: wazo" in result["msg"]
    assert [asked.path.partition("?")[0] for asked in server.asked] == ["/1.1/incalls"]
    assert BASIC not in seen(server)


@pytest.mark.usefixtures("exposed")
def test_nor_to_a_server_that_asks_for_no_credentials_first() -> None:
    """It answers the first request, and says in the second one that it is a Wazo."""
    with RawServer(lambda _asked: reply(200, b'{"items": [], "total": 0, "wazo_version": "26.08"}')) as server:
        result = run({"confd_url": server.url, **CREDENTIALS})
    assert "without encryption" in result["msg"]
    assert BASIC not in seen(server)


@pytest.mark.usefixtures("exposed")
def test_an_http_auth_service_beside_confd_gets_no_password() -> None:
    with RawServer(like_a_wazo) as server:
        client = Client(Connection(B, username="root", password=CANARY, auth_url=f"{server.url}/api/auth/0.1"))
        with pytest.raises(InputError, match="without encryption"):
            client.refuse_exposed_password("wazo")
    assert server.asked == []


@pytest.mark.usefixtures("exposed")
def test_who_says_wazo_gets_it_over_http_with_a_warning() -> None:
    with RawServer(like_a_wazo) as server:
        result = run({"confd_url": server.url, "confd_api": "wazo", **CREDENTIALS})
    assert BASIC in seen(server)
    assert any("confd_url begins with http://" in warning for warning in result["warnings"])


@pytest.mark.usefixtures("exposed")
@pytest.mark.parametrize("given", [CREDENTIALS, {"confd_token": "t0ken"}], ids=["password", "token"])
def test_credentials_over_http_are_a_warning_each_run(given: Options) -> None:
    with RawServer(lambda asked: reply(401, b"", {"WWW-Authenticate": 'Digest realm="r", nonce="n"'})) as server:
        warnings = [run({"confd_url": server.url, **given})["warnings"] for _run in range(2)]
    assert warnings[0] == warnings[1] and "begins with http://" in warnings[0][0]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine_needs_no_tls(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize("name", ["127.0.0.1.evil.net", "localhost.evil.net", "10.0.0.1", "128.0.0.1", "0.0.0.0"])
def test_other_machines_do(name: str) -> None:
    assert not is_loopback(name)


def test_a_basic_challenge_gets_no_credentials() -> None:
    with RawServer(lambda asked: reply(401, b"", {"WWW-Authenticate": 'Basic realm="r"'})) as server:
        client = Client(Connection(server.url, username="root", password=CANARY))
        with pytest.raises(AuthenticationError):
            client.get("/users")
    assert BASIC not in seen(server)
    assert CANARY not in seen(server)


# Tokens


@pytest.fixture
def wazo() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False, seed=1) as simulator:
        yield simulator


def test_a_token_is_issued_for_minutes(wazo: Simulator) -> None:
    client = client_of(wazo)
    client.use_wazo_auth()
    client.get("/infos")
    (token,) = wazo.database.accounts.tokens
    row = wazo.database.accounts.token(token)
    assert row is not None
    assert row.expires_at - row.issued_at == auth_service.TOKEN_SECONDS <= 900
    client.close()


def test_a_token_is_renewed_before_it_expires(wazo: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(auth_token.time, "monotonic", lambda: now)
    client = client_of(wazo)
    client.use_wazo_auth()
    client.get("/infos")
    now += auth_service.TOKEN_SECONDS - auth_service.RENEWAL_MARGIN - 1
    client.get("/infos")
    assert len(wazo.database.accounts.tokens) == 1
    now += 1
    client.get("/infos")
    assert len(wazo.database.accounts.tokens) == 2
    assert [request.status for request in wazo.requests if request.status == 401] == []
    client.close()
    assert wazo.database.accounts.tokens == []


def test_a_refused_token_is_called_a_token() -> None:
    def answer(asked: Asked) -> bytes:
        if asked.method == "POST":
            return reply(200, json.dumps({"data": {"token": "t0ken"}}).encode())
        return reply(404) if asked.method == "HEAD" else like_a_wazo(asked)

    with RawServer(answer) as server:
        client = Client(Connection(server.url, username="root", password="x"))
        client.use_wazo_auth()
        with pytest.raises(AuthenticationError) as caught:
            client.get("/users")
    assert "rejects the token that http://127.0.0.1" in str(caught.value)
    assert "issued for confd_username 'root': it has expired or was revoked. Run again." in str(caught.value)


# Signals


@pytest.mark.parametrize("number", signals.SIGNALS, ids=lambda number: number.name)
def test_an_interrupted_run_gives_its_token_back(wazo: Simulator, number: signal.Signals) -> None:
    received: list[int] = []
    held: list[int] = []

    def work(task: Task) -> Options:
        task.backend.find_users(firstname="nobody")
        held.append(len(wazo.database.accounts.tokens))
        os.kill(os.getpid(), number)
        raise AssertionError("the run went on")

    before = signal.signal(number, lambda given, _frame: received.append(given))
    try:
        given = {"confd_url": wazo.url, "confd_username": wazo.username, "confd_password": wazo.password}
        with pytest.raises(signals.Interrupted):
            Module(work, {}).result({"_ansible_check_mode": False, **given})
    finally:
        signal.signal(number, before)
    assert (held, wazo.database.accounts.tokens, received) == ([1], [], [number])


@pytest.mark.parametrize(("later", "ends"), [(0.5, False), (1.5, True)])
def test_a_second_signal_ends_the_process(later: float, ends: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([1000.0, 1000.0 + later])
    monkeypatch.setattr(signals.time, "monotonic", lambda: next(times))
    received: list[int] = []
    at_second: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda given, _frame: received.append(given))
    try:
        with pytest.raises(signals.Interrupted), signals.cleaned_up_on_signals():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)
                at_second = list(received)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert at_second == [signal.SIGTERM] * ends


@pytest.mark.parametrize("way", ["stall", "503"])
def test_a_server_does_not_hold_up_the_end_of_a_run(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth_service, "REVOCATION_TIMEOUT", 0.2)
    ended = threading.Event()

    def answer(asked: Asked) -> bytes:
        if asked.method == "POST":
            return reply(200, json.dumps({"data": {"token": "t0ken"}}).encode())
        if asked.method == "GET":
            return reply(200, b'{"id": 1}')
        if way == "stall":
            ended.wait(30)
        return (
            reply(503, headers={"Retry-After": "60"}) if way == "503" else reply(204, headers={"Content-Length": "9"})
        )

    with RawServer(answer) as server:
        client = Client(Connection(server.url, username="root", password="x"))
        client.use_wazo_auth()
        client.get("/infos")
        begun = time.monotonic()
        client.close()
        assert time.monotonic() - begun < 25
        ended.set()
    assert [asked.method for asked in server.asked] == ["POST", "GET", "DELETE"]


def test_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals.cleaned_up_on_signals():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
