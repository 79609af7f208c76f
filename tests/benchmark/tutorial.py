# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tutorial's way: a script of raw requests, in the tutorial's order. It never looks what is there already."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import requests
from requests.auth import HTTPDigestAuth

URL = f"{os.environ['CONFD_URL']}/1.1"
SESSION = requests.Session()
SESSION.auth = HTTPDigestAuth(os.environ["CONFD_USERNAME"], os.environ["CONFD_PASSWORD"])
SESSION.headers["Accept"] = "application/json"


def post(path: str, **body: Any) -> int:
    """Create or associate something. Returns its id, if it has one."""
    answer = SESSION.post(f"{URL}{path}", json=body, verify=os.environ["CONFD_CA_PATH"])
    if not answer.ok:
        sys.exit(f"POST {path}: {answer.status_code} {answer.text}")
    return int(answer.json().get("id", 0))


def provision(entry: dict[str, Any]) -> None:
    user = post("/users", **entry["user"])
    line = post("/lines_sip", context=entry["extension"]["context"], device_slot=1)
    extension = post("/extensions", **entry["extension"])
    incall = post("/extensions", **entry["incall"])
    post(f"/users/{user}/lines", line_id=line)
    post(f"/lines/{line}/extensions", extension_id=extension)
    post(f"/lines/{line}/extensions", extension_id=incall)


for each in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["provision_users"]:
    provision(each)
