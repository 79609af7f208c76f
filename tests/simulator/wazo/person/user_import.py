# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve POST /users/import: many complete users as a table (person-wazo-26.08.md, "12. import / export").

The import does everything or nothing. Every row makes a login, whether it asks for one or not; a `uuid` and unknown
columns are ignored.
"""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from typing import Any

from marshmallow import fields
from marshmallow.validate import Length
from werkzeug.http import parse_options_header

from ...database import Transaction
from ...errors import ConfdError
from ...generation import Answer, Call, Route
from ...schema import Body, matches
from .. import incalls, tenancy
from ..associations import link_line_extension, link_user_line
from ..common import database_of, input_error, resource_error
from ..extensions import find_or_create_extension
from ..http import NOT_UNDERSTOOD
from ..lines import new_line
from ..rows import Extension, Line, User
from ..users import PASSWORD, USERNAME, new_user
from ..voicemails import link_user_voicemail, new_voicemail
from .login import create_login
from .tables import TABLES as PERSON_TABLES

USER = (
    "firstname", "lastname", "email", "language", "outgoing_caller_id", "mobile_phone_number",
    "call_permission_password", "userfield", "enabled", "supervision_enabled", "call_transfer_enabled",
    "dtmf_hangup_enabled", "call_record_outgoing_external_enabled", "call_record_outgoing_internal_enabled",
    "call_record_incoming_external_enabled", "call_record_incoming_internal_enabled", "online_call_record_enabled",
    "ring_seconds", "simultaneous_calls", "subscription_type",
)  # fmt: skip
VOICEMAIL = ("name", "number", "context", "password", "email", "attach_audio", "delete_messages", "ask_password")
INTEGERS = frozenset({"ring_seconds", "simultaneous_calls", "subscription_type", "incall_ring_seconds"})
BOOLEANS = frozenset({*(name for name in USER if name.endswith("enabled")),
                      *(f"voicemail_{name}" for name in VOICEMAIL[-3:])})  # fmt: skip
TEMPLATES = {"sip": "global", "webrtc": "webrtc"}
TABLES = ("users", "lines", "endpoints", "extensions", "incalls", "voicemails", "user_lines", "line_extensions",
          "user_voicemails", "logins", "login_emails", *PERSON_TABLES)  # fmt: skip
ROW = Body.from_dict(
    {
        "firstname": fields.String(required=True, validate=Length(max=128)),
        "username": fields.String(validate=matches(USERNAME)),
        "password": fields.String(validate=matches(PASSWORD)),
    }
)()
"""What is checked of a row before anything is made; logins are checked more strictly than wazo-auth does."""


def import_users(call: Call) -> Answer:
    database = database_of(call)
    created, errors = [], []
    with Transaction(database, TABLES) as transaction:
        for position, row in enumerate(_rows(call), start=1):
            try:
                created.append({"row_number": position, **_ImportedRow(call, row).create()})
            except ConfdError as error:
                details = {"row": row, "row_number": position}
                errors.append({"message": error.texts[0], "timestamp": int(time.time()), "details": details})
        if errors:
            transaction.rollback()
    return Answer(400, {"errors": errors}) if errors else Answer(201, {"created": created})


def _rows(call: Call) -> list[dict[str, str]]:
    assert call.exchange is not None
    _mimetype, options = parse_options_header(call.exchange.content_type or "")
    try:
        text = call.exchange.raw_body.decode(options.get("charset", "utf-8"))
    except (LookupError, UnicodeDecodeError) as error:
        raise ConfdError(400, NOT_UNDERSTOOD) from error
    return [{name: value or "" for name, value in row.items() if name} for row in csv.DictReader(text.split("\n"))]


class _ImportedRow:
    """Create what one row of the table describes."""

    def __init__(self, call: Call, row: dict[str, str]) -> None:
        self.call = call
        self.database = database_of(call)
        self.row = row

    def create(self) -> dict[str, Any]:
        problems = ROW.validate({name: value for name, value in self.row.items() if value})
        if problems:
            raise ConfdError(400, str(problems))
        user = new_user(self.call, self._values(USER))
        extension = self._extension("exten", "context")
        line = self._create_line(user, extension)
        voicemail_id = self._create_voicemail(user)
        incall_extension = self._create_incall(user)
        permissions = self._give_permissions(user)
        create_login(self.call, user, self._values(("username", "password")))
        return {
            "user_id": user.id,
            "user_uuid": user.uuid,
            "voicemail_id": voicemail_id,
            "line_id": line.id if line else None,
            "sip_uuid": line.endpoint_uuid if line else None,
            "sccp_id": line.id if line and line.other_protocol == "sccp" else None,
            "extension_id": extension.id if extension else None,
            "incall_extension_id": incall_extension.id if incall_extension else None,
            "call_permission_ids": permissions,
        }

    def _values(self, names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
        given = {name: self._value(f"{prefix}{name}") for name in names}
        return {name: value for name, value in given.items() if value is not None}

    def _value(self, column: str) -> Any:
        """Return the value of a column, None if it is empty."""
        text = self.row.get(column, "")
        if not text:
            return None
        if column in BOOLEANS:
            if text not in ("0", "1"):
                raise input_error(f"'{column}' must be one of (0, 1)")
            return text == "1"
        if column in INTEGERS:
            if not text.isdigit():
                raise input_error(f"field '{column}': wrong type. Should be a integer")
            return int(text)
        return text

    def _extension(self, exten: str, context: str) -> Extension | None:
        """Return the extension of two columns: an existing one, or a new one; None without both values."""
        number = {"exten": self._value(exten), "context": self._value(context)}
        if None in number.values():
            return None
        found: Extension = find_or_create_extension(self.call, number)
        return found

    def _create_line(self, user: User, extension: Extension | None) -> Line | None:
        protocol, context = self._value("line_protocol"), self._value("context")
        if protocol is None or context is None:
            return None
        line = self._new_line(protocol, context)
        if extension:
            self._refuse_taken(extension)
            link_line_extension(self.call, line, extension)
        link_user_line(self.call, user, line)
        return line

    def _new_line(self, protocol: str, context: str) -> Line:
        """Create a line with its endpoint; the server makes a username and a secret up."""
        if protocol == "sccp":
            line: Line = self.database.lines.get(self.database.insert_other_line(protocol, context))
            return line
        if protocol not in TEMPLATES:
            raise input_error("'line_protocol' must be one of (sip, sccp, webrtc)")
        username = self._value("sip_username") or self.database.random_account()
        secret = self._value("sip_secret") or self.database.random_account()
        template = self.database.templates.first(label=TEMPLATES[protocol], tenant_uuid=tenancy.current().own)
        endpoint = {
            "name": username,
            "auth_section_options": [["username", username], ["password", secret]],
            "templates": [{"uuid": template.id}],
        }
        line, _shown = new_line(self.call, {"context": context, "endpoint_sip": endpoint})
        return line

    def _refuse_taken(self, extension: Extension) -> None:
        association = self.database.line_extensions.first(extension_id=extension.id)
        user = self.database.main_user_of(association.line_id) if association else None
        if user:
            raise resource_error("User is associated with a Line", user_id=user.id, line_id=association.line_id)

    def _create_voicemail(self, user: User) -> int | None:
        """Associate the voicemail of the row's number and context, an existing one as it is, or else a new one."""
        given = self._values(VOICEMAIL, "voicemail_")
        if not given:
            return None
        key = {"number": given.get("number"), "context": given.get("context")}
        found = self.database.voicemails.first(**key)
        voicemail = found or new_voicemail(self.call, {"name": user.fullname, **given})
        link_user_voicemail(self.call, user.id, voicemail)
        return int(voicemail.id)

    def _create_incall(self, user: User) -> Extension | None:
        extension = self._extension("incall_exten", "incall_context")
        if extension:
            destination = {"type": "user", "user_id": user.id, "ring_time": self._value("incall_ring_seconds")}
            body = {"destination": destination}
            created = incalls.create_incall(replace(self.call, read_body=lambda: body))
            incalls.associate_extension(self.call, created.body["id"], extension.id)
        return extension

    def _give_permissions(self, user: User) -> list[int]:
        names = [name for name in self.row.get("call_permissions", "").split(";") if name]
        found = [self._permission(name) for name in names]
        for permission_id in found:
            self.database.user_permissions.insert(user_id=user.id, permission_id=permission_id)
        return found

    def _permission(self, name: str) -> int:
        row = self.database.call_permissions.first(name=name, tenant_uuid=tenancy.current().own)
        if row is None:
            raise input_error("field 'call_permissions': CallPermission was not found", name=name)
        return int(row.id)


ROUTES = (Route("POST", "/users/import", import_users),)
