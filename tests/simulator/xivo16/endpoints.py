# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate /endpoints/sip, which takes more usernames and secrets than /lines_sip.

Facts: person-xivo-16.16.md, "endpoints/sip: options, webrtc". The options of an endpoint are not stored.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..database import assign
from ..errors import not_found, resource_error
from ..generation import Answer, Call, Route
from ..schema import Body
from .fields import matches
from .http import load_body
from .lines import SIZES
from .lookup import find_line
from .rows import Line16, OrphanEndpoint

USERNAME, SECRET = r"[a-zA-Z0-9_-]{1,40}", r"[\x20-\x7e]{1,80}"
FIRST_OWN_ID = 10_000
SCHEMA = Body.from_dict(
    {
        "username": fields.String(validate=matches(USERNAME)),
        "secret": fields.String(validate=matches(SECRET)),
        "type": fields.String(),
        "host": fields.String(),
    }
)()


def _find(call: Call, endpoint_id: int) -> Line16 | OrphanEndpoint:
    """Return the row of an endpoint: its line, or the endpoint without line."""
    database: Any = call.database
    found = database.line_of_endpoint(endpoint_id) or database.orphan_endpoints.get(endpoint_id)
    if found is None:
        raise not_found("SIPEndpoint", id=endpoint_id)
    return found  # type: ignore[no-any-return]


def _view(call: Call, row: Line16 | OrphanEndpoint) -> dict[str, Any]:
    line = row if isinstance(row, Line16) else None
    endpoint_id = line.endpoint_id if line else row.id
    return {
        "id": endpoint_id,
        "username": row.username,
        "secret": row.secret,
        "type": "friend",
        "host": "dynamic",
        "options": [["call-limit", "10"], ["amaflags", "default"], ["subscribemwi", "no"]],
        "links": [call.link("endpoints/sip", endpoint_id)],
        "trunk": None,
        "line": {"id": line.id, "links": [call.link("lines", line.id)]} if line else None,
    }


def list_endpoints(call: Call) -> Answer:
    database: Any = call.database
    rows = [*database.lines.where(protocol="sip"), *database.orphan_endpoints]
    username = call.query.get("username")
    found = [_view(call, row) for row in rows if username in (None, row.username)]
    return Answer(body={"items": found, "total": len(found)})


def get_endpoint(call: Call, endpoint_id: int) -> Answer:
    return Answer(body=_view(call, _find(call, endpoint_id)))


def create_endpoint(call: Call) -> Answer:
    database: Any = call.database
    given = load_body(call, SCHEMA)
    _refuse_taken(database, given, None)
    row = database.orphan_endpoints.insert(
        # No line created with an endpoint of its own has such an id.
        id=max((FIRST_OWN_ID, *(each.id + 1 for each in database.orphan_endpoints))),
        username=given.get("username") or database.random_account(),
        secret=given.get("secret") or database.random_account(),
    )
    return Answer(201, _view(call, row), location=f"/endpoints/sip/{row.id}")


def update_endpoint(call: Call, endpoint_id: int) -> Answer:
    row = _find(call, endpoint_id)
    given = load_body(call, SCHEMA, is_update=True)
    _refuse_taken(call.database, given, row)
    assign(row, {name: value for name, value in given.items() if name in SIZES})
    return Answer(204)


def _refuse_taken(database: Any, given: dict[str, Any], own: Any) -> None:
    username = given.get("username")
    rows = (*database.lines.where(protocol="sip"), *database.orphan_endpoints)
    if username is not None and any(row is not own and row.username == username for row in rows):
        raise resource_error("SIPEndpoint already exists", name=username)


def delete_endpoint(call: Call, endpoint_id: int) -> Answer:
    """Delete an endpoint. Its line stays, without endpoint, also with a user."""
    database: Any = call.database
    row = _find(call, endpoint_id)
    if isinstance(row, Line16):
        assign(row, {"protocol": None, "username": "", "secret": "", "callerid": None})
    else:
        database.orphan_endpoints.delete(row)
    return Answer(204)


def associate_endpoint(call: Call, line_id: int, endpoint_id: int) -> Answer:
    """Give a line without endpoint a SIP account that no line has."""
    database: Any = call.database
    line, row = find_line(database, line_id), _find(call, endpoint_id)
    if line.protocol or isinstance(row, Line16):
        other = line if line.protocol else row
        raise resource_error(
            "Line is associated with a Endpoint", line_id=other.id, endpoint="sip", endpoint_id=endpoint_id
        )
    database.orphan_endpoints.delete(row)
    assign(line, {"protocol": "sip", "username": row.username, "secret": row.secret, "own_endpoint_id": endpoint_id})
    return Answer(204)


ROUTES = (
    Route("GET", "/endpoints/sip", list_endpoints),
    Route("POST", "/endpoints/sip", create_endpoint),
    Route("GET", "/endpoints/sip/<int:endpoint_id>", get_endpoint),
    Route("PUT", "/endpoints/sip/<int:endpoint_id>", update_endpoint),
    Route("DELETE", "/endpoints/sip/<int:endpoint_id>", delete_endpoint),
    Route("PUT", "/lines/<int:line_id>/endpoints/sip/<int:endpoint_id>", associate_endpoint),
)
