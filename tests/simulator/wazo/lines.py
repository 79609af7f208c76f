# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /lines (wazo-26.08.md, "5.2 Line")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, Range

from ..errors import ConfdError, unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, Text, matches
from . import tenancy
from .callerid import read_callerid, refresh_callerid
from .common import (
    Listing,
    attribute_columns,
    database_of,
    input_error,
    load_body,
    load_object,
    recurses,
    recursive,
    resource_error,
)
from .database import WazoDatabase
from .endpoints import new_endpoint
from .rows import Line
from .views import bare_endpoint_view, bare_line_view, line_view

LARGEST_INTEGER = 2**31 - 1
FIELDS: dict[str, Any] = {
    "context": fields.String(required=True),
    "provisioning_code": Text(validate=[Length(equal=6), matches(r"\d*")]),
    "position": fields.Integer(load_default=1, validate=Range(min=1)),
    "caller_id_name": Text(),
    "caller_id_num": Text(validate=matches(r"\d+", "Invalid input.")),
    "registrar": Text(),
}
BODY = Body.from_dict(FIELDS)()


def listing(call: Call) -> Listing:
    database = database_of(call)

    def view(name: str) -> Any:
        return lambda line: bare_line_view(call, line, database.endpoint_of(line))[name]

    columns = attribute_columns("context") | {
        name: view(name) for name in ("name", "provisioning_code", "caller_id_name", "caller_id_num")
    }
    exten = {"exten": lambda line: getattr(database.internal_extension_of(line.id), "exten", None)}
    return Listing(
        filters={**columns, **exten, **attribute_columns("position", "device_id"), "protocol": view("protocol")},
        columns=Columns(searched=columns | exten, ordered=columns, default="name"),
    )


def find_line(call: Call, line_id: int) -> Line:
    return tenancy.find(database_of(call).lines, line_id, "Line")


def list_lines(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).lines, recurses(call))
    return listing(call).answer(call, rows, lambda line: line_view(call, line))


def get_line(call: Call, line_id: int) -> Answer:
    return Answer(body=line_view(call, find_line(call, line_id)))


def check_context(database: WazoDatabase, name: Any) -> Any:
    context = database.context(name, {tenancy.current().own})
    if context is None:
        raise input_error("field 'context': Context was not found", context=name)
    return context


def _check_position(values: dict[str, Any]) -> None:
    """Fail as the database does on a number that its column does not hold."""
    if (values.get("position") or 0) > LARGEST_INTEGER:
        raise unexpected_error("(psycopg2.errors.NumericValueOutOfRange) integer out of range\n")


def new_line(call: Call, given: Any) -> tuple[Line, dict[str, Any]]:
    """Insert a line, with its endpoint if it is given. Returns the line, and how the answer shows it."""
    database = database_of(call)
    values = load_object(given, BODY)
    _check_position(values)
    check_context(database, values["context"])
    code = _stored_code(values["provisioning_code"])
    if code and database.lines.first(provisioning_extension=code):
        raise resource_error("Line already exists", provisioning_code=values["provisioning_code"])
    embedded = given.get("endpoint_sip")
    endpoint = None if embedded is None else new_endpoint(call, embedded)
    if endpoint:
        endpoint.endpoint_section_options.insert(0, ["context", values["context"]])
    line: Line = database.lines.insert(
        tenant_uuid=tenancy.current().own,
        context=values["context"],
        position=values["position"],
        provisioning_extension=code or database.random_provisioning_extension(),
        registrar=values["registrar"] or "default",
        endpoint_uuid=endpoint.id if endpoint else None,
    )
    _check_caller_id(line, values)
    _set_caller_id(database, line, values)
    shown = bare_line_view(call, line, endpoint)
    if endpoint:
        shown["endpoint_sip"] = {**bare_endpoint_view(call, endpoint), "trunk": None, "line": None}
    return line, shown


def _stored_code(code: str | None) -> str | None:
    """Return a provisioning code as it reads back: it is stored as a number, without leading zeros."""
    return str(int(code)) if code else None


def _check_caller_id(line: Line, values: dict[str, Any]) -> None:
    if line.endpoint_uuid is None and (values.get("caller_id_name") or values.get("caller_id_num")):
        raise ConfdError(400, "Cannot set caller id if no endpoint associated")


def _set_caller_id(database: WazoDatabase, line: Line, values: dict[str, Any]) -> None:
    endpoint = database.endpoint_of(line)
    if endpoint is None or {"caller_id_name", "caller_id_num"}.isdisjoint(values):
        return
    own_name, own_number = read_callerid(endpoint)
    name, number = values.get("caller_id_name") or own_name, values.get("caller_id_num") or own_number
    if name or number:
        # What is missing is written as "None".
        endpoint.set_option("callerid", f'"{name}" <{number}>')


def update_line(call: Call, line_id: int) -> Answer:
    """Change the given fields; a line with an extension stays in the extension's context.

    The provisioning code of another line is taken without an error, as on 16.16 (xivo-16.16.md, "lines_sip, lines").
    """
    database = database_of(call)
    line = find_line(call, line_id)
    values = load_body(call, BODY, is_update=True)
    _check_position(values)
    if "context" in values:
        check_context(database, values["context"])
    code = _stored_code(values.pop("provisioning_code", None)) or line.provisioning_extension
    _check_caller_id(line, values)
    _set_caller_id(database, line, values)
    line.context, line.position = values.get("context", line.context), values.get("position", line.position)
    line.provisioning_extension = code
    extension = database.internal_extension_of(line.id)
    if extension:
        line.context = extension.context
    return Answer(204)


def delete_line(call: Call, line_id: int) -> Answer:
    """Delete a line with its endpoint, whatever is associated; with ?recursive=true its extension as well."""
    database = database_of(call)
    remove_line(database, find_line(call, line_id), recursive(call))
    return Answer(204)


def remove_line(database: Any, line: Line, with_extension: bool) -> None:
    extension = database.internal_extension_of(line.id)
    for association in (*database.line_extensions.where(line_id=line.id), *database.user_lines.where(line_id=line.id)):
        table = database.user_lines if hasattr(association, "user_id") else database.line_extensions
        table.delete(association)
    if extension and with_extension and not database.line_extensions.first(extension_id=extension.id):
        database.extensions.delete(extension)
    endpoint = database.endpoint_of(line)
    if endpoint:
        database.endpoints.delete(endpoint)
    device = database.devices.get(line.device_id)
    if device:
        device.status = "autoprov"
    database.lines.delete(line)


def refresh_lines_and_incalls(database: WazoDatabase, extension: Any) -> None:
    """Update the lines and incalls of an extension whose number changed."""
    for incall in database.incalls.where(extension_id=extension.id):
        incall.set_extension(extension)
    for association in database.line_extensions.where(extension_id=extension.id):
        refresh_callerid(database, database.lines.get(association.line_id))


ROUTES = (
    Route("GET", "/lines", list_lines),
    Route("GET", "/lines/<int:line_id>", get_line),
    Route("PUT", "/lines/<int:line_id>", update_line),
    Route("DELETE", "/lines/<int:line_id>", delete_line),
)
