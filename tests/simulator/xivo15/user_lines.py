# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users/ID/lines (xivo-15.12.md, "users/ID/lines")."""

from __future__ import annotations

from typing import Any

from ..database import UserLine
from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from .callerid import after_association
from .devices import check_no_device
from .fields import Body, list_body
from .lines import find_line
from .users import find_user

BODY = Body(
    {"line_id": "integer", "user_id": "integer", "main_user": "boolean", "main_line": "boolean"}, required=("line_id",)
)


def association_view(call: Call, association: UserLine) -> dict[str, Any]:
    return {
        "line_id": association.line_id,
        "main_user": association.main_user,
        "user_id": association.user_id,
        "main_line": association.main_line,
        "links": [call.link("lines", association.line_id), call.link("users", association.user_id)],
    }


def list_user_lines(call: Call, user_id: int) -> Answer:
    user = find_user(call.database, user_id)
    associations = call.database.user_lines.where(user_id=user.id)
    return Answer(body=list_body([association_view(call, association) for association in associations]))


def associate_line(call: Call, user_id: int) -> Answer:
    """Associate a line with a user: the first user of a line is its main user, unless the body says otherwise."""
    database = call.database
    user = find_user(database, user_id)
    given = BODY.check(call.read_body())
    BODY.check_required(given)
    line = database.lines.get(given["line_id"])
    if line is None:
        raise input_error("field 'line_id': Line was not found")
    if database.user_lines.first(user_id=user.id):
        raise resource_error("User is associated with a Line", line_id=line.id, user_id=user.id)
    has_main_user = database.main_user_of(line.id) is not None
    association = database.user_lines.insert(
        user_id=user.id,
        line_id=line.id,
        main_user=not has_main_user and given.get("main_user") is not False,
        main_line=given.get("main_line") is not False,
    )
    if not has_main_user and not association.main_user:
        raise unexpected_error("'NoneType' object has no attribute 'user_id'")
    after_association(database, line)
    return Answer(201, association_view(call, association), location=f"/users/{user.id}/lines")


def dissociate_line(call: Call, user_id: int, line_id: int) -> Answer:
    """Dissociate the line from the user; incalls of a main user are stranded."""
    database = call.database
    user, line = find_user(database, user_id), find_line(database, line_id)
    association = database.user_lines.first(user_id=user.id, line_id=line.id)
    if association is None:
        raise not_found("UserLine", line_id=line.id, user_id=user.id)
    if association.main_user and database.user_lines.first(line_id=line.id, main_user=False):
        raise resource_error("There are secondary users associated to the line", line_id=line.id)
    check_no_device(line)
    database.user_lines.delete(association)
    if association.main_user:
        line.callerid = None
    return Answer(204)


ROUTES = (
    Route("GET", "/users/<int:user_id>/lines", list_user_lines),
    Route("POST", "/users/<int:user_id>/lines", associate_line),
    Route("DELETE", "/users/<int:user_id>/lines/<int:line_id>", dissociate_line),
)
