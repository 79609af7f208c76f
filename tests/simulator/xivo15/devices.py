# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /devices, as the provisioning server knows them (xivo-15.12.md, "devices")."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from ..database import Database, Device, Line, assign
from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..html_pages import FORBIDDEN, HtmlError
from ..listing import Paging
from .fields import Body, Kind, list_body, wrong_type

SHOWN = (
    "status",
    "vendor",
    "description",
    "plugin",
    "ip",
    "template_id",
    "mac",
    "version",
    "sn",
    "model",
    "options",
    "id",
)
TEXTS: dict[str, Kind] = dict.fromkeys(SHOWN, "text")
BODY = Body(TEXTS | {"options": "object"})
MAC = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")
PLUGINS = frozenset({"xivo-lab-sip", "null"})
TEMPLATES = frozenset({"defaultconfigdevice"})


COLUMNS = ("id", "ip", "mac", "sn", "plugin", "vendor", "model", "version", "description", "options")


def find_device(database: Database, device_id: str) -> Device:
    device = database.devices.get(device_id)
    if device is None:
        raise not_found("Device", id=device_id)
    return device


def check_no_device(line: Line) -> None:
    if line.device_id:
        raise resource_error("Line is associated with a Device", line_id=line.id, device_id=line.device_id)


def check_provisioning(database: Database, line: Line) -> None:
    """Fail as confd does after a change, if the line's device has no configuration."""
    device = database.devices.get(line.device_id) if line.device_id else None
    if device and not device.has_config:
        raise unexpected_error("provd config does not exist")


def _check_config(device: Device) -> None:
    """Fail on a device without configuration (observations.md, "XiVO 15.12: devices")."""
    if not device.has_config:
        raise unexpected_error("provd config does not exist")


def device_view(call: Call, device: Device) -> dict[str, Any]:
    shown = {name: getattr(device, name) for name in SHOWN}
    return shown | {"status": status_of(device), "links": [call.link("devices", device.id)]}


def status_of(device: Any) -> str:
    """Return the status: the provisioning server configures no phone without a plugin, also not for autoprov."""
    return str(device.status) if device.plugin else "not_configured"


def list_devices(call: Call) -> Answer:
    """List devices: the provisioning server searches plain text, without wildcards."""
    paging = Paging.read(call.query, smallest_limit=0)
    order = call.query.get("order", "ip")
    if order not in COLUMNS:
        raise input_error(f"order: column '{order}' was not found")
    term = call.query.get("search", "").lower()
    found = [device for device in call.database.devices if _matches(device, term)]
    found.sort(key=lambda device: str(getattr(device, order) or ""), reverse=paging.descending)
    end = None if paging.limit is None else paging.skip + paging.limit
    return Answer(body=list_body([device_view(call, device) for device in found[paging.skip : end]], len(found)))


def _matches(device: Device, term: str) -> bool:
    values = (getattr(device, name) for name in COLUMNS)
    return any(term in str(value).lower() for value in values if value is not None)


def get_device(call: Call, device_id: str) -> Answer:
    device = find_device(call.database, device_id)
    return Answer(body=device_view(call, device), location=f"/devices/{device.id}")


def create_device(call: Call) -> Answer:
    given = BODY.check(call.read_body())
    _check_values(call.database, given, device_id=None)
    columns = _columns(given, ("id", "status"))
    device = call.database.devices.insert(id=given.get("id") or call.database.random_device_id(), **columns)
    return Answer(201, device_view(call, device), location=f"/devices/{device.id}")


def _columns(given: dict[str, Any], ignored: tuple[str, ...]) -> dict[str, Any]:
    """Return what is stored of a body: the MAC address in lower case."""
    columns = {name: value for name, value in given.items() if name not in ignored}
    return columns | ({"mac": columns["mac"].lower()} if columns.get("mac") else {})


def _check_values(database: Database, values: dict[str, Any], device_id: str | None) -> None:
    mac = values.get("mac")
    if "" in (mac, values.get("ip")):
        raise unexpected_error("Invalid address: ''")
    if mac and not MAC.fullmatch(mac):
        raise wrong_type("mac", "Should be a MAC address", mac=mac)
    if values.get("ip"):
        _check_ip(values["ip"])
    switchboard = (values.get("options") or {}).get("switchboard")
    if switchboard is not None and not isinstance(switchboard, bool):
        raise wrong_type("options.switchboard", "Should be a boolean", switchboard=switchboard)
    if mac and any((device.mac or "").lower() == mac.lower() and device.id != device_id for device in database.devices):
        raise resource_error("Device already exists", mac=mac)
    if values.get("plugin") and values["plugin"] not in PLUGINS:
        raise input_error("field 'plugin': Plugin was not found")
    if values.get("template_id") and values["template_id"] not in TEMPLATES:
        raise input_error("field 'template_id': DeviceTemplate was not found")


def _check_ip(ip: str) -> None:
    try:
        ipaddress.IPv4Address(ip)
    except ValueError as error:
        raise wrong_type("ip", "Should be a IP address", ip=ip) from error


def update_device(call: Call, device_id: str) -> Answer:
    """Change the given fields; a given status is ignored."""
    device = find_device(call.database, device_id)
    given = BODY.check(call.read_body())
    _check_values(call.database, given, device.id)
    if given.get("id", device.id) != device.id:
        raise not_found("Device", id=given["id"])
    _check_config(device)
    assign(device, _columns(given, ("status",)))
    return Answer(204)


def delete_device(call: Call, device_id: str) -> Answer:
    device = find_device(call.database, device_id)
    if lines := call.database.lines.where(device_id=device.id):
        raise resource_error(
            "Device is associated with a Line", line_ids=tuple(line.id for line in lines), device_id=device.id
        )
    _check_config(device)
    call.database.devices.delete(device)
    return Answer(204)


def reset_to_autoprov(call: Call, device_id: str) -> Answer:
    """Put a device into autoprov, so that a provisioning code can be dialled on it; its lines lose it.

    The device loses its template and its options.
    """
    device = find_device(call.database, device_id)
    _check_config(device)
    device.status = "autoprov"
    device.template_id = device.options = None
    for line in call.database.lines.where(device_id=device.id):
        line.device_id = None
    return Answer(204)


def synchronize(call: Call, device_id: str) -> Answer:
    find_device(call.database, device_id)
    return Answer(204)


def local_clients_only(call: Call, device_id: str, line_id: int) -> Answer:
    """Refuse every client: those of the simulator are remote."""
    raise HtmlError(403, FORBIDDEN)


ROUTES = (
    Route("GET", "/devices", list_devices),
    Route("POST", "/devices", create_device),
    Route("GET", "/devices/<device_id>", get_device),
    Route("PUT", "/devices/<device_id>", update_device),
    Route("DELETE", "/devices/<device_id>", delete_device),
    Route("GET", "/devices/<device_id>/autoprov", reset_to_autoprov, acts=True),
    Route("GET", "/devices/<device_id>/synchronize", synchronize, acts=True),
    Route("GET", "/devices/<device_id>/associate_line/<int:line_id>", local_clients_only),
    Route("GET", "/devices/<device_id>/remove_line/<int:line_id>", local_clients_only),
)
