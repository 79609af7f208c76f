# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users/export: all users in one CSV table, whatever format is asked for.

Facts: person-wazo-26.08.md, "12. import / export"; wazo-26.08.md, "7. Reads".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from ..generation import Answer, Call, Route
from . import tenancy
from .common import database_of
from .rows import User

OF_USER = (
    "firstname", "lastname", "email", "mobile_phone_number", "outgoing_caller_id", "language",
    "call_permission_password", "enabled", "ring_seconds", "simultaneous_calls", "supervision_enabled",
    "call_transfer_enabled", "dtmf_hangup_enabled", "call_record_outgoing_external_enabled",
    "call_record_outgoing_internal_enabled", "call_record_incoming_external_enabled",
    "call_record_incoming_internal_enabled", "online_call_record_enabled", "userfield",
)  # fmt: skip
OF_VOICEMAIL = (
    "name", "number", "context", "password", "email", "attach_audio", "delete_messages", "ask_password",
)  # fmt: skip
OF_LINES = ("line_protocol", "provisioning_code", "context", "sip_username", "sip_secret", "exten")
HEADER = (
    "uuid", "subscription_type", *OF_USER, *(f"voicemail_{name}" for name in OF_VOICEMAIL), *OF_LINES, "incall_exten",
    "incall_context", "call_permissions", "username",
)  # fmt: skip


def export_users(call: Call) -> Answer:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_row(call, user) for user in tenancy.rows(database_of(call).users))
    return Answer(table=text.getvalue())


def _row(call: Call, user: User) -> list[str]:
    """Return the cells of a user; several lines or incalls are joined with semicolons."""
    database = database_of(call)
    voicemail = database.voicemail_of(user)
    lines = [_line_cells(database, line) for line in database.lines_of(user)]
    incalls = [row for row in database.incalls.where(user_id=user.id) if row.exten is not None]
    return [
        user.uuid,
        _cell(user.subscription_type or None),
        *(_cell(getattr(user, name)) for name in OF_USER),
        *(_cell(getattr(voicemail, name, None)) for name in OF_VOICEMAIL),
        *(_joined(cells) for cells in (zip(*lines, strict=True) if lines else [()] * len(OF_LINES))),
        _joined(row.exten for row in incalls),
        _joined(row.context for row in incalls),
        _joined(_permissions(database, user)),
        database.accounts.username_of(user.uuid) or "",
    ]


def _permissions(database: Any, user: User) -> Iterable[str]:
    for row in database.user_permissions.where(user_id=user.id):
        yield database.call_permissions.get(row.permission_id).name


def _line_cells(database: Any, line: Any) -> tuple[str, ...]:
    endpoint, extension = database.endpoint_of(line), database.internal_extension_of(line.id)
    return (
        "sip" if endpoint else line.other_protocol or "",
        line.provisioning_extension,
        line.context,
        (endpoint.auth("username") if endpoint else None) or "",
        (endpoint.auth("password") if endpoint else None) or "",
        extension.exten if extension else "",
    )


def _cell(value: object) -> str:
    """Return a value as a cell: 1 and 0 for booleans, nothing for null."""
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


def _joined(cells: Iterable[str]) -> str:
    return ";".join(cells)


ROUTES = (Route("GET", "/users/export", export_users),)
