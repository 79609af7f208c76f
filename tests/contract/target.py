# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send requests to the server under test, the simulator or a real one, and clean up behind them."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from typing import Any

import requests
from requests.auth import HTTPDigestAuth

from simulator import Simulator

JSON_TYPE = "application/json"
INTERNAL = ("default", range(1100, 2000))
INCALL = ("from-extern", range(2100, 3000))
IMPORTED = {
    "user_id": "users",
    "line_id": "lines",
    "sip_id": "endpoints/sip",
    "extension_id": "extensions",
    "incall_extension_id": "extensions",
    "voicemail_id": "voicemails",
}
COLLECTIONS = (
    *("groups", "incalls", "extensions", "lines_sip", "lines", "endpoints/sip", "endpoints/sccp", "users"),
    *("voicemails", "devices", "callpermissions", "funckeys/templates", "entities"),
)
"""The collections in the order in which their objects can be deleted, once the associations are gone."""


class Target:
    """Send requests, and remember the objects that they created."""

    def __init__(self, url: str, username: str | None, password: str, verify: bool | str) -> None:
        self.url = url.rstrip("/").removesuffix("/1.1")
        self._verify = verify
        self._session = requests.Session()
        if username:
            self._session.auth = HTTPDigestAuth(username, password)
        self._created: list[str] = []

    def ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> requests.Response:
        sent: dict[str, str | None] = {"Accept": JSON_TYPE, "Content-Type": JSON_TYPE if body is not None else None}
        sent.update({name: None if value == "-" else value for name, value in headers.items()})
        data = body.encode() if isinstance(body, str) else body
        answer = self._session.request(
            method, f"{self.url}/1.1{path}", data=data, headers=sent, verify=self._verify, timeout=30
        )
        if answer.status_code == 201:
            self._created.extend(self._paths(answer))
        return answer

    def _paths(self, answer: requests.Response) -> list[str]:
        """Return the paths of what a request created: one object, or all objects of an import."""
        if "Location" in answer.headers:
            return [self.path_of(answer.headers["Location"])]
        rows = answer.json().get("created", ())
        return [f"/{kind}/{row[key]}" for row in rows for key, kind in IMPORTED.items() if row.get(key)]

    def path_of(self, url: str) -> str:
        return url.partition("/1.1")[2]

    def get(self, path: str) -> Any:
        return self.ask("GET", path, None, {}).json()

    def renew_session(self) -> None:
        self._session.cookies.clear()

    def values(self) -> dict[str, Any]:
        """Return what every case can quote: free numbers and MAC addresses, and a word found nowhere else."""
        taken = {(item["context"], item["exten"]) for item in self.get("/extensions")["items"]}
        taken |= {(item["context"], item["number"]) for item in self.get("/voicemails")["items"]}
        values: dict[str, Any] = {"tag": f"t{secrets.token_hex(4)}"}
        for index in range(1, 3):
            # A locally administered address: no telephone has it.
            mac = ":".join(f"{byte:02x}" for byte in (2, *secrets.token_bytes(5)))
            values |= {f"mac{index}": mac, f"upper_mac{index}": mac.upper()}
        for name, (context, numbers) in {"exten": INTERNAL, "incall": INCALL}.items():
            free = (str(number) for number in numbers if (context, str(number)) not in taken)
            values.update({f"{name}{index}": next(free) for index in range(1, 6)})
        return values

    def clean(self) -> None:
        """Delete what was created, in the order that always works, with a fresh session."""
        self.renew_session()
        created = list(dict.fromkeys(self._created))
        for line in (*_of(created, "lines_sip"), *_of(created, "lines")):
            self._clear(f"/lines/{line}/devices", "device_id")
            self._clear(f"/lines/{line}/extensions", "extension_id")
        for user in reversed(_of(created, "users")):
            self._delete(f"/users/{user}/voicemail")
            self._clear(f"/users/{user}/lines", "line_id")
            created += [f"/incalls/{incall['id']}" for incall in self._incalls_of(f"/users/{user}")]
        for collection in COLLECTIONS:
            for identifier in _of(created, collection):
                self._delete(f"/{collection}/{identifier}")
        self._created.clear()

    def _clear(self, path: str, key: str) -> None:
        """Remove the associations of a list, or the one of a single answer."""
        answer = self.ask("GET", path, None, {})
        body = answer.json() if answer.ok else {"items": []}
        for item in reversed(body.get("items", [body])):
            self._delete(f"{path}/{item[key]}")

    def _incalls_of(self, path: str) -> list[dict[str, Any]]:
        """Return the incalls that a user shows, which XiVO up to 16.12 does not."""
        answer = self.ask("GET", path, None, {})
        incalls: list[dict[str, Any]] = answer.json().get("incalls", []) if answer.ok else []
        return incalls

    def _delete(self, path: str) -> None:
        self.ask("DELETE", path, None, {})


def _of(paths: list[str], collection: str) -> list[str]:
    """Return the ids of the created objects of a collection; an association has a longer path."""
    found = (re.fullmatch(rf"/{collection}/([^/?]+)", path) for path in paths)
    return [match[1] for match in found if match]


@contextlib.contextmanager
def simulated(simulator: Simulator) -> Iterator[Target]:
    """Yield a target with a session of its own on a simulator that is reset first."""
    simulator.reset()
    yield Target(simulator.url, simulator.username, simulator.password, simulator.ca_path or True)
