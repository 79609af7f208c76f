# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say how long the real server takes (xivo-16.16.md, "Speed")."""

from __future__ import annotations

from flask import has_request_context, request

from ..database import Database
from .person_latency import POST_USERS, ratio

ONE_OBJECT = 30.0
OTHER_WRITE = 45.0
MILLISECONDS = {
    ("POST", "/users"): POST_USERS,
    ("PUT", "/users/<int:user_id>"): 37.0,
    ("DELETE", "/users/<int:user_id>"): 42.0,
    ("POST", "/lines_sip"): 52.0,
    ("POST", "/extensions"): 41.0,
    ("POST", "/users/<int:user_id>/lines"): 62.0,
    ("PUT", "/users/<int:user_id>/lines/<int:line_id>"): 62.0,
    ("POST", "/lines/<int:line_id>/extensions"): 62.0,
    ("PUT", "/lines/<int:line_id>/extensions/<int:extension_id>"): 62.0,
    ("GET", "/users/<int:user_id>/lines"): 22.0,
    ("GET", "/lines/<int:line_id>/extensions"): 39.0,
    ("GET", "/infos"): 19.0,
}
FILTERS = frozenset({"search", "firstname", "lastname", "uuid", "userfield", "email"})
IMPORTED_USER = 130.0
"""What a row of /users/import takes (xivo-16.16.md, "users/import")."""
FIXED = 20.0
"""What a list takes without any row: TLS, digest and the check of the token."""


def milliseconds(method: str, rule: str, database: Database) -> float:
    """Return the time of one request on one connection; long lists take longer, unless a filter is exact."""
    per_row = {
        "/users": (0.85, len(database.users)),
        "/lines_sip": (0.22, len(database.lines)),
        "/lines": (2.72, len(database.lines)),
        "/extensions": (3.3, len(database.extensions)),
        "/incalls": (4.6, len(database.incalls)),
        "/devices": (1.0, len(database.devices)),
        "/voicemails": (1.0, len(database.voicemails)),
        "/contexts": (0.1, len(database.contexts)),
    }
    if method == "GET" and rule in per_row:
        slope, rows = per_row[rule]
        return FIXED + slope * _rows(rows)
    if (method, rule) == ("POST", "/users/import"):
        return FIXED + IMPORTED_USER * max(0, request.get_data().strip().count(b"\n"))
    known = ratio(method, rule, database)
    if known is not None:
        return POST_USERS * known
    return MILLISECONDS.get((method, rule), ONE_OBJECT if method == "GET" else OTHER_WRITE)


def _rows(count: int) -> float:
    """Return how many rows are read: all, a page, or, of a list that is searched or filtered, a few."""
    query = request.args if has_request_context() else {}
    limit = query.get("limit", "")
    if limit.isdigit():
        return min(count, int(limit))
    if "exten" in query or "id" in query:
        return min(count, 3)
    return count * 0.07 if FILTERS.intersection(query) else count
