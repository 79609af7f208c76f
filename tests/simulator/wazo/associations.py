# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Associate users, lines, endpoints and extensions (wazo-26.08.md, "5.4 Associations").

Every PUT may be repeated, and so may every DELETE, also of what is not associated.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from ..errors import ConfdError, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body
from ..xivo16.callerid import take_over
from ..xivo16.lookup import by_id_or_uuid
from . import tenancy
from .callerid import refresh_callerid
from .common import database_of, input_error, load_body, resource_error
from .endpoints import find_endpoint
from .extensions import check_range, find_extension, new_extension
from .lines import find_line
from .person.common import check_distinct
from .rows import Extension, Line, User
from .users import find_user
from .views import extension_view

LINES = Body.from_dict(
    {"lines": fields.List(fields.Nested(Body.from_dict({"id": fields.Integer(required=True)})), required=True)}
)()


# Lines and endpoints


def associate_endpoint(call: Call, line_id: int, sip_uuid: UUID) -> Answer:
    database = database_of(call)
    line, endpoint = find_line(call, line_id), find_endpoint(call, sip_uuid)
    if line.endpoint_uuid == endpoint.id:
        return Answer(204)
    if line.endpoint_uuid:
        raise _has_endpoint(line.id, endpoint_id=UUID(line.endpoint_uuid))
    if other := database.line_of_endpoint(endpoint):
        raise _has_endpoint(other.id, endpoint_uuid=sip_uuid)
    line.endpoint_uuid = endpoint.id
    refresh_callerid(database, line)
    return Answer(204)


def _has_endpoint(line_id: int, **which: UUID) -> ConfdError:
    return resource_error("Line is associated with a Endpoint", line_id=line_id, endpoint="sip", **which)


def dissociate_endpoint(call: Call, line_id: int, sip_uuid: UUID) -> Answer:
    database = database_of(call)
    line, endpoint = find_line(call, line_id), find_endpoint(call, sip_uuid)
    users = database.users_of(line)
    if users:
        raise resource_error(
            "Line is associated with a User", line_id=line.id, user_ids=", ".join(str(user.id) for user in users)
        )
    if line.endpoint_uuid == endpoint.id:
        line.endpoint_uuid = None
    return Answer(204)


def check_endpoint(line: Line) -> None:
    if line.endpoint_uuid is None and line.other_protocol is None:
        raise resource_error("Line must be associated with a Endpoint", line_id=line.id)


# Users and lines


def associate_line(call: Call, user_id: int | UUID, line_id: int) -> Answer:
    link_user_line(call, find_user(call, user_id), find_line(call, line_id))
    return Answer(204)


def link_user_line(call: Call, user: User, line: Line) -> None:
    database = database_of(call)
    if database.user_lines.first(user_id=user.id, line_id=line.id):
        return
    check_endpoint(line)
    lines = database.lines_of(user)
    extension = database.internal_extension_of(line.id)
    if extension:
        _check_users_agree(database, line, extension, [user])
    main_user = database.main_user_of(line.id) is None
    if main_user:
        take_over(user.caller_id)
    database.wait_for_race()
    database.user_lines.insert(user_id=user.id, line_id=line.id, main_user=main_user, main_line=not lines)
    refresh_callerid(database, line)


def dissociate_line(call: Call, user_id: int | UUID, line_id: int) -> Answer:
    """Take a line from a user; the line keeps the caller ID that it has from the user."""
    database = database_of(call)
    user, line = find_user(call, user_id), find_line(call, line_id)
    association = database.user_lines.first(user_id=user.id, line_id=line.id)
    if association is None:
        return Answer(204)
    check_no_device(line)
    if association.main_user and len(database.user_lines.where(line_id=line.id)) > 1:
        raise resource_error("There are secondary users associated to the line", line_id=line.id)
    database.user_lines.delete(association)
    rest = database.user_lines.where(user_id=user.id)
    if rest and not any(row.main_line for row in rest):
        rest[0].main_line = True
    return Answer(204)


def set_lines(call: Call, user_id: int | UUID) -> Answer:
    """Set exactly these lines of a user; the first one becomes the main line."""
    database = database_of(call)
    user = find_user(call, user_id)
    wanted = [_wanted_line(call, each["id"]) for each in load_body(call, LINES)["lines"]]
    check_distinct("line", wanted)
    for line in database.lines_of(user):
        if line not in wanted:
            dissociate_line(call, user.id, line.id)
    for line in wanted:
        link_user_line(call, user, line)
    for row in database.user_lines.where(user_id=user.id):
        row.main_line = bool(wanted) and row.line_id == wanted[0].id
    return Answer(204)


