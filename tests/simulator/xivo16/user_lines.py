# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users/ID/lines and /lines/ID/users.

Facts: xivo-16.16.md, "users/ID/lines, lines/ID/extensions"; xivo-16.16.md, "Newer equivalents"; xivo-16.16.md, trap 8.
"""

from __future__ import annotations

from typing import Any

from ..database import Database, UserLine
from ..errors import input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from ..schema import Body
from ..xivo15.devices import check_no_device
from . import callerid
from .fields import Integer
from .http import load_body
from .lines import main_user_first
from .lookup import by_id_or_uuid, find_line, find_user
from .rows import Line16, User16
from .user_views import main_line_first

SCHEMA = Body.from_dict({"line_id": Integer(required=True)})()


def association_view(call: Call, association: UserLine) -> dict[str, Any]:
    return {
        "user_id": association.user_id,
        "line_id": association.line_id,
        "main_user": association.main_user,
        "main_line": association.main_line,
        "links": [call.link("lines", association.line_id), call.link("users", association.user_id)],
    }


def _list(call: Call, associations: list[UserLine]) -> Answer:
    items = [association_view(call, association) for association in associations]
    return Answer(body={"items": items, "total": len(items)})


def list_user_lines(call: Call, user_id: Any) -> Answer:
    return _list(call, main_line_first(call.database, find_user(call.database, user_id)))


def list_line_users(call: Call, line_id: int) -> Answer:
    return _list(call, main_user_first(call.database, find_line(call.database, line_id).id))


def create_association(call: Call, user_id: Any) -> Answer:
    database = call.database
    user = find_user(database, user_id)
    line = database.lines.get(load_body(call, SCHEMA)["line_id"])
    if line is None:
        raise input_error("field 'line_id': Line was not found")
    association = _associate(database, user, line)
    return Answer(201, association_view(call, association), location=f"/users/{user.id}/lines/{line.id}")


def put_association(call: Call, user_id: Any, line_id: int) -> Answer:
    _associate(call.database, find_user(call.database, user_id), find_line(call.database, line_id))
    return Answer(204)


def _associate(database: Database, user: User16, line: Line16) -> UserLine:
    """Associate one more line with a user. The first line is the main line, the first user of a line its main user.

    Of several requests at the same moment each takes its line for the first (xivo-16.16.md, trap 8).
    """
    if database.user_lines.first(user_id=user.id, line_id=line.id):
        raise resource_error("User is associated with a Line", line_id=line.id, user_id=user.id)
    if line.protocol is None:
        raise resource_error("Line must be associated with a Endpoint", line_id=line.id)
    _refuse_foreign_number(database, user, line)
    main_user = database.user_lines.first(line_id=line.id) is None
    main_line = database.user_lines.first(user_id=user.id) is None
    if main_user:
        callerid.take_over(user.caller_id)
    database.wait_for_race()
    association = database.user_lines.insert(user_id=user.id, line_id=line.id, main_user=main_user, main_line=main_line)
    callerid.after_change(database, line)
    return association


def _refuse_foreign_number(database: Database, user: User16, line: Line16) -> None:
    """Refuse a line whose extension is on a line of another user."""
    extension = database.internal_extension_of(line.id)
    for link in database.line_extensions.where(extension_id=extension.id) if extension else []:
        owners = {each.user_id for each in database.user_lines.where(line_id=link.line_id)}
        if link.line_id != line.id and owners - {user.id}:
            raise resource_error(
                "Line is associated with a Extension", line_id=link.line_id, extension_id=link.extension_id
            )


def delete_association(call: Call, user_id: Any, line_id: int) -> Answer:
    database = call.database
    user, line = find_user(database, user_id), find_line(database, line_id)
    association = database.user_lines.first(user_id=user.id, line_id=line.id)
    if association is None:
        raise not_found("UserLine", line_id=line.id, user_id=user.id)
    if association.main_user and database.user_lines.first(line_id=line.id, main_user=False):
        raise resource_error("There are secondary users associated to the line", line_id=line.id)
    check_no_device(line)
    database.user_lines.delete(association)
    remaining = database.user_lines.first(user_id=user.id)
    if association.main_line and remaining:
        remaining.main_line = True
    return Answer(204)


ROUTES = (
    *by_id_or_uuid("GET", "/users/<user_id>/lines", list_user_lines),
    *by_id_or_uuid("POST", "/users/<user_id>/lines", create_association),
    *by_id_or_uuid("PUT", "/users/<user_id>/lines/<int:line_id>", put_association),
    *by_id_or_uuid("DELETE", "/users/<user_id>/lines/<int:line_id>", delete_association),
    Route("GET", "/lines/<int:line_id>/users", list_line_users),
)
