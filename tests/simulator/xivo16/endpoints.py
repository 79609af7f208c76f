# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate /endpoints/sip, which takes more usernames and secrets than /lines_sip.

Facts: person-xivo-16.16.md, "endpoints/sip: options, webrtc".
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from ..database import assign
from ..errors import not_found, resource_error
from ..generation import Answer, Call, Route
from ..python2 import Plain
from ..schema import Body
from .fields import matches
from .http import load_body
from .lists import ListColumns, answer_list
from .lookup import find_line, find_user
from .rows import Line16, OrphanEndpoint
from .sip_options import OPTIONS, check_options, options_view, stored_options
from .variants import NOT_A_CHOICE

USERNAME, SECRET = r"[a-zA-Z0-9_-]{1,40}", r"[\x20-\x7e]{1,80}"
SCHEMA = Body.from_dict(
    {
        "username": fields.String(validate=matches(USERNAME)),
        "secret": fields.String(validate=matches(SECRET)),
        "type": fields.String(validate=OneOf(("friend", "peer", "user"), error=NOT_A_CHOICE)),
        "host": fields.String(validate=Length(max=255)),
        "options": OPTIONS,
    }
)()


LIST = ListColumns(
    {
        "id": lambda row: row.endpoint_id if isinstance(row, Line16) else row.id,
        "username": lambda row: row.username,
        "secret": lambda row: row.secret,
        "type": lambda row: row.endpoint_type,
        "host": lambda row: row.host,
    },
    searched=("username", "secret", "type", "host"),
    default="username",
    integers=("id",),
)


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
        "type": row.endpoint_type,
        "host": row.host,
        "options": options_view(row),
        "links": [call.link("endpoints/sip", endpoint_id)],
        "trunk": None,
        "line": {"id": line.id, "links": [call.link("lines", line.id)]} if line else None,
    }


def list_endpoints(call: Call) -> Answer:
    database: Any = call.database
    rows = [*database.lines.where(protocol="sip"), *database.orphan_endpoints]
    return answer_list(call, LIST, rows, lambda row: _view(call, row))


def get_endpoint(call: Call, endpoint_id: int) -> Answer:
    return Answer(body=_view(call, _find(call, endpoint_id)))


def create_endpoint(call: Call) -> Answer:
    database: Any = call.database
    given = load_body(call, SCHEMA)
    _refuse_taken(database, given, None)
    check_options(given.get("options", []))
    accounts = {name: given.get(name) or database.random_account() for name in ("username", "secret")}
    row = database.orphan_endpoints.insert(**{**_columns(given), **accounts})
    return Answer(201, _view(call, row), location=f"/endpoints/sip/{row.id}")


def update_endpoint(call: Call, endpoint_id: int) -> Answer:
    row = _find(call, endpoint_id)
    given = load_body(call, SCHEMA, is_update=True)
    _refuse_taken(call.database, given, row)
    check_options(given.get("options", []))
    assign(row, _columns(given))
    if "options" in given and isinstance(row, Line16) and call.database.main_user_of(row.id) is None:
        # Options that are not sent get their defaults. Only a user puts the caller ID back.
        row.callerid = dict(given["options"]).get("callerid")
    return Answer(204)


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of given fields. The options of a body replace all others."""
    columns = {"endpoint_type" if name == "type" else name: value for name, value in given.items()}
    if "options" in columns:
        columns["options"] = stored_options(columns["options"])
    return columns


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
        other: Any = line if line.protocol else row
        raise resource_error(
            "Line is associated with a Endpoint",
            line_id=other.id,
            endpoint=Plain("sip"),
            endpoint_id=other.endpoint_id,
        )
    database.orphan_endpoints.delete(row)
    account = {name: getattr(row, name) for name in ("username", "secret", "options", "endpoint_type", "host")}
    assign(line, {"protocol": "sip", "own_endpoint_id": endpoint_id, **account})
    return Answer(204)


def get_line_endpoint(call: Call, line_id: int) -> Answer:
    line = find_line(call.database, line_id)
    if line.protocol != "sip":
        raise not_found("LineEndpoint", line_id=line.id)
    links = [call.link("lines", line.id), call.link("endpoints/sip", line.endpoint_id)]
    return Answer(body={"line_id": line.id, "endpoint_id": line.endpoint_id, "endpoint": "sip", "links": links})


def dissociate_endpoint(call: Call, line_id: int, endpoint_id: int) -> Answer:
    """Take the SIP account from a line without user."""
    database: Any = call.database
    line, row = find_line(database, line_id), _find(call, endpoint_id)
    if row is not line:
        raise not_found("LineEndpoint", line_id=line.id, endpoint_id=endpoint_id)
    user = database.user_lines.first(line_id=line.id)
    if user:
        raise resource_error("Line is associated with a User", line_id=line.id, user_id=user.user_id)
    account = {name: getattr(line, name) for name in ("username", "secret", "options", "endpoint_type", "host")}
    database.orphan_endpoints.insert(id=line.endpoint_id, **account)
    assign(line, {"protocol": None, "own_endpoint_id": None, "username": "", "secret": "", "callerid": None})
    return Answer(204)


def get_endpoint_of_user(call: Call, user_id: Any, line_id: int | None = None) -> Answer:
    """Return the endpoint of a line of a user, of the main line if none is named."""
    database: Any = call.database
    user = find_user(database, user_id)
    wanted = {"main_line": True} if line_id is None else {"line_id": line_id}
    association = database.user_lines.first(user_id=user.id, **wanted)
    line = database.lines.get(association.line_id) if association else None
    if line is None or line.protocol != "sip":
        return Answer(404, "Resource Not Found.")
    return Answer(body=_view(call, line))


ROUTES = (
    Route("GET", "/endpoints/sip", list_endpoints),
    Route("POST", "/endpoints/sip", create_endpoint),
    Route("GET", "/endpoints/sip/<int:endpoint_id>", get_endpoint),
    Route("PUT", "/endpoints/sip/<int:endpoint_id>", update_endpoint),
    Route("DELETE", "/endpoints/sip/<int:endpoint_id>", delete_endpoint),
    Route("GET", "/lines/<int:line_id>/endpoints/sip", get_line_endpoint),
    Route("PUT", "/lines/<int:line_id>/endpoints/sip/<int:endpoint_id>", associate_endpoint),
    Route("DELETE", "/lines/<int:line_id>/endpoints/sip/<int:endpoint_id>", dissociate_endpoint),
    Route("GET", "/users/<uuid:user_id>/lines/main/associated/endpoints/sip", get_endpoint_of_user),
    Route("GET", "/users/<uuid:user_id>/lines/<int:line_id>/associated/endpoints/sip", get_endpoint_of_user),
)
