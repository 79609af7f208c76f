# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve groups (person-wazo-26.08.md, "7. groups").

Their name is generated; people know the label, which is not unique.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Length, OneOf, Range

from ...database import assign
from ...errors import ConfdError
from ...generation import Answer, Call, Route
from ...listing import Columns
from ...schema import Body, StrictBoolean, Text, matches
from .. import moh, tenancy
from ..common import Listing, attribute_columns, database_of, input_error, load_object, recurses, resource_error
from ..extensions import find_extension
from .common import link, reference, two_ids
from .rows import RingGroup

STRATEGIES = ("all", "random", "least_recent", "linear", "fewest_calls", "memorized_round_robin", "weight_random")


def _count(default: int | None) -> fields.Integer:
    return fields.Integer(load_default=default, allow_none=True, validate=Range(min=0))


BODY = Body.from_dict(
    {
        "label": fields.String(required=True, validate=[Length(max=128), matches(r"[-_.a-zA-Z0-9 ]+")]),
        "preprocess_subroutine": Text(validate=Length(max=79)),
        "ring_strategy": fields.String(load_default="all", validate=OneOf(STRATEGIES)),
        "caller_id_mode": Text(validate=OneOf(("prepend", "overwrite", "append"))),
        "caller_id_name": Text(validate=Length(max=80)),
        "dtmf_record_toggle": StrictBoolean(load_default=False),
        "timeout": _count(None),
        "user_timeout": _count(15),
        "retry_delay": _count(5),
        "music_on_hold": Text(),
        "ring_in_use": StrictBoolean(load_default=True),
        "mark_answered_elsewhere": StrictBoolean(load_default=False),
        "enabled": StrictBoolean(load_default=True),
        "ignore_forward": StrictBoolean(load_default=False),
        "max_calls": _count(0),
    }
)()
COLUMNS = attribute_columns("name", "label", "ring_strategy")
LIST = Listing(
    filters=COLUMNS | attribute_columns("id", "uuid", "enabled"),
    columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="label"),
)
HIDDEN = ("extension_id", "extension_members")


def find_group(call: Call, group_id: int | UUID) -> RingGroup:
    """Return the group of an id or uuid. Raises a 404."""
    table = database_of(call).groups
    if isinstance(group_id, int):
        by_id: RingGroup = tenancy.find(table, group_id, "Group")
        return by_id
    row = table.first(uuid=str(group_id))
    by_uuid: RingGroup = tenancy.find(table, row.id if row else None, "Group", uuid=str(group_id))
    return by_uuid


def group_view(call: Call, group: RingGroup) -> dict[str, Any]:
    database = database_of(call)
    row = asdict(group)
    for name in HIDDEN:
        del row[name]
    extension = database.extensions.get(group.extension_id)
    members = sorted(database.group_members.where(group_id=group.id), key=lambda each: each.priority)
    return {
        **row,
        "links": link(call, "groups", group.uuid),
        "extensions": [_extension_view(call, extension)] if extension else [],
        "fallbacks": {"noanswer_destination": None, "congestion_destination": None},
        "incalls": [],
        "schedules": [],
        "call_permissions": [],
        "members": {
            "users": [
                {"priority": each.priority, **reference(call, database.users.get(each.user_id))} for each in members
            ],
            "extensions": group.extension_members,
        },
    }


def _extension_view(call: Call, extension: Any) -> dict[str, Any]:
    names = ("id", "exten", "context")
    return {**{name: getattr(extension, name) for name in names}, "links": link(call, "extensions", extension.id)}


def list_groups(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).groups, recurses(call))
    return LIST.answer(call, rows, lambda row: group_view(call, row))


def get_group(call: Call, group_id: int | UUID) -> Answer:
    return Answer(body=group_view(call, find_group(call, group_id)))


def create_group(call: Call) -> Answer:
    """Create a group. A name in the body is taken as the label; two groups may have one label."""
    database = database_of(call)
    given = call.read_body()
    if isinstance(given, dict) and "label" not in given and "name" in given:
        given = {**given, "label": given["name"]}
    values = load_object(given, BODY)
    uuid, tenant = database.random_uuid(), tenancy.current().own
    moh.check(database, tenant, values["music_on_hold"])
    name = f"grp-{database.tenants.get(tenant).name}-{uuid}"
    group = database.groups.insert(uuid=uuid, name=name, tenant_uuid=tenant, **values)
    return Answer(201, group_view(call, group), location=f"/groups/{group.uuid}")


def update_group(call: Call, group_id: int | UUID) -> Answer:
    """Change the given fields; ignore_forward becomes false where it is left out."""
    group = find_group(call, group_id)
    values = load_object(call.read_body(), BODY, is_update=True)
    moh.check(database_of(call), group.tenant_uuid, values.get("music_on_hold", group.music_on_hold))
    assign(group, {"ignore_forward": False, **values})
    return Answer(204)


def delete_group(call: Call, group_id: int | UUID) -> Answer:
    """Delete a group with its members; its extension becomes free."""
    database_of(call).groups.delete(find_group(call, group_id))
    return Answer(204)


# The number of a group


def associate_extension(call: Call, group_id: int | UUID, extension_id: int) -> Answer:
    database = database_of(call)
    group, extension = find_group(call, group_id), find_extension(call, extension_id)
    if group.extension_id == extension.id:
        return Answer(204)
    if group.extension_id is not None:
        raise _has_extension(group.id, group.extension_id)
    if other := database.groups.first(extension_id=extension.id):
        raise _has_extension(other.id, extension.id)
    if line := database.line_extensions.first(extension_id=extension.id):
        raise resource_error("Extension is associated with a line", id=extension.id, associated_id=str(line.line_id))
    context = database.context_of(extension)
    if not context.allows_group(extension.exten):
        raise input_error(f"Extension '{extension.exten}' is outside of range for context '{context.name}'")
    group.extension_id = extension.id
    return Answer(204)


def _has_extension(group_id: int, extension_id: int) -> ConfdError:
    return resource_error("Group is associated with a Extension", group_id=group_id, extension_id=extension_id)


def dissociate_extension(call: Call, group_id: int | UUID, extension_id: int) -> Answer:
    group, extension = find_group(call, group_id), find_extension(call, extension_id)
    if group.extension_id == extension.id:
        group.extension_id = None
    return Answer(204)


ROUTES = (
    Route("GET", "/groups", list_groups),
    Route("POST", "/groups", create_group),
    *two_ids("GET", "/groups/<group_id>", get_group, "group_id"),
    *two_ids("PUT", "/groups/<group_id>", update_group, "group_id"),
    *two_ids("DELETE", "/groups/<group_id>", delete_group, "group_id"),
    *two_ids("PUT", "/groups/<group_id>/extensions/<int:extension_id>", associate_extension, "group_id"),
    *two_ids("DELETE", "/groups/<group_id>/extensions/<int:extension_id>", dissociate_extension, "group_id"),
)
