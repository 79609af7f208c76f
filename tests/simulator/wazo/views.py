# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show objects as answers do (wazo-26.08.md, "7. Reads"), with all members of the recorded exchanges."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..generation import Call
from ..xivo15.devices import status_of
from .callerid import read_callerid
from .common import database_of
from .person import views as person
from .person.common import group_reference
from .rows import Device, Extension, Incall, Line, SipEndpoint, User, Voicemail

USER_FIELDS = tuple(name for name in User.__dataclass_fields__ if name not in {"id", "uuid"})
NO_ASSOCIATIONS: dict[str, Any] = {
    "conference": None,
    "parking_lot": None,
    "group": None,
    "outcall": None,
    "queue": None,
}
DESTINATIONS = ("noanswer", "busy", "congestion", "fail")


def _links(call: Call, resource: str, identifier: object, rel: str | None = None) -> list[dict[str, str]]:
    return [{"rel": rel or resource, "href": call.link(resource, identifier)["href"]}]


# Users


def user_view(call: Call, user: User) -> dict[str, Any]:
    database = database_of(call)
    voicemail = database.voicemail_of(user)
    return {
        **bare_user_view(call, user),
        **person.embedded(call, user),
        "incalls": [_incall_of_user(call, row) for row in database.incalls.where(user_id=user.id)],
        # A user shows its WebRTC lines as if they were none; the lines themselves show what they are.
        "lines": [{**line_view(call, line), "is_webrtc": False} for line in database.lines_of(user)],
        "voicemail": {"id": voicemail.id, "name": voicemail.name, "links": _links(call, "voicemails", voicemail.id)}
        if voicemail
        else None,
    }


def bare_user_view(call: Call, user: User) -> dict[str, Any]:
    """Return a user without associations, as the answer to its creation shows it."""
    forward = {"enabled": False, "destination": None}
    recorded = all(getattr(user, name) for name in USER_FIELDS if name.startswith("call_record_"))
    return {
        "id": user.id,
        "uuid": user.uuid,
        **{name: getattr(user, name) for name in USER_FIELDS},
        "lastname": user.lastname or None,
        "links": _links(call, "users", user.id),
        "agent": None,
        "call_permissions": [],
        "fallbacks": {f"{name}_destination": None for name in DESTINATIONS},
        "groups": [],
        "incalls": [],
        "lines": [],
        "forwards": {name: dict(forward) for name in ("busy", "noanswer", "unconditional")},
        "schedules": [],
        "services": {"dnd": {"enabled": False}, "incallfilter": {"enabled": False}},
        "switchboards": [],
        "voicemail": None,
        "queues": [],
        "func_key_template_id": None,
        "call_record_enabled": recorded,
        "call_pickup_target_users": [],
    }


def _incall_of_user(call: Call, incall: Incall) -> dict[str, Any]:
    return {"id": incall.id, "extensions": _extensions(call, incall), "links": _links(call, "incalls", incall.id)}


def _extensions(call: Call, incall: Incall) -> list[dict[str, Any]]:
    extension = database_of(call).extensions.get(incall.extension_id)
    return [_extension_reference(call, extension)] if extension else []


def _extension_reference(call: Call, extension: Any) -> dict[str, Any]:
    return {
        "id": extension.id,
        "exten": extension.exten,
        "context": extension.context,
        "links": _links(call, "extensions", extension.id),
    }


def user_reference(call: Call, user: User) -> dict[str, Any]:
    """Return a user as lines and voicemails show it."""
    return {
        "uuid": user.uuid,
        "firstname": user.firstname,
        "lastname": user.lastname or None,
        "links": _links(call, "users", user.id),
    }


# Lines and endpoints


def line_view(call: Call, line: Line) -> dict[str, Any]:
    database = database_of(call)
    endpoint = database.endpoint_of(line)
    extension = database.internal_extension_of(line.id)
    return {
        **bare_line_view(call, line, endpoint),
        "endpoint_sip": _endpoint_of_line(call, endpoint) if endpoint else None,
        "extensions": [_extension_reference(call, extension)] if extension else [],
        "users": [user_reference(call, user) for user in database.users_of(line)],
    }


def bare_line_view(call: Call, line: Line, endpoint: SipEndpoint | None) -> dict[str, Any]:
    """Return a line without its associations."""
    caller_id_name, caller_id_num = read_callerid(endpoint)
    return {
        "id": line.id,
        "tenant_uuid": line.tenant_uuid,
        "name": endpoint.name if endpoint else None,
        "protocol": "sip" if endpoint else line.other_protocol,
        "device_id": line.device_id,
        "device_slot": line.position,
        "provisioning_extension": line.provisioning_extension,
        "context": line.context,
        "provisioning_code": line.provisioning_extension,
        "position": line.position,
        "caller_id_name": caller_id_name,
        "caller_id_num": caller_id_num,
        "registrar": line.registrar,
        "links": _links(call, "lines", line.id),
        "application": None,
        "endpoint_sip": None,
        "endpoint_sccp": {"id": line.id} if line.other_protocol == "sccp" else None,
        "endpoint_custom": {"id": line.id, "interface": "dahdi/g1"} if line.other_protocol == "custom" else None,
        "extensions": [],
        "users": [],
        "is_webrtc": bool(endpoint) and is_webrtc(call, endpoint),
    }


