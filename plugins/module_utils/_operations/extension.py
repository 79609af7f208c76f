# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on extensions."""

from __future__ import annotations

from dataclasses import dataclass

from .._backends.base import Backend
from .._model.errors import ConflictError, RefusedError, RequestError
from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, Row, User, Voicemail, id_of
from .._model.resources import EXTENSION
from .base import Create, Delete, Naming, Operation
from .overwritten import KeptCallerid, UpdateWithUser


@dataclass
class CreateExtension(Create):
    """Creates an extension."""

    resource_type = "extension"
    RECORD = "extension"
    extension: Extension
    values: Row

    def describe(self, _name: Naming = str, /) -> str:
        return f"extension {self.extension}"

    def reverse(self) -> Operation:
        # Another client may have associated the extension with something in the meantime; then it stays.
        return DeleteExtension(self.extension, leftover=True)

    def create(self, backend: Backend) -> Row:
        """Send the POST. Raises ConflictError if another client creates the extension at the same moment."""
        try:
            return super().create(backend)
        except RequestError as error:
            # Of two simultaneous requests, one is refused or fails in the database, and does not own the extension.
            if any("already exists" in text or "duplicate key" in text for text in error.messages):
                raise ConflictError(
                    f"Another client created extension {self.extension} at the same moment.",
                    "Run again once the other run has ended.",
                ) from None
            raise

    def find_created(self, backend: Backend) -> Row | None:
        return backend.find_extension(self.values["exten"], self.values["context"])


@dataclass
class UpdateExtension(UpdateWithUser):
    """Changes fields of an extension.

    line, user: its owners, who keep it.
    """

    resource_type = "extension"
    RECORD = "extension"
    extension: Extension
    changes: Row
    old: Row
    line: Line | None
    user: User | None
    named: tuple[Voicemail, str] | None = None
    kept: KeptCallerid | None = None

    def describe(self, _name: Naming = str, /) -> str:
        exten, context = (self.old.get(name, self.extension[name]) for name in ("exten", "context"))
        return f"extension {exten}@{context}"

    @property
    def moves(self) -> bool:
        """Whether the number changes."""
        return not {"exten", "context"}.isdisjoint(self.old)

    @property
    def keys(self) -> tuple[ExtensionKey, ExtensionKey]:
        """The number before and after."""
        before, after = {**self.extension.fields, **self.old}, {**self.extension.fields, **self.changes}
        return (before["exten"], before["context"]), (after["exten"], after["context"])

    def write(self, backend: Backend) -> Row:
        callerids = (self.kept.found, self.kept.after(self.kept.found)) if self.kept else None
        return backend.update_extension(self.extension, self.changes, self.line, self.user, callerids)

    def read(self, backend: Backend) -> Row | None:
        """Return the extension if its owner still has it; otherwise None."""
        row = backend.get(EXTENSION, id_of(self.extension))
        if not row or not (self.line or self.user):
            return row
        owner = backend.owner_of_extension(id_of(self.extension))
        line_id, user_id = (each.id if each else None for each in (self.line, self.user))
        is_kept = owner and (owner.line_id == line_id if owner.line_id else owner.user_id == user_id)
        return row if is_kept else None


@dataclass
class DeleteExtension(Delete):
    """Deletes an extension without owner.

    leftover: whether an interrupted run seems to have left it behind. If the server refuses to delete such an
    extension, because something uses it that the API does not show, the extension stays and there is a warning.
    """

    resource_type = "extension"
    RECORD = "extension"
    is_final = False
    extension: Extension
    leftover: bool = False

    def describe(self, _name: Naming = str, /) -> str:
        return f"extension {self.extension}"

    def reverse(self) -> Operation | None:
        if self.warning:
            # It was not deleted.
            return None
        return CreateExtension(self.extension, {name: self.extension[name] for name in EXTENSION.field_names})

    def perform(self, backend: Backend) -> None:
        try:
            super().perform(backend)
        except RefusedError:
            if not self.leftover:
                raise
            self.warning = f"{self.subject} was not deleted: it is used by something that the API does not show."
