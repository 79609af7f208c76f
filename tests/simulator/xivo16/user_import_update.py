# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve PUT /users/import (person-xivo-16.16.md, "/users/import (POST, PUT) and /users/export").

A column that is missing leaves the value alone, an empty cell is null. What a user has not is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..database import Extension
from ..errors import ConfdError, input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from . import endpoints, extensions, incalls, lines, users, voicemails
from .import_person import change_entity, set_cti, set_permissions
from .line_extensions import put_association as associate_extension
from .rows import Incall16, Line16, User16
from .user_import import BOOLEANS, INTEGERS, USER, VOICEMAIL, Row, describe_error, read_rows
from .user_lines import put_association as associate_line
from .user_views import main_line_first


def update_users(call: Call) -> Answer:
    """Change all users of a table, or none."""
    database: Any = call.database
    before = database.dump()
    updated, errors = [], []
    for position, row in enumerate(read_rows(call), start=1):
        try:
            updated.append({**_UpdatedRow(call, row).update(), "row_number": position})
        except ConfdError as error:
            errors.append(describe_error(error, position, row))
    if errors:
        database.load(before)
        return Answer(400, {"errors": errors})
    return Answer(201, {"updated": updated})


class _UpdatedRow:
    """Change what one row of the table names."""

    def __init__(self, call: Call, row: Row) -> None:
        self.call = call
        self.database: Any = call.database
        self.row = row
        uuid = row.get("uuid") or None
        found = self.database.users.first(uuid=uuid) if uuid else None
        if found is None:
            raise not_found("User", uuid=uuid)
        self.user: User16 = found

    def update(self) -> dict[str, Any]:
        owned = self.database.incalls_of(self.user.id)
        if len(owned) > 1:
            raise resource_error("Operation not permitted. Cannot update when user has multiple incalls")
        change_entity(self.database, self.user, self.row)
        self._pass(users.update_user, self._given(USER), self.user.id)
        voicemail_id = self._update_voicemail()
        line = self._update_line()
        extension = self._update_extension(line)
        incall_extension = self._update_incall(owned[0] if owned else None)
        return {
            "user_id": self.user.id,
            "user_uuid": self.user.uuid,
            "line_id": line.id if line else None,
            "sip_id": line.endpoint_id if line and line.protocol == "sip" else None,
            "sccp_id": line.endpoint_id if line and line.protocol == "sccp" else None,
            "extension_id": extension.id if extension else None,
            "incall_extension_id": incall_extension.id if incall_extension else None,
            "voicemail_id": voicemail_id,
            "cti_profile_id": set_cti(self.database, self.user, self.row),
            "call_permission_ids": set_permissions(self.database, self.user, self.row),
        }

    # Cells

    def _given(self, names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
        """Return the values of the columns that the table has; an empty cell is null."""
        return {name: self._value(f"{prefix}{name}") for name in names if f"{prefix}{name}" in self.row}

    def _value(self, column: str) -> Any:
        text = self.row[column]
        if not text:
            return None
        if column in BOOLEANS:
            if text not in {"0", "1"}:
                raise input_error(f"'{column}' must be one of (0, 1)")
            return text == "1"
        if column in INTEGERS:
            return int(text) if text.isdigit() else text
        return text

    def _pass(self, view: Any, given: dict[str, Any], *identifiers: int) -> Any:
        """Pass a body to the view of another request. Returns the answer's body."""
        return view(replace(self.call, read_body=lambda: given), *identifiers).body

    # Objects of the user

    def _update_voicemail(self) -> int | None:
        given = self._given(VOICEMAIL, "voicemail_")
        association = self.database.user_voicemails.first(user_id=self.user.id)
        if association:
            self._pass(voicemails.update_voicemail, given, association.voicemail_id)
            return int(association.voicemail_id)
        wanted = {name: value for name, value in given.items() if value is not None}
        if not wanted:
            return None
        key = {"number": wanted.get("number"), "context": wanted.get("context")}
        found = self.database.voicemails.first(**key)
        voicemail_id = found.id if found else self._pass(voicemails.create_voicemail, wanted)["id"]
        voicemails.put_association(self.call, self.user.id, voicemail_id)
        return int(voicemail_id)

    def _update_line(self) -> Line16 | None:
        """Change the account of the main line, or make a line."""
        account = self._given(("username", "secret"), "sip_")
        associations = main_line_first(self.database, self.user)
        if associations:
            line: Line16 = self.database.lines.get(associations[0].line_id)
            if line.protocol == "sip" and account:
                self._pass(endpoints.update_endpoint, account, line.endpoint_id)
            return line
        if self.row.get("line_protocol") != "sip" or not self.row.get("context"):
            return None
        created = self._pass(lines.create_line_sip, {"context": self.row["context"]})
        line = self.database.lines.get(created["id"])
        if any(account.values()):
            self._pass(
                endpoints.update_endpoint, {name: value for name, value in account.items() if value}, line.endpoint_id
            )
        associate_line(self.call, self.user.id, line.id)
        return line

    def _update_extension(self, line: Line16 | None) -> Extension | None:
        extension = self.database.internal_extension_of(line.id) if line else None
        given = self._given(("exten", "context"))
        if extension:
            self._pass(extensions.update_extension, given, extension.id)
            return extension
        created = self._find_or_create(given)
        if created and line:
            associate_extension(self.call, line.id, created.id)
        return created

    def _find_or_create(self, given: dict[str, Any]) -> Extension | None:
        if not given.get("exten") or not given.get("context"):
            return None
        found: Extension | None = self.database.extensions.first(**given)
        return found or self.database.extensions.get(self._pass(extensions.create_extension, given)["id"])

    def _update_incall(self, incall: Incall16 | None) -> Extension | None:
        """Change the incall's number. The ring time is that of this row: without the column, it is lost.

        Source: person-xivo-16.16.md, trap 10.
        """
        given = self._given(("exten", "context"), "incall_")
        ring_time = self._given(("ring_seconds",), "incall_").get("ring_seconds")
        destination = {"type": "user", "user_id": self.user.id, "ring_time": ring_time}
        if incall:
            incall.destination = destination
            extension = self.database.extension_of(incall)
            if extension:
                self._pass(extensions.update_extension, given, extension.id)
            return extension
        extension = self._find_or_create(given)
        if extension:
            created = self._pass(incalls.create_incall, {"destination": destination})
            incalls.associate_extension(self.call, created["id"], extension.id)
        return extension


ROUTES = (Route("PUT", "/users/import", update_users),)
