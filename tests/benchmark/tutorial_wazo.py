# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial's way on Wazo: a script of raw requests, one for each object and association.

It never looks what is there already. Source of the order: wazo-26.08.md, "8. One client for both".
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import requests


class Script:
    """The requests of a script, with one token."""

    def __init__(self, url: str, username: str, password: str, verify: str | bool) -> None:
        self._confd = f"{url}/api/confd/1.1"
        self._session = requests.Session()
        self._session.verify = verify
        address = f"{url}/api/auth/0.1/token"
        answer = self._session.post(address, json={"expiration": 3600}, auth=(username, password))
        answer.raise_for_status()
        self._session.headers["X-Auth-Token"] = answer.json()["data"]["token"]

    def provision(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Create users, each with a line, a number and an incall."""
        for number, entry in enumerate(entries):
            self._create_user(number, entry)

    def _create_user(self, number: int, entry: Mapping[str, Any]) -> None:
        user = self._post("/users", entry["user"])
        account = [["username", f"line{number}"], ["password", f"secret{number}"]]
        endpoint = self._post("/endpoints/sip", {"auth_section_options": account})
        line = self._post("/lines", {"context": entry["extension"]["context"], "position": 1})
        self._put(f"/lines/{line['id']}/endpoints/sip/{endpoint['uuid']}")
        extension = self._post("/extensions", entry["extension"])
        self._put(f"/lines/{line['id']}/extensions/{extension['id']}")
        self._put(f"/users/{user['id']}/lines/{line['id']}")
        incall = self._post("/incalls", {"destination": {"type": "user", "user_id": user["id"]}})
        extension = self._post("/extensions", entry["incall"])
        self._put(f"/incalls/{incall['id']}/extensions/{extension['id']}")

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Create an object. Returns the answer."""
        return self._ask("POST", path, body).json()

    def _put(self, path: str) -> None:
        """Associate two objects."""
        self._ask("PUT", path, {})

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> requests.Response:
        answer = self._session.request(method, f"{self._confd}{path}", json=body)
        if not answer.ok:
            sys.exit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer


def main() -> None:
    """Create the users of the list whose name is the argument."""
    url, username, password, verify = (
        os.environ[f"CONFD_{name}"] for name in ("URL", "USERNAME", "PASSWORD", "CA_PATH")
    )
    Script(url, username, password, verify).provision(
        json.loads(Path(sys.argv[1]).read_text("utf-8"))["provision_users"]
    )


if __name__ == "__main__":
    main()
