# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check how the client signs in to a XiVO by its auth service, and its messages (xivo-16.16.md, "Digest / token")."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import responses

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AuthenticationError,
    InputError,
    LostAnswerError,
    RefusedError,
    ServerError,
    UnreachableError,
    UnreadableError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Fault, Simulator
from simulator.xivo16.auth import ADMIN, AUTH
from support.fake_server import CANARY, fake_client
from support.helpers import Options, asked, client_of, free_port, journal_for, person, written
from support.raw_server import RawServer, reply

FAKE_AUTH = "https://pbx.example.org:9497/0.1"
DIGEST = {"WWW-Authenticate": 'Digest realm="r", nonce="n"'}


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(api="xivo16", tls=False, seed=1) as simulator:
        simulator.database.accounts.add("reader", "readers-password", ("confd.#.read",))
        simulator.database.accounts.add("old", "olds-password", ())
        simulator.database.accounts.add("root", "roots-password", backend=ADMIN)
        yield simulator


@pytest.fixture
def xivo(shared: Simulator) -> Simulator:
    shared.database.accounts.issued.expire_all()
    shared.reset()
    return shared


def at_the_door(xivo: Simulator, api: str = "xivo16", **options: Any) -> Client:
    """A client that has not asked for anything yet."""
    client = client_of(xivo, **{"auth_url": xivo.url, **options})
    choose_backend(api, client)
    return client


def entered(xivo: Simulator, **options: Any) -> Client:
    """A client that has logged in."""
    client = at_the_door(xivo, **options)
    client.get("/infos")
    return client


def refusal(client: Client, method: str = "get", *args: Any) -> str:
    with pytest.raises(AuthenticationError) as error:
        getattr(client, method)("/users", *args)
    return str(error.value)


def logins(xivo: Simulator) -> list[Any]:
    return [request.body for request in xivo.requests if (request.method, request.path) == ("POST", f"{AUTH}/token")]


def test_without_the_options_it_is_a_digest(xivo: Simulator) -> None:
    client = client_of(xivo)
    choose_backend("xivo16", client)
    client.get("/users")
    assert asked(xivo) == ["GET /users", "GET /users"]
    assert [request.status for request in xivo.requests] == [401, 200]


@pytest.mark.parametrize("api", ["xivo16", "auto"])
def test_a_run_gets_one_token_and_gives_it_back(xivo: Simulator, api: str, tmp_path: Path) -> None:
    people, journal = [person(f"U{number}", 1200 + number) for number in range(3)], tmp_path / "journal"
    with closing(client_of(xivo, auth_url=xivo.url)) as client:
        journal_for(client, xivo, {"journal": str(journal)}, check=False)
        provision(Task(choose_backend(api, client), {"users": people, "max_workers": 3}))
        (token,) = xivo.database.accounts.tokens
    recorded = "".join(path.read_text() for path in journal.iterdir())
    assert "POST" in recorded and token not in recorded
    assert len(xivo.state()["users"]) == 3
    assert (logins(xivo), xivo.database.accounts.tokens) == ([{"backend": "xivo_service", "expiration": 600}], [])
    assert [request.status for request in xivo.requests if request.status == 401] == [401] * (api == "auto")


def test_without_a_request_there_is_no_login(xivo: Simulator) -> None:
    at_the_door(xivo).close()
    assert asked(xivo) == []


def test_the_backend_is_an_option(xivo: Simulator) -> None:
    client = entered(xivo, username="root", password="roots-password", auth_backend=ADMIN)
    assert logins(xivo) == [{"backend": ADMIN, "expiration": 600}]
    client.close()
    assert xivo.database.accounts.tokens == []


def test_an_administrator_with_an_accent(xivo: Simulator) -> None:
    """Only confd cannot read such a login, in a digest."""
    xivo.database.accounts.add("jérôme", "jérômes-password", backend=ADMIN)
    entered(xivo, username="jérôme", password="jérômes-password", auth_backend=ADMIN).close()
    with pytest.raises(InputError, match="contains characters that are not allowed in the login of a XiVO web serv"):
        choose_backend("xivo16", client_of(xivo, username="jérôme"))


def test_an_expired_token_is_renewed_and_the_request_sent_again(xivo: Simulator) -> None:
    client = entered(xivo)
    xivo.database.accounts.issued.expire_all()
    assert client.post("/users", {"firstname": "A"})["id"] == 1
    assert (len(logins(xivo)), written(xivo)) == (2, ["POST /users"])
    client.close()
    assert xivo.database.accounts.tokens == []


def test_a_confd_that_restarts_keeps_the_token(xivo: Simulator) -> None:
    client = entered(xivo)
    xivo.restart()
    client.get("/users")
    assert len(logins(xivo)) == 1


