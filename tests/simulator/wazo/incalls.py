# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /incalls: calls from outside, which lead to a destination (wazo-26.08.md, "5.5 Incall")."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import OneOf

from ..database import assign
from ..errors import ConfdError
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, Text
from . import tenancy
from .common import Listing, attribute_columns, database_of, input_error, load_body, recurses, resource_error
from .extensions import find_extension
from .rows import Incall
from .views import incall_view

KINDS = (
    "application", "conference", "custom", "extension", "group", "hangup", "ivr", "none", "outcall", "queue", "sound",
    "switchboard", "user", "voicemail",
)  # fmt: skip


KIND = Body.from_dict({"type": fields.String(required=True, validate=OneOf(KINDS))})()
TO_USER = Body.from_dict(
    {
        "moh_uuid": fields.Raw(load_default=None),
        "user_id": fields.Integer(required=True, strict=True),
        "ring_time": fields.Float(load_default=None),
    }
)()


class HangUp(Body):
    """Take {type: hangup, cause, timeout}; only two of the causes have a timeout."""

    cause = fields.String(load_default="normal", validate=OneOf(("busy", "congestion", "normal")))
    timeout = fields.Float(load_default=None, allow_none=True)

    @post_load
    def _drop_timeout(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"cause": "normal"} if values["cause"] == "normal" else values


MEMBERS: dict[str, Schema] = {"user": TO_USER, "hangup": HangUp()}


class Destination(fields.Field[dict[str, Any]]):
    """Take {type: user, user_id, ring_time, moh_uuid}, {type: hangup, cause, timeout}, or another type alone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        kind = KIND.load(value)["type"]
        return {"type": kind, **(MEMBERS[kind].load(value) if kind in MEMBERS else {})}


TEXTS = ("preprocess_subroutine", "greeting_sound", "caller_id_mode", "caller_id_name", "description")
BODY = Body.from_dict({"destination": Destination(required=True), **{name: Text() for name in TEXTS}})()


def find_incall(call: Call, incall_id: int) -> Incall:
    return tenancy.find(database_of(call).incalls, incall_id, "Incall")


def list_incalls(call: Call) -> Answer:
    database = database_of(call)
    exten = {"exten": lambda row: getattr(database.extensions.get(row.extension_id), "exten", None)}
    columns = exten | attribute_columns("description", "preprocess_subroutine", "greeting_sound")
    lists = Listing(
        filters=columns | attribute_columns("user_id"),
        columns=Columns(searched=exten | attribute_columns("description"), ordered=columns, default="exten"),
    )
    return lists.answer(call, tenancy.rows(database.incalls, recurses(call)), lambda row: incall_view(call, row))


def get_incall(call: Call, incall_id: int) -> Answer:
    return Answer(body=incall_view(call, find_incall(call, incall_id)))


def _check(call: Call, values: dict[str, Any]) -> None:
    user_id = values.get("destination", {}).get("user_id")
    user = database_of(call).users.get(user_id)
    if user_id is not None and (user is None or user.tenant_uuid not in tenancy.current().visible):
        raise input_error("field 'actionarg1': User was not found", actionarg1=user_id)


def create_incall(call: Call) -> Answer:
    values = load_body(call, BODY)
    _check(call, values)
    incall = database_of(call).incalls.insert(tenant_uuid=tenancy.current().own, **values)
    incall.set_destination(incall.destination)
    return Answer(201, incall_view(call, incall), location=f"/incalls/{incall.id}")


def update_incall(call: Call, incall_id: int) -> Answer:
    incall = find_incall(call, incall_id)
    values = load_body(call, BODY, is_update=True)
    _check(call, values)
    assign(incall, values)
    incall.set_destination(incall.destination)
    return Answer(204)


def delete_incall(call: Call, incall_id: int) -> Answer:
    """Delete an incall; its extension becomes free."""
    database_of(call).incalls.delete(find_incall(call, incall_id))
    return Answer(204)


def associate_extension(call: Call, incall_id: int, extension_id: int) -> Answer:
    """Put an extension on an incall, also one outside of the context's ranges."""
    database = database_of(call)
    incall, extension = find_incall(call, incall_id), find_extension(call, extension_id)
    if incall.extension_id == extension.id:
        return Answer(204)
    if incall.extension_id is not None:
        raise _has_extension(incall.id, incall.extension_id)
    if other := database.incalls.first(extension_id=extension.id):
        raise _has_extension(other.id, extension.id)
    if database.line_extensions.first(extension_id=extension.id):
        raise resource_error("Extension is associated with a line", id=extension.id)
    kind = database.context_type(extension)
    if kind != "incall":
        raise resource_error(f"ContextType '{kind}' cannot be associated", id=extension.id, context=extension.context)
    incall.set_extension(extension)
    return Answer(204)


def _has_extension(incall_id: int, extension_id: int) -> ConfdError:
    return resource_error("Incall is associated with a Extension", incall_id=str(incall_id), extension_id=extension_id)


def dissociate_extension(call: Call, incall_id: int, extension_id: int) -> Answer:
    incall, extension = find_incall(call, incall_id), find_extension(call, extension_id)
    if incall.extension_id == extension.id:
        incall.set_extension(None)
    return Answer(204)


ROUTES = (
    Route("GET", "/incalls", list_incalls),
    Route("POST", "/incalls", create_incall),
    Route("GET", "/incalls/<int:incall_id>", get_incall),
    Route("PUT", "/incalls/<int:incall_id>", update_incall),
    Route("DELETE", "/incalls/<int:incall_id>", delete_incall),
    Route("PUT", "/incalls/<int:incall_id>/extensions/<int:extension_id>", associate_extension),
    Route("DELETE", "/incalls/<int:incall_id>/extensions/<int:extension_id>", dissociate_extension),
)
