# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who belongs to whom: users, lines, endpoints and numbers (facts file wazo-26.08, section 5.4).

Every PUT may be repeated; so may every DELETE, also of what is not associated.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ..errors import ConfdError, unexpected_error
from ..generation import Answer, Call, Route
from ..xivo16.finding import by_both
from .callerid import forget, refresh
from .common import resource_error, world_of
from .endpoints import find_endpoint
from .extensions import check_range, find_extension, new_extension
from .lines import find_line
from .rows import Extension, Line, User
from .users import find_user
from .views import extension_view

# Lines and endpoints


def associate_endpoint(call: Call, line_id: int, sip_uuid: UUID) -> Answer:
    world = world_of(call)
    line, endpoint = find_line(call, line_id), find_endpoint(call, sip_uuid)
    if line.endpoint_uuid == endpoint.id:
        return Answer(204)
    if line.endpoint_uuid:
        raise _has_endpoint(line.id, endpoint_id=UUID(line.endpoint_uuid))
    if other := world.line_with(endpoint):
        raise _has_endpoint(other.id, endpoint_uuid=sip_uuid)
    line.endpoint_uuid = endpoint.id
    refresh(world, line)
    return Answer(204)


def _has_endpoint(line_id: int, **which: UUID) -> ConfdError:
    return resource_error("Line is associated with a Endpoint", line_id=line_id, endpoint="sip", **which)


def dissociate_endpoint(call: Call, line_id: int, sip_uuid: UUID) -> Answer:
    world = world_of(call)
    line, endpoint = find_line(call, line_id), find_endpoint(call, sip_uuid)
    users = world.users_of(line)
    if users:
        raise resource_error(
            "Line is associated with a User", line_id=line.id, user_ids=", ".join(str(user.id) for user in users)
        )
    if line.endpoint_uuid == endpoint.id:
        line.endpoint_uuid = None
    return Answer(204)


def check_endpoint(line: Line) -> None:
    if line.endpoint_uuid is None:
        raise resource_error("Line must be associated with a Endpoint", line_id=line.id)


# Users and lines


def associate_line(call: Call, user_id: int | UUID, line_id: int) -> Answer:
    give_line(call, find_user(call, user_id), find_line(call, line_id))
    return Answer(204)


def give_line(call: Call, user: User, line: Line) -> None:
    world = world_of(call)
    if world.user_lines.first(user_id=user.id, line_id=line.id):
        return
    check_endpoint(line)
    lines = world.lines_of(user)
    extension = world.internal_extension_of(line.id)
    if extension:
        _check_users_agree(world, line, extension, [user])
    main_user = world.main_user_of(line.id) is None
    world.meet_in_race()
    world.user_lines.insert(user_id=user.id, line_id=line.id, main_user=main_user, main_line=not lines)
    refresh(world, line)


def dissociate_line(call: Call, user_id: int | UUID, line_id: int) -> Answer:
    world = world_of(call)
    user, line = find_user(call, user_id), find_line(call, line_id)
    association = world.user_lines.first(user_id=user.id, line_id=line.id)
    if association is None:
        return Answer(204)
    check_no_device(line)
    if association.main_user and len(world.user_lines.where(line_id=line.id)) > 1:
        raise resource_error("There are secondary users associated to the line", line_id=line.id)
    world.user_lines.delete(association)
    if association.main_user:
        forget(world, line)
    rest = world.user_lines.where(user_id=user.id)
    if rest and not any(row.main_line for row in rest):
        rest[0].main_line = True
    return Answer(204)


def set_lines(call: Call, user_id: int | UUID) -> Answer:
    """Give a user exactly these lines, in this order."""
    world = world_of(call)
    user = find_user(call, user_id)
    wanted = [find_line(call, each["id"]) for each in call.read_body()["lines"]]
    for line in world.lines_of(user):
        if line not in wanted:
            dissociate_line(call, user.id, line.id)
    for line in wanted:
        give_line(call, user, line)
    for row in world.user_lines.where(user_id=user.id):
        row.main_line = bool(wanted) and row.line_id == wanted[0].id
    return Answer(204)


