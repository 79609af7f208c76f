# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written about extensions."""

from __future__ import annotations

from dataclasses import dataclass

from .._backends.base import Backend
from .._http.confirm import create_once
from .._model.errors import ConflictError, RefusedError, RequestError
from .._model.records import Extension, Line, Row, User
from .base import Delete, Operation, Update, id_of, set_fields
from .user import UpdateUser


@dataclass
class CreateExtension(Operation):
    """Creates an extension."""

    action = "create"
    resource_type = "extension"
    extension: Extension
    values: Row

    def describe(self) -> str:
        return f"extension {self.extension}"

    @property
    def after(self) -> Row:
        return set_fields(self.extension)

    def perform(self, backend: Backend) -> None:
        row = create_once(
            lambda: self._create(backend),
            lambda: backend.find_extension(self.values["exten"], self.values["context"]),
        )
        self.extension.id = row["id"]

    @property
    def created(self) -> Extension:
        return self.extension

    def reverse(self) -> Operation:
        # What somebody else took in the meantime is not ours any more.
        return DeleteExtension(self.extension, leftover=True)

    def _create(self, backend: Backend) -> Row:
        try:
            return backend.create_extension(self.values)
        except RequestError as error:
            # Of two at the same moment one is refused, or fails in the database: the number is the other one's.
            if any("already exists" in text or "duplicate key" in text for text in error.messages):
                raise ConflictError(
                    f"{self.extension} was made by somebody else at the same moment.",
                    "Run again once they have ended.",
                ) from None
            raise


@dataclass
class UpdateExtension(Update):
    """Changes fields of an extension, above all its exten. line and user: who has it, and keeps it."""

    resource_type = "extension"
    extension: Extension
    changes: Row
    old: Row
    line: Line | None
    user: User | None

    def describe(self) -> str:
        exten, context = (self.old.get(name, self.extension[name]) for name in ("exten", "context"))
        return f"extension {exten}@{context}"

    def write(self, backend: Backend) -> Row:
        return backend.update_extension(self.extension, self.changes, self.line, self.user)

    def read(self, backend: Backend) -> Row | None:
        """Return the extension if it is still the line's or user's who had it."""
        row = backend.get_extension(id_of(self.extension))
        if not row or not (self.line or self.user):
            return row
        owner = backend.owner_of_extension(id_of(self.extension))
        line_id, user_id = (each.id if each else None for each in (self.line, self.user))
        is_kept = owner and (owner.line_id == line_id if owner.line_id else owner.user_id == user_id)
        return row if is_kept else None


@dataclass
class DeleteExtension(Delete):
    """Deletes an extension that nobody has.

    leftover: whether an interrupted run seems to have left it. Then one that belongs to something that the API does
    not show stays, with a warning.
    """

    resource_type = "extension"
    extension: Extension
    leftover: bool = False

    @property
    def record(self) -> Extension:
        return self.extension

    def describe(self) -> str:
        return f"extension {self.extension}"

    def perform(self, backend: Backend) -> None:
        try:
            super().perform(backend)
        except RefusedError:
            if not self.leftover:
                raise
            self.warning = f"{self.subject} belongs to something else and was left there."

    def delete(self, backend: Backend) -> None:
        backend.delete_extension(id_of(self.extension))

    def read(self, backend: Backend) -> Row | None:
        return backend.get_extension(id_of(self.extension))


def touches_user(operation: Operation, user: User) -> bool:
    """Return whether an operation writes this user, as a new number of the user's line does on some generations."""
    if isinstance(operation, UpdateExtension):
        return operation.user is user and not {"exten", "context"}.isdisjoint(operation.changes)
    return isinstance(operation, UpdateUser) and operation.user is user
