# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tutorial provisions a user: raw requests, in its order, that know nothing of this collection.

Usage: raw_script.py https://pbx:9486/1.1 username password ca.pem
"""

from __future__ import annotations

import json
import sys

import requests
from requests.auth import HTTPDigestAuth

HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
PEOPLE = [
    ("Johnny", "Depp", "1200", "2200"),
    ("Vanessa", "Paradis", "1201", None),
    ("Winona", "Ryder", "1202", "2202"),
]


def post(base: str, session: requests.Session, path: str, **body: object) -> dict[str, int]:
    answer = session.post(f"{base}{path}", data=json.dumps(body))
    answer.raise_for_status()
    return dict(answer.json())


def main(base: str, username: str, password: str, ca_path: str) -> None:
    session = requests.Session()
    session.auth = HTTPDigestAuth(username, password)
    session.headers.update(HEADERS)
    session.trust_env = False  # or else REQUESTS_CA_BUNDLE would win
    session.verify = ca_path
    for firstname, lastname, exten, direct in PEOPLE:
        user = post(base, session, "/users", firstname=firstname, lastname=lastname)
        line = post(base, session, "/lines_sip", context="default", device_slot=1)
        number = post(base, session, "/extensions", exten=exten, context="default")
        post(base, session, f"/users/{user['id']}/lines", line_id=line["id"])
        post(base, session, f"/lines/{line['id']}/extensions", extension_id=number["id"])
        if direct:
            incall = post(base, session, "/extensions", exten=direct, context="from-extern")
            post(base, session, f"/lines/{line['id']}/extensions", extension_id=incall["id"])
    post(base, session, "/users", firstname="Nobody", lastname="Yet")


if __name__ == "__main__":
    main(*sys.argv[1:])
