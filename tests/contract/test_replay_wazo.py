# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the simulator with recorded exchanges of a real Wazo, and learn generated values from the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator import Context, Range, Simulator

from .comparison import Comparison
from .recording import Exchange, read_servers, without_links

SERVERS = dict(read_servers(Path(__file__).with_name("recordings") / "wazo-26.08.jsonl"))
CONTEXTS = (
    Context("default", "internal", (Range("1000", "1999"),)),
    Context("from-extern", "incall", (Range("2000", "2999"),)),
)
MASTER, SUB, GLOBAL = (
    "b877b385-0aa7-4100-816a-eda8da911e07",
    "ec2814b2-42c4-49e9-bead-3d087b8aadba",
    "0e9a7e5d-702f-4ea0-9491-42270df89717",
)
MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9]{8}|\d{6}|[0-9a-f]{32}")
"""uuids, names of endpoints, provisioning codes, ids of devices."""

pytestmark = pytest.mark.simulator_only


class Replay:
    """Send the requests of one recorded server to the simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._url = f"{simulator.url}/api/confd/1.1"
        self._session = requests.Session()
        database: Any = simulator.database
        token = requests.post(
            f"{simulator.url}/api/auth/0.1/token", auth=(simulator.username, simulator.password), json={}, timeout=30
        ).json()["data"]["token"]
        template = database.templates.first(label="global", tenant_uuid=database.master)
        sub = database.tenant_named("sub").id
        known = {"TOKEN": token, MASTER: database.master, SUB: sub, GLOBAL: template.id}
        self._comparison = Comparison(known, MADE_UP, varies=frozenset({"created_at"}))

    def differences(self, exchange: Exchange) -> Iterator[str]:
        """Send the request again, and yield how the answer differs from the recorded one."""
        answer = self._ask(exchange)
        location = answer.headers.get("Location", "").partition("/1.1")[2]
        if answer.status_code != exchange["status"]:
            yield f"{exchange}\n  answered {answer.status_code} {answer.text[:1000]}"
        elif "page" in exchange:
            yield from () if exchange["page"] in answer.text else [f"{exchange}\n  answered {answer.text}"]
        elif "total" in exchange:
            total = answer.json()["total"]
            yield from () if total == exchange["total"] else [f"{exchange}\n  has {total}"]
        elif "answer" in exchange:
            for found in self._comparison.differences(exchange["answer"], without_links(answer.json())):
                yield f"{exchange['method']} {exchange['path']}: {found}"
        elif answer.text:
            yield f"{exchange}\n  answered {answer.text[:1000]}"
        if location != self._comparison.translated(exchange.get("location", "")):
            yield f"{exchange}\n  is at {location}"

    def _ask(self, exchange: Exchange) -> requests.Response:
        headers = {"X-Auth-Token": exchange.get("token", "TOKEN") or "", "Wazo-Tenant": exchange.get("tenant", "")}
        body = exchange.get("raw", json.dumps(exchange["body"]) if "body" in exchange else None)
        return self._session.request(
            exchange["method"],
            self._url + self._comparison.translated(exchange["path"]),
            headers={name: self._comparison.translated(value) for name, value in headers.items() if value},
            data=None if body is None else self._comparison.translated(body),
            timeout=30,
        )


@pytest.mark.parametrize("server", SERVERS)
def test_recording(server: str) -> None:
    with Simulator(api="wazo", tls=False, contexts=CONTEXTS) as simulator:
        for device in simulator.database.devices:
            simulator.database.devices.delete(device)
        replay = Replay(simulator)
        differences = [found for exchange in SERVERS[server] for found in replay.differences(exchange)]
    assert not differences, "\n".join(differences)
