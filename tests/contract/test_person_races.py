# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check facts about a person on Wazo that need requests at the same time, or a look into the simulator.

Facts: person-wazo-26.08.md, trap 11, trap 16, trap 17 and trap 18; person-wazo-26.08.md, "10. callpickups" and "1.5
Order, state, idempotence".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from simulator import Simulator
from simulator.scheduler import CLIENT_HEADER, RequestScheduler
from simulator.wazo.accounts import MOST_TOKENS

from .test_wazo_cases import WazoTarget

pytestmark = pytest.mark.simulator_only


@pytest.fixture
def wazo() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False) as simulator:
        yield simulator


def target_of(simulator: Simulator) -> WazoTarget:
    assert simulator.username is not None
    return WazoTarget(simulator.url, auth_url(simulator), simulator.username, simulator.password, True)


def auth_url(simulator: Simulator) -> str:
    return f"{simulator.url}/api/auth/0.1"


def post(target: WazoTarget, path: str, **body: Any) -> Any:
    return target.ask("POST", path, json.dumps(body), {}).json()


def custom(exten: int) -> dict[str, Any]:
    return {"destination": {"type": "custom", "exten": str(exten)}}


def at_once(simulator: Simulator, asked: list[tuple[str, str, Any]]) -> list[int]:
    """Return the statuses of requests that all pass their checks before any of them writes."""
    statuses = [0] * len(asked)
    names = [str(place) for place in range(len(asked))]
    scheduler = RequestScheduler(names, sorted, simulator.database)

    def send(place: int, method: str, path: str, body: Any) -> None:
        target = target_of(simulator)
        statuses[place] = target.ask(method, path, json.dumps(body), {CLIENT_HEADER: names[place]}).status_code
        scheduler.remove_client(names[place])

    threads = [threading.Thread(target=send, args=(place, *each)) for place, each in enumerate(asked)]
    simulator.scheduler = scheduler
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    simulator.scheduler = None
    return statuses


# Requests at the same time


def test_keys_written_at_once_are_lost(wazo: Simulator) -> None:
    target = target_of(wazo)
    user = post(target, "/users", firstname="Ann")
    asked = [("PUT", f"/users/{user['id']}/funckeys/{place}", custom(place)) for place in (1, 2, 3)]
    assert at_once(wazo, asked) == [204, 500, 500]
    assert list(target.get(f"/users/{user['id']}/funckeys")["keys"]) == ["1"]


def test_sets_of_keys_written_at_once_are_lost(wazo: Simulator) -> None:
    target = target_of(wazo)
    user = post(target, "/users", firstname="Ann")
    path = f"/users/{user['id']}/funckeys"
    asked = [("PUT", path, {"keys": {str(place): custom(place)}}) for place in (1, 2)]
    assert at_once(wazo, asked) == [204, 500]
    answer = target.ask("PUT", f"{path}/4", json.dumps(custom(4)), {})
    assert (answer.status_code, list(target.get(path)["keys"])) == (204, ["1", "4"])


def test_keys_of_two_people_do_not_race(wazo: Simulator) -> None:
    target = target_of(wazo)
    users = [post(target, "/users", firstname="Ann")["id"] for _each in range(2)]
    assert at_once(wazo, [("PUT", f"/users/{user}/funckeys/1", custom(1)) for user in users]) == [204, 204]


def test_targets_of_a_pickup_written_at_once(wazo: Simulator) -> None:
    target = target_of(wazo)
    user = post(target, "/users", firstname="Ann")
    pickup = post(target, "/callpickups", name="floor")
    asked = ("PUT", f"/callpickups/{pickup['id']}/targets/users", {"users": [{"uuid": user["uuid"]}]})
    assert at_once(wazo, [asked, asked]) == [204, 500]
    assert [each["uuid"] for each in target.get(f"/callpickups/{pickup['id']}")["targets"]["users"]] == [user["uuid"]]


