# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/lines (facts file wazo-26.08, section 5.2)."""

from __future__ import annotations

from typing import Any

from ..errors import ConfdError
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Integer, Schema, Text, matches
from ..xivo16.callerid import parts
from . import tenancy
from .callerid import refresh
from .common import Listing, attribute, body_of, checked, input_error, recurses, recursive, resource_error, world_of
from .endpoints import new_endpoint
from .rows import Line
from .views import endpoint_itself, line_itself, line_view
from .world import WazoWorld

LENGTH = (lambda value: len(value) == 6, "Length must be 6.")
BODY = Schema(
    {
        "context": Text(required=True, nullable=False),
        "provisioning_code": Text(checks=(LENGTH, matches(r"\d*"))),
        "position": Integer(
            nullable=False, default=1, checks=((lambda value: value >= 1, "Must be greater than or equal to 1."),)
        ),
        "caller_id_name": Text(),
        "caller_id_num": Text(checks=(matches(r"\d+", "Invalid input."),)),
        "registrar": Text(),
    }
)


def listing(call: Call) -> Listing:
    world = world_of(call)

    def view(name: str) -> Any:
        return lambda line: line_itself(call, line, world.endpoint_of(line))[name]

    columns = attribute("context") | {
        name: view(name) for name in ("name", "provisioning_code", "caller_id_name", "caller_id_num")
    }
    exten = {"exten": lambda line: getattr(world.internal_extension_of(line.id), "exten", None)}
    return Listing(
        filters={**columns, **exten, **attribute("position", "device_id"), "protocol": view("protocol")},
        columns=Columns(searched=columns | exten, ordered=columns, default="name"),
    )


def find_line(call: Call, line_id: int) -> Line:
    return tenancy.find(world_of(call).lines, line_id, "Line")


def list_lines(call: Call) -> Answer:
    rows = tenancy.own(world_of(call).lines, recurses(call))
    return listing(call).answer(call, rows, lambda line: line_view(call, line))


def get_line(call: Call, line_id: int) -> Answer:
    return Answer(body=line_view(call, find_line(call, line_id)))


def check_context(world: WazoWorld, name: Any) -> Any:
    context = world.context(name, {tenancy.current().own})
    if context is None:
        raise input_error("field 'context': Context was not found", context=name)
    return context


def new_line(call: Call, given: Any) -> tuple[Line, dict[str, Any]]:
    """Insert a line, with its endpoint if it is given, and return it as the answer shows it."""
    world = world_of(call)
    values = checked(given, BODY)
    check_context(world, values["context"])
    code = values["provisioning_code"]
    _check_code(world, code, None)
    embedded = given.get("endpoint_sip")
    endpoint = None if embedded is None else new_endpoint(call, embedded)
    if endpoint:
        endpoint.endpoint_section_options.insert(0, ["context", values["context"]])
    line: Line = world.lines.insert(
        tenant_uuid=tenancy.current().own,
        context=values["context"],
        position=values["position"],
        provisioning_extension=code or world.random_provisioning_extension(),
        registrar=values["registrar"] or "default",
        endpoint_uuid=endpoint.id if endpoint else None,
    )
    _check_caller_id(line, values)
    _set_caller_id(world, line, values)
    shown = line_itself(call, line, endpoint)
    if endpoint:
        shown["endpoint_sip"] = {**endpoint_itself(call, endpoint), "trunk": None, "line": None}
    return line, shown


def _check_code(world: Any, code: str | None, line_id: int | None) -> None:
    if code and any(other.id != line_id for other in world.lines.where(provisioning_extension=code)):
        raise resource_error("Line already exists", provisioning_code=code)


def _check_caller_id(line: Line, values: dict[str, Any]) -> None:
    if line.endpoint_uuid is None and (values.get("caller_id_name") or values.get("caller_id_num")):
        raise ConfdError(400, "Cannot set caller id if no endpoint associated")


def _set_caller_id(world: WazoWorld, line: Line, values: dict[str, Any]) -> None:
    endpoint = world.endpoint_of(line)
    if endpoint is None or {"caller_id_name", "caller_id_num"}.isdisjoint(values):
        return
    own_name, own_number = parts(endpoint.option("callerid"))
    name, number = values.get("caller_id_name") or own_name or "", values.get("caller_id_num") or own_number
    if name or number:
        endpoint.set_option("callerid", f'"{name}" <{number}>' if number else f'"{name}"')


def update_line(call: Call, line_id: int) -> Answer:
    """Change the given fields; a line with a number stays in the number's context."""
    world = world_of(call)
    line = find_line(call, line_id)
    values = body_of(call, BODY, partial=True)
    if "context" in values:
        check_context(world, values["context"])
    code = values.pop("provisioning_code", None) or line.provisioning_extension
    _check_code(world, code, line.id)
    _check_caller_id(line, values)
    _set_caller_id(world, line, values)
    line.context, line.position = values.get("context", line.context), values.get("position", line.position)
    line.provisioning_extension = code
    extension = world.internal_extension_of(line.id)
    if extension:
        line.context = extension.context
    return Answer(204)


def delete_line(call: Call, line_id: int) -> Answer:
    """Delete a line with its endpoint, whatever hangs on it; with ?recursive=true its number as well."""
    world = world_of(call)
    remove_line(world, find_line(call, line_id), recursive(call))
    return Answer(204)


def remove_line(world: Any, line: Line, with_extension: bool) -> None:
    extension = world.internal_extension_of(line.id)
    for association in (*world.line_extensions.where(line_id=line.id), *world.user_lines.where(line_id=line.id)):
        table = world.user_lines if hasattr(association, "user_id") else world.line_extensions
        table.delete(association)
    if extension and with_extension and not world.line_extensions.first(extension_id=extension.id):
        world.extensions.delete(extension)
    endpoint = world.endpoint_of(line)
    if endpoint:
        world.endpoints.delete(endpoint)
    device = world.devices.get(line.device_id)
    if device:
        device.status = "autoprov"
    world.lines.delete(line)


def refresh_holders(world: WazoWorld, extension: Any) -> None:
    """Carry a changed number on to the lines and the incall that have it."""
    for incall in world.incalls.where(extension_id=extension.id):
        incall.lead_from(extension)
    for association in world.line_extensions.where(extension_id=extension.id):
        refresh(world, world.lines.get(association.line_id))


ROUTES = (
    Route("GET", "/lines", list_lines),
    Route("GET", "/lines/<int:line_id>", get_line),
    Route("PUT", "/lines/<int:line_id>", update_line),
    Route("DELETE", "/lines/<int:line_id>", delete_line),
)
