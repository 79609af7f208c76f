# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._backends.base import Backend
from .._model.errors import ConflictError
from .._model.records import Row, User, Voicemail, id_of
from .._model.resources import USER
from .base import Create, Delete, Naming, Operation
from .overwritten import KeptCallerid, UpdateWithUser
from .verify import holds


@dataclass
class CreateUser(Create):
    """Creates a user.

    namesakes: the users of the same name that existed when the plan was made. identified_by: the values by which the
    next run finds the user, if nothing else tells the user from another one with these values.
    """

    resource_type = "user"
    RECORD = "user"
    user: User
    values: Row
    namesakes: Sequence[User]
    identified_by: Row | None = None

    def describe(self, _name: Naming = str, /) -> str:
        return f"user {self.user.name}"

    @property
    def after(self) -> Row:
        return {name: value for name, value in super().after.items() if name in self.values or name == "caller_id"}

    def reverse(self) -> Operation:
        return DeleteUser(self.user)

    def update_record(self, row: Row) -> None:
        super().update_record(row)
        self.user.uuid = row.get("uuid")

    def find_created(self, backend: Backend) -> Row | None:
        """Return the user that a POST whose answer was lost has created; None if it has created none.

        Raises ConflictError if several users may be the one.
        """
        known = {user.id for user in self.namesakes}
        rows = backend.find_users(firstname=self.user["firstname"], lastname=self.user["lastname"])
        new = [row for row in rows if row["id"] not in known and holds(row, self.values)]
        # Another client may have created a user of the same name. A user with a line cannot be the one of this run.
        new = [row for row in new if backend.line_of_user(row["id"]) is None]
        if len(new) > 1:
            raise ConflictError(
                f"The answer to the creation of {self.subject} was lost, and {len(new)} users of this name are new: "
                f"ids {', '.join(str(row['id']) for row in new)}. It is not known which one this run created.",
                "Once the other run has ended, delete those of them that have no line, and run again.",
            )
        return new[0] if new else None


@dataclass
class UpdateUser(UpdateWithUser):
    """Changes fields of a user.

    lost: the fields whose old values the server does not take any more.
    """

    resource_type = "user"
    RECORD = "user"
    user: User
    changes: Row
    old: Row
    named: tuple[Voicemail, str] | None = None
    kept: KeptCallerid | None = None
    lost: frozenset[str] = frozenset()

    def read(self, backend: Backend) -> Row | None:
        row = super().read(backend)
        apart = backend.apart_of_user(id_of(self.user)) if not USER.apart.isdisjoint(self.changes) else {}
        return {**row, **apart} if row else None

    @property
    def restorable(self) -> Row:
        return {name: value for name, value in self.old.items() if name not in self.lost}

    def describe(self, _name: Naming = str, /) -> str:
        # The user is called by the old name, also where the name itself changes.
        return f"user {User(fields={**self.user.fields, **self.old}).name}"

    @property
    def expected(self) -> Row:
        if {"firstname", "lastname"}.isdisjoint(self.changes):
            return self.changes
        # A custom caller ID stays, but a server makes a new one with each name, so it is written once more.
        return {"caller_id": self.user["caller_id"], **self.changes}

    def write(self, backend: Backend) -> Row:
        return backend.update_user(id_of(self.user), self.changes, dict(self.user.fields))


@dataclass
class DeleteUser(Delete):
    """Deletes a user without line. keeps_login: whether the login stays."""

    resource_type = "user"
    RECORD = "user"
    user: User
    keeps_login: bool = False

    def delete(self, backend: Backend) -> None:
        if self.keeps_login:
            backend.delete_user_only(id_of(self.user))
        else:
            super().delete(backend)
