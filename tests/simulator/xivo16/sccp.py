# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /endpoints/sccp (observations.md, "XiVO 16.16: lines and extensions"). Options are not stored."""

from __future__ import annotations

from typing import Any

from ..errors import not_found, resource_error
from ..generation import Answer, Call, Route
from .lookup import find_line
from .rows import Line16, SccpEndpoint

FIRST_OWN_ID = 20_000
"""No line that was created with its endpoint has such an id."""


def _lines(call: Call) -> list[Line16]:
    database: Any = call.database
    return list(database.lines.where(protocol="sccp"))


def _view(call: Call, endpoint_id: int, line: Line16 | None) -> dict[str, Any]:
    return {
        "id": endpoint_id,
        "options": [],
        "links": [call.link("endpoints/sccp", endpoint_id)],
        "line": {"id": line.id, "links": [call.link("lines", line.id)]} if line else None,
    }


def _find(call: Call, endpoint_id: int) -> Line16 | SccpEndpoint:
    """Return the row of an endpoint: its line, or the endpoint without line."""
    database: Any = call.database
    line = next((line for line in _lines(call) if line.endpoint_id == endpoint_id), None)
    found = line or database.sccp_endpoints.get(endpoint_id)
    if found is None:
        raise not_found("SCCPEndpoint", id=endpoint_id)
    return found  # type: ignore[no-any-return]


def list_endpoints(call: Call) -> Answer:
    database: Any = call.database
    items = [_view(call, line.endpoint_id, line) for line in _lines(call)]
    items += [_view(call, row.id, None) for row in database.sccp_endpoints]
    return Answer(body={"items": items, "total": len(items)})


def get_endpoint(call: Call, endpoint_id: int) -> Answer:
    row = _find(call, endpoint_id)
    return Answer(body=_view(call, endpoint_id, row if isinstance(row, Line16) else None))


def create_endpoint(call: Call) -> Answer:
    database: Any = call.database
    row = database.sccp_endpoints.insert(id=max((FIRST_OWN_ID, *(each.id + 1 for each in database.sccp_endpoints))))
    return Answer(201, _view(call, row.id, None), location=f"/endpoints/sccp/{row.id}")


def update_endpoint(call: Call, endpoint_id: int) -> Answer:
    _find(call, endpoint_id)
    return Answer(204)


def delete_endpoint(call: Call, endpoint_id: int) -> Answer:
    """Delete an endpoint. Its line stays, without endpoint."""
    database: Any = call.database
    row = _find(call, endpoint_id)
    if isinstance(row, Line16):
        row.protocol = None
    else:
        database.sccp_endpoints.delete(row)
    return Answer(204)


def associate_endpoint(call: Call, line_id: int, endpoint_id: int) -> Answer:
    """Give a line without endpoint an SCCP account that no line has."""
    database: Any = call.database
    line, row = find_line(database, line_id), _find(call, endpoint_id)
    if line.protocol or isinstance(row, Line16):
        other = line if line.protocol else row
        raise resource_error(
            "Line is associated with a Endpoint", line_id=other.id, endpoint="sccp", endpoint_id=endpoint_id
        )
    database.sccp_endpoints.delete(row)
    line.protocol, line.own_endpoint_id = "sccp", endpoint_id
    return Answer(204)


ROUTES = (
    Route("GET", "/endpoints/sccp", list_endpoints),
    Route("POST", "/endpoints/sccp", create_endpoint),
    Route("GET", "/endpoints/sccp/<int:endpoint_id>", get_endpoint),
    Route("PUT", "/endpoints/sccp/<int:endpoint_id>", update_endpoint),
    Route("DELETE", "/endpoints/sccp/<int:endpoint_id>", delete_endpoint),
    Route("PUT", "/lines/<int:line_id>/endpoints/sccp/<int:endpoint_id>", associate_endpoint),
)
