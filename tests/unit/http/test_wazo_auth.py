# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check how the client signs in to a Wazo, and its messages (wazo-26.08.md, "3. Auth, tenants, base URL")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AuthenticationError,
    ConfdError,
    InputError,
    ServerError,
    UnreachableError,
    UnreadableError,
)
from simulator import Fault, Simulator
from support.fake_server import fake_client
from support.helpers import Options, apply_list, asked, client_of, person, written

AUTH = "/api/auth/0.1"
FAKE_AUTH = f"https://pbx.example.org{AUTH}"


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False, seed=1) as simulator:
        simulator.database.add_account("reader", "readers-password", ["confd.#.read", "auth.tenants.read"])
        simulator.database.add_account("clerk", "clerks-password", ["confd.#"])
        simulator.database.add_account("sub", "subs-password", ["#"], "sub")
        yield simulator


@pytest.fixture
def wazo(shared: Simulator) -> Simulator:
    shared.database.expire_tokens()
    shared.reset()
    return shared


def at_the_door(wazo: Simulator, **options: Any) -> Client:
    """A client that has not asked for anything yet."""
    client = client_of(wazo, **options)
    client.use_wazo_auth()
    return client


def entered(wazo: Simulator, **options: Any) -> Client:
    """A client that has logged in."""
    client = at_the_door(wazo, **options)
    client.get("/infos")
    return client


def fake_entered(**options: Any) -> Client:
    """A client of a server of canned answers, the log-in included."""
    client = fake_client(username="admin", password="secret", **options)
    client.use_wazo_auth()
    return client


def refusal(client: Client, method: str = "get", *args: Any) -> str:
    with pytest.raises(AuthenticationError) as error:
        getattr(client, method)("/users", *args)
    return str(error.value)


def logins(wazo: Simulator) -> int:
    return asked(wazo).count(f"POST {AUTH}/token")


def test_a_run_gets_one_token_and_gives_it_back(wazo: Simulator) -> None:
    apply_list(wazo, person("Ann A", 1200), person("Ben B", 1201))
    assert (logins(wazo), wazo.database.accounts.tokens) == (1, [])


def test_without_a_request_there_is_no_login(wazo: Simulator) -> None:
    at_the_door(wazo, tenant="sub").close()
    assert asked(wazo) == []


@pytest.mark.parametrize("options", [{"tenant": "nosuch"}, {"tenant": "11111111-2222-4333-8444-555555555555"}])
def test_the_token_is_given_back_after_a_failure(wazo: Simulator, options: dict[str, str]) -> None:
    client = at_the_door(wazo, **options)
    with pytest.raises(ConfdError):
        client.get("/infos")
    client.close()
    assert (logins(wazo), wazo.database.accounts.tokens) == (1, [])


def test_a_refused_list_gives_the_token_back(wazo: Simulator) -> None:
    with pytest.raises(ConfdError, match="email 'no address' of the user cannot be stored"):
        apply_list(wazo, person("Ann A", 1200, user={"email": "no address"}))
    assert (logins(wazo), wazo.database.accounts.tokens) == (1, [])


def test_workers_share_the_token(wazo: Simulator) -> None:
    apply_list(wazo, *(person(f"U{number}", 1200 + number) for number in range(6)), max_workers=3)
    assert len(wazo.state()["users"]) == 6
    assert (logins(wazo), wazo.database.accounts.tokens) == (1, [])


def test_an_expired_token_is_renewed_and_the_request_sent_again(wazo: Simulator) -> None:
    client = entered(wazo)
    wazo.database.expire_tokens()
    assert client.post("/users", {"firstname": "A"})["id"] == 1
    assert (logins(wazo), written(wazo)) == (2, ["POST /users"])
    client.close()
    assert wazo.database.accounts.tokens == []


def test_a_late_session_uses_the_renewed_token(wazo: Simulator) -> None:
    first = entered(wazo)
    second = first.clone()
    second.get("/infos")
    wazo.database.expire_tokens()
    assert first.get_items("/users") == second.get_items("/users") == []
    assert (logins(wazo), len(wazo.database.accounts.tokens)) == (2, 1)


