# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /moh: music on hold, which users name by its generated name.

Facts: person-wazo-26.08.md, "11. user fields, music on hold, voicemails, several lines".
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Length, OneOf

from ..database import assign
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, Text
from . import tenancy
from .common import Listing, attribute_columns, database_of, input_error, load_body, recurses
from .rows import Moh

ALWAYS_THERE = "default"
"""The name of the music that every installation has, and that /moh does not list."""
BODY = Body.from_dict(
    {
        "label": fields.String(required=True, validate=Length(max=128)),
        "mode": fields.String(required=True, validate=OneOf(("files", "custom", "mp3"))),
        "application": Text(),
        "sort": Text(),
    }
)()
COLUMNS = attribute_columns("name", "label", "mode")
LIST = Listing(
    filters=COLUMNS | {"uuid": lambda row: row.id}, columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="label")
)


def check(database: Any, tenant: str, name: str | None) -> None:
    """Refuse the name of a music that the tenant does not have. Raises a 400."""
    if name and name != ALWAYS_THERE and database.mohs.first(name=name, tenant_uuid=tenant) is None:
        raise input_error("field 'music_on_hold': MOH was not found", music_on_hold=name)


def view(call: Call, row: Moh) -> dict[str, Any]:
    return {
        "uuid": row.id,
        "tenant_uuid": row.tenant_uuid,
        "name": row.name,
        "label": row.label,
        "mode": row.mode,
        "application": row.application,
        "sort": row.sort,
        "files": [],
        "links": [call.link("moh", row.id)],
    }


def find_moh(call: Call, moh_uuid: UUID) -> Moh:
    return tenancy.find(database_of(call).mohs, str(moh_uuid), "MOH", uuid=moh_uuid)


def list_moh(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).mohs, recurses(call))
    return LIST.answer(call, rows, lambda row: view(call, row))


def get_moh(call: Call, moh_uuid: UUID) -> Answer:
    return Answer(body=view(call, find_moh(call, moh_uuid)))


def create_moh(call: Call) -> Answer:
    """Create a music on hold; its label need not be unique."""
    database = database_of(call)
    values = load_body(call, BODY)
    if values["mode"] == "custom" and not values["application"]:
        raise input_error("custom mode must have an application")
    tenant = database.tenants.get(tenancy.current().own)
    uuid = database.random_uuid()
    row = database.mohs.insert(id=uuid, tenant_uuid=tenant.id, name=f"moh-{tenant.name}-{uuid}", **values)
    return Answer(201, view(call, row), location=f"/moh/{row.id}")


def update_moh(call: Call, moh_uuid: UUID) -> Answer:
    """Change a music on hold; its name stays when its label changes."""
    row = find_moh(call, moh_uuid)
    assign(row, load_body(call, BODY, is_update=True))
    return Answer(204)


def delete_moh(call: Call, moh_uuid: UUID) -> Answer:
    """Delete a music on hold, also one that users have: they keep its name and cannot be changed any more."""
    database_of(call).mohs.delete(find_moh(call, moh_uuid))
    return Answer(204)


ROUTES = (
    Route("GET", "/moh", list_moh),
    Route("POST", "/moh", create_moh),
    Route("GET", "/moh/<uuid:moh_uuid>", get_moh),
    Route("PUT", "/moh/<uuid:moh_uuid>", update_moh),
    Route("DELETE", "/moh/<uuid:moh_uuid>", delete_moh),
)
