# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take and show destinations of calls: what a fallback leads to (person-wazo-26.08.md, "4. fallbacks")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import OneOf

from ...generation import Call
from ...schema import Body, StrictBoolean
from ..common import database_of, input_error
from .rows import Destination


def _integer() -> fields.Integer:
    return fields.Integer(required=True, strict=True)


def _text() -> fields.String:
    return fields.String(required=True)


def _seconds() -> fields.Float:
    return fields.Float(load_default=None, allow_none=True)


SHAPES: dict[str, dict[str, Any]] = {
    "application": {"application": _text()},
    "conference": {"conference_id": _integer()},
    "custom": {"command": _text()},
    "extension": {"exten": _text(), "context": _text()},
    "group": {"group_id": _integer(), "ring_time": _seconds()},
    "hangup": {
        "cause": fields.String(required=True, validate=OneOf(("busy", "congestion", "normal"))),
        "timeout": _seconds(),
    },
    "ivr": {"ivr_id": _integer()},
    "none": {},
    "outcall": {"outcall_id": _integer(), "exten": _text()},
    "queue": {"queue_id": _integer(), "ring_time": _seconds()},
    "sound": {
        "filename": _text(),
        "skip": StrictBoolean(load_default=False),
        "no_answer": StrictBoolean(load_default=False),
    },
    "switchboard": {"switchboard_uuid": _text(), "ring_time": _seconds()},
    "user": {
        "user_id": _integer(),
        "ring_time": _seconds(),
        "moh_uuid": fields.String(load_default=None, allow_none=True),
    },
    "voicemail": {
        "voicemail_id": _integer(),
        "greeting": fields.String(load_default=None, allow_none=True, validate=OneOf(("busy", "unavailable"))),
        "skip_instructions": StrictBoolean(load_default=False),
    },
}
TARGETS = {
    "user": ("User", "users"),
    "voicemail": ("Voicemail", "voicemails"),
    "group": ("Group", "groups"),
    "conference": ("Conference", None),
    "ivr": ("IVR", None),
    "outcall": ("Outcall", None),
    "queue": ("Queue", None),
    "switchboard": ("Switchboard", None),
}
"""What a type points at, and the table that has it. The simulator has no conferences, menus, queues, switchboards."""


class Typed(fields.Field[dict[str, Any]]):
    """Take an object whose `type` decides which members it has."""

    def __init__(self, shapes: Mapping[str, Mapping[str, Any]], **options: Any) -> None:
        super().__init__(**options)
        self._schemas: dict[str, Schema] = {kind: Body.from_dict(dict(shape))() for kind, shape in shapes.items()}
        self._kind = Body.from_dict({"type": fields.String(required=True, validate=OneOf(tuple(shapes)))})()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError({"_schema": ["Invalid input type."]})
        kind = self._kind.load(value)["type"]
        return {"type": kind, **self._schemas[kind].load(value)}


def check_target(call: Call, destination: Destination) -> None:
    """Refuse a target that does not exist. The error names a column of the database, not the member of the body."""
    kind = destination["type"]
    if kind not in TARGETS:
        return
    resource, table = TARGETS[kind]
    identifier = destination.get(f"{kind}_id", destination.get(f"{kind}_uuid"))
    if table is None or getattr(database_of(call), table).get(identifier) is None:
        raise input_error(f"field 'actionarg1': {resource} was not found", actionarg1=identifier)


def destination_view(call: Call, destination: Destination | None) -> Destination | None:
    """Return a destination with the names of what it leads to."""
    if destination is None:
        return None
    database = database_of(call)
    if destination["type"] == "user":
        user = database.users.get(destination["user_id"])
        return {**destination, "user_firstname": user.firstname, "user_lastname": user.lastname or None}
    if destination["type"] == "voicemail":
        return {**destination, "voicemail_name": database.voicemails.get(destination["voicemail_id"]).name}
    if destination["type"] == "group":
        group = database.groups.get(destination["group_id"])
        return {**destination, "group_name": group.name, "group_label": group.label}
    return dict(destination)
