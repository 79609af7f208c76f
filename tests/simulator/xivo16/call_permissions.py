# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /callpermissions, users/ID/callpermissions (person-xivo-16.16.md, "callpermissions")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import OneOf

from ..database import assign
from ..errors import not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..python2 import py2_repr
from ..schema import Body, StrictBoolean, Text, matches
from .http import load_body
from .lists import ListColumns, answer_list
from .lookup import by_id_or_uuid, find_user
from .person_rows import CallPermission
from .variants import NOT_A_CHOICE

PATTERN = r"_?\+?[0-9NXZ*#\-\[\]]+[.!]?"
PATTERN_SIZE = 40
SCHEMA = Body.from_dict(
    {
        "name": fields.String(load_default="", validate=matches("[a-z0-9_-]{1,128}")),
        "password": Text(validate=matches("[0-9#*]{1,40}")),
        "mode": fields.String(load_default="deny", validate=OneOf(("allow", "deny"), error=NOT_A_CHOICE)),
        "extensions": fields.List(fields.String(validate=matches(PATTERN)), load_default=list),
        "enabled": StrictBoolean(load_default=True),
        "description": Text(),
    }
)()
LIST = ListColumns(
    {
        name: lambda row, name=name: getattr(row, name)
        for name in ("id", "name", "description", "mode", "enabled", "password")
    },
    searched=("name", "description", "mode", "enabled"),
    default="name",
    unordered=("id", "password"),
    integers=("id",),
    booleans=("enabled",),
)


def find_call_permission(database: Any, permission_id: int) -> CallPermission:
    permission = database.call_permissions.get(permission_id)
    if permission is None:
        raise not_found("CallPermission", id=permission_id)
    return permission  # type: ignore[no-any-return]


def permission_view(call: Call, permission: CallPermission) -> dict[str, Any]:
    return {
        **{name: getattr(permission, name) for name in ("id", "name", "password", "mode", "extensions")},
        **{name: getattr(permission, name) for name in ("enabled", "description")},
        "links": [call.link("callpermissions", permission.id)],
    }


def list_permissions(call: Call) -> Answer:
    database: Any = call.database
    return answer_list(call, LIST, list(database.call_permissions), lambda row: permission_view(call, row))


def get_permission(call: Call, permission_id: int) -> Answer:
    return Answer(body=permission_view(call, find_call_permission(call.database, permission_id)))


def create_permission(call: Call) -> Answer:
    database: Any = call.database
    given = load_body(call, SCHEMA)
    _check_name(database, given, None)
    database.wait_for_race()
    if database.call_permissions.first(name=given["name"]):
        raise unexpected_error('(IntegrityError) duplicate key value violates unique constraint "rightcall_name_key"')
    identifier = database.call_permissions.sequence = database.call_permissions.sequence + 1
    permission = database.call_permissions.insert(id=identifier, **_as_stored(given, identifier))
    return Answer(201, permission_view(call, permission), location=f"/callpermissions/{permission.id}")


def _check_name(database: Any, given: dict[str, Any], permission_id: int | None) -> None:
    """Refuse the name of another permission. A name that is left out is not looked for."""
    name = given.get("name")
    if name and any(each.id != permission_id for each in database.call_permissions.where(name=name)):
        raise resource_error("CallPermission already exists", name=name)


def _as_stored(given: dict[str, Any], permission_id: int) -> dict[str, Any]:
    """Return the columns: the database sorts the extensions, and has each once."""
    if "extensions" not in given:
        return given
    for exten in given["extensions"]:
        if len(exten) > PATTERN_SIZE:
            sent = {"exten": exten, "rightcallid": permission_id}
            raise unexpected_error(
                f"(DataError) value too long for type character varying({PATTERN_SIZE})\n 'INSERT INTO "
                "rightcallexten (rightcallid, exten) VALUES (%(rightcallid)s, %(exten)s) RETURNING "
                f"rightcallexten.id' {py2_repr(sent)}"
            )
    return {**given, "extensions": sorted(set(given["extensions"]))}


def update_permission(call: Call, permission_id: int) -> Answer:
    database: Any = call.database
    permission = find_call_permission(database, permission_id)
    given = load_body(call, SCHEMA, is_update=True)
    _check_name(database, given, permission.id)
    assign(permission, _as_stored(given, permission.id))
    return Answer(204)


def delete_permission(call: Call, permission_id: int) -> Answer:
    """Delete a permission; its users lose it."""
    database: Any = call.database
    permission = find_call_permission(database, permission_id)
    for association in database.user_call_permissions.where(call_permission_id=permission.id):
        database.user_call_permissions.delete(association)
    database.call_permissions.delete(permission)
    return Answer(204)


# Permissions of users


def _associations_view(call: Call, associations: list[Any]) -> Answer:
    items = [
        {
            "user_id": each.user_id,
            "call_permission_id": each.call_permission_id,
            "links": [call.link("users", each.user_id), call.link("callpermissions", each.call_permission_id)],
        }
        for each in associations
    ]
    return Answer(body={"items": items, "total": len(items)})


def list_user_permissions(call: Call, user_id: Any) -> Answer:
    database: Any = call.database
    return _associations_view(call, database.user_call_permissions.where(user_id=find_user(call.database, user_id).id))


def list_permission_users(call: Call, permission_id: int) -> Answer:
    database: Any = call.database
    permission = find_call_permission(database, permission_id)
    return _associations_view(call, database.user_call_permissions.where(call_permission_id=permission.id))


def associate_permission(call: Call, user_id: Any, permission_id: int) -> Answer:
    database: Any = call.database
    user, permission = find_user(database, user_id), find_call_permission(database, permission_id)
    pair = {"call_permission_id": permission.id, "user_id": user.id}
    if database.user_call_permissions.first(**pair):
        raise resource_error("User is associated with a CallPermission", **pair)
    database.wait_for_race()
    if database.user_call_permissions.first(**pair):
        raise unexpected_error(
            '(IntegrityError) duplicate key value violates unique constraint "rightcallmember_rightcallid_key"'
        )
    database.user_call_permissions.insert(**pair)
    return Answer(204)


def dissociate_permission(call: Call, user_id: Any, permission_id: int) -> Answer:
    database: Any = call.database
    user, permission = find_user(database, user_id), find_call_permission(database, permission_id)
    pair = {"user_id": user.id, "call_permission_id": permission.id}
    association = database.user_call_permissions.first(**pair)
    if association is None:
        raise not_found("UserCallPermission", **pair)
    database.user_call_permissions.delete(association)
    return Answer(204)


OF_USER = "/users/<user_id>/callpermissions/<int:permission_id>"
ROUTES = (
    Route("GET", "/callpermissions", list_permissions),
    Route("POST", "/callpermissions", create_permission),
    Route("GET", "/callpermissions/<int:permission_id>", get_permission),
    Route("PUT", "/callpermissions/<int:permission_id>", update_permission),
    Route("DELETE", "/callpermissions/<int:permission_id>", delete_permission),
    Route("GET", "/callpermissions/<int:permission_id>/users", list_permission_users),
    *by_id_or_uuid("GET", "/users/<user_id>/callpermissions", list_user_permissions),
    *by_id_or_uuid("PUT", OF_USER, associate_permission),
    *by_id_or_uuid("DELETE", OF_USER, dissociate_permission),
)
