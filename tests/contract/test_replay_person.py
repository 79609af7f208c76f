# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the simulators with recorded exchanges about the rest of a person: see recording.py for what is compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator import Simulator

from .recording import Exchange, RecordedRandom, body_of, read_servers
from .target import Target
from .test_replay import has_the_body

ORIGIN = "http://origin"
FOLDER = Path(__file__).with_name("recordings")
GENERATIONS = {"xivo15": "person-xivo-15.12.jsonl", "xivo16": "person-xivo-16.16.jsonl"}
RECORDINGS = {
    f"{api} {name}": (api, exchanges)
    for api, file in GENERATIONS.items()
    for name, exchanges in read_servers(FOLDER / file)
}
TABLES = {
    "users": "users",
    "callpermissions": "call_permissions",
    "groups": "groups",
    "entities": "entities",
    "funckeys/templates": "func_key_templates",
    "voicemails": "voicemails",
    "lines_sip": "lines",
    "endpoints/sip": "orphan_endpoints",
}
IMPORTED = {
    "users": ("user_id",),
    "lines": ("line_id",),
    "extensions": ("extension_id", "incall_extension_id"),
    "voicemails": ("voicemail_id",),
}

pytestmark = pytest.mark.simulator_only


@pytest.mark.parametrize("name", RECORDINGS)
def test_recording(name: str) -> None:
    api, exchanges = RECORDINGS[name]
    with Simulator(api=api, tls=False, username=None) as simulator:
        replay = _Replay(simulator)
        differences = [found for exchange in exchanges for found in replay.differences(exchange)]
    assert not differences, "\n".join(differences)


def test_what_is_not_replayed() -> None:
    """What is left out stands in the recording, with the reason; nobody leaves out more without notice."""
    sent = {api: [each for one, each in _exchanges() if one == api and "left_out" not in each] for api in GENERATIONS}
    left_out = {api: [each for one, each in _exchanges() if one == api and "left_out" in each] for api in GENERATIONS}
    assert {api: (len(sent[api]), len(left_out[api])) for api in GENERATIONS} == COUNTS


COUNTS = {"xivo15": (603, 1), "xivo16": (752, 1)}
"""{generation: (exchanges that are replayed, exchanges that are left out)}."""


def _exchanges() -> Iterator[tuple[str, Exchange]]:
    for api, exchanges in RECORDINGS.values():
        for each in exchanges:
            if "status" in each and "unrecorded" not in each:
                yield api, each


class _Replay:
    """Send the exchanges of one recorded server to the simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._database: Any = simulator.database
        self._random = self._database.random = RecordedRandom()
        self._target = Target(simulator.url, None, "", verify=True)
        self._origin = simulator.url

    def differences(self, exchange: Exchange) -> Iterator[str]:
        if "rows" in exchange:
            self._write_rows(exchange["rows"])
        elif "left_out" not in exchange:
            yield from self._compare(exchange)

    def _write_rows(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        for name, columns in rows.items():
            table = getattr(self._database, name)
            for row in columns:
                present = table.get(row["id"])
                if present is None:
                    table.insert(**row)
                if isinstance(row["id"], int):
                    table.sequence = max(table.sequence, row["id"])
                for column, value in row.items():
                    setattr(table.get(row["id"]), column, value)

    def _compare(self, exchange: Exchange) -> Iterator[str]:
        self._random.prepare(exchange)
        self._expect_ids(exchange)
        answer = self._ask(exchange)
        if exchange.get("unrecorded"):
            expected = exchange.get("status", answer.status_code if answer.ok else 0)
            yield from () if answer.status_code == expected else [f"{exchange}: {answer.text}"]
            return
        location = self._target.path_of(answer.headers.get("Location", "")) or None
        recorded = (exchange["status"], exchange.get("location"))
        if (answer.status_code, location) != recorded or not _has_the_body(exchange, answer):
            yield f"{exchange}\n  answered {answer.status_code} {location} {answer.text[:3000]}"

    def _ask(self, exchange: Exchange) -> requests.Response:
        answer = self._target.ask(exchange["method"], exchange["path"], body_of(exchange), exchange.get("headers", {}))
        answer._content = answer.content.replace(self._origin.encode(), ORIGIN.encode())
        return answer

    def _expect_ids(self, exchange: Exchange) -> None:
        """Let the sequences give the ids that the real server gave."""
        created = exchange.get("answer")
        if exchange.get("status") != 201 or not isinstance(created, dict):
            return
        table = TABLES.get(exchange["path"].strip("/"))
        if table and "id" in created:
            getattr(self._database, table).sequence = created["id"] - 1
        for name, columns in IMPORTED.items():
            rows = created.get("created") or created.get("updated") or ()
            ids = [row[column] for row in rows for column in columns if row.get(column)]
            new = [each for each in ids if getattr(self._database, name).get(each) is None]
            if new:
                getattr(self._database, name).sequence = min(new) - 1


def _has_the_body(exchange: Exchange, answer: requests.Response) -> bool:
    if "text" in exchange:
        return sorted(answer.text.splitlines()) == sorted(exchange["text"].splitlines())
    if exchange["status"] == 500:
        return bool(answer.json()[0].partition("\n")[0] == exchange["answer"][0].partition("\n")[0])
    if "answer" not in exchange:
        return has_the_body(exchange, answer)
    return _comparable(answer.json()) == _comparable(exchange["answer"])


def _comparable(value: Any) -> Any:
    """Return an answer without links, ids of function keys and times, and with what has no order sorted."""
    if isinstance(value, dict):
        hidden = {"links", "timestamp"} | ({"id"} if "inherited" in value else set())
        kept = {name: _comparable(member) for name, member in value.items() if name not in hidden}
        if "content" in kept:
            kept["content"] = sorted(kept["content"], key=lambda row: str(row["uuid"]))
        return kept
    return [_comparable(member) for member in value] if isinstance(value, list) else value
