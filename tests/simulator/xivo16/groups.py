# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /groups, groups/ID/members/users, groups/ID/extensions (person-xivo-16.16.md, "groups")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Range

from ..database import Extension, assign
from ..errors import ConfdError, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..python2 import py2_repr
from ..schema import Body, StrictBoolean, Text
from ..xivo15.extensions import find_extension
from .extensions import check_context
from .fallbacks import GROUP_FALLBACKS, fallbacks_view
from .fields import Integer
from .http import load_body
from .lists import ListColumns, answer_list
from .lookup import find_group
from .person_rows import Group
from .user_views import extension_view, main_line_first
from .variants import NOT_A_CHOICE

STRATEGIES = (*("all", "random", "least_recent", "linear", "fewest_calls", "memorized_round_robin", "weight_random"),)


def _count(default: int | None) -> Integer:
    at_least_0 = Range(min=0, error="Must be at least {min}.")
    return Integer(load_default=default, allow_none=True, validate=at_least_0)


def _choice(choices: tuple[str, ...], **options: Any) -> fields.String:
    return fields.String(validate=OneOf(choices, error=NOT_A_CHOICE), **options)


SCHEMA = Body.from_dict(
    {
        "name": fields.String(required=True, validate=Length(max=128)),
        "preprocess_subroutine": Text(validate=Length(max=39)),
        "ring_strategy": _choice(STRATEGIES, load_default="all"),
        "caller_id_mode": _choice(("prepend", "overwrite", "append"), load_default=None, allow_none=True),
        "caller_id_name": Text(validate=Length(max=80)),
        "timeout": _count(None),
        "user_timeout": _count(15),
        "retry_delay": _count(5),
        "music_on_hold": Text(validate=Length(max=128)),
        "ring_in_use": StrictBoolean(load_default=True),
        "enabled": StrictBoolean(load_default=True),
    }
)()
LIST = ListColumns(
    {name: lambda row, name=name: getattr(row, name) for name in ("id", "name", "preprocess_subroutine")},
    searched=("id", "name", "preprocess_subroutine"),
    default="id",
    integers=("id",),
)


MEMBERS_MISSING = {0: {"uuid": ["Missing data for required field."]}}
MEMBERS = Body.from_dict({"users": fields.List(fields.Raw(), required=True)})()


def group_view(call: Call, group: Group) -> dict[str, Any]:
    database: Any = call.database
    extension = extension_of(database, group)
    members = [database.users.get(each.user_id) for each in database.group_members.where(group_id=group.id)]
    return {
        "id": group.id,
        **{name: getattr(group, name) for name in SCHEMA.fields},
        "links": [call.link("groups", group.id)],
        "extensions": [extension_view(extension)] if extension else [],
        "fallbacks": fallbacks_view(database, group, GROUP_FALLBACKS),
        "incalls": [_incall_view(database, incall) for incall in database.incalls if _leads_to(incall, group)],
        "members": {
            "users": [
                {"uuid": user.uuid, "firstname": user.firstname, "lastname": user.lastname or None} for user in members
            ]
        },
    }


def extension_of(database: Any, group: Group) -> Extension | None:
    return database.extensions.first(type="group", typeval=str(group.id))  # type: ignore[no-any-return]


def _leads_to(incall: Any, group: Group) -> bool:
    destination = incall.destination
    return destination.get("type") == "group" and str(destination.get("group_id")) == str(group.id)


def _incall_view(database: Any, incall: Any) -> dict[str, Any]:
    extension = database.extension_of(incall)
    return {"id": incall.id, "extensions": [extension_view(extension)] if extension else []}


def list_groups(call: Call) -> Answer:
    database: Any = call.database
    return answer_list(call, LIST, list(database.groups), lambda row: group_view(call, row))


def get_group(call: Call, group_id: int) -> Answer:
    return Answer(body=group_view(call, find_group(call.database, group_id)))


def create_group(call: Call) -> Answer:
    database: Any = call.database
    given = load_body(call, SCHEMA)
    _check_name(database, given["name"], None)
    if given["user_timeout"] is None:
        given["user_timeout"] = 0
    database.wait_for_race()
    if database.groups.first(name=given["name"]):
        raise unexpected_error(
            '(IntegrityError) duplicate key value violates unique constraint "groupfeatures_name_key"'
        )
    group = database.groups.insert(**given)
    return Answer(201, group_view(call, group), location=f"/groups/{group.id}")


def _check_name(database: Any, name: str, group_id: int | None) -> None:
    """Refuse the name of another group, or of a queue, compared with case."""
    if any(each.id != group_id for each in database.groups.where(name=name)):
        raise resource_error("Group already exists", name=name)
    if database.queues.first(name=name):
        raise resource_error("Queue already exists", name=name)


def update_group(call: Call, group_id: int) -> Answer:
    group = find_group(call.database, group_id)
    given = load_body(call, SCHEMA, is_update=True)
    if "name" in given:
        _check_name(call.database, given["name"], group.id)
    assign(group, given)
    return Answer(204)


