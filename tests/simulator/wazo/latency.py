# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say how long the real server takes (wazo-26.08.md, "How fast"); single requests as in the recorded exchanges."""

from __future__ import annotations

import re

from flask import request

from ..database import Database
from .logins.common import AUTH
from .person import latency as person

OTHER_WRITE = 30.0
ONE_OBJECT = 30.0
LARGEST_FAST_LIMIT = 101
"""Up to this limit GET /users uses another loading strategy."""
MILLISECONDS = {
    ("POST", "/token"): 154.0,
    ("HEAD", "/token/ID"): 5.0,
    ("DELETE", "/token/ID"): 15.0,
    ("GET", "/tenants"): 15.0,
    ("GET", "/infos"): 10.0,
    ("POST", "/endpoints/sip"): 19.0,
    ("POST", "/extensions"): 22.0,
    ("POST", "/incalls"): 16.0,
    ("POST", "/voicemails"): 20.0,
    ("PUT", "/users/ID/lines/ID"): 38.0,
    ("PUT", "/lines/ID/extensions/ID"): 36.0,
    ("PUT", "/lines/ID/endpoints/sip/ID"): 45.0,
    ("PUT", "/incalls/ID/extensions/ID"): 21.0,
    ("PUT", "/users/ID/voicemails/ID"): 20.0,
    ("PUT", "/lines/ID"): 48.0,
    ("PUT", "/endpoints/sip/ID"): 50.0,
    ("PUT", "/extensions/ID"): 46.0,
    ("PUT", "/lines/ID/devices/ID"): 305.0,
    ("DELETE", "/lines/ID/devices/ID"): 200.0,
    ("DELETE", "/extensions/ID"): 21.0,
    ("DELETE", "/incalls/ID"): 23.0,
}
PER_ROW = {
    "/lines": (20.0, 2.1, "lines"),
    "/endpoints/sip": (15.0, 0.5, "endpoints"),
    "/extensions": (15.0, 0.14, "extensions"),
    "/incalls": (15.0, 1.45, "incalls"),
    "/voicemails": (13.0, 0.95, "voicemails"),
}
VIEWS = {"directory": (15.0, 0.025), "summary": (15.0, 0.085)}


def milliseconds(method: str, rule: str, database: Database) -> float:
    """Return the time of one request on one connection."""
    path = re.sub("<[^>]*>", "ID", rule)
    if (method, path) == ("POST", "/users/import"):
        return person.of_import(request.get_data(as_text=True))
    service = person.of_auth if request.path.startswith(AUTH) else person.of_confd
    measured = service(method, path, database)
    if measured is not None:
        return measured
    if method == "GET" and path == "/users":
        return _list_of_users(len(database.users))
    if method == "GET" and path in PER_ROW:
        fixed, slope, name = PER_ROW[path]
        return ONE_OBJECT if _is_filtered() else fixed + slope * len(getattr(database, name))
    if method == "POST" and path in ("/users", "/lines"):
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            return OTHER_WRITE
        alone = person.FULL if body.get("lines") else 60.0 if body.get("endpoint_sip") else 29.0
        return alone + person.of_login(body)
    if method == "DELETE" and request.args.get("recursive"):
        return 300.0
    return MILLISECONDS.get((method, path), ONE_OBJECT if method == "GET" else OTHER_WRITE)


def _is_filtered() -> bool:
    return bool(set(request.args) - {"order", "direction", "recurse"})


def _list_of_users(count: int) -> float:
    """Return the time of GET /users: without a small limit PostgreSQL compiles the query first, whatever it finds."""
    if request.args.get("view") in VIEWS:
        fixed, slope = VIEWS[request.args["view"]]
        return fixed + slope * count
    limit = request.args.get("limit", "")
    if limit.isdigit() and int(limit) <= LARGEST_FAST_LIMIT:
        return 25.0 + 9.5 * min(int(limit), count)
    return 850.0 + (0.0 if _is_filtered() else 2.3 * count)
