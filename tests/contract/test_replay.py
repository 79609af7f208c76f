# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the simulator with recorded exchanges of a real XiVO 15.12."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from simulator import Simulator

from .recording import Exchange, RecordedRandom, body_of, read_servers, without_links
from .target import Target

SERVERS = dict(read_servers(Path(__file__).with_name("recordings") / "xivo-15.12.jsonl"))

pytestmark = pytest.mark.simulator_only


@pytest.fixture
def fresh() -> Iterator[Simulator]:
    with Simulator(api="xivo15", tls=False, username=None) as simulator:
        simulator.database.random = RecordedRandom()
        yield simulator


@pytest.mark.parametrize("server", SERVERS)
def test_recording(server: str, fresh: Simulator) -> None:
    target = Target(fresh.url, None, "", verify=True)
    differences = [found for exchange in SERVERS[server] for found in replay(exchange, fresh, target)]
    assert not differences, "\n".join(differences)


def replay(exchange: Exchange, simulator: Simulator, target: Target) -> Iterator[str]:
    """Send the request again, and yield how the answer differs from the recorded one."""
    assert isinstance(simulator.database.random, RecordedRandom)
    simulator.database.random.prepare(exchange)
    if exchange.get("unrecorded"):
        answer = target.ask(exchange["method"], exchange["path"], body_of(exchange), {})
        if not answer.ok:
            yield f"{exchange}: {answer.text}"
        return
    answer = target.ask(exchange["method"], exchange["path"], body_of(exchange), exchange.get("headers", {}))
    location = target.path_of(answer.headers.get("Location", "")) or None
    recorded = (exchange["status"], exchange.get("location"))
    if (answer.status_code, location) != recorded or not has_the_body(exchange, answer):
        yield f"{exchange}\n  answered {answer.status_code} {location} {answer.text[:1000]}"


def has_the_body(exchange: Exchange, answer: requests.Response) -> bool:
    if "page" in exchange:
        heading = re.search("<h1>(.*)</h1>", answer.text)
        return heading is not None and heading[1] == exchange["page"]
    if "total" in exchange:
        return bool(answer.json()["total"] == exchange["total"] == len(answer.json()["items"]))
    if exchange.get("starts"):
        return bool(answer.json()[0].startswith(exchange["answer"][0]))
    if "answer" not in exchange:
        return answer.text == ""
    return bool(without_links(answer.json()) == exchange["answer"])
