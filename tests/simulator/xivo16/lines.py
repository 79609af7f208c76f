# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /lines_sip and /lines (xivo-16.16.md, "lines_sip, lines")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, Range, Regexp

from ..database import Database, assign
from ..errors import input_error, not_found, resource_error, too_long, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body, Text
from . import callerid
from .fields import Integer, matches
from .http import load_body
from .lists import ListColumns, answer_list
from .lookup import find_line
from .rows import Line16
from .user_views import endpoint_view, extension_view

ACCOUNT = matches("[a-zA-Z0-9]+")
SCHEMA = Body.from_dict(
    {
        "username": fields.String(validate=ACCOUNT),
        "secret": fields.String(validate=ACCOUNT),
        "callerid": Text(validate=Regexp(callerid.ACCEPTED)),
        "device_slot": Integer(load_default=1, validate=Range(min=0, error="Must be at least {min}.")),
        "context": fields.String(required=True),
        "provisioning_extension": fields.String(validate=[Length(equal=6), matches("[0-9]+", "Invalid input.")]),
    }
)()
SIZES = {"username": 40, "secret": 80, "callerid": 160}
LARGEST_INTEGER = 2**31 - 1

LINE_SCHEMA = Body.from_dict(
    {
        "context": fields.String(required=True),
        "position": Integer(load_default=1, validate=Range(min=1, error="Must be at least {min}.")),
        "provisioning_code": fields.String(validate=[Length(equal=6), matches("[0-9]+", "Invalid input.")]),
    }
)()
OWN_NAMES = {"position": "device_slot", "provisioning_code": "provisioning_extension"}
"""{field of /lines: the name of its column}."""


def _name(line: Line16) -> str | None:
    return line.username if line.named and line.protocol else None


def _find_line_sip(database: Database, line_id: int) -> Line16:
    """Return a SIP line. Any other line is not found (person-xivo-16.16.md, "endpoints/sip: options, webrtc")."""
    line = find_line(database, line_id)
    if line.protocol != "sip":
        raise not_found("Line", id=line_id)
    return line


COLUMNS: dict[str, Any] = {
    "name": _name,
    "context": lambda line: line.context,
    "provisioning_code": lambda line: line.provisioning_extension,
    "provisioning_extension": lambda line: line.provisioning_extension,
    "position": lambda line: line.device_slot,
    "device_slot": lambda line: line.device_slot,
    "device_id": lambda line: line.device_id,
}
LIST = ListColumns(
    COLUMNS,
    searched=("name", "context", "provisioning_code"),
    default="name",
    integers=("provisioning_code", "provisioning_extension", "position", "device_slot"),
)


def sip_view(call: Call, line: Line16) -> dict[str, Any]:
    return {
        "id": line.id,
        "username": line.username,
        "secret": line.secret,
        "callerid": line.callerid,
        "device_slot": line.device_slot,
        "context": line.sip_context,
        "provisioning_extension": line.provisioning_extension,
        "links": [call.link("lines_sip", line.id)],
    }


def line_view(call: Call, line: Line16) -> dict[str, Any]:
    database = call.database
    name, number = callerid.split_callerid(line.callerid)
    extension = database.internal_extension_of(line.id)
    users = [database.users.get(each.user_id) for each in main_user_first(database, line.id)]
    return {
        "id": line.id,
        "name": _name(line),
        "protocol": line.protocol,
        "device_id": line.device_id,
        "device_slot": line.device_slot,
        "provisioning_extension": line.provisioning_extension,
        "context": line.context,
        "provisioning_code": line.provisioning_extension,
        "position": line.device_slot,
        "caller_id_name": name,
        "caller_id_num": number,
        "registrar": "default",
        "links": [call.link("lines", line.id)],
        **endpoint_view(line),
        "extensions": [extension_view(extension)] if extension else [],
        "users": [
            {"uuid": user.uuid, "firstname": user.firstname, "lastname": user.lastname or None} for user in users
        ],
    }


def main_user_first(database: Database, line_id: int) -> list[Any]:
    return sorted(database.user_lines.where(line_id=line_id), key=lambda each: (not each.main_user, each.id))


def list_lines_sip(call: Call) -> Answer:
    """List the SIP lines of a page of all lines. The total counts all lines, as on a real server."""
    page, total = LIST.page(list(call.database.lines), call.query)
    return Answer(body={"items": [sip_view(call, line) for line in page if line.protocol == "sip"], "total": total})


