# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users from 16.13 on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ..._model.errors import ConflictError, NotAppliedError
from ..._model.records import Row, User
from ..._model.resources import USER, Resource, canonical
from ..interface import CreatedUser, NewUser
from ..xivo.rows import given, row_of
from .embedded_users import extensions_of_incalls
from .incalls import Xivo16Incalls
from .user_import import IMPORT, UserTable, found_again, imported

SHOWN_IN_DIRECTORY = ("firstname", "lastname", "userfield")
"""The fields that identify a user and that the view directory shows (xivo-16.16.md, "users list")."""


class Xivo16Users(Xivo16Incalls):
    """Reads and writes users, one by one or many in one request."""

    table: ClassVar[UserTable] = UserTable()
    filters = frozenset({"uuid", "firstname", "lastname", "userfield", "email", "description"})
    """The fields by which /users is filtered; username is not among them (xivo-16.16.md, "users list")."""

    def find_users(self, **exact: Any) -> list[Row]:
        query = {name: value for name, value in exact.items() if name in self.filters and value is not None}
        rows = [row_of(USER, row) for row in self._get_filtered("/users", **query)]
        found = [row for row in rows if all(row[name] == value for name, value in exact.items())]
        if not found and not query.keys().isdisjoint(SHOWN_IN_DIRECTORY):
            found = self._users_in_another_spelling(exact)
        return sorted(found, key=lambda row: int(row["id"]))

    def _users_in_another_spelling(self, exact: Row) -> list[Row]:
        """Return the users whose texts only look like these values: filters compare every character.

        The view directory shows all users twenty times faster than the whole list (wazo-26.08.md, "How fast").
        """
        shown = {name: value for name, value in exact.items() if name in SHOWN_IN_DIRECTORY}
        ids = {
            row["id"]: None
            for row in self.client.get_items("/users", view="directory")
            if all(canonical(name, row[name]) == value for name, value in shown.items())
        }
        rows = filter(None, (self.get(USER, user_id) for user_id in ids))
        return [row for row in rows if all(row[name] == value for name, value in exact.items())]

    def line_of_user(self, user_id: int) -> int | None:
        rows = self._items(f"/users/{user_id}/lines")
        return next((row["line_id"] for row in sorted(rows, key=lambda row: not row["main_line"])), None)

    def main_lines_of(self, user_id: int) -> list[int]:
        """Return the ids of the main lines of a user, usually one."""
        rows = self._items(f"/users/{user_id}/lines")
        return sorted(row["line_id"] for row in rows if row["main_line"])

    def create(self, resource: Resource, values: Row) -> Row:
        """Create an object. Raises NotAppliedError for fields of a user that the server does not know and ignores.

        Source: xivo-16.16.md, trap 2. The answer shows the user as GET does.
        """
        row = super().create(resource, values)
        if resource is not USER:
            return row
        shown = {field.name for field in USER.fields if not field.secret and row.get(field.name) == field.default}
        ignored = [name for name in given(values) if name in shown and canonical(name, values[name]) != row.get(name)]
        if ignored:
            super().delete(USER, row["id"])
            raise NotAppliedError(f"user {row['id']}", ignored)
        return row

    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        # null clears. The caller ID never follows a rename, so the planner has added it to the changes.
        return self.update(USER, user_id, changes)

    def delete(self, resource: Resource, object_id: int) -> None:
        if resource is USER:
            self._delete_spare_incalls(object_id)
        super().delete(resource, object_id)

    def _delete_spare_incalls(self, user_id: int) -> None:
        """Delete the incalls of a user that have no extension: without the user, they would lead to nobody.

        Raises ConflictError if an incall has an extension.
        """
        incalls = (self._get(f"/users/{user_id}") or {}).get("incalls", ())
        numbers = [f"{each['exten']}@{each['context']}" for each in extensions_of_incalls(incalls)]
        if numbers:
            raise ConflictError(
                f"User {user_id} has been given the incalls {', '.join(numbers)} since the plan was made.", "Run again."
            )
        for incall in incalls:
            self._delete_incall(incall["id"])

    def voicemail_name(self, user: User) -> str | None:
        # Source: person-xivo-16.16.md, "users/ID/voicemails".
        return user.name

    # Many in one request

    @property
    def batch_size(self) -> int:
        return self.table.block_size(self.client.connection.timeout)

    def supported_part(self, new: NewUser) -> NewUser | None:
        return self.table.supported_part(new)

    def create_batch(self, new: Sequence[NewUser]) -> list[CreatedUser]:
        """Create users by POST /users/import (xivo-16.16.md, "users/import")."""
        sent = [(each.user, each.line, each.voicemail, each.parts) for each in new]
        return imported(self.client.post_table(IMPORT, self.table.body(new), sent), new)

    def find_batch(self, new: Sequence[NewUser]) -> list[CreatedUser | None]:
        """Find users by their SIP usernames, which the client chose, in one list."""
        return found_again(self.client.get_items("/users"), new)
