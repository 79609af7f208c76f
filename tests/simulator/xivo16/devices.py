# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /devices and the devices of lines.

Facts: xivo-16.16.md, "devices"; xivo-16.16.md, "Newer equivalents"; xivo-16.16.md, trap 7.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..database import Database, Device, assign
from ..errors import ConfdError, input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body, StrictBoolean, Text
from ..xivo15.devices import COLUMNS, MAC, PLUGINS, TEMPLATES, delete_device, find_device, status_of, synchronize
from .fields import matches
from .http import load_body
from .lists import read_paging
from .lookup import find_line

SHOWN = (
    *("id", "status", "ip", "mac", "sn", "plugin", "vendor", "model", "version", "description"),
    *("template_id", "options"),
)
IP = r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
SCHEMA = Body.from_dict(
    {
        **{name: Text() for name in ("sn", "plugin", "vendor", "model", "version", "description", "template_id")},
        "ip": Text(validate=matches(IP)),
        "mac": Text(validate=matches(MAC.pattern)),
        "options": fields.Nested(Body.from_dict({"switchboard": StrictBoolean(allow_none=True)}), allow_none=True),
    }
)()
CORRUPT = "Provd Device has no config associated. The device may be corrupt"


def device_view(call: Call, device: Device) -> dict[str, Any]:
    """Return a device. Raises a 500 for one without configuration."""
    if not device.has_config:
        raise unexpected_error(CORRUPT)
    shown = {name: getattr(device, name) for name in SHOWN}
    return {**shown, "status": status_of(device), "links": [call.link("devices", device.id)]}


def list_devices(call: Call) -> Answer:
    """List devices. One without configuration on the page makes all of it a 500."""
    paging = read_paging(call.query, smallest_limit=0, winner="offset")
    order = call.query.get("order", "ip")
    if order not in COLUMNS:
        raise input_error(f"order: column '{order}' was not found")
    term = call.query.get("search", "").lower()
    found = [device for device in call.database.devices if _matches(device, term) and _fits(device, call.query)]
    found.sort(key=lambda device: str(getattr(device, order) or ""), reverse=paging.descending)
    page = found[paging.skip : None if paging.limit is None else paging.skip + paging.limit]
    return Answer(body={"items": [device_view(call, device) for device in page], "total": len(found)})


def _matches(device: Device, term: str) -> bool:
    values = (getattr(device, name) for name in COLUMNS)
    return any(term in str(value).lower() for value in values if value is not None)


def _fits(device: Device, query: Any) -> bool:
    return all(getattr(device, name) == query[name] for name in ("id", "mac", "ip") if name in query)


def get_device(call: Call, device_id: str) -> Answer:
    return Answer(body=device_view(call, find_device(call.database, device_id)))


def create_device(call: Call) -> Answer:
    given = _checked(call, None)
    device = call.database.devices.insert(id=call.database.random_device_id(), **given)
    return Answer(201, device_view(call, device), location=f"/devices/{device.id}")


def _checked(call: Call, device_id: str | None) -> dict[str, Any]:
    database = call.database
    options = call.read_body().get("options")
    given = load_body(call, SCHEMA, is_update=device_id is not None)
    if given.get("mac"):
        given["mac"] = given["mac"].lower()
    if given.get("options") is not None:
        given["options"] = options
    mac = given.get("mac")
    if mac and any(device.mac == mac and device.id != device_id for device in database.devices):
        raise resource_error("Device already exists", mac=mac)
    for name, label, known in (("plugin", "Plugin", PLUGINS), ("template_id", "DeviceTemplate", TEMPLATES)):
        if given.get(name) and given[name] not in known:
            raise input_error(f"field '{name}': {label} was not found", **{name: given[name]})
    return given


def update_device(call: Call, device_id: str) -> Answer:
    device = find_device(call.database, device_id)
    assign(device, _checked(call, device.id))
    return Answer(204)


def reset_to_autoprov(call: Call, device_id: str) -> Answer:
    """Put a device into autoprov; its lines lose it, and it loses its template and its options.

    A device without configuration gets one, but the answer is a 500.
    """
    device = find_device(call.database, device_id)
    if not device.has_config:
        device.has_config, device.status = True, "not_configured"
        raise unexpected_error("'NoneType' object has no attribute '__getitem__'")
    device.status, device.template_id, device.options = "autoprov", None, None
    for line in call.database.lines.where(device_id=device.id):
        line.device_id = None
    return Answer(204)


# Devices of lines


def associate_device(call: Call, line_id: int, device_id: str) -> Answer:
    """Associate a line that has an extension and a user with a device, for remote clients too."""
    database = call.database
    line, device = find_line(database, line_id), find_device(database, device_id)
    if line.device_id:
        raise resource_error("Line is associated with a Device", line_id=line.id, device_id=line.device_id)
    if database.internal_extension_of(line.id) is None:
        raise resource_error("Line must be associated with a Extension", line_id=line.id)
    if database.user_lines.first(line_id=line.id) is None:
        raise resource_error("Line must be associated with a User", line_id=line.id)
    if any(other.device_slot == line.device_slot for other in database.lines.where(device_id=device.id)):
        raise ConfdError(400, f"Cannot associate 2 lines with same position (position: {line.device_slot})")
    line.device_id, device.status = device.id, "configured"
    device.template_id = device.template_id or "defaultconfigdevice"
    return Answer(204)


def dissociate_device(call: Call, line_id: int, device_id: str) -> Answer:
    database = call.database
    line, device = find_line(database, line_id), find_device(database, device_id)
    if line.device_id != device.id:
        raise resource_error("Line is not associated with Device", line_id=line.id, device_id=device.id)
    line.device_id = None
    _back_to_autoprov(database, device)
    return Answer(204)


def _back_to_autoprov(database: Database, device: Device) -> None:
    if not database.lines.where(device_id=device.id):
        device.status, device.template_id, device.options = "autoprov", None, None


def get_line_device(call: Call, line_id: int) -> Answer:
    line = find_line(call.database, line_id)
    if not line.device_id:
        raise not_found("LineDevice", line_id=line.id)
    return Answer(body=_association_view(call, line.id, line.device_id))


def list_device_lines(call: Call, device_id: str) -> Answer:
    device = find_device(call.database, device_id)
    lines = call.database.lines.where(device_id=device.id)
    items = [_association_view(call, line.id, device.id) for line in lines]
    return Answer(body={"items": items, "total": len(items)})


def _association_view(call: Call, line_id: int, device_id: str) -> dict[str, Any]:
    links = [call.link("lines", line_id), call.link("devices", device_id)]
    return {"line_id": line_id, "device_id": device_id, "links": links}


ROUTES = (
    Route("GET", "/devices", list_devices),
    Route("POST", "/devices", create_device),
    Route("GET", "/devices/<device_id>", get_device),
    Route("PUT", "/devices/<device_id>", update_device),
    Route("DELETE", "/devices/<device_id>", delete_device),
    Route("GET", "/devices/<device_id>/autoprov", reset_to_autoprov, acts=True),
    Route("GET", "/devices/<device_id>/synchronize", synchronize, acts=True),
    Route("GET", "/devices/<device_id>/lines", list_device_lines),
    Route("GET", "/lines/<int:line_id>/devices", get_line_device),
    Route("PUT", "/lines/<int:line_id>/devices/<device_id>", associate_device),
    Route("DELETE", "/lines/<int:line_id>/devices/<device_id>", dissociate_device),
)
