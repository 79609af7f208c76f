# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /lines_sip and /lines (xivo-15.12.md, "lines_sip")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..database import Database, DuplicateKey, Line, assign
from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Paging
from ..postgres.collation import collation_key
from .callerid import CALLERID_SIZE
from .devices import check_provisioning
from .fields import Body, list_body, wrong_type
from .sql import INTEGER_MAX, DatabaseError, Statement, check_lengths, duplicate_key, null_value
from .usersip import USERSIP_COLUMNS

BODY = Body(
    {
        "id": "integer",
        "context": "text",
        "device_slot": "integer",
        "username": "text",
        "secret": "text",
        "callerid": "text",
        "provisioning_extension": "text",
    },
    required=("context", "device_slot"),
)
USERNAME_SIZE, SECRET_SIZE = 40, 80
INSERT_SIP = Statement("Line", "usersip", USERSIP_COLUMNS)
INSERT_LINE = Statement(
    "Line",
    "linefeatures",
    ("device", "configregistrar", "name", "number", "context", "protocol", "protocolid", "provisioningid", "num"),
)


def find_line(database: Database, line_id: int) -> Line:
    line = database.lines.get(line_id)
    if line is None:
        raise not_found("Line", id=line_id)
    return line


def find_line_sip(database: Database, line_id: int) -> Line:
    """Return a SIP line. Any other line is an unexpected error."""
    line = find_line(database, line_id)
    if line.protocol != "sip":
        raise unexpected_error(f"'Line{(line.protocol or '').upper()}' object has no attribute 'username'")
    return line


def sip_view(call: Call, line: Line) -> dict[str, Any]:
    return {
        "username": line.username,
        "links": [call.link("lines_sip", line.id)],
        "callerid": line.callerid,
        "provisioning_extension": line.provisioning_extension,
        "device_slot": line.device_slot,
        "secret": line.secret,
        "context": line.sip_context,
        "id": line.id,
    }


def line_view(call: Call, line: Line, context: str) -> dict[str, Any]:
    return {
        "protocol": line.protocol,
        "name": line.username,
        "links": [call.link("lines", line.id)],
        "provisioning_extension": line.provisioning_extension,
        "device_slot": line.device_slot,
        "context": context,
        "id": line.id,
        "device_id": line.device_id,
    }


def _all_lines(call: Call) -> list[Line]:
    """Return all lines by name: the parameters are checked, and then ignored."""
    Paging.read(call.query, smallest_limit=0)
    return sorted(call.database.lines, key=lambda line: collation_key(line.username))


def list_lines_sip(call: Call) -> Answer:
    return Answer(body=list_body([sip_view(call, line) for line in _all_lines(call) if line.protocol == "sip"]))


def list_lines(call: Call) -> Answer:
    return Answer(body=list_body([line_view(call, line, line.context) for line in _all_lines(call)]))


def get_line_sip(call: Call, line_id: int) -> Answer:
    line = find_line_sip(call.database, line_id)
    return Answer(body=sip_view(call, line), location=f"/lines_sip/{line.id}")


def get_line(call: Call, line_id: int) -> Answer:
    line = find_line(call.database, line_id)
    return Answer(body=line_view(call, line, line.sip_context), location=f"/lines/{line.id}")


def create_line_sip(call: Call) -> Answer:
    """Create a line; a given provisioning extension is ignored."""
    database = call.database
    given = BODY.check(call.read_body())
    _check_values(database, given)
    username, secret = given.get("username"), given.get("secret")
    line = Line(
        id=0,
        username=database.random_account() if username is None else username,
        secret=database.random_account() if secret is None else secret,
        context=given["context"],
        sip_context=given["context"],
        device_slot=given["device_slot"],
        provisioning_extension=database.random_provisioning_extension(),
        callerid=given.get("callerid"),
    )
    stored = _insert(database, line, given.get("id"))
    return Answer(201, sip_view(call, stored), location=f"/lines_sip/{stored.id}")


