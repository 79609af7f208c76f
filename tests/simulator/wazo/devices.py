# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /devices, and devices of lines (wazo-26.08.md, "5.4 Associations"; xivo-16.16.md, "devices")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..database import assign
from ..errors import ConfdError
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, Text, matches
from . import tenancy
from .common import Listing, attribute_columns, database_of, load_body, not_found, recurses, resource_error
from .lines import find_line
from .rows import Device, Line
from .views import device_view

MAC = r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}"
NAMES = ("ip", "sn", "plugin", "vendor", "model", "version", "description", "template_id")
COLUMNS = attribute_columns("id", "ip", "mac", "sn", "plugin", "vendor", "model", "version", "description", "status")
LIST = Listing(filters=COLUMNS, columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="ip"))
BODY = Body.from_dict(
    {**{name: Text() for name in NAMES}, "mac": Text(validate=matches(MAC)), "options": fields.Raw(allow_none=True)}
)()


def find_device(call: Call, device_id: str) -> Device:
    return tenancy.find(database_of(call).devices, device_id, "Device")


def list_devices(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).devices, recurses(call))
    return LIST.answer(call, rows, lambda row: device_view(call, row))


def get_device(call: Call, device_id: str) -> Answer:
    return Answer(body=device_view(call, find_device(call, device_id)))


def create_device(call: Call) -> Answer:
    database = database_of(call)
    values = load_body(call, BODY)
    _check_mac(database, values, None)
    device = database.devices.insert(id=database.random_device_id(), tenant_uuid=tenancy.current().own, **values)
    return Answer(201, device_view(call, device), location=f"/devices/{device.id}")


def _check_mac(database: Any, values: dict[str, Any], device_id: str | None) -> None:
    if values.get("mac"):
        values["mac"] = values["mac"].lower()
        if any(other.id != device_id for other in database.devices.where(mac=values["mac"])):
            raise resource_error("Device already exists", mac=values["mac"])


def update_device(call: Call, device_id: str) -> Answer:
    device = find_device(call, device_id)
    values = load_body(call, BODY, is_update=True)
    _check_mac(database_of(call), values, device.id)
    assign(device, values)
    return Answer(204)


def delete_device(call: Call, device_id: str) -> Answer:
    device = find_device(call, device_id)
    if lines := database_of(call).lines.where(device_id=device.id):
        raise resource_error(
            "Device is associated with a Line", device_id=device.id, line_ids=tuple(line.id for line in lines)
        )
    database_of(call).devices.delete(device)
    return Answer(204)


def reset_to_autoprov(call: Call, device_id: str) -> Answer:
    """Put a device into autoprov, so that a provisioning code can be dialled on it; its lines lose it.

    The device loses its template and its options.
    """
    device = find_device(call, device_id)
    device.status, device.template_id, device.options = "autoprov", None, None
    for line in database_of(call).lines.where(device_id=device.id):
        line.device_id = None
    return Answer(204)


def synchronize(call: Call, device_id: str) -> Answer:
    find_device(call, device_id)
    return Answer(204)


# Devices of lines


def get_device_of_line(call: Call, line_id: int) -> Answer:
    line = find_line(call, line_id)
    if line.device_id is None:
        raise not_found("LineDevice", line_id=line.id)
    links = [call.link("lines", line.id), call.link("devices", line.device_id)]
    return Answer(body={"line_id": line.id, "device_id": line.device_id, "links": links})


def associate(call: Call, line_id: int, device_id: str) -> Answer:
    line, device = find_line(call, line_id), find_device(call, device_id)
    if line.device_id == device.id:
        return Answer(204)
    _check_line(call, line, device)
    line.device_id, device.status, device.template_id = device.id, "configured", "defaultconfigdevice"
    return Answer(204)


def _check_line(call: Call, line: Line, device: Device) -> None:
    if line.device_id:
        raise resource_error("Line is associated with a Device", line_id=line.id, device_id=line.device_id)
    if database_of(call).internal_extension_of(line.id) is None:
        raise resource_error("Line must be associated with a Extension", line_id=line.id)
    others = database_of(call).lines.where(device_id=device.id)
    if any(other.position == line.position for other in others):
        raise ConfdError(400, f"Cannot associate 2 lines with same position (position: {line.position})")


def dissociate(call: Call, line_id: int, device_id: str) -> Answer:
    line, device = find_line(call, line_id), find_device(call, device_id)
    if line.device_id == device.id:
        reset_to_autoprov(call, device.id)
    return Answer(204)


ROUTES = (
    Route("GET", "/devices", list_devices),
    Route("POST", "/devices", create_device),
    Route("GET", "/devices/<device_id>", get_device),
    Route("PUT", "/devices/<device_id>", update_device),
    Route("DELETE", "/devices/<device_id>", delete_device),
    Route("GET", "/devices/<device_id>/autoprov", reset_to_autoprov, acts=True),
    Route("GET", "/devices/<device_id>/synchronize", synchronize, acts=True),
    Route("GET", "/lines/<int:line_id>/devices", get_device_of_line),
    Route("PUT", "/lines/<int:line_id>/devices/<device_id>", associate),
    Route("DELETE", "/lines/<int:line_id>/devices/<device_id>", dissociate),
)
