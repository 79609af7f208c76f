# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /incalls, which lead to users, not to lines (xivo-16.16.md, "Does the old tutorial's flow work unchanged?")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..database import Database, assign
from ..errors import input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from ..schema import Body, Text
from ..xivo15.extensions import find_extension
from .extensions import check_context, check_not_associated
from .http import load_body
from .lists import ListColumns, answer_list
from .rows import Incall16
from .user_views import extension_view

TEXTS = ("preprocess_subroutine", "caller_id_mode", "caller_id_name", "description")
NOT_AN_OBJECT = {"invalid": {"_schema": ["Invalid input type."]}}
SCHEMA = Body.from_dict(
    {**{name: Text() for name in TEXTS}, "destination": fields.Dict(required=True, error_messages=NOT_AN_OBJECT)}
)()
LIST = ListColumns(
    {
        "id": lambda incall: incall.id,
        "exten": lambda incall: incall.exten,
        "user_id": lambda incall: incall.user_id,
        "description": lambda incall: incall.description,
    },
    searched=("exten", "description"),
    default="id",
    integers=("id", "user_id"),
)


def find_incall(database: Database, incall_id: int) -> Incall16:
    incall = database.incalls.get(incall_id)
    if incall is None:
        raise not_found("Incall", id=incall_id)
    return incall


def incall_view(call: Call, incall: Incall16) -> dict[str, Any]:
    extension = call.database.extension_of(incall)
    return {
        "id": incall.id,
        **{name: getattr(incall, name) for name in TEXTS},
        "destination": _destination_view(call.database, incall),
        "links": [call.link("incalls", incall.id)],
        "extensions": [extension_view(extension)] if extension else [],
    }


def _destination_view(database: Database, incall: Incall16) -> dict[str, Any]:
    if incall.user_id is None:
        return incall.destination
    user = database.users.get(incall.user_id)
    names = {"user_firstname": user.firstname, "user_lastname": user.lastname or None} if user else {}
    return {"ring_time": incall.destination.get("ring_time"), "user_id": incall.user_id, **names, "type": "user"}


def list_incalls(call: Call) -> Answer:
    return answer_list(call, LIST, list(call.database.incalls), lambda incall: incall_view(call, incall))


def get_incall(call: Call, incall_id: int) -> Answer:
    return Answer(body=incall_view(call, find_incall(call.database, incall_id)))


def create_incall(call: Call) -> Answer:
    given = call.read_body()
    checked = load_body(call, SCHEMA) if "destination" in given else {"destination": {}}
    columns = {**checked, **_destination_columns(call.database, checked["destination"])}
    incall = call.database.incalls.insert(**columns)
    return Answer(201, incall_view(call, incall), location=f"/incalls/{incall.id}")


def _destination_columns(database: Database, destination: dict[str, Any]) -> dict[str, Any]:
    if "type" not in destination:
        raise input_error("destination: {'type': [u'Missing data for required field.']}")
    if destination["type"] != "user":
        return {"destination": destination, "user_id": None}
    if "user_id" not in destination:
        raise input_error("destination: {'user_id': [u'Missing data for required field.']}")
    user_id = int(destination["user_id"])
    if database.users.get(user_id) is None:
        raise input_error("field 'actionarg1': User was not found", actionarg1=user_id)
    return {"destination": destination, "user_id": user_id}


def update_incall(call: Call, incall_id: int) -> Answer:
    incall = find_incall(call.database, incall_id)
    given = load_body(call, SCHEMA, is_update=True)
    if "destination" in given:
        given.update(_destination_columns(call.database, given["destination"]))
    assign(incall, given)
    return Answer(204)


def delete_incall(call: Call, incall_id: int) -> Answer:
    """Delete an incall; its extension becomes free."""
    incall = find_incall(call.database, incall_id)
    _free_extension(call.database, incall)
    call.database.incalls.delete(incall)
    return Answer(204)


def _free_extension(database: Database, incall: Incall16) -> None:
    extension = database.extension_of(incall)
    if extension:
        extension.type, extension.typeval = "user", "0"
    incall.extension_id = incall.exten = incall.context = None


def associate_extension(call: Call, incall_id: int, extension_id: int) -> Answer:
    """Put an extension on an incall; doing the same again is refused (xivo-16.16.md, trap 3)."""
    database = call.database
    incall, extension = find_incall(database, incall_id), find_extension(database, extension_id)
    if incall.extension_id is not None:
        raise resource_error(
            "Incall is associated with a Extension", extension_id=incall.extension_id, incall_id=str(incall.id)
        )
    check_not_associated(database, extension, "id")
    check_context(database, extension, "incall")
    incall.extension_id, incall.exten, incall.context = extension.id, extension.exten, extension.context
    extension.type, extension.typeval = "incall", str(incall.id)
    return Answer(204)


def dissociate_extension(call: Call, incall_id: int, extension_id: int) -> Answer:
    database = call.database
    incall, extension = find_incall(database, incall_id), find_extension(database, extension_id)
    if incall.extension_id != extension.id:
        raise not_found("IncallExtension", extension_id=extension.id, incall_id=incall.id)
    _free_extension(database, incall)
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
