# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read recordings/*.jsonl: a curated copy of exchanges with real servers.

A line `{"server": ...}` begins a fresh server. The other lines are exchanges in order, without host and links.
`unrecorded` ones prepare what a recording takes for granted, and may contain values that the server generated. `starts`
means that the answer's text only begins like that; `total` stands for a long list that was recorded before; `page` is
the heading of an HTML page, `text` a body that is not JSON.

In person-*.jsonl, which hold all that was recorded:
- `rows` are put into the database before the next exchange: what was made unrecorded, or by hand.
- The ids, uuids, accounts and codes that the server generated are taken from its answers, or from `generated`.
- The ids of function keys are not compared: they are counters of a database in which more happened. Neither is what
  follows the first line of a 500, the SQL statement of the real server.
- The rows of an export are compared without their order, which the server does not promise.
- `http://origin` stands for the address of the server, `note` is what the observer asked.
- `left_out` says why an exchange is not sent.
"""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Exchange = dict[str, Any]


def read_servers(file: Path) -> Iterator[tuple[str, list[Exchange]]]:
    name, exchanges = "", list[Exchange]()
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "server" in entry:
            if exchanges:
                yield name, exchanges
            name, exchanges = entry["server"], []
        else:
            exchanges.append(entry)
    yield name, exchanges


def body_of(exchange: Exchange) -> str | bytes | None:
    """Return the request's body as it was sent."""
    raw = exchange.get("raw")
    if raw is None:
        return json.dumps(exchange["body"]) if "body" in exchange else _no_body(exchange)
    return bytes(ast.literal_eval(raw)) if raw.startswith("b'") else str(raw)


def _no_body(exchange: Exchange) -> bytes | None:
    return b"" if exchange["method"] in {"POST", "PUT"} else None


def without_links(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_links(member) for name, member in value.items() if name != "links"}
    if isinstance(value, list):
        return [without_links(member) for member in value]
    return value


class RecordedRandom(random.Random):
    """Return what the real server generated at random: SIP accounts, provisioning codes, uuids, ids of devices."""

    def __init__(self) -> None:
        super().__init__(0)
        self._texts: list[str] = []
        self._numbers: list[str] = []

    def prepare(self, exchange: Exchange) -> None:
        """Take the values that the server generated from its answer to this exchange."""
        self._texts, self._numbers = list(exchange.get("generated", ())), []
        created, given = exchange.get("answer"), exchange.get("body")
        if exchange["method"] != "POST" or exchange.get("status") != 201 or not isinstance(created, dict):
            return
        drawn = [name for name in ("username", "secret") if created.get(name) and not (given or {}).get(name)]
        if exchange["path"] == "/devices":
            self._numbers = [created["id"]]
        elif "created" in created:
            self._numbers = [row["user_uuid"].replace("-", "") for row in created["created"]]
        elif "uuid" in created:
            self._numbers = [created["uuid"].replace("-", "")]
        else:
            self._texts += [created[name] for name in (*drawn, "provisioning_extension") if name in created]

    def choices(self, population: Sequence[Any], *args: Any, **options: Any) -> list[Any]:
        fits = self._texts and options.get("k") == len(self._texts[0])
        return list(self._texts.pop(0)) if fits else super().choices(population, *args, **options)

    def getrandbits(self, k: int, /) -> int:
        return int(self._numbers.pop(0), 16) if self._numbers and k == 128 else super().getrandbits(k)
