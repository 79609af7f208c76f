# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the simulator with recorded exchanges of a real Wazo about the rest of a person.

The recording is as it was made. What is not compared, and why, is said in `person_recording.py`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from simulator import Context, Range, Simulator

from .comparison import Comparison
from .person_recording import (
    ACLS,
    ALIASES,
    BASE,
    PAGES_BY_CHANCE,
    SERVERS,
    TIED,
    UNEXPLAINED_ROW,
    UNORDERED,
    VARIES,
    Recorded,
    allow_everybody,
    move_sequences,
    prepare,
    reason_to_leave_out,
    without_key_ids,
)
from .recording import without_links

CONTEXTS = (
    Context("default", "internal", (Range("1000", "1999"),)),
    Context("from-extern", "incall", (Range("2000", "2999"),)),
    Context("to-extern", "outcall", ()),
)
MADE_UP = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{6}\b")
"""uuids and provisioning codes."""

pytestmark = pytest.mark.simulator_only


class Replay:
    """Send recorded requests to the simulator, each with the token of who sent it."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._session = requests.Session()
        self._tokens: dict[str, str] = {}
        self._comparison = Comparison(prepare(simulator), MADE_UP, True, VARIES, self._in_order)
        for name in ACLS:
            self._log_in(name, "secret")
        allow_everybody(simulator.database)

    def differences(self, exchange: Recorded) -> Iterator[str]:
        """Send the request again, and yield how the answer differs from the recorded one."""
        for unrecorded in exchange.before:
            self._session.request(
                unrecorded["method"],
                f"{self._simulator.url}{BASE}{self._comparison.translated(unrecorded['path'])}",
                headers={"X-Auth-Token": self._token_of("root")},
                data=self._comparison.translated(json.dumps(unrecorded["body"])),
                timeout=30,
            ).raise_for_status()
        move_sequences(self._simulator.database, exchange)
        token = self._comparison.known["TOKEN"] = self._token_of(exchange.sender)
        answer = self._ask(exchange, token)
        if exchange.gives_token and answer.ok:
            self._comparison.known["TOKEN"] = self._tokens["herself"] = answer.json()["data"]["token"]
        if answer.status_code != exchange.status:
            yield f"{exchange}\n  answered {answer.status_code} {answer.text[:1000]}"
            return
        for found in self._compare_answers(exchange, answer):
            yield f"{exchange}: {found}"

    def _compare_answers(self, exchange: Recorded, answer: requests.Response) -> Iterator[str]:
        if exchange.is_table:
            yield from self._compare_tables(exchange.body, answer.text)
        elif exchange.is_page:
            yield from () if "<h1>" in answer.text else [f"is {answer.text}"]
        elif exchange.answer is None:
            yield from [f"has a body: {answer.text}"] if answer.text else ()
        else:
            recorded, got = exchange.answer, without_links(answer.json())
            if exchange.note in PAGES_BY_CHANCE:
                recorded, got = ({**each, "items": []} for each in (recorded, got))
            if exchange.section == "races":
                recorded, got = (without_key_ids(each) for each in (recorded, got))
            yield from self._comparison.differences(recorded, got)
        location = self._comparison.translated(exchange.location)
        if answer.headers.get("Location", "").removeprefix(self._simulator.url) != location:
            yield f"is at {answer.headers.get('Location')} instead of {location}"

    def _compare_tables(self, recorded: str, got: str) -> Iterator[str]:
        """Compare tables without the order of their rows, which is that of the database's pages."""
        lines = got.splitlines()
        by_uuid = {line.partition(",")[0]: line for line in lines}
        for row in self._comparison.translated(recorded).splitlines():
            self._comparison.learn(row, by_uuid.get(row.partition(",")[0], row))
        rows = Counter(self._comparison.translated(recorded).splitlines())
        rows.subtract(lines)
        different = [(row, count) for row, count in rows.items() if count and UNEXPLAINED_ROW not in row]
        yield from (f"{'lacks' if count > 0 else 'has'} {row}" for row, count in different)

    def _token_of(self, sender: str | None) -> str:
        if sender is None:
            return ""
        name = ALIASES.get(sender, sender)
        if name not in self._tokens:
            self._log_in(name, "pa-55")
        return self._tokens[name]

    def _log_in(self, name: str, password: str) -> None:
        url = f"{self._simulator.url}/api/auth/0.1/token"
        answer = requests.post(url, auth=(name, password), json={}, timeout=30)
        self._tokens[name] = answer.json()["data"]["token"]

    def _ask(self, exchange: Recorded, token: str) -> requests.Response:
        headers = {name: self._comparison.translated(value) for name, value in exchange.headers.items()}
        watched = self._tokens.get("herself", "") if "/token/" in exchange.path and exchange.sender == "root" else token
        auth = headers.pop("Authorization", "").removeprefix("Basic ")
        name, _colon, password = auth.partition(":")
        return self._session.request(
            exchange.method,
            self._simulator.url + self._comparison.translated(exchange.path.replace("TOKEN", watched)),
            headers=headers,
            auth=(name, password) if auth else None,
            data=None if exchange.given is None else self._comparison.translated(exchange.given).encode(),
            timeout=30,
        )

    def _in_order(self, where: str, items: list[Any]) -> list[Any]:
        if not where.endswith(UNORDERED) and not (where == ".items" and _has_ties(items)):
            return items
        return sorted(items, key=lambda item: self._comparison.translated(json.dumps(item, sort_keys=True)))


def _has_ties(items: list[dict[str, Any]]) -> bool:
    names = [item[name] for name in TIED for item in items if name in item]
    return len(set(names)) < len(names)


@pytest.mark.parametrize("server", SERVERS)
def test_recording(server: str) -> None:
    replayed = [exchange for exchange in SERVERS[server] if reason_to_leave_out(exchange) is None]
    with Simulator(api="wazo", tls=False, contexts=CONTEXTS) as simulator:
        replay = Replay(simulator)
        differences = [found for exchange in replayed for found in replay.differences(exchange)]
    assert not differences, "\n".join(differences)
