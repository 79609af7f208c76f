# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans SIP lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError, InputError
from .._model.records import Device, Line
from .._model.resources import (
    LINE,
    SIP_FIELDS,
    canonical,
    differences,
)
from .._model.rules import raise_problems
from .._model.sip_usernames import new_username
from .._operations.line import CreateLine, DeleteLine, UpdateLine
from .._state.context_checks import check_context
from .base import BasePlanner
from .ownership import phone_slot, taken


class LinePlanner(BasePlanner):
    """Plans the creation, change and deletion of SIP lines."""

    def ensure_line(self, found: Line | None, values: Mapping[str, Any], seed: str) -> Line:
        """Create a line with these values, or give the found one the values that differ.

        seed: what the line is for ("1200@default"); a generated SIP username is marked with it.
        Raises InputError for a value that the server would not store, ConflictError for an unknown context, or for a
        value that a line of this kind cannot have.
        """
        self.state.backend.check_fields(LINE, values)
        if found is None:
            return self._create_line(values, seed)
        self._change_line(found, self._updatable(LINE, values))
        return found

    def _change_line(self, found: Line, wanted: Mapping[str, Any]) -> None:
        changes = self._line_changes(found, wanted)
        if changes.get("context"):
            check_context(self.state, changes["context"])
        self._refuse_without_account(found, changes)
        if "callerid" in changes:
            self._refuse_vain_callerid(found)
        if changes:
            raise_problems(self.problems_of_line(found, wanted))
            self.ownership.refuse_foreign_values(LINE, changes, found)
            self._refuse_taken_slot(found, changes)
            self.operations.append(UpdateLine(found, changes, self._replace(found, changes)))

    def problems_of_line(self, found: Line | None, values: Mapping[str, Any]) -> list[str]:
        """Return a sentence for each of the values that the server would not store in a line. found: None if new."""
        changes = values if found is None else self._line_changes(found, self._updatable(LINE, values))
        return self.state.backend.problems_of_values(LINE, {name: values[name] for name in changes}) if changes else []

    def _line_changes(self, line: Line, wanted: Mapping[str, Any]) -> dict[str, Any]:
        if not {"secret", "callerid"}.isdisjoint(wanted) or (wanted and not line.is_sip):
            # Users embed no more of a line that is not a SIP line than its id and its number.
            self.state.load_line_details(line)
        if not LINE.apart.isdisjoint(wanted):
            self.state.load_line_apart(line)
        return differences(line.fields, wanted)

    def delete_line(self, line: Line) -> None:
        """Delete a line without associations. Raises ConflictError for a line that API clients cannot delete."""
        self._refuse_read_only(line, f"{line} cannot be deleted", "Delete it, and the user if there is one,")
        self.operations.append(DeleteLine(line))
        self.state.remove_line(line)

    def _create_line(self, values: Mapping[str, Any], seed: str) -> Line:
        if not values.get("context"):
            raise InputError("A new line needs a context.", "Give the context of its extension.")
        check_context(self.state, values["context"])
        raise_problems(self.problems_of_line(None, values))
        given = {"device_slot": 1, **{name: canonical(name, value) for name, value in values.items()}}
        self.ownership.refuse_foreign_values(LINE, given, None)
        late = self.state.backend.late_values(given)
        given = {name: value for name, value in given.items() if name not in late}
        is_random = not given.get("username")
        given["username"] = given.get("username") or new_username(seed)
        fields = {**self.state.backend.defaults_of(LINE), **given}
        line = Line(fields=fields, details_known=True, username_is_random=is_random)
        self.operations.append(CreateLine(line, given, seed))
        self.state.add_line(line)
        # An update of its own is verified, also where confd ignores a value of a new line.
        self._change_line(line, late)
        return line

    def _refuse_taken_slot(self, line: Line, changes: Mapping[str, Any]) -> None:
        """Raise ConflictError for a slot of the line's phone that another line has."""
        if "device_slot" not in changes or not self.state.backend.takes_devices:
            return
        device_id = self.state.device_of(line)
        device = Device(device_id) if device_id else None
        other = self.ownership.other_in_slot(line, device, changes["device_slot"]) if device else None
        if device and other:
            raise taken(phone_slot(device, changes["device_slot"]), other)

    def _refuse_without_account(self, line: Line, changes: Mapping[str, Any]) -> None:
        """Raise ConflictError for values that a line of this kind does not have, or that cannot be changed."""
        vain = [name for name in changes if name in SIP_FIELDS]
        if vain and line.id and line.protocol and not line.is_sip:
            raise ConflictError(f"{vain[0]} of {line} cannot be set: only a SIP line has it.", "Leave it out.")
        if {"username", "secret", "webrtc"}.intersection(vain) and line.id and not line["username"]:
            raise ConflictError(f"{vain[0]} of {line} cannot be set.", "Give the line a SIP account, or delete it.")
        if changes:
            self._refuse_read_only(line, f"{next(iter(changes))} of {line} cannot be set", "Set it")

    def _refuse_read_only(self, line: Line, message: str, what: str) -> None:
        """Raise ConflictError for a line that API clients can only read. what: what to do, as an imperative."""
        if line.id and not line.is_sip and self.state.backend.changes_sip_lines_only:
            raise ConflictError(
                f"{message}: this server lets API clients change SIP lines only.", f"{what} in the web interface."
            )

    def _refuse_vain_callerid(self, line: Line) -> None:
        """Raise ConflictError for the callerid of a line where the server derives it from the user."""
        user = self.state.main_user_of(line)
        if user and not self.state.backend.sets_callerid:
            raise ConflictError(
                f"callerid of {line} cannot be set: this server makes it from the caller_id of {user} and the number.",
                "Set the user's caller_id instead.",
            )
