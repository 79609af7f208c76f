# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say how long the real server takes (xivo-15.12.md, "Milliseconds a request"; xivo-15.12.md, "Speed").

For the two costliest associations the two headings differ by two milliseconds. The values here are those of "Speed":
with them the tutorial's order makes 7.5 users a second and that of the collection 8.9, where the file says 7.5 and 9.0.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

from ..database import Database
from .person_latency import ratio

ONE_OBJECT = 8.0
OTHER_WRITE = 14.0
SEARCH = 12.0
NO_ROWS = 5.0
"""What a list takes before its first row."""
LINE_EXTENSIONS = "/lines/<int:line_id>/extensions"
USER_LINES = "/users/<int:user_id>/lines"
ONE_USER = "/users/<int:user_id>"
MILLISECONDS = {
    ("POST", "/users"): 14.0,
    ("POST", "/lines_sip"): 14.0,
    ("POST", "/extensions"): 8.5,
    ("POST", USER_LINES): 33.0,
    ("POST", LINE_EXTENSIONS): 36.0,
    ("PUT", ONE_USER): 34.0,
}
FREE_LINE, INCALL, USER_WITHOUT_LINE, LINE_WITH_NUMBER = 17.0, 19.0, 13.0, 31.0


def milliseconds(method: str, rule: str, database: Database) -> float:
    """Return the time of one request on one connection; long lists take longer."""
    known = ratio(method, rule, database)
    if known is not None:
        return MILLISECONDS["POST", "/users"] * known
    if method == "GET":
        return _reading_time(rule, database)
    return _shorter_time(method, rule, database) or MILLISECONDS.get((method, rule), OTHER_WRITE)


def _reading_time(rule: str, database: Database) -> float:
    query = request.args if has_request_context() else {}
    per_row = {
        "/users": (0.010 if query.get("view") == "directory" else 0.072, len(database.users)),
        "/lines_sip": (2.3, len(database.lines)),
        "/lines": (0.038, len(database.lines)),
        "/extensions": (0.045, len(database.extensions)),
    }
    if rule not in per_row:
        return ONE_OBJECT
    if "search" in query:
        return SEARCH
    slope, rows = per_row[rule]
    return NO_ROWS + slope * rows


def _shorter_time(method: str, rule: str, database: Database) -> float | None:
    """Return the time of the current request if its objects make it shorter than the longest of its kind, else None."""
    ids: dict[str, Any] = (request.view_args or {}) if has_request_context() else {}
    if (method, rule) == ("PUT", ONE_USER) and ids:
        return None if database.user_lines.first(user_id=ids["user_id"]) else USER_WITHOUT_LINE
    body = request.get_json(silent=True) if ids else None
    if (method, rule) == ("POST", USER_LINES) and isinstance(body, dict):
        return LINE_WITH_NUMBER if database.internal_extension_of(body.get("line_id")) else None
    if (method, rule) == ("POST", LINE_EXTENSIONS) and ids:
        extension = database.extensions.get(body.get("extension_id")) if isinstance(body, dict) else None
        if extension and database.context_type(extension) == "incall":
            return INCALL
        return None if database.user_lines.first(line_id=ids["line_id"]) else FREE_LINE
    return None
