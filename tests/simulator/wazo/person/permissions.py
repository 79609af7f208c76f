# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve call permissions and who has them (person-wazo-26.08.md, "5. callpermissions").

Nothing can be read by the associations' own routes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from ...database import assign
from ...generation import Answer, Call, Route
from ...listing import Columns
from ...schema import Body, StrictBoolean, Text, matches
from ...xivo16.lookup import by_id_or_uuid
from .. import tenancy
from ..common import Listing, attribute_columns, database_of, load_body, recurses, resource_error
from ..users import find_user
from .common import check_tenants, link, of_ids, reference
from .rows import CallPermission

BODY = Body.from_dict(
    {
        "name": fields.String(required=True, validate=Length(min=1, max=128)),
        "password": Text(validate=[Length(max=40), matches(r"[0-9#*]+")]),
        "mode": fields.String(load_default="deny", validate=OneOf(("allow", "deny"))),
        "extensions": fields.List(fields.String(validate=matches(r"_?[0-9NXZ*#\-\[\].!]+")), load_default=list),
        "enabled": StrictBoolean(load_default=True),
        "description": Text(),
    }
)()
COLUMNS = attribute_columns("name", "description", "mode")
LIST = Listing(
    filters=COLUMNS | attribute_columns("id", "enabled"),
    columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="name"),
)


def find_permission(call: Call, permission_id: int) -> CallPermission:
    found: CallPermission = tenancy.find(database_of(call).call_permissions, permission_id, "CallPermission")
    return found


def permission_view(call: Call, permission: CallPermission) -> dict[str, Any]:
    rows = database_of(call).user_permissions.where(permission_id=permission.id)
    return {
        **asdict(permission),
        "links": link(call, "callpermissions", permission.id),
        "outcalls": [],
        "groups": [],
        "users": [reference(call, user) for user in of_ids(call, "users", rows, "user_id")],
    }


def _check_name(call: Call, values: dict[str, Any], tenant: str, permission_id: int | None) -> None:
    others = database_of(call).call_permissions.where(name=values.get("name"), tenant_uuid=tenant)
    if any(other.id != permission_id for other in others):
        raise resource_error("CallPermission already exists", name=values["name"])


def list_permissions(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).call_permissions, recurses(call))
    return LIST.answer(call, rows, lambda row: permission_view(call, row))


def get_permission(call: Call, permission_id: int) -> Answer:
    return Answer(body=permission_view(call, find_permission(call, permission_id)))


def create_permission(call: Call) -> Answer:
    values = load_body(call, BODY)
    tenant = tenancy.current().own
    _check_name(call, values, tenant, None)
    permission = database_of(call).call_permissions.insert(tenant_uuid=tenant, **values)
    return Answer(201, permission_view(call, permission), location=f"/callpermissions/{permission.id}")


def update_permission(call: Call, permission_id: int) -> Answer:
    permission = find_permission(call, permission_id)
    values = load_body(call, BODY, is_update=True)
    _check_name(call, values, permission.tenant_uuid, permission.id)
    assign(permission, values)
    return Answer(204)


def delete_permission(call: Call, permission_id: int) -> Answer:
    """Delete a permission, also one that somebody has."""
    database_of(call).call_permissions.delete(find_permission(call, permission_id))
    return Answer(204)


def associate(call: Call, user_id: int | UUID, permission_id: int) -> Answer:
    user, permission = find_user(call, user_id), find_permission(call, permission_id)
    check_tenants("call_permission", permission, user)
    rows = database_of(call).user_permissions
    if rows.first(user_id=user.id, permission_id=permission.id) is None:
        rows.insert(user_id=user.id, permission_id=permission.id)
    return Answer(204)


def dissociate(call: Call, user_id: int | UUID, permission_id: int) -> Answer:
    user, permission = find_user(call, user_id), find_permission(call, permission_id)
    rows = database_of(call).user_permissions
    for row in rows.where(user_id=user.id, permission_id=permission.id):
        rows.delete(row)
    return Answer(204)


ROUTES = (
    Route("GET", "/callpermissions", list_permissions),
    Route("POST", "/callpermissions", create_permission),
    Route("GET", "/callpermissions/<int:permission_id>", get_permission),
    Route("PUT", "/callpermissions/<int:permission_id>", update_permission),
    Route("DELETE", "/callpermissions/<int:permission_id>", delete_permission),
    *by_id_or_uuid("PUT", "/users/<user_id>/callpermissions/<int:permission_id>", associate),
    *by_id_or_uuid("DELETE", "/users/<user_id>/callpermissions/<int:permission_id>", dissociate),
)
