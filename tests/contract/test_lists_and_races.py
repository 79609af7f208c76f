# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check facts that need many objects, threads or a clock: lists, races on one number, latency.

Facts: xivo-15.12.md, trap 3; xivo-15.12.md, trap 7; xivo-15.12.md, "Milliseconds a request".
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import request

from simulator import Simulator
from simulator.scheduler import CLIENT_HEADER, RequestScheduler
from simulator.xivo15.latency import milliseconds

from .target import Target

pytestmark = pytest.mark.simulator_only


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with Simulator(api=getattr(request, "param", "xivo15"), tls=False, username=None) as simulator:
        yield simulator


def client(simulator: Simulator) -> Target:
    return Target(simulator.url, None, "", verify=True)


@pytest.fixture
def homonyms(fresh: Simulator) -> Simulator:
    """Insert 300 users with the same lastname."""
    for number in range(300):
        fresh.database.users.insert(firstname=f"F{number:03}", lastname="Same")
    return fresh


@pytest.mark.parametrize(("limit", "distinct"), [(10, 287), (50, 299), (100, 300)])
def test_trap_3_paging_loses_rows(limit: int, distinct: int, homonyms: Simulator) -> None:
    target = client(homonyms)
    pages = [target.get(f"/users?limit={limit}&skip={skip}") for skip in range(0, 300, limit)]
    found = [user["id"] for page in pages for user in page["items"]]
    assert (len(found), len(set(found))) == (300, distinct)


def test_trap_3_without_limit_nothing_is_lost(homonyms: Simulator) -> None:
    assert len({user["id"] for user in client(homonyms).get("/users")["items"]}) == 300


def test_trap_3_order_by_a_unique_column_loses_nothing(homonyms: Simulator) -> None:
    target = client(homonyms)
    pages = [target.get(f"/users?order=firstname&limit=10&skip={skip}") for skip in range(0, 300, 10)]
    assert [user["firstname"] for page in pages for user in page["items"]] == [f"F{number:03}" for number in range(300)]


