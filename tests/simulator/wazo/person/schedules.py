# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve schedules and who has them (person-wazo-26.08.md, "8. schedules")."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range

from ...database import assign
from ...generation import Answer, Call, Route
from ...listing import Columns
from ...schema import Body, StrictBoolean, Text, matches
from ...xivo16.lookup import by_id_or_uuid
from .. import tenancy
from ..common import Listing, attribute_columns, database_of, load_body, recurses, resource_error
from ..users import find_user
from .common import check_tenants, link, of_ids, reference
from .destinations import SHAPES, Typed, check_target, destination_view
from .rows import Schedule
from .tables import settings_of


def _days(last: int) -> fields.List[int]:
    days = [*range(1, last + 1)]
    return fields.List(
        fields.Integer(validate=Range(min=1, max=last)), load_default=lambda: list(days), validate=Length(min=1)
    )


def _period(**more: Any) -> type[Schema]:
    hour = {"required": True, "validate": matches(r"([01]\d|2[0-3]):[0-5]\d")}
    return Body.from_dict(
        {
            "hours_start": fields.String(**hour),
            "hours_end": fields.String(**hour),
            "week_days": _days(7),
            "month_days": _days(31),
            "months": _days(12),
            **more,
        }
    )


BODY = Body.from_dict(
    {
        "name": Text(validate=Length(max=255)),
        "timezone": Text(validate=Length(max=128)),
        "closed_destination": Typed(SHAPES, required=True),
        "open_periods": fields.List(fields.Nested(_period()), load_default=list),
        "exceptional_periods": fields.List(
            fields.Nested(_period(destination=Typed(SHAPES, required=True))), load_default=list
        ),
        "enabled": StrictBoolean(load_default=True),
    }
)()
COLUMNS = attribute_columns("name", "timezone")
LIST = Listing(
    filters=COLUMNS | attribute_columns("id", "enabled"),
    columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="name"),
)


def find_schedule(call: Call, schedule_id: int) -> Schedule:
    found: Schedule = tenancy.find(database_of(call).schedules, schedule_id, "Schedule")
    return found


def schedule_view(call: Call, schedule: Schedule) -> dict[str, Any]:
    rows = database_of(call).settings.where(schedule_id=schedule.id)
    nothing: dict[str, list[Any]] = {name: [] for name in ("incalls", "groups", "queues", "outcalls")}
    return {
        **asdict(schedule),
        "closed_destination": destination_view(call, schedule.closed_destination),
        "links": link(call, "schedules", schedule.id),
        **nothing,
        "users": [reference(call, user) for user in of_ids(call, "users", rows, "user_id")],
    }


def list_schedules(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).schedules, recurses(call))
    return LIST.answer(call, rows, lambda row: schedule_view(call, row))


def get_schedule(call: Call, schedule_id: int) -> Answer:
    return Answer(body=schedule_view(call, find_schedule(call, schedule_id)))


def create_schedule(call: Call) -> Answer:
    values = load_body(call, BODY)
    check_target(call, values["closed_destination"])
    schedule = database_of(call).schedules.insert(tenant_uuid=tenancy.current().own, **values)
    return Answer(201, schedule_view(call, schedule), location=f"/schedules/{schedule.id}")


def update_schedule(call: Call, schedule_id: int) -> Answer:
    schedule = find_schedule(call, schedule_id)
    values = load_body(call, BODY, is_update=True)
    if "closed_destination" in values:
        check_target(call, values["closed_destination"])
    assign(schedule, values)
    return Answer(204)


def delete_schedule(call: Call, schedule_id: int) -> Answer:
    """Delete a schedule, also one that somebody has."""
    database_of(call).schedules.delete(find_schedule(call, schedule_id))
    return Answer(204)


def associate(call: Call, user_id: int | UUID, schedule_id: int) -> Answer:
    """Give a user a schedule. Another one is refused: the first has to go before."""
    user, schedule = find_user(call, user_id), find_schedule(call, schedule_id)
    check_tenants("schedule", schedule, user)
    settings = settings_of(database_of(call), user)
    if settings.schedule_id not in (None, schedule.id):
        raise resource_error("User is associated with a Schedule", user_id=user.id, schedule_id=settings.schedule_id)
    settings.schedule_id = schedule.id
    return Answer(204)


def dissociate(call: Call, user_id: int | UUID, schedule_id: int) -> Answer:
    user, schedule = find_user(call, user_id), find_schedule(call, schedule_id)
    settings = settings_of(database_of(call), user)
    if settings.schedule_id == schedule.id:
        settings.schedule_id = None
    return Answer(204)


ROUTES = (
    Route("GET", "/schedules", list_schedules),
    Route("POST", "/schedules", create_schedule),
    Route("GET", "/schedules/<int:schedule_id>", get_schedule),
    Route("PUT", "/schedules/<int:schedule_id>", update_schedule),
    Route("DELETE", "/schedules/<int:schedule_id>", delete_schedule),
    *by_id_or_uuid("PUT", "/users/<user_id>/schedules/<int:schedule_id>", associate),
    *by_id_or_uuid("DELETE", "/users/<user_id>/schedules/<int:schedule_id>", dissociate),
)
