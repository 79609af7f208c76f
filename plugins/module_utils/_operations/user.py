# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written about users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._backends.base import Backend
from .._http.confirm import create_once
from .._model.errors import ConflictError
from .._model.records import Row, User
from .base import Delete, Operation, Update, id_of, set_fields
from .verify import holds


@dataclass
class CreateUser(Operation):
    """Creates a user. namesakes: the users of that name who were there before."""

    action = "create"
    resource_type = "user"
    user: User
    values: Row
    namesakes: Sequence[User]

    def describe(self) -> str:
        return f"user {self.user.name}"

    @property
    def after(self) -> Row:
        given = set_fields(self.user)
        return {name: value for name, value in given.items() if name in self.values or name == "caller_id"}

    def perform(self, backend: Backend) -> None:
        row = create_once(lambda: backend.create_user(self.values), lambda: self._look_up(backend))
        self.user.id, self.user.uuid = row["id"], row.get("uuid")

    @property
    def created(self) -> User:
        return self.user

    def reverse(self) -> Operation:
        return DeleteUser(self.user)

    def _look_up(self, backend: Backend) -> Row | None:
        known = {user.id for user in self.namesakes}
        rows = backend.find_users(firstname=self.user["firstname"], lastname=self.user["lastname"])
        fresh = [row for row in rows if row["id"] not in known and holds(row, self.values)]
        # Somebody else may have made a user of that name meanwhile: who has a line already is not ours.
        fresh = [row for row in fresh if backend.line_of_user(row["id"]) is None]
        if len(fresh) > 1:
            raise ConflictError(
                f"{len(fresh)} users of that name have come since this run looked, and one of them may be its own: "
                f"ids {', '.join(str(row['id']) for row in fresh)}.",
                "Delete who has no line once the other run has ended, and run again.",
            )
        return fresh[0] if fresh else None


@dataclass
class UpdateUser(Update):
    """Changes fields of a user."""

    resource_type = "user"
    user: User
    changes: Row
    old: Row

    def describe(self) -> str:
        # By the name that is known so far, also where the name is what changes.
        return f"user {User(fields={**self.user.fields, **self.old}).name}"

    def write(self, backend: Backend) -> Row:
        return backend.update_user(id_of(self.user), self.changes, dict(self.user.fields))

    def read(self, backend: Backend) -> Row | None:
        return backend.get_user(id_of(self.user))


@dataclass
class DeleteUser(Delete):
    """Deletes a user who has no line."""

    resource_type = "user"
    user: User

    @property
    def record(self) -> User:
        return self.user

    def delete(self, backend: Backend) -> None:
        backend.delete_user(id_of(self.user))

    def read(self, backend: Backend) -> Row | None:
        return backend.get_user(id_of(self.user))