def test_a_user_deleted_twice_at_once(wazo: Simulator) -> None:
    target = target_of(wazo)
    user = post(target, "/users", firstname="Ann", lines=[{"context": "default", "endpoint_sip": {"name": "ann"}}])
    asked = ("DELETE", f"/users/{user['id']}?recursive=true", None)
    assert at_once(wazo, [asked, asked]) == [204, 404]


# Ids, tokens, logins


def test_a_refused_user_uses_ids_up(wazo: Simulator) -> None:
    target = target_of(wazo)
    first = post(target, "/users", firstname="Ann", auth={"username": "ann"})
    refused: list[dict[str, Any]] = [
        {"auth": {"username": "ann"}},
        {"forwards": {"busy": {"enabled": True}}},
        {"groups": [{"id": 1}]},
    ]
    for rest in refused:
        assert "id" not in post(target, "/users", firstname="Bob", **rest)
    second = post(target, "/users", firstname="Bob")
    assert (first["id"], second["id"]) == (1, 5)
    assert [len(wazo.state()[name]) for name in ("users", "settings", "key_templates")] == [2, 2, 2]


def test_confd_leaves_a_token_behind_for_each_login(wazo: Simulator) -> None:
    target = target_of(wazo)
    user = post(target, "/users", firstname="Ann")
    left = wazo.database.accounts.left_by_confd  # type: ignore[attr-defined]
    assert len(left) == 0
    target.ask("DELETE", f"/users/{user['id']}?recursive=true", None, {})
    assert len(left) == 1
    post(target, "/users", firstname="Bob", auth={"username": "bob"})
    target.ask("POST", "/users/import", "firstname\nCy\nDi\n", {"Content-Type": "text/csv; charset=utf-8"})
    assert len(left) == 4


def test_a_person_has_at_most_a_hundred_tokens(wazo: Simulator) -> None:
    target = target_of(wazo)
    post(target, "/users", firstname="Ann", auth={"username": "ann", "password": "pw"})
    accounts = wazo.database.accounts  # type: ignore[attr-defined]
    tokens = [accounts.log_in("ann", "pw", None) for _each in range(MOST_TOKENS)]
    answer = requests.post(f"{auth_url(wazo)}/token", auth=("ann", "pw"), json={}, timeout=30)
    assert answer.status_code == 429
    requests.delete(f"{auth_url(wazo)}/token/{tokens[0].id}", timeout=30)
    answer = requests.post(f"{auth_url(wazo)}/token", auth=("ann", "pw"), json={}, timeout=30)
    assert answer.status_code == 200


def test_a_login_costs_more_than_the_rest_of_a_user(wazo: Simulator) -> None:
    """Facts: person-wazo-26.08.md, "15. How long"."""
    target = target_of(wazo)
    wazo.clear_log()
    user = post(target, "/users", firstname="Ann")
    post(target, "/users", firstname="Bob", auth={"username": "bob"})
    target.ask("POST", "AUTH/users", json.dumps({"username": "cy"}), {})
    target.ask("PUT", f"/users/{user['id']}/funckeys", "{}", {})
    target.ask("GET", "AUTH/users", None, {})
    bare, with_login, login, keys, logins = (each.milliseconds for each in wazo.requests)
    assert bare + keys < login < with_login
    assert logins < bare


def test_the_administrators_account_looks_left_over(wazo: Simulator) -> None:
    target = target_of(wazo)
    logins = target.ask("GET", "AUTH/users", None, {}).json()["items"]
    (root,) = [each for each in logins if each["purpose"] == "user"]
    assert (root["username"], target.ask("GET", f"/users/{root['uuid']}", None, {}).status_code) == ("root", 404)
    assert sum(each["purpose"] == "internal" for each in logins) > 3


def test_no_user_shows_the_login(wazo: Simulator) -> None:
    target = target_of(wazo)
    made = post(target, "/users", firstname="Ann", auth={"username": "ann", "password": "pw"})
    shown = target.get(f"/users/{made['id']}")
    assert made.keys() - shown.keys() == {"auth"}
    assert '"pw"' not in str(made)