def _insert(database: Database, line: Line, line_id: int | None) -> Line:
    sent = {
        "name": line.username,
        "secret": line.secret,
        "context": line.context,
        "callerid": line.callerid,
        "type": "friend",
        "username": "",
        "protocol": "sip",
        "category": "user",
    }
    try:
        _check_account(database, line)
    except DatabaseError as refused:
        raise INSERT_SIP.failed(refused, sent) from refused
    try:
        _check_slot(line)
        return database.lines.insert(id=line_id, **{name: value for name, value in vars(line).items() if name != "id"})
    except DuplicateKey as error:
        raise INSERT_LINE.failed(duplicate_key("linefeatures_pkey", "id", str(error.key)), sent) from error
    except DatabaseError as refused:
        # The SIP account was inserted before, and stays without a line: no list shows it.
        database.hidden_accounts.add(line.username)
        raise INSERT_LINE.failed(refused, sent) from refused


def _check_values(database: Database, values: dict[str, Any]) -> None:
    BODY.check_required(values)
    if not values["context"].strip():
        raise input_error("missing parameters: context")
    if values["device_slot"] <= 0:
        raise wrong_type("device_slot", "Should be a positive numeric", device_slot=values["device_slot"])
    if values["context"] not in database.contexts:
        raise input_error("field 'context': Context was not found", name=values["context"])


def _check_account(database: Database, line: Line) -> None:
    check_lengths(((line.username, USERNAME_SIZE), (line.secret, SECRET_SIZE), (line.callerid, CALLERID_SIZE)))
    others = [other for other in database.lines.where(username=line.username) if other.id != line.id]
    if others or line.username in database.hidden_accounts:
        raise duplicate_key("usersip_name_key", "name", line.username)


def _check_slot(line: Line) -> None:
    if line.device_slot > INTEGER_MAX:
        raise DatabaseError("DataError", "integer out of range")


def update_line_sip(call: Call, line_id: int) -> Answer:
    """Change the given fields; if the database refuses one of them, change none and still answer 204.

    The id of another line is a 404, but the fields are changed (observations.md, "XiVO 15.12: lines_sip").
    """
    database = call.database
    line = find_line_sip(database, line_id)
    given = BODY.check(call.read_body())
    _check_values(database, {"context": line.sip_context, "device_slot": line.device_slot} | given)
    try:
        changed = _changed(line, given)
        _check_account(database, changed)
        _check_slot(changed)
    except DatabaseError:
        return Answer(204)
    assign(line, vars(changed))
    if given.get("id", line.id) != line.id:
        raise not_found("Line", id=given["id"])
    check_provisioning(database, line)
    return Answer(204)


def _changed(line: Line, given: dict[str, Any]) -> Line:
    for name in ("username", "secret", "provisioning_extension"):
        if name in given and given[name] is None:
            raise null_value(name)
    columns = {name: value for name, value in given.items() if name != "id"}
    if "context" in columns:
        columns["sip_context"] = columns["context"]
    if "provisioning_extension" in columns:
        columns["provisioning_extension"] = _as_integer(columns["provisioning_extension"])
    return replace(line, **columns)


def _as_integer(text: str) -> str:
    """Return the provisioning code as the database has it, an integer. Raises DatabaseError."""
    try:
        return str(int(text))
    except ValueError as error:
        raise DatabaseError("DataError", f'invalid input syntax for integer: "{text}"') from error


def delete_line_sip(call: Call, line_id: int) -> Answer:
    database = call.database
    line = find_line_sip(database, line_id)
    if database.user_lines.first(line_id=line.id) or database.line_extensions.first(line_id=line.id):
        raise resource_error("Line is associated with a Resource", line_id=line.id)
    database.lines.delete(line)
    check_provisioning(database, line)
    return Answer(204)


ROUTES = (
    Route("GET", "/lines_sip", list_lines_sip),
    Route("POST", "/lines_sip", create_line_sip),
    Route("GET", "/lines_sip/<int:line_id>", get_line_sip),
    Route("PUT", "/lines_sip/<int:line_id>", update_line_sip),
    Route("DELETE", "/lines_sip/<int:line_id>", delete_line_sip),
    Route("GET", "/lines", list_lines),
    Route("GET", "/lines/<int:line_id>", get_line),
)
