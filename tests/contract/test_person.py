# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what happens to the rest of a person when several requests come at the same moment, and what no client sees.

Facts: person-xivo-15.12.md, trap 2; person-xivo-15.12.md, trap 12; person-xivo-16.16.md, trap 8.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from simulator import Simulator

from .target import Target

pytestmark = pytest.mark.simulator_only

Asked = tuple[str, str, Any]
"""Method, path, body."""


@pytest.fixture
def xivo15() -> Iterator[Simulator]:
    with Simulator(api="xivo15", tls=False, username=None) as simulator:
        yield simulator


@pytest.fixture
def xivo16() -> Iterator[Simulator]:
    with Simulator(api="xivo16", tls=False, username=None) as simulator:
        yield simulator


def ask(simulator: Simulator, method: str, path: str, body: Any = None) -> Any:
    raw = None if body is None else json.dumps(body)
    return Target(simulator.url, None, "", verify=True).ask(method, path, raw, {})


def at_once(simulator: Simulator, asked: list[Asked]) -> list[int]:
    """Let requests pass their checks together. Returns the sorted statuses."""
    statuses: list[int] = []
    simulator.database.open_race(len(asked))
    threads = [
        threading.Thread(target=lambda each=each: statuses.append(ask(simulator, *each).status_code)) for each in asked
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def custom(exten: str) -> dict[str, Any]:
    return {"destination": {"type": "custom", "exten": exten}}


def positions(simulator: Simulator, user_id: int) -> list[str]:
    return sorted(ask(simulator, "GET", f"/users/{user_id}/funckeys").json()["keys"])


def test_xivo15_keys_are_lost_with_204(xivo15: Simulator) -> None:
    user = xivo15.database.users.insert(firstname="A").id
    asked = [("PUT", f"/users/{user}/funckeys/{place}", custom(str(place))) for place in range(1, 9)]
    assert at_once(xivo15, asked) == [204] * 8
    assert len(positions(xivo15, user)) < 8


def test_xivo15_one_key_of_several_is_stored_once(xivo15: Simulator) -> None:
    user = xivo15.database.users.insert(firstname="A").id
    asked = [("PUT", f"/users/{user}/funckeys/1", custom("1"))] * 4
    assert at_once(xivo15, asked) == [204, 500, 500, 500]
    assert positions(xivo15, user) == ["1"]


def test_xivo15_keys_of_several_users_are_all_stored(xivo15: Simulator) -> None:
    users = [xivo15.database.users.insert(firstname=name).id for name in "ABCD"]
    assert at_once(xivo15, [("PUT", f"/users/{user}/funckeys/1", custom("1")) for user in users]) == [204] * 4
    assert [positions(xivo15, user) for user in users] == [["1"]] * 4


def test_xivo15_an_agent_joins_a_queue_once(xivo15: Simulator) -> None:
    queue = xivo15.database.insert_destination("queue", "hotline")
    agent = xivo15.database.insert_agent("2001")
    asked = [("POST", f"/queues/{queue}/members/agents", {"agent_id": agent})] * 3
    assert at_once(xivo15, asked) == [201, 500, 500]


def test_xivo15_a_phone_keeps_the_number_that_a_key_had(xivo15: Simulator) -> None:
    owner, target = (xivo15.database.users.insert(firstname=name).id for name in "AB")
    lines = [ask(xivo15, "POST", "/lines_sip", {"context": "default", "device_slot": 1}).json()["id"] for _ in "AB"]
    number = ask(xivo15, "POST", "/extensions", {"exten": "1100", "context": "default"}).json()["id"]
    for user, line in ((owner, lines[0]), (target, lines[1])):
        assert ask(xivo15, "POST", f"/users/{user}/lines", {"line_id": line}).status_code == 201
    ask(xivo15, "POST", f"/lines/{lines[1]}/extensions", {"extension_id": number})
    xivo15.database.put_device_on_line(lines[0], "dev2")

    def on_phone() -> Any:
        return [row["keys"] for row in xivo15.state()["phone_keys"]]

    key = {"destination": {"type": "user", "user_id": target}, "label": "B", "blf": True}
    assert ask(xivo15, "PUT", f"/users/{owner}/funckeys/1", key).status_code == 204
    before = [{"1": {"label": "B", "line": 1, "type": "blf", "value": "1100"}}]
    assert on_phone() == before
    ask(xivo15, "PUT", f"/extensions/{number}", {"exten": "1101"})
    assert on_phone() == before
    ask(xivo15, "PUT", f"/users/{owner}", {"description": "x"})
    assert on_phone()[0]["1"]["value"] == "1101"
    ask(xivo15, "DELETE", f"/users/{target}/lines/{lines[1]}")
    assert ask(xivo15, "DELETE", f"/users/{target}").status_code == 204
    assert (positions(xivo15, owner), on_phone()[0]["1"]["value"]) == ([], "1101")


def test_xivo16_positions_of_one_user_are_lost_with_500(xivo16: Simulator) -> None:
    user = xivo16.database.users.insert(firstname="A").id
    asked = [("PUT", f"/users/{user}/funckeys/{place}", custom(str(place))) for place in range(1, 9)]
    assert at_once(xivo16, asked) == [204] + [500] * 7
    assert len(positions(xivo16, user)) == 1


@pytest.mark.parametrize("same", [True, False])
def test_xivo16_whole_sets_are_united_or_refused(same: bool, xivo16: Simulator) -> None:
    user = xivo16.database.users.insert(firstname="A").id
    places = ["1"] * 4 if same else ["1", "2", "3", "4"]
    asked = [("PUT", f"/users/{user}/funckeys", {"keys": {place: custom(place)}}) for place in places]
    assert at_once(xivo16, asked) == ([204, 500, 500, 500] if same else [204] * 4)
    assert positions(xivo16, user) == sorted(set(places))


@pytest.mark.parametrize(("field", "statuses"), [("username", [201] * 4), ("email", [201, 500, 500, 500])])
def test_xivo16_a_username_is_not_unique_in_a_race(field: str, statuses: list[int], xivo16: Simulator) -> None:
    assert at_once(xivo16, [("POST", "/users", {"firstname": "A", field: "same"})] * 4) == statuses
    assert ask(xivo16, "POST", "/users", {"firstname": "A", field: "same"}).status_code == 400


def test_xivo16_first_fallbacks_fail_once_written(xivo16: Simulator) -> None:
    user = xivo16.database.users.insert(firstname="A").id
    asked = [("PUT", f"/users/{user}/fallbacks", {"busy_destination": {"type": "none"}})] * 2
    assert at_once(xivo16, asked) == [204, 500]
    assert at_once(xivo16, asked) == [204, 204]


@pytest.mark.parametrize("path", ["/callpermissions", "/groups", "/entities"])
def test_xivo16_names_are_taken_once(path: str, xivo16: Simulator) -> None:
    assert at_once(xivo16, [("POST", path, {"name": "same"})] * 3) == [201, 500, 500]


def test_xivo16_one_of_several_member_sets_is_stored(xivo16: Simulator) -> None:
    database: Any = xivo16.database
    users = [database.users.insert(firstname=name) for name in "ABC"]
    for user in users:
        line = ask(xivo16, "POST", "/lines_sip", {"context": "default"}).json()["id"]
        ask(xivo16, "PUT", f"/users/{user.id}/lines/{line}")
    group = ask(xivo16, "POST", "/groups", {"name": "g"}).json()["id"]
    path = f"/groups/{group}/members/users"
    asked = [("PUT", path, {"users": [{"uuid": user.uuid}]}) for user in users]
    assert at_once(xivo16, [asked[0]] * 3) == [204, 500, 500]
    assert at_once(xivo16, asked[1:]) == [204, 204]
    assert len(ask(xivo16, "GET", f"/groups/{group}").json()["members"]["users"]) == 1


def test_a_schedule_of_a_user_is_in_no_answer(xivo16: Simulator) -> None:
    user = xivo16.database.users.insert(firstname="A").id
    before = ask(xivo16, "GET", f"/users/{user}").json()
    xivo16.database.put_schedule_on_user(1, user)
    assert ask(xivo16, "GET", f"/users/{user}").json() == before
    ask(xivo16, "DELETE", f"/users/{user}")
    assert xivo16.state()["user_schedules"] == []


def test_a_deleted_person_leaves_nothing(xivo16: Simulator) -> None:
    database: Any = xivo16.database
    tables = {name: rows for name, rows in xivo16.state().items() if name != "sequences"}
    user = ask(xivo16, "POST", "/users", {"firstname": "A"}).json()["id"]
    permission = database.call_permissions.insert(name="p")
    ask(xivo16, "PUT", f"/users/{user}/callpermissions/{permission.id}")
    ask(xivo16, "PUT", f"/users/{user}/funckeys", {"keys": {"1": custom("1")}})
    ask(xivo16, "PUT", f"/users/{user}/fallbacks", {"busy_destination": {"type": "user", "user_id": user}})
    assert ask(xivo16, "DELETE", f"/users/{user}").status_code == 204
    database.call_permissions.delete(permission)
    assert {name: rows for name, rows in xivo16.state().items() if name != "sequences"} == tables


def test_the_rest_of_a_person_is_kept_in_the_state_file(xivo16: Simulator) -> None:
    user = ask(xivo16, "POST", "/users", {"firstname": "A"}).json()["id"]
    ask(xivo16, "PUT", f"/users/{user}/funckeys", {"keys": {"1": custom("1")}})
    before = xivo16.state()
    xivo16.database.load(json.loads(json.dumps(before)))
    assert xivo16.state() == before
    assert positions(xivo16, user) == ["1"]


@pytest.mark.parametrize(
    ("method", "rule", "times"),
    [
        ("PUT", "/users/<int:user_id>/cti", 1.0),
        ("PUT", "/users/<int:user_id>/funckeys/<int:position>", 0.9),
        ("GET", "/users/<int:user_id>/funckeys", 0.9),
        ("GET", "/funckeys/templates", 0.4),
    ],
)
def test_xivo15_requests_take_their_time(method: str, rule: str, times: float, xivo15: Simulator) -> None:
    taken = [xivo15.generation.milliseconds(*each, xivo15.database) for each in ((method, rule), ("POST", "/users"))]
    assert taken[0] / taken[1] == pytest.approx(times)


@pytest.mark.parametrize(
    ("method", "rule", "times"),
    [
        ("PUT", "/users/<uuid:user_id>/forwards/<any(busy, noanswer, unconditional):name>", 0.55),
        ("PUT", "/users/<int:user_id>/funckeys", 0.99),
        ("PUT", "/users/<int:user_id>/funckeys/templates/<int:template_id>", 0.41),
        ("GET", "/users/export", 0.1),
    ],
)
def test_xivo16_requests_take_their_time(method: str, rule: str, times: float, xivo16: Simulator) -> None:
    taken = [xivo16.generation.milliseconds(*each, xivo16.database) for each in ((method, rule), ("POST", "/users"))]
    assert taken[0] / taken[1] == pytest.approx(times)


@pytest.mark.parametrize(("api", "method", "status"), [("xivo15", "POST", 201), ("xivo16", "PUT", 204)])
def test_one_of_several_voicemails_stays(api: str, method: str, status: int) -> None:
    with Simulator(api=api, tls=False, username=None) as simulator:
        user = simulator.database.users.insert(firstname="A").id
        line = ask(simulator, "POST", "/lines_sip", {"context": "default", "device_slot": 1}).json()["id"]
        ask(simulator, "POST", f"/users/{user}/lines", {"line_id": line})
        voicemails = [simulator.database.voicemails.insert(name="V", number=n, context="default").id for n in "12"]
        path = f"/users/{user}/voicemail" if method == "POST" else f"/users/{user}/voicemails/%s"
        asked = [(method, path % each if "%" in path else path, {"voicemail_id": each}) for each in voicemails]
        assert at_once(simulator, asked) == [status] * 2
        assert len(simulator.state()["user_voicemails"]) == 1
