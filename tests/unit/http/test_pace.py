# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run sends no more requests in a second than it may."""

from __future__ import annotations

from contextlib import closing

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.pace import Pace
from simulator import Fault, Simulator
from support.clients import connection


class Clock:
    """A clock on which only waiting takes time."""

    def __init__(self) -> None:
        self.time = 100.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def paced(per_second: float | None, clock: Clock) -> Pace:
    return Pace(per_second, clock.now, clock.sleep)


def test_requests_follow_each_other_at_the_pace(clock: Clock) -> None:
    pace = paced(4, clock)
    for _request in range(5):
        pace.wait()
    assert clock.waits == [0.25] * 4


def test_a_slow_server_is_not_waited_for_in_addition(clock: Clock) -> None:
    pace = paced(4, clock)
    pace.wait()
    clock.time += 0.2
    pace.wait()
    assert clock.waits == pytest.approx([0.05])


def test_a_pause_is_not_made_up_for(clock: Clock) -> None:
    pace = paced(4, clock)
    pace.wait()
    clock.time += 60
    for _request in range(3):
        pace.wait()
    assert clock.waits == [0.25, 0.25]


def test_without_a_limit_nothing_waits(clock: Clock) -> None:
    pace = paced(None, clock)
    for _request in range(3):
        pace.wait()
    assert clock.waits == []


@pytest.mark.on("xivo15", "wazo")
def test_every_request_of_all_sessions_waits(sim: Simulator, clock: Clock) -> None:
    """Challenges, repeated requests, and the auth service count as well."""
    sim.faults.add(Fault("503", "GET", "/users"))
    with closing(Client(connection(sim, pace=paced(2, clock)))) as client:
        if sim.generation.name == "wazo":
            client.use_wazo_auth()
        client.get("/users")
        with closing(client.clone()) as other:
            other.get("/users")
    assert len(clock.waits) == len(sim.requests) - 1 >= 4
    assert set(clock.waits) == {0.5}
