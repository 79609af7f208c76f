# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the rows of the tables: a column holds what the database holds, not what a view shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class User:
    id: int
    firstname: str
    lastname: str = ""
    caller_id: str = ""
    outgoing_caller_id: str = ""
    username: str = ""
    password: str = ""
    music_on_hold: str = ""
    mobile_phone_number: str = ""
    userfield: str = ""
    description: str = ""
    timezone: str | None = None
    language: str | None = None
    preprocess_subroutine: str | None = None

    @property
    def fullname(self) -> str:
        return f"{self.firstname} {self.lastname}"


@dataclass
class Line:
    """Hold a line and its SIP account. `context` is the line's, `sip_context` the account's: they can differ.

    protocol: "sip"; for other lines "sccp", "custom" or None for a line without endpoint. `username` is then the name.
    had_number: whether an internal number was ever put on the line.
    """

    id: int
    username: str
    secret: str
    context: str
    sip_context: str
    device_slot: int
    provisioning_extension: str
    callerid: str | None = None
    device_id: str | None = None
    protocol: str | None = "sip"
    had_number: bool = False


@dataclass
class Extension:
    """Hold a number in a context; type and typeval say what the number leads to."""

    id: int
    exten: str
    context: str
    commented: bool = False
    type: str = "user"
    typeval: str = "0"


@dataclass
class UserLine:
    id: int
    user_id: int
    line_id: int
    main_user: bool
    main_line: bool


@dataclass
class LineExtension:
    id: int
    line_id: int
    extension_id: int


@dataclass
class Incall:
    """Hold an incall that leads to a user, found by number and context, not by the extension's id."""

    id: int
    exten: str
    context: str
    user_id: int


@dataclass
class Voicemail:
    id: int
    name: str
    number: str
    context: str
    password: str | None = None
    email: str | None = None
    language: str | None = None
    timezone: str | None = None
    pager: str | None = None
    max_messages: int | None = None
    attach_audio: bool | None = None
    delete_messages: bool = False
    ask_password: bool = True


@dataclass
class UserVoicemail:
    id: int
    user_id: int
    voicemail_id: int
    enabled: bool = True


@dataclass
class Device:
    """Hold a device of the provisioning server. Without a configuration there, requests that touch it fail."""

    id: str
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
    has_config: bool = True
