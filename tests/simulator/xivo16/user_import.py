# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve POST /users/import: many complete users as a table (xivo-16.16.md, "users/import").

The import does everything or nothing. It ignores unknown columns, takes over a free extension without an error, and
makes a SIP account without line of a row with a protocol but without a context.
"""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from typing import Any, Optional

from werkzeug.http import parse_options_header

from .. import schema as schemas
from ..database import Extension, Transaction, assign
from ..errors import BadFields, ConfdError, input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..python2 import py2_repr
from . import incalls, lines, users, voicemails
from .endpoints import SCHEMA as ENDPOINT
from .extensions import create_extension
from .http import BAD_JSON
from .line_extensions import put_association as associate_extension
from .rows import Line16
from .user_lines import put_association as associate_line

Row = dict[str, Optional[str]]
"""A row of the table; the cells that are missing at its end are None."""
ENTITY = "1"
"""The only entity, which a row without one gets as well."""
USER = (
    *("firstname", "lastname", "email", "username", "password", "language", "outgoing_caller_id"),
    *("mobile_phone_number", "call_permission_password", "userfield", "enabled", "supervision_enabled"),
    *("call_transfer_enabled", "dtmf_hangup_enabled", "call_record_enabled", "online_call_record_enabled"),
    *("ring_seconds", "simultaneous_calls"),
)
VOICEMAIL = ("name", "number", "context", "password", "email", "attach_audio", "delete_messages", "ask_password")
INTEGERS = frozenset({"ring_seconds", "simultaneous_calls", "incall_ring_seconds"})
BOOLEANS = frozenset(
    {
        *(name for name in USER if name.endswith("enabled")),
        *("voicemail_attach_audio", "voicemail_delete_messages", "voicemail_ask_password"),
    }
)
TABLES = ("users", "lines", "orphan_endpoints", "extensions", "incalls", "voicemails", "user_lines", "line_extensions",
          "user_voicemails")  # fmt: skip


def import_users(call: Call) -> Answer:
    rows = _rows(call)
    created, errors = [], []
    with Transaction(call.database, TABLES) as transaction:
        for position, row in enumerate(rows, start=1):
            try:
                created.append({"row_number": position, **_ImportedRow(call, row, transaction).create()})
            except ConfdError as error:
                errors.append(_error(error, position, row))
        if errors:
            transaction.rollback()
    return Answer(400, {"errors": errors}) if errors else Answer(201, {"created": created})


def _rows(call: Call) -> list[Row]:
    """Return the rows of the body. It is cut at newlines first, so that none in a quoted value survives [source]."""
    assert call.exchange is not None
    _mimetype, options = parse_options_header(call.exchange.content_type or "")
    try:
        text = call.exchange.raw_body.decode(options.get("charset", "utf-8"))
    except LookupError as error:
        raise ConfdError(400, BAD_JSON) from error
    except UnicodeDecodeError as error:
        raise unexpected_error(str(error)) from error
    if "\0" in text:
        raise unexpected_error("line contains NULL byte")
    return list(csv.DictReader(text.split("\n")))


def _error(error: ConfdError, position: int, row: Row) -> dict[str, Any]:
    """Describe a bad row. Fields that are wrong are told all at once, in one text."""
    details = {"row": {name: value for name, value in row.items() if name}, "row_number": position}
    message = py2_repr(error.problems) if isinstance(error, BadFields) else error.texts[0]
    return {"message": message, "timestamp": int(time.time()), "details": details}


class _ImportedRow:
    """Create what one row of the table describes."""

    def __init__(self, call: Call, row: Row, transaction: Transaction) -> None:
        self.call = call
        self.database: Any = call.database
        self.row = row
        self.transaction = transaction

    def create(self) -> dict[str, Any]:
        entity = self._value("entity_id")
        if entity not in (None, ENTITY):
            raise not_found("Entity", id=int(entity) if entity.isdigit() else entity)
        user_id = self._create(users.create_user, self._values(USER))
        sip_id, line = self._create_line()
        extension = self._find_or_create_extension("exten", "context")
        if line:
            associate_line(self.call, user_id, line.id)
        if line and extension:
            associate_extension(self.call, line.id, extension.id)
        incall = self._find_or_create_extension("incall_exten", "incall_context")
        if incall:
            self._create_incall(incall, user_id)
        return {
            "user_id": user_id,
            "user_uuid": self.database.users.get(user_id).uuid,
            "line_id": line.id if line else None,
            "sip_id": sip_id,
            "sccp_id": line.endpoint_id if line and line.protocol == "sccp" else None,
            "extension_id": extension.id if extension else None,
            "incall_extension_id": incall.id if incall else None,
            "voicemail_id": self._create_voicemail(user_id),
            "cti_profile_id": None,
            "call_permission_ids": [],
        }

    def _create(self, view: Any, given: dict[str, Any]) -> int:
        """Pass a body to the view of another POST. Returns the id of what it created."""
        return int(view(replace(self.call, read_body=lambda: given)).body["id"])

    def _values(self, names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
        given = {name: self._value(f"{prefix}{name}") for name in names}
        return {name: value for name, value in given.items() if value is not None}

    def _value(self, column: str) -> Any:
        """Return the value of a column, None if it is empty."""
        text = self.row.get(column, "")
        if text is None and column in BOOLEANS | INTEGERS:
            # The row is too short.
            raise input_error(f"field '{column}': wrong type. Should be a string")
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

    def _create_line(self) -> tuple[int | None, Line16 | None]:
        """Create the SIP account, and its line unless the row has no context. Returns the account's id and the line."""
        protocol, context = self._value("line_protocol"), self._value("context")
        if protocol == "sccp" and context:
            return None, self.database.lines.get(self.database.insert_other_line(protocol, context))
        if protocol != "sip":
            return None, None
        username = self._value("sip_username")
        self._refuse_taken(username)
        given = {"username": username, "secret": self._value("sip_secret"), "context": context}
        given = {name: value for name, value in given.items() if value is not None}
        schemas.load(ENDPOINT, {name: given[name] for name in given if name != "context"}, py2_repr, is_update=True)
        if context is None:
            created_endpoint = self.database.orphan_endpoints.insert(
                username=username or self.database.random_account(), secret=given.get("secret", "")
            )
            return int(created_endpoint.id), None
        line = self.database.lines.get(self._create(lines.create_line_sip, {"context": context}))
        assign(line, given)
        return line.endpoint_id, line

    def _refuse_taken(self, username: str | None) -> None:
        other = self.database.lines.first(username=username) if username else None
        if other:
            raise resource_error(
                "Line is associated with a Endpoint", line_id=other.id, endpoint_id=other.id, endpoint="sip"
            )

    def _find_or_create_extension(self, exten: str, context: str) -> Extension | None:
        """Return the extension of two columns: an existing one is taken, whoever created it."""
        number = {"exten": self._value(exten), "context": self._value(context)}
        if None in number.values():
            return None
        found: Extension | None = self.database.extensions.first(**number)
        if found is None:
            found = self.database.extensions.get(self._create(create_extension, number))
        else:
            self.transaction.save(found)
        return found

    def _create_incall(self, extension: Extension, user_id: int) -> None:
        other = self.database.incall_of(extension)
        if other:
            raise resource_error("Incall is associated with a Extension", incall_id=other.id, extension_id=extension.id)
        destination = {"type": "user", "user_id": user_id, "ring_time": self._value("incall_ring_seconds")}
        incall_id = self._create(incalls.create_incall, {"destination": destination})
        incalls.associate_extension(self.call, incall_id, extension.id)

    def _create_voicemail(self, user_id: int) -> int | None:
        """Associate the voicemail of the row's number and context, an existing one as it is, or else a new one.

        An existing voicemail may be another user's, or that of an earlier row. Either gets the user's name. A row with
        nothing but a name has no voicemail.

        Facts: person-xivo-16.16.md, "/users/import (POST, PUT) and /users/export"; observations.md, "XiVO 16.16:
        import".
        """
        given = self._values(VOICEMAIL, "voicemail_")
        if not given.keys() - {"name"}:
            return None
        key = {"number": given.get("number"), "context": given.get("context")}
        found = self.database.voicemails.first(**key)
        voicemail_id = found.id if found else self._create(voicemails.create_voicemail, given)
        if found:
            self.transaction.save(found)
        voicemails.put_association(self.call, user_id, voicemail_id)
        users.name_voicemail(self.database, self.database.users.get(user_id))
        return int(voicemail_id)


ROUTES = (Route("POST", "/users/import", import_users),)
