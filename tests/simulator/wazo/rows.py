# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the rows of Wazo's tables where they differ from XiVO's: tenants, uuids, SIP endpoints apart from lines."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

MASTER = "b877b385-0aa7-4100-816a-eda8da911e07"
"""The main tenant, whose rows a test inserts."""
SUB = "ec2814b2-42c4-49e9-bead-3d087b8aadba"
"""The tenant below it."""
Option = list[str]
"""A name and a value of an Asterisk section."""


@dataclass
class Tenant:
    id: str
    name: str
    parent_uuid: str


@dataclass
class Context:
    """Hold a context of a tenant, with its ranges as confd shows them."""

    id: int
    uuid: str
    tenant_uuid: str
    name: str
    label: str
    type: str
    user_ranges: list[dict[str, Any]] = field(default_factory=list)
    group_ranges: list[dict[str, Any]] = field(default_factory=list)
    incall_ranges: list[dict[str, Any]] = field(default_factory=list)

    def allows(self, exten: str) -> bool:
        return _within(self.incall_ranges if self.type == "incall" else self.user_ranges, exten)

    def allows_group(self, exten: str) -> bool:
        """Return whether a group may have a number: those of users are none of its own."""
        return _within(self.group_ranges, exten)


def _within(ranges: list[dict[str, Any]], exten: str) -> bool:
    return exten.isdigit() and any(int(each["start"]) <= int(exten) <= int(each["end"]) for each in ranges)


@dataclass
class User:
    """Hold a user. A missing lastname is '', shown as null; uuid and caller_id are generated if not given."""

    id: int
    firstname: str
    lastname: str = ""
    caller_id: str = ""
    uuid: str = ""
    tenant_uuid: str = MASTER
    created_at: str = "2026-11-23T01:14:30"
    email: str | None = None
    timezone: str | None = None
    country: str | None = None
    language: str | None = None
    description: str | None = None
    outgoing_caller_id: str | None = None
    mobile_phone_number: str | None = None
    mobile_fallback_enabled: bool = False
    username: str | None = None
    password: str | None = None
    music_on_hold: str | None = None
    preprocess_subroutine: str | None = None
    userfield: str | None = None
    call_transfer_enabled: bool = False
    dtmf_hangup_enabled: bool = False
    call_record_outgoing_external_enabled: bool = False
    call_record_outgoing_internal_enabled: bool = False
    call_record_incoming_internal_enabled: bool = False
    call_record_incoming_external_enabled: bool = False
    online_call_record_enabled: bool = False
    supervision_enabled: bool = True
    ring_seconds: int = 30
    simultaneous_calls: int = 5
    call_permission_password: str | None = None
    subscription_type: int = 0
    enabled: bool = True

    def __post_init__(self) -> None:
        self.uuid = self.uuid or str(uuid.uuid5(uuid.NAMESPACE_OID, f"user {self.id}"))
        self.caller_id = self.caller_id or f'"{self.fullname}"'

    @property
    def fullname(self) -> str:
        return f"{self.firstname} {self.lastname}" if self.lastname else self.firstname


@dataclass
class Line:
    """Hold a line; its name and its caller ID are its SIP endpoint's.

    other_protocol: "sccp" or "custom" for a line that has another endpoint than a SIP endpoint.
    """

    id: int
    tenant_uuid: str
    context: str
    provisioning_extension: str
    position: int = 1
    registrar: str = "default"
    device_id: str | None = None
    endpoint_uuid: str | None = None
    other_protocol: str | None = None


@dataclass
class SipEndpoint:
    """Hold a SIP account, or a template of accounts. `id` is its uuid."""

    id: str
    tenant_uuid: str
    name: str
    label: str | None = None
    aor_section_options: list[Option] = field(default_factory=list)
    auth_section_options: list[Option] = field(default_factory=list)
    endpoint_section_options: list[Option] = field(default_factory=list)
    identify_section_options: list[Option] = field(default_factory=list)
    registration_section_options: list[Option] = field(default_factory=list)
    registration_outbound_auth_section_options: list[Option] = field(default_factory=list)
    outbound_auth_section_options: list[Option] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    transport: str | None = None
    asterisk_id: str | None = None

    def option(self, name: str) -> str | None:
        return next((value for key, value in self.endpoint_section_options if key == name), None)

    def set_option(self, name: str, value: str | None) -> None:
        others = [option for option in self.endpoint_section_options if option[0] != name]
        self.endpoint_section_options = [*others, *([[name, value]] if value is not None else [])]

    def auth(self, name: str) -> str | None:
        return next((value for key, value in self.auth_section_options if key == name), None)


@dataclass(frozen=True)
class SipLine:
    """Hold a line and its endpoint in one row, as XiVO has them."""

    id: int
    context: str
    device_slot: int
    provisioning_extension: str
    device_id: str | None
    username: str | None
    secret: str | None
    callerid: str | None


@dataclass
class Extension:
    id: int
    exten: str
    context: str
    commented: bool = False
    tenant_uuid: str = MASTER


@dataclass
class ObjectNumber:
    """Hold what has an extension that is a number of a queue, conference, parking_lot or outcall. id: the extension's.

    shown: what the extension shows of the object. The recorded extensions have the keys, but all of them null; the
    members are those of wazo-confd's source (plugins/extension/schema.py).
    """

    id: int
    kind: str
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass
class Incall:
    """Hold an incall. user_id repeats the destination's, exten and context those of the extension."""

    id: int
    tenant_uuid: str
    destination: dict[str, Any]
    user_id: int | None = None
    preprocess_subroutine: str | None = None
    greeting_sound: str | None = None
    caller_id_mode: str | None = None
    caller_id_name: str | None = None
    description: str | None = None
    extension_id: int | None = None
    exten: str | None = None
    context: str | None = None

    def set_extension(self, extension: Extension | None) -> None:
        """Set the extension of the incall, or remove it."""
        self.extension_id = extension.id if extension else None
        self.exten, self.context = (extension.exten, extension.context) if extension else (None, None)

    def set_destination(self, destination: dict[str, Any]) -> None:
        self.destination, self.user_id = destination, destination.get("user_id")


@dataclass
class Voicemail:
    id: int
    name: str
    number: str
    context: str
    tenant_uuid: str = MASTER
    password: str | None = None
    email: str | None = None
    language: str | None = None
    timezone: str | None = None
    pager: str | None = None
    max_messages: int | None = None
    attach_audio: bool | None = None
    delete_messages: bool = False
    ask_password: bool = True
    enabled: bool = True
    options: list[Option] = field(default_factory=list)
    accesstype: str = "personal"


@dataclass
class Moh:
    """Hold a music on hold. `id` is its uuid; users name it by the name that the server generates."""

    id: str
    tenant_uuid: str
    name: str
    label: str
    mode: str = "files"
    application: str | None = None
    sort: str | None = None


@dataclass
class Device:
    """Hold a device of the provisioning server."""

    id: str
    tenant_uuid: str = MASTER
    ip: str | None = None
    mac: str | None = None
    sn: str | None = None
    plugin: str | None = None
    vendor: str | None = None
    model: str | None = None
    version: str | None = None
    description: str | None = None
    status: str = "not_configured"
    template_id: str | None = None
    options: dict[str, Any] | None = None
    is_new: bool = True
    has_config: bool = True
