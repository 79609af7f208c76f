# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the members of groups, from the group's side and the user's (person-wazo-26.08.md, "7. groups")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from ...generation import Answer, Call
from ...schema import Body
from ...xivo16.lookup import by_id_or_uuid
from ..common import database_of, input_error, load_object, resource_error
from ..rows import User
from .access import find_any_user
from .common import check_distinct, two_ids
from .groups import find_group
from .rows import RingGroup


class GroupKey(Body):
    """Take a group by id or by uuid, not by a name."""

    id = fields.Integer()
    uuid = fields.UUID()

    @validates_schema
    def require_one(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("One identifier(id or uuid) must be provided")


GROUPS = Body.from_dict({"groups": fields.List(fields.Nested(GroupKey), required=True)})()
MEMBER = Body.from_dict({"uuid": fields.UUID(required=True), "priority": fields.Integer()})
USERS = Body.from_dict({"users": fields.List(fields.Nested(MEMBER), required=True)})()
NUMBER = Body.from_dict(
    {
        "exten": fields.String(required=True),
        "context": fields.String(required=True),
        "priority": fields.Integer(),
    }
)
NUMBERS = Body.from_dict({"extensions": fields.List(fields.Nested(NUMBER), required=True)})()


def set_groups(call: Call, user: User, given: Any) -> None:
    """Set exactly these groups of a user. Other members stay, and a new one has priority 0."""
    database = database_of(call)
    wanted = [_find(call, each) for each in load_object(given, GROUPS)["groups"]]
    check_distinct("group", wanted)
    if wanted:
        check_line(database, user)
    ids = {group.id for group in wanted}
    for row in database.group_members.where(user_id=user.id):
        if row.group_id not in ids:
            database.group_members.delete(row)
    for group in wanted:
        if database.group_members.first(user_id=user.id, group_id=group.id) is None:
            database.group_members.insert(user_id=user.id, group_id=group.id, priority=0)


def _find(call: Call, key: dict[str, Any]) -> RingGroup:
    groups = database_of(call).groups
    group: RingGroup | None = groups.get(key["id"]) if "id" in key else groups.first(uuid=str(key["uuid"]))
    if group is None:
        shown = {name: value if name == "id" else str(value) for name, value in key.items()}
        raise input_error("field 'groups': Group was not found", **shown)
    return group


def check_line(database: Any, user: User) -> None:
    if not database.user_lines.first(user_id=user.id):
        raise resource_error("User must be associated with a Line", user_uuid=user.uuid)


def find_member(call: Call, uuid: UUID) -> User:
    user: User | None = database_of(call).users.first(uuid=str(uuid))
    if user is None:
        raise input_error("field 'users': User was not found", uuid=str(uuid))
    return user


def put_groups(call: Call, user_id: int | UUID) -> Answer:
    set_groups(call, find_any_user(call, user_id), call.read_body())
    return Answer(204)


def put_members(call: Call, group_id: int | UUID) -> Answer:
    """Set exactly these members of a group, each with its priority or its place in the list."""
    database = database_of(call)
    group = find_group(call, group_id)
    given = load_object(call.read_body(), USERS)["users"]
    users = [find_member(call, each["uuid"]) for each in given]
    check_distinct("user", users)
    for user in users:
        check_line(database, user)
    for row in database.group_members.where(group_id=group.id):
        database.group_members.delete(row)
    for place, (user, each) in enumerate(zip(users, given, strict=True)):
        database.group_members.insert(group_id=group.id, user_id=user.id, priority=each.get("priority", place))
    return Answer(204)


def put_numbers(call: Call, group_id: int | UUID) -> Answer:
    """Set exactly these numbers that ring with the members; neither number nor context is checked."""
    group = find_group(call, group_id)
    given = load_object(call.read_body(), NUMBERS)["extensions"]
    group.extension_members = [{"priority": place, **each} for place, each in enumerate(given)]
    return Answer(204)


ROUTES = (
    *by_id_or_uuid("PUT", "/users/<user_id>/groups", put_groups),
    *two_ids("PUT", "/groups/<group_id>/members/users", put_members, "group_id"),
    *two_ids("PUT", "/groups/<group_id>/members/extensions", put_numbers, "group_id"),
)
