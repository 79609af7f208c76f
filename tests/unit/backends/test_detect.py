# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confd_api: auto recognises every generation, and costs nothing where the first request meets a 401 anyway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.detect import recognise
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import ProbeResult
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AuthenticationError,
    InputError,
    RefusedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import USER
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from simulator.xivo16 import TOKEN
from support.helpers import client_of, person, written

APIS = ("xivo15", "xivo16", "wazo")


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Simulator]]:
    with ExitStack() as stack:
        yield {api: stack.enter_context(Simulator(api=api, tls=False)) for api in APIS}


def detected(server: Simulator, **options: Any) -> str:
    server.reset()
    return choose_backend("auto", client_of(server, **options)).api


def seen(server: Simulator) -> list[tuple[str, int | None]]:
    return [(f"{request.method} {request.path}", request.status) for request in server.requests]


@pytest.mark.parametrize("api", APIS)
def test_with_username_and_password(api: str, servers: dict[str, Simulator]) -> None:
    assert detected(servers[api]) == api


@pytest.mark.parametrize("api", APIS)
def test_of_a_server_that_trusts_the_address(api: str) -> None:
    with Simulator(api=api, tls=False, username=None) as server:
        assert detected(server) == api


def test_with_a_token(servers: dict[str, Simulator]) -> None:
    server = servers["xivo16"]
    assert detected(server, username=None, password=None, token=TOKEN) == "xivo16"
    assert seen(server) == [("GET /incalls", 200), ("GET /infos", 200)]


def wazo_token(server: Simulator, *permissions: str) -> str:
    """What a script got from wazo-auth for somebody who may do that."""
    server.database.add_account("script", "its-password", list(permissions))
    return server.database.accounts.log_in("script", "its-password", None).id


@pytest.mark.parametrize(
    "permissions", [["#"], ["confd.incalls.read"], ["confd.users.#"]], ids=["all", "no infos", "users only"]
)
def test_with_a_token_of_a_wazo(permissions: list[str], servers: dict[str, Simulator]) -> None:
    server = servers["wazo"]
    token = wazo_token(server, *permissions)
    assert detected(server, username=None, password=None, token=token) == "wazo"


@pytest.mark.parametrize(
    ("version", "api"), [("20.06", "xivo16"), ("20.07", "wazo"), ("26.08", "wazo"), ("dev", "wazo")]
)
def test_the_version_of_a_wazo(version: str, api: str, servers: dict[str, Simulator]) -> None:
    server = servers["wazo"]
    token = wazo_token(server, "#")
    client = client_of(server, username=None, password=None, token=token)
    look = client.probe
    answer = ProbeResult(200, by_wazo=False, body={"uuid": "x", "wazo_version": version})
    client.probe = lambda path, **query: answer if path == "/infos" else look(path, **query)  # type: ignore[method-assign]
    assert recognise(client) == api


@pytest.mark.parametrize("api", ["xivo15", "xivo16"])
def test_with_a_bad_token(api: str, servers: dict[str, Simulator]) -> None:
    servers[api].reset()
    backend = choose_backend("auto", client_of(servers[api], username=None, password=None, token="bad"))
    with pytest.raises(AuthenticationError, match="rejects confd_token"):
        backend.find_users()


def test_it_is_the_401_of_the_first_request(servers: dict[str, Simulator]) -> None:
    server = servers["xivo16"]
    server.reset()
    choose_backend("auto", client_of(server)).find_users(description="Nobody")
    assert seen(server) == [("GET /incalls", 401), ("GET /users", 200)]


def test_on_the_oldest_it_is_one_more_request(servers: dict[str, Simulator]) -> None:
    server = servers["xivo15"]
    server.reset()
    choose_backend("auto", client_of(server)).get(USER, 1)
    assert seen(server) == [("GET /incalls", 404), ("GET /users/1", 401), ("GET /users/1", 404)]


def test_a_generation_that_is_given_costs_nothing(servers: dict[str, Simulator]) -> None:
    server = servers["xivo16"]
    server.reset()
    choose_backend("xivo16", client_of(server))
    assert seen(server) == []


def test_a_restart_after_it(servers: dict[str, Simulator]) -> None:
    server = servers["xivo16"]
    server.reset()
    backend = choose_backend("auto", client_of(server))
    server.restart()
    assert backend.find_users() == []


def test_a_lost_answer(servers: dict[str, Simulator]) -> None:
    server = servers["xivo16"]
    server.reset()
    server.faults.add(Fault("503", path="/users"))
    assert choose_backend("auto", client_of(server)).find_users() == []


def test_a_wrong_address(servers: dict[str, Simulator]) -> None:
    backend = choose_backend("auto", client_of(servers["xivo16"], url=f"{servers['xivo16'].url}/elsewhere"))
    with pytest.raises(RefusedError, match="confd_api is the generation of the server"):
        backend.find_users()


@pytest.mark.parametrize("api", APIS)
def test_results_say_what_was_found(api: str, servers: dict[str, Simulator]) -> None:
    servers[api].reset()
    backend = choose_backend("auto", client_of(servers[api]))
    assert ensure_user(Task(backend, {"firstname": "Ada"}))["confd_api"] == api


def test_a_younger_xivo_is_not_taken_for_an_old_one(servers: dict[str, Simulator]) -> None:
    """It would take everything but the direct number, and the error would be about that."""
    server = servers["xivo16"]
    server.reset()
    backend = choose_backend("xivo15", client_of(server))
    options = {"users": [person("Ann Lee", 1200, 2200)]}
    with pytest.raises(InputError, match=r"answers like a XiVO from 16\.13\. Set confd_api to xivo16, or leave it out"):
        provision(Task(backend, options))
    assert not written(server)


def test_a_single_number_on_a_younger_xivo(servers: dict[str, Simulator]) -> None:
    server = servers["xivo16"]
    server.reset()
    backend = choose_backend("xivo16", client_of(server))
    ensure_extension(Task(backend, {"exten": "1200", "context": "default"}))
    forced = Task(choose_backend("xivo15", client_of(server)), {"exten": "1200", "context": "default"})
    with pytest.raises(InputError, match="Set confd_api to xivo16"):
        ensure_extension(forced)


def test_a_xivo_16_13_is_recognised(servers: dict[str, Simulator], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its extensions show their incalls, but not yet their lines."""
    rows = [{"id": 1, "exten": "1200", "context": "default", "commented": False, "incall": None}]
    client = client_of(servers["xivo16"])
    monkeypatch.setattr(client, "get_items", lambda *_, **__: rows)
    with pytest.raises(InputError, match="Set confd_api to xivo16"):
        choose_backend("xivo15", client).find_extension("1200", "default")