def test_a_client_that_expects_a_xivo_is_told_that_it_is_a_wazo(wazo: Simulator) -> None:
    with pytest.raises(AuthenticationError, match=r"answers like a Wazo server\. Set confd_api to wazo"):
        client_of(wazo).get("/users")


def test_a_token_that_cannot_be_given_back_is_no_failure(wazo: Simulator) -> None:
    client = entered(wazo)
    wazo.faults.add(Fault("drop_before", method="DELETE", path=f"{AUTH}/*", times=9))
    client.close()


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "503"])
def test_a_lost_login_is_repeated(wazo: Simulator, kind: str) -> None:
    wazo.faults.add(Fault(kind, method="POST", path=f"{AUTH}/token"))
    assert entered(wazo).get("/infos")["wazo_version"]
    assert not wazo.faults


def test_an_auth_service_that_fails(wazo: Simulator) -> None:
    wazo.faults.add(Fault("500_before", method="POST", path=f"{AUTH}/token"))
    with pytest.raises(ServerError, match="/api/auth/0.1/token: HTTP 500: .*/var/log/wazo-auth.log"):
        entered(wazo)


@pytest.mark.parametrize("options", [{"password": "wrong"}, {"username": "nobody"}], ids=["password", "username"])
def test_wrong_credentials(wazo: Simulator, options: dict[str, str]) -> None:
    with pytest.raises(AuthenticationError, match="rejects confd_username '.*' and confd_password") as error:
        entered(wazo, **options)
    assert "wazo-auth" in str(error.value)
    assert options.get("password", wazo.password) not in str(error.value)


def test_a_password_with_accents_is_sent_as_utf_8(wazo: Simulator) -> None:
    wazo.database.add_account("élodie", "été", ["#"])
    assert entered(wazo, username="élodie", password="été").get("/infos")["wazo_version"]


def test_blanks_around_a_password_are_said(wazo: Simulator) -> None:
    with pytest.raises(AuthenticationError, match="confd_password begins or ends with a blank or a line break"):
        entered(wazo, password=f"{wazo.password}\n")


def test_a_missing_permission_is_named(wazo: Simulator) -> None:
    client = entered(wazo, username="reader", password="readers-password")
    words = refusal(client, "post", {"firstname": "A"})
    assert "confd_username 'reader' lacks the permission confd.users.create" in words
    assert logins(wazo) == 1
    assert not any(token in words for token in wazo.database.accounts.tokens)


def test_an_expired_token_of_the_options_cannot_be_renewed(wazo: Simulator) -> None:
    given = entered(wazo)
    token = wazo.database.accounts.tokens[0]
    client = entered(wazo, token=token)
    assert client.get("/infos")["wazo_version"] == "26.08"
    given.close()
    words = refusal(client)
    assert "rejects confd_token: it has expired or was revoked" in words
    assert token not in words


def test_a_token_of_the_options_is_not_given_back(wazo: Simulator) -> None:
    entered(wazo)
    tokens = wazo.database.accounts.tokens
    entered(wazo, token=tokens[0]).close()
    assert wazo.database.accounts.tokens == tokens


def test_an_unreachable_auth_service_hides_only_the_reason(wazo: Simulator) -> None:
    client = at_the_door(wazo, token="11111111-2222-4333-8444-555555555555", auth_url="http://127.0.0.1:1/api/auth/0.1")
    words = refusal(client)
    assert "rejects confd_token" in words
    assert "11111111" not in words


def test_an_auth_service_out_of_reach_is_named(wazo: Simulator) -> None:
    with pytest.raises(UnreachableError, match="No connection to http://127.0.0.1:1/api/auth/0.1"):
        entered(wazo, auth_url="http://127.0.0.1:1/api/auth/0.1", retries=0)
    with pytest.raises(UnreachableError, match=r"Check confd_auth_url, the server and the firewall\.$"):
        entered(wazo, auth_url="http://127.0.0.1:1/api/auth/0.1", retries=0)


def test_another_server_at_the_auth_url(wazo: Simulator) -> None:
    with pytest.raises(UnreadableError, match="does not come from wazo-auth.*confd_auth_url"):
        entered(wazo, auth_url=f"{wazo.url}/nothing")