def check_no_device(line: Line) -> None:
    if line.device_id:
        raise resource_error("Line is associated with a Device", line_id=line.id, device_id=line.device_id)


# Lines and numbers


def associate_extension(call: Call, line_id: int, extension_id: int) -> Answer:
    put_on_line(call, find_line(call, line_id), find_extension(call, extension_id))
    return Answer(204)


def put_on_line(call: Call, line: Line, extension: Extension) -> None:
    """Put a number on a line; one that another line has may be on this one as well unless their users differ."""
    world = world_of(call)
    present = world.internal_extension_of(line.id)
    if present is extension:
        return
    check_endpoint(line)
    if present:
        raise _has_extension(line.id, present.id)
    if incall := world.incalls.first(extension_id=extension.id):
        raise resource_error("Extension is associated with a incall", id=extension.id, associated_id=str(incall.id))
    kind = world.context_type(extension)
    if kind != "internal":
        raise resource_error(f"ContextType '{kind}' cannot be associated", id=extension.id, context=extension.context)
    _check_users_agree(world, line, extension, world.users_of(line))
    check_range(world, extension)
    world.meet_in_race()
    world.line_extensions.insert(line_id=line.id, extension_id=extension.id)
    refresh(world, line)


def _check_users_agree(world: Any, line: Line, extension: Extension, users: list[User]) -> None:
    """A number is on lines of one user, or on lines without user."""
    for association in world.line_extensions.where(extension_id=extension.id):
        other = world.lines.get(association.line_id)
        main = world.main_user_of(other.id)
        if other is not line and users and main and main is not users[0]:
            raise _has_extension(other.id, extension.id)


def _has_extension(line_id: int, extension_id: int) -> ConfdError:
    return resource_error("Line is associated with a Extension", line_id=line_id, extension_id=extension_id)


def create_line_extension(call: Call, line_id: int) -> Answer:
    """Make a number and put it on the line."""
    line = find_line(call, line_id)
    check_endpoint(line)
    extension = new_extension(call, call.read_body())
    try:
        put_on_line(call, line, extension)
    except ConfdError:
        world_of(call).extensions.delete(extension)
        raise
    return Answer(201, extension_view(call, extension), location=f"/lines/{line.id}/extensions/{extension.id}")


def dissociate_extension(call: Call, line_id: int, extension_id: int) -> Answer:
    world = world_of(call)
    line, extension = find_line(call, line_id), find_extension(call, extension_id)
    association = world.line_extensions.first(line_id=line.id, extension_id=extension.id)
    if association:
        check_no_device(line)
        world.line_extensions.delete(association)
        refresh(world, line)
    return Answer(204)


def list_line_extensions(call: Call, line_id: int) -> Answer:
    """Fail, as this version does."""
    raise unexpected_error("'LineExtensionList' object has no attribute 'service'")


ROUTES = (
    Route("PUT", "/lines/<int:line_id>/endpoints/sip/<uuid:sip_uuid>", associate_endpoint),
    Route("DELETE", "/lines/<int:line_id>/endpoints/sip/<uuid:sip_uuid>", dissociate_endpoint),
    *by_both("PUT", "/users/<user_id>/lines/<int:line_id>", associate_line),
    *by_both("DELETE", "/users/<user_id>/lines/<int:line_id>", dissociate_line),
    *by_both("PUT", "/users/<user_id>/lines", set_lines),
    Route("GET", "/lines/<int:line_id>/extensions", list_line_extensions),
    Route("POST", "/lines/<int:line_id>/extensions", create_line_extension),
    Route("PUT", "/lines/<int:line_id>/extensions/<int:extension_id>", associate_extension),
    Route("DELETE", "/lines/<int:line_id>/extensions/<int:extension_id>", dissociate_extension),
)