@pytest.mark.parametrize("options", [{"password": CANARY}, {"username": "nobody"}, {"auth_backend": ADMIN}], ids=str)
def test_wrong_credentials_or_the_wrong_backend(xivo: Simulator, options: dict[str, str]) -> None:
    words = refusal(at_the_door(xivo, **options))
    backend = options.get("auth_backend", "xivo_service")
    assert f"and confd_password for the backend '{backend}'. Check both, and confd_auth_backend." in words
    assert "xivo_service takes a web services access" in words
    assert CANARY not in words and xivo.password not in words
    assert xivo.database.accounts.tokens == []


def test_a_backend_that_does_not_exist(xivo: Simulator) -> None:
    words = refusal(at_the_door(xivo, auth_backend="xivo_servce"))
    assert f"{xivo.url}/0.1 has no backend 'xivo_servce'." in words
    assert "Set confd_auth_backend to one of: ldap_user, xivo_admin, xivo_service, xivo_user." in words


@pytest.mark.parametrize("answer", [{"data": "x"}, {"data": [1, None]}, ["x"], {}])
def test_a_service_that_does_not_name_its_backends(fake: responses.RequestsMock, answer: object) -> None:
    fake.post(f"{FAKE_AUTH}/token", status=401, json={"reason": ["Authentication Failed"]})
    fake.get(f"{FAKE_AUTH}/backends", json=answer)
    with pytest.raises(AuthenticationError, match="for the backend 'mine'"):
        fake_entered(auth_backend="mine").get("/users")


def fake_entered(**options: Any) -> Client:
    """A client of a server of canned answers, the log-in included."""
    client = fake_client(username="admin", password=CANARY, **options)
    client.use_xivo_auth()
    return client


def test_a_missing_permission_is_named(xivo: Simulator) -> None:
    client = entered(xivo, username="reader", password="readers-password")
    words = refusal(client, "post", {"firstname": "A"})
    assert "confd_username 'reader' lacks the permission confd.users.create. Add it to the ACL of the web" in words
    assert "confd.# stands for all permissions of confd" in words
    assert len(logins(xivo)) == 1
    assert not any(token in words for token in xivo.database.accounts.tokens)


def test_an_access_without_an_acl(xivo: Simulator) -> None:
    """It works with a digest."""
    client = at_the_door(xivo, username="old", password="olds-password", url=f"{xivo.url}/1.1/")
    assert "confd_username 'old' lacks the permission confd.users.read" in refusal(client)


def test_a_token_that_confd_alone_rejects(xivo: Simulator) -> None:
    client = entered(xivo)
    xivo.faults.add(Fault("401", path="/users"))
    words = refusal(client)
    assert "rejects confd_username 'admin' for confd.users.read, although xivo-auth allows it. Check that" in words
    assert "belong to the same server" in words


def test_a_token_of_another_server(xivo: Simulator) -> None:
    """confd asks its own service, which has never seen the token."""
    with Simulator(api="xivo16", tls=False) as other:
        words = refusal(at_the_door(xivo, auth_url=other.url))
    assert "although xivo-auth allows it. Check that confd_url and confd_auth_url belong to the same server" in words


def test_a_given_token_is_neither_renewed_nor_given_back(xivo: Simulator) -> None:
    given = entered(xivo)
    token = xivo.database.accounts.tokens[0]
    client = entered(xivo, token=token)
    client.close()
    assert (len(logins(xivo)), xivo.database.accounts.tokens) == (1, [token])
    given.close()
    words = refusal(at_the_door(xivo, token=token))
    assert "rejects confd_token: it has expired or was revoked. Get a new token." in words
    assert token not in words


# A service that does not answer as it should


def test_a_service_out_of_reach(xivo: Simulator) -> None:
    client = at_the_door(xivo, auth_url=f"http://127.0.0.1:{free_port()}", retries=0)
    with pytest.raises(UnreachableError, match=r"No connection to http.*/0\.1 .*Check confd_auth_url, the server and"):
        client.get("/users")
    assert asked(xivo) == []


def test_a_service_that_goes_down_during_the_run(xivo: Simulator) -> None:
    """confd rejects every token then, as it asks the service about each."""
    client = entered(xivo)
    xivo.faults.add(Fault("401", path="/users"))
    xivo.faults.add(Fault("drop_before", method="HEAD", path=f"{AUTH}/*", times=9))
    with pytest.raises(LostAnswerError, match=r"HEAD .*/token/\*{8}: the connection was lost"):
        client.get("/users")


@pytest.mark.parametrize("method", ["HEAD", "POST"], ids=["refused", "unsent"])
def test_a_write_without_a_token_is_not_in_doubt(xivo: Simulator, method: str, tmp_path: Path) -> None:
    """confd has refused it, or it was never sent: so nobody has to look whether it was carried out."""
    client, journal = at_the_door(xivo, retries=0), tmp_path / "journal.jsonl"
    journal_for(client, xivo, {"journal": str(journal)}, check=False)
    xivo.faults.add(Fault("401", "POST", "/users"))
    xivo.faults.add(Fault("drop_before", method=method, path=f"{AUTH}/*", times=9))
    with pytest.raises(LostAnswerError) as error:
        client.post("/users", {"firstname": "A"})
    assert client.recorder
    client.recorder.flush()
    client.close()
    assert error.value.may_have_acted is False
    (line,) = map(json.loads, journal.read_text(encoding="utf-8").splitlines())
    assert (line["outcome"], line["request"]) == ("failed", {"method": "POST", "path": "/users"})