def _wanted_line(call: Call, line_id: int) -> Line:
    line: Line | None = database_of(call).lines.get(line_id)
    if line is None or line.tenant_uuid not in tenancy.current().visible:
        raise input_error("field 'lines': Line was not found", id=line_id)
    return line


def check_no_device(line: Line) -> None:
    if line.device_id:
        raise resource_error("Line is associated with a Device", line_id=line.id, device_id=line.device_id)


# Lines and numbers


def associate_extension(call: Call, line_id: int, extension_id: int) -> Answer:
    link_line_extension(call, find_line(call, line_id), find_extension(call, extension_id))
    return Answer(204)


def link_line_extension(call: Call, line: Line, extension: Extension) -> None:
    """Put an extension on a line; it may be on several lines unless their users differ."""
    database = database_of(call)
    present = database.internal_extension_of(line.id)
    if present is extension:
        return
    check_endpoint(line)
    if present:
        raise _has_extension(line.id, present.id)
    if incall := database.incalls.first(extension_id=extension.id):
        raise resource_error("Extension is associated with a incall", id=extension.id, associated_id=str(incall.id))
    if group := database.groups.first(extension_id=extension.id):
        raise resource_error("Extension is associated with a group", id=extension.id, associated_id=str(group.id))
    kind = database.context_type(extension)
    if kind != "internal":
        raise resource_error(f"ContextType '{kind}' cannot be associated", id=extension.id, context=extension.context)
    _check_users_agree(database, line, extension, database.users_of(line))
    check_range(database, extension)
    database.wait_for_race()
    database.line_extensions.insert(line_id=line.id, extension_id=extension.id)
    refresh_callerid(database, line)


def _check_users_agree(database: Any, line: Line, extension: Extension, users: list[User]) -> None:
    """Refuse an extension that is on a line of another user."""
    for association in database.line_extensions.where(extension_id=extension.id):
        other = database.lines.get(association.line_id)
        main = database.main_user_of(other.id)
        if other is not line and users and main and main is not users[0]:
            raise _has_extension(other.id, extension.id)


def _has_extension(line_id: int, extension_id: int) -> ConfdError:
    return resource_error("Line is associated with a Extension", line_id=line_id, extension_id=extension_id)


def create_line_extension(call: Call, line_id: int) -> Answer:
    """Create an extension and put it on the line."""
    line = find_line(call, line_id)
    check_endpoint(line)
    extension = new_extension(call, call.read_body())
    try:
        link_line_extension(call, line, extension)
    except ConfdError:
        database_of(call).extensions.delete(extension)
        raise
    return Answer(201, extension_view(call, extension), location=f"/lines/{line.id}/extensions/{extension.id}")


def dissociate_extension(call: Call, line_id: int, extension_id: int) -> Answer:
    database = database_of(call)
    line, extension = find_line(call, line_id), find_extension(call, extension_id)
    association = database.line_extensions.first(line_id=line.id, extension_id=extension.id)
    if association:
        check_no_device(line)
        database.line_extensions.delete(association)
        refresh_callerid(database, line)
    return Answer(204)


def list_line_extensions(call: Call, line_id: int) -> Answer:
    """Fail, as this version does."""
    raise unexpected_error("'LineExtensionList' object has no attribute 'service'")


ROUTES = (
    Route("PUT", "/lines/<int:line_id>/endpoints/sip/<uuid:sip_uuid>", associate_endpoint),
    Route("DELETE", "/lines/<int:line_id>/endpoints/sip/<uuid:sip_uuid>", dissociate_endpoint),
    *by_id_or_uuid("PUT", "/users/<user_id>/lines/<int:line_id>", associate_line),
    *by_id_or_uuid("DELETE", "/users/<user_id>/lines/<int:line_id>", dissociate_line),
    *by_id_or_uuid("PUT", "/users/<user_id>/lines", set_lines),
    Route("GET", "/lines/<int:line_id>/extensions", list_line_extensions),
    Route("POST", "/lines/<int:line_id>/extensions", create_line_extension),
    Route("PUT", "/lines/<int:line_id>/extensions/<int:extension_id>", associate_extension),
    Route("DELETE", "/lines/<int:line_id>/extensions/<int:extension_id>", dissociate_extension),
)
