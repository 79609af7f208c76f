# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP session: authentication, TLS, repetitions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import responses
import urllib3.util.retry
from responses import matchers

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._http.transport import LONGEST_RETRY_AFTER, BoundedRetry
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AuthenticationError,
    CertificateError,
    InputError,
    LostAnswerError,
    RequestError,
    ServerError,
    TimedOutError,
    UnreachableError,
)
from simulator import Fault, Simulator
from support.fake_server import CANARY, URL, fake_client
from support.helpers import client_of, free_port, wait_until

# The address


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/1.1", f"{URL}/1.1/", f"  {URL} "])
def test_base_url(url: str) -> None:
    assert Connection(url).base_url == f"{URL}/1.1"


@pytest.mark.parametrize("url", ["", "pbx", "pbx:9486", "ftp://pbx", "https://", "https://[::1", "https://pbx:https"])
def test_bad_url_is_explained(url: str) -> None:
    with pytest.raises(InputError, match="confd_url is .*Example: https://pbx.example.org:9486"):
        Client(Connection(url))


def test_credentials_in_the_url_are_refused_and_not_repeated() -> None:
    with pytest.raises(InputError, match="confd_url contains credentials") as caught:
        Client(Connection(f"https://admin:{CANARY}@pbx:9486"))
    assert CANARY not in str(caught.value)


# What is sent


def test_exact_headers(fake: responses.RequestsMock) -> None:
    only_json = matchers.header_matcher({"Accept": "application/json"})
    sends_json = matchers.header_matcher({"Accept": "application/json", "Content-Type": "application/json"})
    fake.get(f"{URL}/1.1/users/1", json={"id": 1}, match=[only_json])
    fake.post(f"{URL}/1.1/users", json={"id": 1}, status=201, match=[sends_json])
    fake.put(f"{URL}/1.1/users/1", status=204, match=[sends_json])
    fake.delete(f"{URL}/1.1/users/1", status=204, match=[only_json])
    client = fake_client()
    client.get("/users/1")
    client.post("/users", {"firstname": "Élodie"})
    client.put("/users/1", {})
    client.delete("/users/1")
    assert json.loads(fake.calls[1].request.body) == {"firstname": "Élodie"}
    assert fake.calls[2].request.body == b"{}"


def test_token(fake: responses.RequestsMock) -> None:
    fake.get(f"{URL}/1.1/users", json={"items": [], "total": 0})
    fake_client(token="abc", username="ignored").get_items("/users")
    headers = fake.calls[0].request.headers
    assert headers["X-Auth-Token"] == "abc"
    assert "Authorization" not in headers