def test_a_service_that_fails(xivo: Simulator) -> None:
    xivo.faults.add(Fault("500_before", method="POST", path=f"{AUTH}/token"))
    with pytest.raises(ServerError, match="/0.1/token: HTTP 500: .*/var/log/xivo-auth.log"):
        entered(xivo)


def test_a_refusal_with_a_reason_is_quoted(fake: responses.RequestsMock) -> None:
    """It comes from the service."""
    fake.post(f"{FAKE_AUTH}/token", status=400, json={"reason": ["Invalid expiration", CANARY], "status_code": 400})
    with pytest.raises(RefusedError, match=r"POST .*/token: HTTP 400: Invalid expiration; \*{8}$"):
        fake_entered(auth_backend="xivo_service").get("/users")


@pytest.mark.parametrize("body", ["<html>login</html>", "{}", '{"data": {"token": 7}}', "[]"])
def test_a_page_instead_of_a_token(fake: responses.RequestsMock, body: str) -> None:
    fake.post(f"{FAKE_AUTH}/token", body=body)
    with pytest.raises(UnreadableError, match=r"does not come from xivo-auth\. Check confd_auth_url"):
        fake_entered(auth_backend="xivo_service").get("/users")


def test_http_to_a_port_for_tls() -> None:
    told = reply(400, b"The client sent a plain HTTP request, but this server only speaks HTTPS on this port.")
    with RawServer(lambda _asked: told) as server:
        client = Client(Connection("https://pbx.example.org:9486", username="a", password=CANARY, auth_url=server.url))
        client.use_xivo_auth()
        with pytest.raises(UnreadableError, match="begin confd_auth_url with https://"):
            client.get("/users")


# The options


def test_xivo15_accepts_no_tokens(sim: Simulator) -> None:
    for api in ("xivo15", "auto"):
        with pytest.raises(InputError, match="^confd_auth_url is given, but a server of generation xivo15 accepts no"):
            choose_backend(api, client_of(sim, auth_url=sim.url))
    assert not any("token" in request for request in asked(sim))


@pytest.mark.parametrize("api", ["xivo15", "wazo"])
def test_other_generations_are_told_no_backend(api: str) -> None:
    with pytest.raises(InputError, match="^confd_auth_backend is given, but only servers of generation xivo16"):
        choose_backend(api, fake_client(auth_backend=ADMIN))


@pytest.mark.parametrize(
    ("url", "options", "auth_url"),
    [
        ("https://pbx.example.org:9486", {}, FAKE_AUTH),
        ("http://pbx.example.org:9486/1.1", {}, FAKE_AUTH),
        ("https://[::1]:9486/", {}, "https://[::1]:9497/0.1"),
        ("https://pbx", {"auth_url": "https://auth.example.org:1/"}, "https://auth.example.org:1/0.1"),
        ("https://pbx", {"auth_url": "https://auth.example.org/x/0.1/"}, "https://auth.example.org/x/0.1"),
    ],
)
def test_where_the_service_is(url: str, options: Options, auth_url: str) -> None:
    assert Connection(url, auth_backend=ADMIN, **options).xivo_auth_base_url == auth_url


@pytest.mark.parametrize("url", ["https://pbx", "https://gate:8486", "https://gate:9486/pbx"])
def test_behind_another_port_the_service_must_be_named(url: str) -> None:
    """At the usual port of a gateway, there may be the service of another server."""
    client = Client(Connection(url, username="admin", password=CANARY, auth_backend=ADMIN))
    with pytest.raises(InputError, match="confd_auth_backend is given without confd_auth_url, which cannot be derived"):
        client.use_xivo_auth()
    with pytest.raises(InputError, match="confd_auth_url is 'x', which is not a valid URL"):
        _url = Connection(url, auth_url="x").xivo_auth_base_url


@pytest.mark.parametrize("auth_url", ["http://10.0.0.1:9497", "https://10.0.0.1:9497"])
def test_a_guessed_xivo_gets_no_password_over_http(auth_url: str) -> None:
    with RawServer(lambda _asked: reply(401, b"", DIGEST)) as server:
        client = Client(Connection(server.url, username="admin", password=CANARY, auth_url=auth_url))
        if auth_url.startswith("https"):
            assert choose_backend("auto", client).api == "xivo16"
        else:
            with pytest.raises(InputError, match="generation xivo16, whose .* To send it nevertheless, set confd_api"):
                choose_backend("auto", client)
    assert len(server.asked) == 1