def list_lines(call: Call) -> Answer:
    return answer_list(call, LIST, list(call.database.lines), lambda line: line_view(call, line))


def get_line_sip(call: Call, line_id: int) -> Answer:
    return Answer(body=sip_view(call, _find_line_sip(call.database, line_id)))


def get_line(call: Call, line_id: int) -> Answer:
    return Answer(body=line_view(call, find_line(call.database, line_id)))


def create_line_sip(call: Call) -> Answer:
    database = call.database
    given = load_body(call, SCHEMA)
    code = given.get("provisioning_extension")
    _check(database, given, None)
    if code is not None and database.lines.first(provisioning_extension=str(int(code))):
        raise resource_error("Line already exists", provisioning_code=code)
    line = database.lines.insert(
        username=given.get("username") or database.random_account(),
        secret=given.get("secret") or database.random_account(),
        context=given["context"],
        sip_context=given["context"],
        device_slot=given["device_slot"],
        provisioning_extension=str(int(code)) if code else database.random_provisioning_extension(),
        callerid=given["callerid"],
    )
    return Answer(201, sip_view(call, line), location=f"/lines_sip/{line.id}")


def _check(database: Database, given: dict[str, Any], line_id: int | None) -> None:
    if "context" in given and given["context"] not in database.contexts:
        raise input_error("field 'context': Context was not found", context=given["context"])
    username = given.get("username")
    if username is not None and database.has_account(username, line_id):
        raise resource_error("SIPEndpoint already exists", name=username)
    for name, size in SIZES.items():
        if len(given.get(name) or "") > size:
            raise too_long(size)
    if given.get("device_slot", 0) > LARGEST_INTEGER:
        raise unexpected_error("(DataError) integer out of range\n")


def update_line_sip(call: Call, line_id: int) -> Answer:
    """Change all given fields or none; context and caller ID follow the extension and the main user."""
    database = call.database
    line = _find_line_sip(database, line_id)
    given = load_body(call, SCHEMA, is_update=True)
    _check(database, given, line.id)
    if "context" in given:
        given["sip_context"] = given["context"]
    if "provisioning_extension" in given:
        given["provisioning_extension"] = str(int(given["provisioning_extension"]))
    assign(line, given)
    callerid.after_change(database, line)
    return Answer(204)


def create_line(call: Call) -> Answer:
    """Create a line without endpoint."""
    database = call.database
    given = {OWN_NAMES.get(name, name): value for name, value in load_body(call, LINE_SCHEMA).items()}
    _check(database, given, None)
    line = database.lines.insert(
        **{"provisioning_extension": database.random_provisioning_extension(), **given},
        sip_context=given["context"],
        username="",
        secret="",
        protocol=None,
    )
    return Answer(201, line_view(call, line), location=f"/lines/{line.id}")


def update_line(call: Call, line_id: int) -> Answer:
    """Change the fields that all lines have; the context follows the extension."""
    database = call.database
    line = find_line(database, line_id)
    given = {OWN_NAMES.get(name, name): value for name, value in load_body(call, LINE_SCHEMA, is_update=True).items()}
    _check(database, given, line.id)
    given |= {"sip_context": given["context"]} if "context" in given else {}
    assign(line, given)
    callerid.after_change(database, line)
    return Answer(204)


def delete_line_sip(call: Call, line_id: int) -> Answer:
    return delete_line(call, _find_line_sip(call.database, line_id).id)


def delete_line(call: Call, line_id: int) -> Answer:
    """Delete a line with all its associations, unprotected (xivo-16.16.md, trap 5). Its device stays configured."""
    database = call.database
    line = find_line(database, line_id)
    for association in database.user_lines.where(line_id=line.id):
        database.user_lines.delete(association)
    for link in database.line_extensions.where(line_id=line.id):
        database.line_extensions.delete(link)
    database.lines.delete(line)
    return Answer(204)


ROUTES = (
    Route("GET", "/lines_sip", list_lines_sip),
    Route("POST", "/lines_sip", create_line_sip),
    Route("GET", "/lines_sip/<int:line_id>", get_line_sip),
    Route("PUT", "/lines_sip/<int:line_id>", update_line_sip),
    Route("DELETE", "/lines_sip/<int:line_id>", delete_line_sip),
    Route("GET", "/lines", list_lines),
    Route("POST", "/lines", create_line),
    Route("GET", "/lines/<int:line_id>", get_line),
    Route("PUT", "/lines/<int:line_id>", update_line),
    Route("DELETE", "/lines/<int:line_id>", delete_line),
)
