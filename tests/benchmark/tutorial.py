# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial's way: a script of raw requests, in the tutorial's order. It never looks what is there already."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import requests
from requests.auth import HTTPDigestAuth


class Script:
    """The requests of the tutorial, in one session."""

    def __init__(self, url: str, username: str, password: str, verify: str | bool) -> None:
        self._url = f"{url}/1.1"
        self._verify = verify
        self._session = requests.Session()
        self._session.auth = HTTPDigestAuth(username, password)
        self._session.headers["Accept"] = "application/json"

    def provision(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Create users, each with a line, a number and an incall."""
        for entry in entries:
            user = self._post("/users", **entry["user"])
            line = self._post("/lines_sip", context=entry["extension"]["context"], device_slot=1)
            extension = self._post("/extensions", **entry["extension"])
            incall = self._post("/extensions", **entry["incall"])
            self._post(f"/users/{user}/lines", line_id=line)
            self._post(f"/lines/{line}/extensions", extension_id=extension)
            self._post(f"/lines/{line}/extensions", extension_id=incall)

    def _post(self, path: str, **body: Any) -> int:
        """Create or associate something. Returns its id, if it has one."""
        answer = self._session.post(f"{self._url}{path}", json=body, verify=self._verify)
        if not answer.ok:
            sys.exit(f"POST {path}: {answer.status_code} {answer.text}")
        return int(answer.json().get("id", 0))


def main() -> None:
    """Create the users of the list whose name is the argument."""
    url, username, password, verify = (
        os.environ[f"CONFD_{name}"] for name in ("URL", "USERNAME", "PASSWORD", "CA_PATH")
    )
    Script(url, username, password, verify).provision(
        json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["provision_users"]
    )


if __name__ == "__main__":
    main()
