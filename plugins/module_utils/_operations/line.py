# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written about SIP lines."""

from __future__ import annotations

from dataclasses import dataclass

from .._backends.base import Backend
from .._http.confirm import create_once
from .._model.records import Line, Row
from .base import Delete, Operation, Update, id_of, set_fields
from .verify import if_holds


@dataclass
class CreateLine(Operation):
    """Creates a SIP line. Its SIP username is chosen beforehand, so that the line can be found again."""

    action = "create"
    resource_type = "line_sip"
    line: Line
    values: Row
    number: str

    def describe(self) -> str:
        return f"SIP line for {self.number}"

    @property
    def after(self) -> Row:
        return set_fields(self.line)

    def perform(self, backend: Backend) -> None:
        row = create_once(lambda: backend.create_line(self.values), lambda: self._look_up(backend))
        self.line.id = row["id"]
        self.line.fields.update({name: value for name, value in row.items() if name in self.line.resource.field_names})

    @property
    def created(self) -> Line:
        return self.line

    def reverse(self) -> Operation:
        return DeleteLine(self.line)

    def _look_up(self, backend: Backend) -> Row | None:
        found = next((row for row in backend.list_lines() if row["username"] == self.values["username"]), None)
        row = backend.get_line(found["id"]) if found else None
        # A SIP username that somebody chose may be another line's, which is why the server refused it.
        is_own = row and if_holds(row, self.values) and not row["device_id"] and not backend.users_of_line(row["id"])
        return row if is_own else None


@dataclass
class UpdateLine(Update):
    """Changes fields of a SIP line."""

    resource_type = "line_sip"
    line: Line
    changes: Row
    old: Row

    def describe(self) -> str:
        return str(self.line)

    def write(self, backend: Backend) -> Row:
        return backend.update_line(id_of(self.line), self.changes)

    def read(self, backend: Backend) -> Row | None:
        return backend.get_line(id_of(self.line))

    def check(self, row: Row) -> None:
        super().check(row)
        self.line.fields.update(self.changes)


@dataclass
class DeleteLine(Delete):
    """Deletes a line that is associated with nothing."""

    resource_type = "line_sip"
    line: Line

    @property
    def record(self) -> Line:
        return self.line

    def delete(self, backend: Backend) -> None:
        backend.delete_line(id_of(self.line))

    def read(self, backend: Backend) -> Row | None:
        return backend.get_line(id_of(self.line))