def is_webrtc(call: Call, endpoint: SipEndpoint) -> bool:
    """Return whether the endpoint, or a template that it inherits from, says so."""
    if endpoint.option("webrtc") == "yes":
        return True
    templates = database_of(call).templates
    return any(is_webrtc(call, templates.get(uuid)) for uuid in endpoint.templates)


def _endpoint_of_line(call: Call, endpoint: SipEndpoint) -> dict[str, Any]:
    """Return an endpoint as its line shows it, without password."""
    return {
        "uuid": endpoint.id,
        "label": endpoint.label,
        "name": endpoint.name,
        "auth_section_options": [option for option in endpoint.auth_section_options if option[0] == "username"],
        "links": _links(call, "endpoints/sip", endpoint.id, "endpoint_sip"),
    }


def endpoint_view(call: Call, endpoint: SipEndpoint) -> dict[str, Any]:
    line = database_of(call).line_of_endpoint(endpoint)
    return {
        **bare_endpoint_view(call, endpoint),
        "trunk": None,
        "line": {"id": line.id, "links": _links(call, "lines", line.id)} if line else None,
    }


def bare_endpoint_view(call: Call, endpoint: SipEndpoint, resource: str = "endpoints/sip") -> dict[str, Any]:
    templates = database_of(call).templates
    row = asdict(endpoint)
    return {
        "uuid": row.pop("id"),
        **row,
        "templates": [{"uuid": uuid, "label": templates.get(uuid).label} for uuid in endpoint.templates],
        "transport": {"uuid": endpoint.transport} if endpoint.transport else None,
        "links": _links(
            call, resource, endpoint.id, resource.replace("endpoints/sip", "endpoint_sip").replace("/", "_")
        ),
    }


# Extensions and incalls


def extension_view(call: Call, extension: Extension) -> dict[str, Any]:
    database = database_of(call)
    incall = database.incalls.first(extension_id=extension.id)
    group = database.groups.first(extension_id=extension.id)
    other = database.object_numbers.get(extension.id)
    lines = [database.lines.get(row.line_id) for row in database.line_extensions.where(extension_id=extension.id)]
    return {
        **bare_extension_view(call, extension),
        **({other.kind: {**other.shown, "links": []}} if other else {}),
        "incall": {"id": incall.id, "links": _links(call, "incalls", incall.id)} if incall else None,
        "group": group_reference(call, group) if group else None,
        "lines": [
            {"id": line.id, "name": endpoint.name if endpoint else None, "links": _links(call, "lines", line.id)}
            for line in lines
            for endpoint in [database.endpoint_of(line)]
        ],
    }


def bare_extension_view(call: Call, extension: Extension) -> dict[str, Any]:
    """Return an extension without its associations."""
    return {
        **asdict(extension),
        "enabled": not extension.commented,
        "links": _links(call, "extensions", extension.id),
        **NO_ASSOCIATIONS,
        "incall": None,
        "lines": [],
    }


def incall_view(call: Call, incall: Incall) -> dict[str, Any]:
    row = asdict(incall)
    for hidden in ("user_id", "extension_id", "exten", "context"):
        del row[hidden]
    return {
        **row,
        "destination": _destination(call, incall.destination),
        "links": _links(call, "incalls", incall.id),
        "extensions": _extensions(call, incall),
        "schedules": [],
    }


def _destination(call: Call, destination: dict[str, Any]) -> dict[str, Any]:
    if destination["type"] != "user":
        return destination
    user = database_of(call).users.get(destination["user_id"])
    assert user is not None
    return {**destination, "user_firstname": user.firstname, "user_lastname": user.lastname or None}


# Voicemails and devices


def voicemail_view(call: Call, voicemail: Voicemail) -> dict[str, Any]:
    rows = database_of(call).user_voicemails.where(voicemail_id=voicemail.id)
    users: list[Any] = [database_of(call).users.get(row.user_id) for row in rows]
    return {
        **asdict(voicemail),
        "links": _links(call, "voicemails", voicemail.id),
        "users": [user_reference(call, user) for user in users],
    }


def device_view(call: Call, device: Device) -> dict[str, Any]:
    row = asdict(device)
    del row["has_config"]
    return {**row, "status": status_of(device), "links": _links(call, "devices", device.id)}
