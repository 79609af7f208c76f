# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show users with their lines, numbers and incalls (xivo-16.16.md, "users"; xivo-16.16.md, "users list")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..database import Database, Extension, UserLine
from ..generation import Call
from .fallbacks import fallbacks_view
from .rows import Line16, User16

BEFORE_LINKS = (
    *("id", "uuid", "firstname", "lastname", "email", "timezone", "language", "description", "caller_id"),
    *("outgoing_caller_id", "mobile_phone_number", "username", "password", "music_on_hold", "preprocess_subroutine"),
    *("userfield", "call_transfer_enabled", "dtmf_hangup_enabled", "call_record_enabled"),
    *("online_call_record_enabled", "supervision_enabled", "ring_seconds", "simultaneous_calls"),
    *("call_permission_password", "enabled"),
)
SHOWN_EMPTY = frozenset({"firstname", "timezone", "preprocess_subroutine", "email"})
"""Fields whose '' is shown as it is; elsewhere it is null."""
FORWARDS = ("busy", "noanswer", "unconditional")
SERVICES = ("dnd", "incallfilter")


def shown(user: User16, name: str) -> Any:
    value = getattr(user, name)
    return None if value == "" and name not in SHOWN_EMPTY else value


def user_view(call: Call, user: User16) -> dict[str, Any]:
    database: Any = call.database
    return {
        **{name: shown(user, name) for name in BEFORE_LINKS},
        "links": [call.link("users", user.id)],
        "fallbacks": fallbacks_view(database, user),
        "groups": [
            {"id": group.id, "name": group.name, "links": [call.link("groups", group.id)]}
            for group in database.groups_of(user.id)
        ],
        "incalls": [_incall(database, incall) for incall in database.incalls_of(user.id)],
        "lines": [_line(database, association) for association in main_line_first(database, user)],
        "forwards": forwards_view(user),
        "services": services_view(user),
        "voicemail": _voicemail(database, user),
    }


def forwards_view(user: User16) -> dict[str, Any]:
    return {name: user.forwards.get(name, {"enabled": False, "destination": None}) for name in FORWARDS}


def services_view(user: User16) -> dict[str, Any]:
    return {name: user.services.get(name, {"enabled": False}) for name in SERVICES}


def main_line_first(database: Database, user: User16) -> list[UserLine]:
    return sorted(database.user_lines.where(user_id=user.id), key=lambda each: (not each.main_line, each.id))


def extension_view(extension: Extension) -> dict[str, Any]:
    return {"id": extension.id, "exten": extension.exten, "context": extension.context}


def endpoint_view(line: Line16) -> dict[str, Any]:
    number = {"id": line.endpoint_id}
    return {
        "endpoint_sip": {**number, "username": line.username} if line.protocol == "sip" else None,
        "endpoint_sccp": number if line.protocol == "sccp" else None,
        "endpoint_custom": {**number, "interface": line.username} if line.protocol == "custom" else None,
    }


def _incall(database: Database, incall: Any) -> dict[str, Any]:
    extension = database.extension_of(incall)
    return {"id": incall.id, "extensions": [extension_view(extension)] if extension else []}


def _line(database: Database, association: UserLine) -> dict[str, Any]:
    line = database.lines.get(association.line_id)
    extension = database.internal_extension_of(line.id)
    return {"id": line.id, **endpoint_view(line), "extensions": [extension_view(extension)] if extension else []}


def _voicemail(database: Database, user: User16) -> dict[str, Any] | None:
    association = database.user_voicemails.first(user_id=user.id)
    voicemail = database.voicemails.get(association.voicemail_id) if association else None
    return {"id": voicemail.id, "name": voicemail.name} if voicemail else None


# The columns that lists are filtered and ordered by: (database, user) -> value

Joined = tuple[Database, User16, "Line16 | None"]
"""A row of a list of users. A user with two main lines is in two rows (xivo-16.16.md, "users/ID/lines")."""


def joined_rows(database: Database) -> list[Joined]:
    """Return the rows that lists of users count."""
    rows: list[Joined] = []
    for user in database.users:
        found = database.user_lines.where(user_id=user.id, main_line=True)
        rows += [(database, user, database.lines.get(each.line_id)) for each in found] or [(database, user, None)]
    return rows


def _number(database: Database, line: Line16 | None) -> Extension | None:
    return database.internal_extension_of(line.id) if line else None


def _own(name: str) -> Callable[[Joined], Any]:
    return lambda row: shown(row[1], name)


def _of_line(name: str) -> Callable[[Joined], Any]:
    return lambda row: getattr(row[2], name, None)


def _of_extension(name: str) -> Callable[[Joined], Any]:
    return lambda row: getattr(_number(row[0], row[2]), name, None)


def entity_name(row: Joined) -> str | None:
    database: Any = row[0]
    return getattr(database.entities.get(row[1].entity_id), "name", None)


COLUMNS: dict[str, Callable[[Joined], Any]] = {
    **{
        name: _own(name)
        for name in (
            *("id", "uuid", "firstname", "lastname", "email", "caller_id", "description", "userfield"),
            *("mobile_phone_number", "music_on_hold", "preprocess_subroutine", "outgoing_caller_id", "enabled"),
        )
    },
    "fullname": lambda row: row[1].fullname,
    "exten": _of_extension("exten"),
    "context": _of_extension("context"),
    "provisioning_code": _of_line("provisioning_extension"),
    "entity": entity_name,
}


def _directory(call: Call, row: Joined) -> dict[str, Any]:
    _database, user, line = row
    extension = _number(call.database, line)
    association = call.database.user_voicemails.first(user_id=user.id)
    voicemail = call.database.voicemails.get(association.voicemail_id) if association else None
    return {
        "id": user.id,
        "uuid": user.uuid,
        "line_id": line.id if line else None,
        "agent_id": None if user.agent_id is None else str(user.agent_id),
        **{name: shown(user, name) for name in ("firstname", "lastname", "email")},
        "exten": extension.exten if extension else None,
        "mobile_phone_number": shown(user, "mobile_phone_number"),
        "voicemail_number": voicemail.number if voicemail else None,
        **{name: shown(user, name) for name in ("userfield", "description")},
        "context": extension.context if extension else None,
    }


def _summary(call: Call, row: Joined) -> dict[str, Any]:
    _database, user, line = row
    extension = _number(call.database, line)
    return {
        **{name: shown(user, name) for name in ("id", "uuid", "firstname", "lastname", "email")},
        "extension": extension.exten if extension else None,
        "context": extension.context if extension else None,
        "provisioning_code": line.provisioning_extension if line else None,
        "entity": entity_name(row),
        "protocol": line.protocol if line else None,
        "enabled": user.enabled,
    }


VIEWS = {"directory": _directory, "summary": _summary}