def test_netrc_is_not_sent(fake: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine pbx.example.org login admin password {CANARY}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    fake.get(f"{URL}/1.1/users", json={"items": [], "total": 0})
    fake_client().get_items("/users")
    assert "Authorization" not in fake.calls[0].request.headers


# Digest


def test_digest_costs_one_request_a_session(sim: Simulator) -> None:
    client = client_of(sim)
    for _each in range(3):
        client.get("/infos")
    assert [request.status for request in sim.requests] == [401, 200, 200, 200]


def test_first_request_may_be_a_post(sim: Simulator) -> None:
    client_of(sim).post("/users", {"firstname": "A"})
    assert len(sim.writes) == len(sim.database.users) == 1


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_recovers_from_a_restart(sim: Simulator, method: str) -> None:
    client = client_of(sim)
    user = client.post("/users", {"firstname": "A"})["id"]
    sim.restart()
    sim.clear_log()
    calls: dict[str, Callable[[], Any]] = {
        "get": lambda: client.get(f"/users/{user}"),
        "post": lambda: client.post("/users", {"firstname": "B"}),
        "put": lambda: client.put(f"/users/{user}", {"firstname": "B"}),
        "delete": lambda: client.delete(f"/users/{user}"),
    }
    calls[method]()
    assert [request.status for request in sim.requests if request.reached_view] == [
        {"get": 200, "post": 201, "put": 204, "delete": 204}[method]
    ]
    assert sorted(row.firstname for row in sim.database.users) == {"get": ["A"], "post": ["A", "B"], "put": ["B"]}.get(
        method, []
    )


def test_a_restart_during_the_request(sim: Simulator) -> None:
    client = client_of(sim)
    client.get("/infos")
    sim.faults.add(Fault("restart", method="POST"))
    client.post("/users", {"firstname": "A"})
    assert len(sim.database.users) == 1


def test_a_restart_between_the_challenge_and_the_first_answer(sim: Simulator) -> None:
    sim.faults.add(Fault("restart", method="POST"))
    client_of(sim).post("/users", {"firstname": "A"})
    assert len(sim.database.users) == 1


@pytest.mark.parametrize(
    ("credentials", "words"),
    [
        ({"password": CANARY}, "rejects confd_username 'admin' and confd_password"),
        ({"username": "nobody"}, "rejects confd_username 'nobody'"),
        ({"username": None}, "requires credentials"),
        ({"token": CANARY}, "rejects confd_token"),
    ],
)
def test_wrong_credentials(sim: Simulator, credentials: dict[str, Any], words: str) -> None:
    with pytest.raises(AuthenticationError, match=words) as caught:
        client_of(sim, **credentials).get("/users")
    assert CANARY not in str(caught.value)
    assert caught.value.status == 401
    assert not caught.value.may_have_acted


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_password_is_sent_twice_at_most(sim: Simulator, method: str) -> None:
    """The second time because a restart of the server looks the same."""
    client = client_of(sim, password=CANARY)
    with pytest.raises(AuthenticationError):
        client.get("/users") if method == "get" else client.post("/users", {"firstname": "A"})
    assert [request.status for request in sim.requests] == [401, 401, 401]


def test_a_restart_costs_one_request(sim: Simulator) -> None:
    client = client_of(sim)
    client.get("/infos")
    sim.restart()
    sim.clear_log()
    for _each in range(2):
        client.get("/infos")
    assert [request.status for request in sim.requests] == [401, 200, 200]


def test_credentials_that_stop_working_are_no_endless_loop(sim: Simulator) -> None:
    client = client_of(sim)
    client.get("/infos")
    sim.clear_log()
    sim.faults.add(Fault("401", times=99))
    with pytest.raises(AuthenticationError):
        client.get("/users")
    assert len(sim.requests) <= 4


# TLS


def test_trusted_certificate(tls_sim: Simulator) -> None:
    assert client_of(tls_sim).get_items("/users") == []


def test_untrusted_certificate(tls_sim: Simulator) -> None:
    with pytest.raises(
        CertificateError,
        match=r"is not trusted \(.*verify failed.*Set ca_path \(in an inventory: confd_ca_path\) to the PEM file",
    ) as caught:
        client_of(tls_sim, ca_path=None).post("/users", {"firstname": "A"})
    assert not caught.value.may_have_acted
    assert tls_sim.requests == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("options", [{}, {"validate_certs": False, "ca_path": None}])
def test_environment_does_not_override_the_options(
    tls_sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, options: dict[str, Any]
) -> None:
    monkeypatch.setenv(name, str(tmp_path))
    assert client_of(tls_sim, **options).get_items("/users") == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_environment_names_the_ca_where_no_option_does(
    tls_sim: Simulator, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(tls_sim.ca_path))
    assert client_of(tls_sim, ca_path=None).get_items("/users") == []


def test_blanks_around_a_password_are_said(tls_sim: Simulator) -> None:
    with pytest.raises(AuthenticationError, match="confd_password begins or ends with a blank or a line break"):
        client_of(tls_sim, password=f"{tls_sim.password}\n").get("/users")


@pytest.mark.parametrize("username", ["rené", 'a"b', "a\n", "日本"])
@pytest.mark.parametrize("api", ["auto", "xivo15", "xivo16"])
def test_a_login_on_which_the_server_fails(tls_sim: Simulator, username: str, api: str) -> None:
    """confd answers 500 to every request with accents in the login."""
    with pytest.raises(InputError, match="not allowed in the login of a XiVO.*another login, of ASCII characters"):
        choose_backend(api, client_of(tls_sim, username=username))


def test_ca_path_that_is_not_there(tls_sim: Simulator) -> None:
    with pytest.raises(CertificateError, match="ca_path '/nowhere.pem' cannot be read"):
        client_of(tls_sim, ca_path="/nowhere.pem").get("/users")


def test_ca_path_that_is_no_certificate(tls_sim: Simulator, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate\n")
    with pytest.raises(CertificateError, match=r"Check that ca_path .*ca\.pem"):
        client_of(tls_sim, ca_path=str(tmp_path / "ca.pem")).get("/users")


def test_a_server_without_tls(sim: Simulator) -> None:
    with pytest.raises(CertificateError, match="does not use TLS"):
        client_of(sim, url=sim.url.replace("http://", "https://")).get("/users")


# No connection


def test_refused_connection() -> None:
    client = Client(Connection(f"http://127.0.0.1:{free_port()}", retries=1))
    with pytest.raises(
        UnreachableError, match=r"No connection to http://127.*refused.*confd listens on port 9486"
    ) as e:
        client.post("/users", {})
    assert not e.value.may_have_acted
    assert "\n" not in str(e.value)


def test_unknown_host() -> None:
    with pytest.raises(UnreachableError, match="No connection to https://pbx.invalid"):
        Client(Connection("https://pbx.invalid", retries=0)).get("/users")


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_proxy_of_the_environment(tls_sim: Simulator, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with pytest.raises(
        UnreachableError, match="the proxy http://127.0.0.1:[0-9]+ did not answer.*HTTPS_PROXY and NO_PROXY"
    ):
        client_of(tls_sim).get("/users")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert client_of(tls_sim).get_items("/users") == []


# Repetitions


REPEATED: dict[str, Callable[[Client], Any]] = {
    "GET": lambda client: client.get("/users/1"),
    "PUT": lambda client: client.put("/users/1", {"firstname": "B"}),
    "DELETE": lambda client: client.delete("/users/1"),
}


@pytest.mark.parametrize("method", REPEATED)
@pytest.mark.parametrize("kind", ["drop_before", "502", "503"])
def test_repeats_what_may_be_repeated(sim: Simulator, method: str, kind: str) -> None:
    client = client_of(sim)
    client.post("/users", {"firstname": "A"})
    sim.clear_log()
    sim.faults.add(Fault(kind, method=method))
    REPEATED[method](client)
    assert [request.fault for request in sim.requests] == [kind, None]


@pytest.mark.parametrize("method", REPEATED)
def test_gives_up_after_the_retries(sim: Simulator, method: str) -> None:
    client = client_of(sim)
    client.post("/users", {"firstname": "A"})
    sim.clear_log()
    sim.faults.add(Fault("503", method=method, times=9))
    with pytest.raises(LostAnswerError, match=f"{method} .*/users/1: HTTP 503") as caught:
        REPEATED[method](client)
    assert len(sim.requests) == 2
    assert caught.value.may_have_acted


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "502", "503", "500_after"])
def test_never_repeats_a_post(sim: Simulator, kind: str) -> None:
    client = client_of(sim, retries=3)
    client.get("/infos")
    fault = Fault(kind, method="POST", times=9, retry_after=0 if kind == "503" else None)
    sim.faults.add(fault)
    with pytest.raises(RequestError) as caught:
        client.post("/users", {"firstname": "A"})
    assert caught.value.may_have_acted
    assert fault.seen == 1


def test_500_is_not_repeated(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", method="GET"))
    with pytest.raises(ServerError, match=r"HTTP 500: Unexpected error: simulated fault\. See the log of the server"):
        client_of(sim).get("/users")


@pytest.mark.parametrize(("header", "seconds"), [("3600", LONGEST_RETRY_AFTER), ("2", 2), (None, None)])
def test_retry_after_is_bounded(header: str | None, seconds: float | None) -> None:
    response = SimpleNamespace(headers={"Retry-After": header} if header else {})
    assert BoundedRetry(3).get_retry_after(response) == seconds


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (Fault("503", times=3, retry_after=7), [7, 7, 7]),
        (Fault("503", times=2, retry_after=3600), [LONGEST_RETRY_AFTER] * 2),
        (Fault("502", times=3), [0.6, 1.2]),  # the first repetition comes at once
        (Fault("drop_before", times=3), [0.6, 1.2]),
    ],
)
def test_how_long_is_waited(fault: Fault, waited: list[float], sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(sim, retries=3)
    client.get("/infos")
    slept: list[float] = []
    monkeypatch.setattr(urllib3.util.retry, "time", SimpleNamespace(sleep=slept.append))
    sim.faults.add(replace(fault))
    client.get("/infos")
    assert slept == waited


def test_retry_after_that_is_nonsense_is_ignored() -> None:
    response = SimpleNamespace(headers={"Retry-After": "soon"})
    assert BoundedRetry(3).get_retry_after(response) is None


def test_no_answer_in_time(sim: Simulator) -> None:
    sim.faults.add(Fault("delay", method="POST", seconds=0.4))
    client = client_of(sim, timeout=0.1)
    with pytest.raises(TimedOutError, match=r"POST .*/users: no answer within 0.1 seconds") as caught:
        client.post("/users", {"firstname": "A"})
    assert caught.value.may_have_acted
    wait_until(lambda: sim.writes)


def test_no_answer_in_time_however_often_it_is_asked(sim: Simulator) -> None:
    client = client_of(sim, timeout=0.1)
    client.get("/infos")
    sim.faults.add(Fault("delay", seconds=0.4, times=2))
    with pytest.raises(TimedOutError, match=r"GET .*/users: no answer within 0.1 seconds"):
        client.get("/users")
