# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say how long a person's requests take (person-wazo-26.08.md, "15. How long").

The server was measured under load. So the ratios to POST /users with everything are taken, whose time is known from
a quiet server (wazo-26.08.md, "How fast").
"""

from __future__ import annotations

from typing import Any

FULL = 150.0
"""POST /users with line, extension, incall and voicemail, in milliseconds."""
RATIOS = {
    ("POST", "/users"): 0.73,
    ("PUT", "/users/ID"): 0.08,
    ("GET", "/users/ID"): 0.08,
    ("PUT", "/users/ID/password"): 1.4,
    ("POST", "/users/password/reset"): 0.76,
}
"""Of wazo-auth: what computes a hash costs nearly as much as a whole user."""
CONFD_RATIOS = {
    ("PUT", "/users/ID/forwards"): 0.16,
    ("PUT", "/users/ID/services"): 0.12,
    ("PUT", "/users/ID/fallbacks"): 0.09,
    ("PUT", "/users/ID/callpermissions/ID"): 0.17,
    ("PUT", "/users/ID/schedules/ID"): 0.19,
    ("PUT", "/users/ID/funckeys/ID"): 0.29,
    ("PUT", "/users/ID/funckeys"): 0.46,
    ("PUT", "/users/ID/funckeys/templates/ID"): 0.30,
    ("GET", "/users/ID/funckeys"): 0.35,
    ("PUT", "/users/ID/groups"): 0.17,
    ("PUT", "/groups/ID/members/users"): 1.9,
    ("PUT", "/callpickups/ID/targets/users"): 0.8,
    ("POST", "/agents"): 0.20,
    ("PUT", "/users/ID/agents/ID"): 0.23,
}
LISTS = {
    "/callpermissions": (0.4, "user_permissions"),
    "/groups": (0.4, "group_members"),
    "/schedules": (1.0, "settings"),
    "/agents": (2.0, "agents"),
    "/callpickups": (0.7, "pickup_members"),
    "/funckeys/templates": (0.14, "settings"),
    "/moh": (0.14, "settings"),
    "/users/export": (1.2, "users"),
}
"""The ratio of each list with 200 users, 100 of whom had everything, and the table whose rows make it slow."""
LISTED_LOGINS = 0.16
MEASURED = {"users": 200, "settings": 200, "agents": 100}
"""The rows that there were; 100 of the other tables."""
LOGIN = 1.41
"""What `auth` in POST /users adds: two hashes."""
IMPORTED_ROW, IMPORTED_PASSWORD = 0.85, 0.6
FIXED = 0.1
"""The part of a list that does not depend on its length; not measured apart."""


def of_auth(method: str, path: str, database: Any) -> float | None:
    """Return the milliseconds of a request to wazo-auth, None for one that was not measured."""
    if (method, path) == ("GET", "/users"):
        return _list(LISTED_LOGINS, len(database.logins), 186)
    ratio = RATIOS.get((method, path))
    return None if ratio is None else ratio * FULL


def of_confd(method: str, path: str, database: Any) -> float | None:
    """Return the milliseconds of a request to confd, None for one that is no person's or was not measured."""
    if method == "GET" and path in LISTS:
        ratio, table = LISTS[path]
        return _list(ratio, len(getattr(database, table)), MEASURED.get(table, 100))
    ratio = CONFD_RATIOS.get((method, path), 0.0)
    return ratio * FULL or None


def of_login(body: dict[str, Any]) -> float:
    """Return what making a login adds to POST /users."""
    return LOGIN * FULL if "auth" in body else 0.0


def of_import(table: str) -> float:
    """Return the milliseconds of an import."""
    header, *rows = table.splitlines() or [""]
    password = IMPORTED_PASSWORD if "password" in header.split(",") else 0.0
    return len(rows) * (IMPORTED_ROW + password) * FULL


def _list(ratio: float, rows: int, measured: int) -> float:
    return ratio * FULL * (FIXED + (1 - FIXED) * rows / measured)
