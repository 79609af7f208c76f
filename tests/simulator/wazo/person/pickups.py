# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve call pickups: who may answer whose calls (person-wazo-26.08.md, "10. callpickups")."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from ...database import assign
from ...errors import unexpected_error
from ...generation import Answer, Call, Route
from ...listing import Columns
from ...schema import Body, StrictBoolean, Text
from .. import tenancy
from ..common import Listing, attribute_columns, database_of, input_error, load_body, recurses, resource_error
from .common import check_distinct, link, name_of
from .members import find_member
from .rows import CallPickup

BODY = Body.from_dict(
    {
        "name": fields.String(required=True, validate=Length(min=1, max=128)),
        "description": Text(),
        "enabled": StrictBoolean(load_default=True),
    }
)()
USER_KEY = Body.from_dict({"uuid": fields.UUID(required=True)})
GROUP_KEY = Body.from_dict({"id": fields.Integer(required=True, strict=True)})
USERS = Body.from_dict({"users": fields.List(fields.Nested(USER_KEY), required=True)})()
GROUPS = Body.from_dict({"groups": fields.List(fields.Nested(GROUP_KEY), required=True)})()
COLUMNS = attribute_columns("name", "description")
LIST = Listing(
    filters=COLUMNS | attribute_columns("id", "enabled"),
    columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="name"),
)
SIDES = ("interceptors", "targets")


def find_pickup(call: Call, pickup_id: int) -> CallPickup:
    found: CallPickup = tenancy.find(database_of(call).call_pickups, pickup_id, "CallPickup")
    return found


def pickup_view(call: Call, pickup: CallPickup) -> dict[str, Any]:
    sides = {side: _side_view(call, pickup, side) for side in SIDES}
    return {**asdict(pickup), "links": link(call, "callpickups", pickup.id), **sides}


def _side_view(call: Call, pickup: CallPickup, side: str) -> dict[str, Any]:
    database = database_of(call)
    rows = database.pickup_members.where(pickup_id=pickup.id, side=side)
    groups = [database.groups.get(row.group_id) for row in rows if row.group_id]
    users = [database.users.get(row.user_id) for row in rows if row.user_id]
    return {
        "groups": [{"id": group.id, "name": group.name} for group in groups],
        "users": [name_of(user) for user in users],
    }


def list_pickups(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).call_pickups, recurses(call))
    return LIST.answer(call, rows, lambda row: pickup_view(call, row))


def get_pickup(call: Call, pickup_id: int) -> Answer:
    return Answer(body=pickup_view(call, find_pickup(call, pickup_id)))


def _check_name(call: Call, values: dict[str, Any], pickup_id: int | None) -> None:
    """Refuse a name that any tenant has."""
    if any(other.id != pickup_id for other in database_of(call).call_pickups.where(name=values.get("name"))):
        raise resource_error("CallPickup already exists", name=values["name"])


def create_pickup(call: Call) -> Answer:
    values = load_body(call, BODY)
    _check_name(call, values, None)
    pickups = database_of(call).call_pickups
    # The id of the last one is given again once it is deleted.
    identifier = max((row.id for row in pickups), default=0) + 1
    pickup = pickups.insert(identifier, tenant_uuid=tenancy.current().own, **values)
    return Answer(201, pickup_view(call, pickup), location=f"/callpickups/{pickup.id}")


def update_pickup(call: Call, pickup_id: int) -> Answer:
    pickup = find_pickup(call, pickup_id)
    values = load_body(call, BODY, is_update=True)
    _check_name(call, values, pickup.id)
    assign(pickup, values)
    return Answer(204)


def delete_pickup(call: Call, pickup_id: int) -> Answer:
    database_of(call).call_pickups.delete(find_pickup(call, pickup_id))
    return Answer(204)


# Members


def put_users(call: Call, pickup_id: int, side: str) -> Answer:
    """Set exactly these users of one side."""
    pickup = find_pickup(call, pickup_id)
    users = [find_member(call, each["uuid"]) for each in load_body(call, USERS)["users"]]
    check_distinct("user", users)
    _set_members(call, pickup, side, "user_id", [user.id for user in users])
    return Answer(204)


def put_groups(call: Call, pickup_id: int, side: str) -> Answer:
    """Set exactly these groups of one side, which are known by their integer ids alone."""
    groups, pickup = database_of(call).groups, find_pickup(call, pickup_id)
    wanted = [each["id"] for each in load_body(call, GROUPS)["groups"]]
    for group_id in wanted:
        if groups.get(group_id) is None:
            raise input_error("field 'groups': Group was not found", id=group_id)
    check_distinct("group", [groups.get(each) for each in wanted])
    _set_members(call, pickup, side, "group_id", wanted)
    return Answer(204)


def _set_members(call: Call, pickup: CallPickup, side: str, column: str, wanted: list[int]) -> None:
    """Set the members of one kind. Of several requests that add the same ones at once, all but one fail."""
    database = database_of(call)

    def present() -> dict[int, Any]:
        rows = database.pickup_members.where(pickup_id=pickup.id, side=side)
        return {getattr(row, column): row for row in rows if getattr(row, column)}

    before = set(present())
    database.wait_for_race()
    for member, row in present().items():
        if member in before and member not in wanted:
            database.pickup_members.delete(row)
    for member in wanted:
        if member in present():
            if member in before:
                continue
            raise unexpected_error(_duplicate(pickup.id, side, column, member))
        database.pickup_members.insert(pickup_id=pickup.id, side=side, **{column: member})


def _duplicate(pickup_id: int, side: str, column: str, member: int) -> str:
    category = "pickup" if side == "targets" else "member"
    return (
        '(psycopg2.errors.UniqueViolation) duplicate key value violates unique constraint "pickupmember_pkey"\n'
        f"DETAIL:  Key (pickupid, category, membertype, memberid)=({pickup_id}, {category}, "
        f"{column.removesuffix('_id')}, {member}) already exists."
    )


ROUTES = (
    Route("GET", "/callpickups", list_pickups),
    Route("POST", "/callpickups", create_pickup),
    Route("GET", "/callpickups/<int:pickup_id>", get_pickup),
    Route("PUT", "/callpickups/<int:pickup_id>", update_pickup),
    Route("DELETE", "/callpickups/<int:pickup_id>", delete_pickup),
    *(
        Route("PUT", f"/callpickups/<int:pickup_id>/{side}/{kind}", partial(view, side=side))
        for side in SIDES
        for kind, view in (("users", put_users), ("groups", put_groups))
    ),
)