def delete_group(call: Call, group_id: int) -> Answer:
    """Delete a group: its number is free, incalls and fallbacks that lead to it stay, and lead nowhere."""
    database: Any = call.database
    group = find_group(database, group_id)
    extension = extension_of(database, group)
    if extension:
        extension.type, extension.typeval = "user", "0"
    for member in database.group_members.where(group_id=group.id):
        database.group_members.delete(member)
    database.forget_target("group", group.id)
    database.groups.delete(group)
    return Answer(204)


# Members


def update_members(call: Call, group_id: int) -> Answer:
    """Replace all members, in the order of the body. Each rings with his main line."""
    database: Any = call.database
    group = find_group(database, group_id)
    users = [_find_member(database, uuid) for uuid in _uuids(call)]
    lines = [_line_of(database, user) for user in users]
    if len({user.id for user in users}) != len(users):
        raise resource_error("Operation not permitted. Cannot associate same user more than once")
    for position, line_id in enumerate(lines):
        if line_id in lines[:position]:
            text = "Operation not permitted. Cannot associate different users with the same line"
            raise resource_error(text, line_id=line_id)
    _write_members(database, group, list(zip([user.id for user in users], lines, strict=True)))
    return Answer(204)


def _write_members(database: Any, group: Group, wanted: list[tuple[int, int]]) -> None:
    """Replace the rows. A request that comes second fails on the rows that the first one wrote."""
    before = database.group_members.where(group_id=group.id)
    database.wait_for_race()
    present = database.group_members.where(group_id=group.id)
    if present != before and {(each.user_id, each.line_id) for each in present} & set(wanted):
        raise unexpected_error('(IntegrityError) duplicate key value violates unique constraint "queuemember_pkey"')
    for member in present:
        database.group_members.delete(member)
    for user_id, line_id in wanted:
        database.group_members.insert(group_id=group.id, user_id=user_id, line_id=line_id)


def _uuids(call: Call) -> list[str]:
    given = call.read_body()
    if "users" not in given:
        raise _bad_users(MEMBERS_MISSING)
    users = load_body(call, MEMBERS)["users"]
    problems: dict[Any, Any] = {}
    for position, each in enumerate(users):
        if not isinstance(each, dict):
            problems.update({position: {}, "_schema": ["Invalid input type."]})
        elif "uuid" not in each:
            problems[position] = MEMBERS_MISSING[0]
        elif not isinstance(each["uuid"], str):
            problems[position] = {"uuid": ["Not a valid string."]}
    if problems:
        raise _bad_users(problems)
    return [each["uuid"] for each in users]


def _bad_users(problems: object) -> ConfdError:
    return ConfdError(400, f"Input Error - users: {py2_repr(problems)}")


def _find_member(database: Any, uuid: str) -> Any:
    user = database.users.first(uuid=uuid)
    if user is None:
        raise not_found("User", uuid=uuid)
    return user


def _line_of(database: Any, user: Any) -> int:
    lines = main_line_first(database, user)
    if not lines:
        raise resource_error("User must be associated with a Line", user_uuid=user.uuid)
    return lines[0].line_id


# Numbers


def associate_extension(call: Call, group_id: int, extension_id: int) -> Answer:
    database: Any = call.database
    group, extension = find_group(database, group_id), find_extension(database, extension_id)
    own = extension_of(database, group)
    if own:
        raise resource_error("Group is associated with a Extension", group_id=group.id, extension_id=own.id)
    if extension.type == "group":
        other = int(extension.typeval)
        raise resource_error("Group is associated with a Extension", group_id=other, extension_id=extension.id)
    _refuse_number_of_line(database, extension)
    check_context(database, extension, "internal")
    database.wait_for_race()
    extension.type, extension.typeval = "group", str(group.id)
    return Answer(204)


def _refuse_number_of_line(database: Any, extension: Extension) -> None:
    for link in database.line_extensions.where(extension_id=extension.id):
        owner = database.main_user_of(link.line_id)
        if owner:
            raise resource_error(
                "Extension is associated with a user", associated_id=str(owner.id), extension_id=extension.id
            )
    if extension.type not in {"user", "incall"}:
        raise resource_error(
            f"Extension is associated with a {extension.type}",
            associated_id=extension.typeval,
            extension_id=extension.id,
        )


def dissociate_extension(call: Call, group_id: int, extension_id: int) -> Answer:
    database: Any = call.database
    group, extension = find_group(database, group_id), find_extension(database, extension_id)
    if (extension.type, extension.typeval) != ("group", str(group.id)):
        raise not_found("GroupExtension", group_id=group.id, extension_id=extension.id)
    extension.type, extension.typeval = "user", "0"
    return Answer(204)


ROUTES = (
    Route("GET", "/groups", list_groups),
    Route("POST", "/groups", create_group),
    Route("GET", "/groups/<int:group_id>", get_group),
    Route("PUT", "/groups/<int:group_id>", update_group),
    Route("DELETE", "/groups/<int:group_id>", delete_group),
    Route("PUT", "/groups/<int:group_id>/members/users", update_members),
    Route("PUT", "/groups/<int:group_id>/extensions/<int:extension_id>", associate_extension),
    Route("DELETE", "/groups/<int:group_id>/extensions/<int:extension_id>", dissociate_extension),
)