def at_once(simulator: Simulator, requests: list[tuple[str, str]]) -> list[int]:
    """POST the bodies to the paths at the same moment. Returns the sorted statuses."""
    statuses: list[int] = []
    start = threading.Barrier(len(requests))

    def post(path: str, body: str) -> None:
        target = client(simulator)
        start.wait()
        statuses.append(target.ask("POST", path, body, {}).status_code)

    threads = [threading.Thread(target=post, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def lines_and_a_number(simulator: Simulator, count: int) -> list[tuple[str, str]]:
    target = client(simulator)
    line = '{"context": "default", "device_slot": 1}'
    lines = [target.ask("POST", "/lines_sip", line, {}).json()["id"] for _each in range(count)]
    extension = target.ask("POST", "/extensions", '{"exten": "1100", "context": "default"}', {}).json()["id"]
    return [(f"/lines/{line_id}/extensions", f'{{"extension_id": {extension}}}') for line_id in lines]


def test_race_four_lines_get_one_number(fresh: Simulator) -> None:
    requests = lines_and_a_number(fresh, 4)
    fresh.database.open_race(4)
    assert at_once(fresh, requests) == [201, 201, 201, 201]
    assert len(fresh.state()["line_extensions"]) == 4


def test_without_an_open_race_one_line_gets_the_number(fresh: Simulator) -> None:
    assert at_once(fresh, lines_and_a_number(fresh, 4)) == [201, 400, 400, 400]


def test_same_extension_eight_times_at_once_is_made_once(fresh: Simulator) -> None:
    statuses = at_once(fresh, [("/extensions", '{"exten": "1100", "context": "default"}')] * 8)
    assert statuses == [201] + [400] * 7


@pytest.mark.parametrize("fresh", ["xivo15", "xivo16"], indirect=True)
def test_racing_posts_of_a_number_fail_in_the_database(fresh: Simulator) -> None:
    """Of eight at once six are 400, and one is a 500 (xivo-15.12.md, "Speed"; xivo-16.16.md, "Concurrency")."""
    fresh.database.open_race(2)
    assert at_once(fresh, [("/extensions", '{"exten": "1100", "context": "default"}')] * 2) == [201, 500]
    assert len(fresh.database.extensions.where(exten="1100")) == 1


@pytest.mark.parametrize("fresh", ["xivo16"], indirect=True)
def test_race_of_the_lines_of_one_user_leaves_two_main_lines(fresh: Simulator) -> None:
    user = fresh.database.users.insert(firstname="A")
    line = '{"context": "default"}'
    lines = [client(fresh).ask("POST", "/lines_sip", line, {}).json()["id"] for _each in range(2)]
    fresh.database.open_race(2)
    requests = [(f"/users/{user.id}/lines", f'{{"line_id": {line_id}}}') for line_id in lines]
    assert at_once(fresh, requests) == [201, 201]
    assert [row.main_line for row in fresh.database.user_lines.where(user_id=user.id)] == [True, True]


@pytest.mark.parametrize("fresh", ["xivo16"], indirect=True)
def test_extension_of_a_user_is_put_on_a_free_line(fresh: Simulator) -> None:
    """The answer is 201, and afterwards nobody else gets that line (xivo-16.16.md, "Sharing and protection")."""
    (first, body), (second, _body) = lines_and_a_number(fresh, 2)
    users = [fresh.database.users.insert(firstname=name).id for name in "AB"]
    line_ids = [int(path.split("/")[2]) for path in (first, second)]
    target = client(fresh)

    def give(user: int, line_id: int) -> int:
        return target.ask("POST", f"/users/{user}/lines", f'{{"line_id": {line_id}}}', {}).status_code

    assert target.ask("POST", first, body, {}).status_code == 201
    assert give(users[0], line_ids[0]) == 201
    assert target.ask("POST", second, body, {}).status_code == 201
    assert give(users[1], line_ids[1]) == 400


def test_scheduler_serves_in_the_chosen_order(fresh: Simulator) -> None:
    """The order of the requests of two clients does not depend on chance."""
    fresh.scheduler = RequestScheduler(
        "ab", lambda asked: [max(asked)] if len(asked) > 1 else list(asked), fresh.database
    )

    def ask(name: str) -> None:
        target = client(fresh)
        for number in range(3):
            body = f'{{"firstname": "{name}{number}"}}'
            target.ask("POST", "/users", body, {CLIENT_HEADER: name})
        assert fresh.scheduler
        fresh.scheduler.remove_client(name)

    threads = [threading.Thread(target=ask, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.firstname for row in fresh.database.users] == ["b0", "b1", "b2", "a0", "a1", "a2"]


def test_same_sip_username_eight_times_at_once_is_made_once(fresh: Simulator) -> None:
    body = '{"context": "default", "device_slot": 1, "username": "same"}'
    assert at_once(fresh, [("/lines_sip", body)] * 8) == [201] + [500] * 7


@pytest.mark.parametrize(
    ("method", "rule", "real"),
    [
        ("POST", "/users", (14, 14)),
        ("POST", "/lines_sip", (14, 14)),
        ("POST", "/extensions", (8.5, 8.5)),
        ("POST", "/users/<int:user_id>/lines", (31, 33)),
        ("POST", "/lines/<int:line_id>/extensions", (34, 36)),
        ("PUT", "/users/<int:user_id>", (13, 34)),
        ("GET", "/users/<int:user_id>", (5, 12)),
        ("GET", "/users", (75, 85)),
        ("GET", "/lines", (40, 50)),
        ("GET", "/lines_sip", (2250, 2350)),
    ],
)
def test_milliseconds_of_a_request_with_1000_of_a_kind(
    method: str, rule: str, real: tuple[float, float], fresh: Simulator
) -> None:
    for number in range(1000):
        fresh.database.users.insert(firstname="F")
        fresh.database.lines.insert(
            username=f"u{number}", secret="", context="default", sip_context="default", device_slot=1,
            provisioning_extension="1",
        )  # fmt: skip
    assert real[0] <= milliseconds(method, rule, fresh.database) <= real[1]


TUTORIAL = ("user", "line", "number", "incall", "user-line", "line-number", "line-incall")
RULE_7 = ("number", "incall", "line", "line-number", "user", "user-line", "line-incall")


@pytest.mark.parametrize(("order", "users_per_second"), [(TUTORIAL, 7.5), (RULE_7, 9.0)])
def test_users_a_second_are_those_of_the_real_server(
    order: tuple[str, ...], users_per_second: float, fresh: Simulator
) -> None:
    database = fresh.database
    user = database.users.insert(firstname="F").id
    line = database.lines.insert(
        username="u", secret="", context="default", sip_context="default", device_slot=1, provisioning_extension="1"
    ).id
    number = database.extensions.insert(exten="1000", context="default").id
    incall = database.extensions.insert(exten="2000", context="from-extern").id
    posts = {
        "user": ("/users", {}),
        "line": ("/lines_sip", {}),
        "number": ("/extensions", {}),
        "incall": ("/extensions", {}),
        "user-line": (f"/users/{user}/lines", {"line_id": line}),
        "line-number": (f"/lines/{line}/extensions", {"extension_id": number}),
        "line-incall": (f"/lines/{line}/extensions", {"extension_id": incall}),
    }
    total = 0.0
    for step in order:
        path, body = posts[step]
        with fresh._application.flask.test_request_context(f"/1.1{path}", method="POST", json=body):
            assert request.url_rule is not None
            total += milliseconds("POST", request.url_rule.rule.removeprefix("/1.1"), database)
        if step == "user-line":
            database.user_lines.insert(user_id=user, line_id=line, main_user=True, main_line=True)
        if step == "line-number":
            database.line_extensions.insert(line_id=line, extension_id=number)
    assert 1000 / total == pytest.approx(users_per_second, rel=0.02)
