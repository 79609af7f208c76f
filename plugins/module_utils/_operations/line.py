# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on SIP lines."""

from __future__ import annotations

from dataclasses import dataclass

from .._backends.base import Backend
from .._model.records import Line, Row, id_of
from .._model.resources import LINE
from .base import Create, Delete, Naming, Operation, Update
from .verify import if_holds


@dataclass
class CreateLine(Create):
    """Creates a SIP line. values contain the SIP username, so that the line is found again. number: what it is for."""

    resource_type = "line_sip"
    RECORD = "line"
    line: Line
    values: Row
    number: str

    def describe(self, _name: Naming = str, /) -> str:
        return f"SIP line for {self.number}"

    def reverse(self) -> Operation:
        return DeleteLine(self.line)

    def update_record(self, row: Row) -> None:
        super().update_record(row)
        self.line.fields.update({name: value for name, value in row.items() if name in LINE.field_names})

    def find_created(self, backend: Backend) -> Row | None:
        found = next((row for row in backend.list_lines() if row["username"] == self.values["username"]), None)
        row = backend.get(LINE, found["id"]) if found else None
        # A SIP username given by the user may belong to another line, for which the server refused the new one.
        is_own = row and if_holds(row, self.values) and not _is_used(backend, row["id"])
        return row if is_own else None


@dataclass
class UpdateLine(Update):
    """Changes fields of a SIP line."""

    resource_type = "line_sip"
    RECORD = "line"
    line: Line
    changes: Row
    old: Row

    def read(self, backend: Backend) -> Row | None:
        row = super().read(backend)
        apart = {} if LINE.apart.isdisjoint(self.changes) else backend.apart_of_line(id_of(self.line))
        return {**row, **apart} if row else None

    def check(self, row: Row) -> None:
        super().check(row)
        self.line.fields.update(self.changes)


@dataclass
class DeleteLine(Delete):
    """Deletes a line without associations."""

    resource_type = "line_sip"
    RECORD = "line"
    line: Line


def _is_used(backend: Backend, line_id: int) -> bool:
    """Return whether a line is on a device, or has a user."""
    return bool(backend.device_of_line(line_id) or backend.users_of_line(line_id))