@pytest.mark.parametrize("answer", [{}, {"data": []}, {"data": {"token": 7}}, {"data": {"token": ""}}])
def test_an_answer_without_a_token_is_not_wazo_auths(fake: responses.RequestsMock, answer: Options) -> None:
    fake.post(f"{FAKE_AUTH}/token", json=answer)
    with pytest.raises(UnreadableError, match=r"POST .*/token.*does not come from wazo-auth"):
        fake_entered().get("/users")


@pytest.mark.parametrize("tenants", ["sub", [{"uuid": "1"}], ["sub"], [{"name": "sub", "uuid": None}]])
def test_tenants_of_another_shape_are_not_wazo_auths(fake: responses.RequestsMock, tenants: object) -> None:
    fake.post(f"{FAKE_AUTH}/token", json={"data": {"token": "abc"}})
    fake.get(f"{FAKE_AUTH}/tenants", json={"items": tenants})
    with pytest.raises(UnreadableError, match=r"GET .*/tenants.*does not come from wazo-auth"):
        fake_entered(tenant="sub").get("/users")


def test_a_refusal_that_wazo_auth_does_not_explain(wazo: Simulator) -> None:
    client = entered(wazo)
    wazo.faults.add(Fault("401", path="/users"))
    assert "rejects confd_username 'admin' for confd.users.read, although wazo-auth allows it" in refusal(client)


# Tenants


@pytest.mark.parametrize("by", ["name", "uuid"])
def test_a_tenant_by_name_or_uuid(wazo: Simulator, by: str) -> None:
    uuid = wazo.database.tenant_named("sub").id
    client = at_the_door(wazo, tenant="sub" if by == "name" else uuid)
    assert client.post("/users", {"firstname": "A"})["tenant_uuid"] == uuid
    assert client.get_items("/contexts") == []
    assert asked(wazo).count(f"GET {AUTH}/tenants") == (1 if by == "name" else 0)


def test_an_unknown_tenant_by_name(wazo: Simulator) -> None:
    with pytest.raises(InputError, match="no tenant named 'nosuch'. It has access to: master, sub"):
        entered(wazo, tenant="nosuch")


def test_a_tenant_above(wazo: Simulator) -> None:
    client = at_the_door(wazo, username="sub", password="subs-password", tenant=wazo.database.master)
    assert "confd_username 'sub' has no access to the tenant" in refusal(client)


def test_tenants_that_may_not_be_listed(wazo: Simulator) -> None:
    """The UUID of a tenant would not help: confd fails on every single object then."""
    with pytest.raises(AuthenticationError, match="Give the account the permission auth.tenants.read: Wazo needs it"):
        entered(wazo, username="clerk", password="clerks-password", tenant="sub")


def test_xivo_has_no_tenants(sim: Simulator) -> None:
    with pytest.raises(InputError, match="generation xivo15 has no tenants"):
        choose_backend("xivo15", client_of(sim, tenant="sub"))


# The addresses


@pytest.mark.parametrize(
    ("url", "auth_url"),
    [
        ("https://wazo.example.org/api/confd", "https://wazo.example.org/api/auth/0.1"),
        ("https://wazo.example.org/api/confd/1.1/", "https://wazo.example.org/api/auth/0.1"),
        ("https://wazo.example.org:8443/api/confd", "https://wazo.example.org:8443/api/auth/0.1"),
        ("https://proxy.example.org/pbx/api/confd", "https://proxy.example.org/pbx/api/auth/0.1"),
        ("https://wazo.example.org:9486", "https://wazo.example.org/api/auth/0.1"),
        ("https://[::1]:9486/1.1", "https://[::1]/api/auth/0.1"),
    ],
)
def test_where_the_auth_service_is(url: str, auth_url: str) -> None:
    assert Connection(url).auth_base_url == auth_url
    assert Connection(url, auth_url=" https://auth.example.org/0.1/ ").auth_base_url == "https://auth.example.org/0.1"


def test_a_bad_auth_url() -> None:
    with pytest.raises(InputError, match="confd_auth_url is 'nonsense', which is not a valid URL"):
        _url = Connection("https://wazo.example.org/api/confd", auth_url="nonsense").auth_base_url


def test_behind_nginx(wazo: Simulator) -> None:
    client = entered(wazo, url=f"{wazo.url}/api/confd")
    assert client.get("/infos")["wazo_version"] == "26.08"
