# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve GET /users/export (person-xivo-16.16.md, "/users/import (POST, PUT) and /users/export")."""

from __future__ import annotations

import csv
import io
from typing import Any

from ..generation import Answer, Call, Route
from .user_views import main_line_first, shown

CSV_TYPE = "text/csv; charset=utf-8"
USER = (
    *("firstname", "lastname", "email", "mobile_phone_number", "outgoing_caller_id", "language"),
    *("call_permission_password", "enabled", "ring_seconds", "simultaneous_calls", "supervision_enabled"),
    *("call_transfer_enabled", "dtmf_hangup_enabled", "call_record_enabled", "online_call_record_enabled"),
    *("userfield", "username", "password"),
)
VOICEMAIL = ("name", "number", "context", "password", "email", "attach_audio", "delete_messages", "ask_password")
LINE = ("line_protocol", "provisioning_code", "context", "sip_username", "sip_secret", "exten")
COLUMNS = (
    *("uuid", "entity_id", *USER, "cti_profile_name", "cti_profile_enabled"),
    *(f"voicemail_{name}" for name in VOICEMAIL),
    *(*LINE, "incall_exten", "incall_context", "call_permissions"),
)


def export_users(call: Call) -> Answer:
    """Return all users, with passwords, in no order. Every value is a text, of the main line alone.

    Without JSON among what the client accepts it is CSV; text/csv without its charset is not known, and gets JSON.
    """
    assert call.exchange is not None
    rows = [_row(call.database, user) for user in sorted(call.database.users, key=lambda user: user.uuid)]  # type: ignore[attr-defined]
    accepted = [each.strip() for each in (call.exchange.accept or "*/*").split(",")]
    if accepted[0] in {CSV_TYPE, "*/*"}:
        return Answer(table=_as_csv(rows))
    return Answer(body={"headers": list(COLUMNS), "content": rows})


def _as_csv(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _row(database: Any, user: Any) -> dict[str, str]:
    profile = database.cti_profiles.get(user.cti_profile_id)
    permissions = [
        database.call_permissions.get(each.call_permission_id).name
        for each in database.user_call_permissions.where(user_id=user.id)
    ]
    values = {
        "uuid": user.uuid,
        "entity_id": user.entity_id,
        **{name: shown(user, name) for name in USER},
        "cti_profile_name": profile.name if profile else None,
        "cti_profile_enabled": user.cti_enabled,
        **_voicemail(database, user),
        **_line(database, user),
        **_incalls(database, user),
        "call_permissions": ";".join(permissions),
    }
    return {name: _text(values.get(name)) for name in COLUMNS}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)


def _voicemail(database: Any, user: Any) -> dict[str, Any]:
    association = database.user_voicemails.first(user_id=user.id)
    voicemail = database.voicemails.get(association.voicemail_id) if association else None
    return {f"voicemail_{name}": getattr(voicemail, name, None) for name in VOICEMAIL}


def _line(database: Any, user: Any) -> dict[str, Any]:
    associations = [each for each in main_line_first(database, user) if each.main_line]
    line = database.lines.get(associations[0].line_id) if associations else None
    if line is None:
        return {}
    extension = database.internal_extension_of(line.id)
    is_sip = line.protocol == "sip"
    return {
        "line_protocol": line.protocol,
        "provisioning_code": line.provisioning_extension,
        "context": line.context,
        "sip_username": line.username if is_sip else None,
        "sip_secret": line.secret if is_sip else None,
        "exten": extension.exten if extension else None,
    }


def _incalls(database: Any, user: Any) -> dict[str, str]:
    found = [database.extension_of(incall) for incall in database.incalls_of(user.id)]
    numbers = [extension for extension in found if extension]
    return {
        "incall_exten": ";".join(extension.exten for extension in numbers),
        "incall_context": ";".join(extension.context for extension in numbers),
    }


ROUTES = (Route("GET", "/users/export", export_users),)
