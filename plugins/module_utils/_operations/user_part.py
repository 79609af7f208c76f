# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on the settings of a user that have requests of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._backends.base import Backend
from .._http.confirm import create_once, ensure_deleted
from .._model.destinations import Linking
from .._model.errors import ConfdError, RequestError, TimedOutError
from .._model.func_keys import KeySet
from .._model.records import WARNING, Row, User, UserPart
from .base import Operation, Update
from .verify import if_holds


@dataclass
class UpdateUserPart(Update):
    """Changes settings of a user, such as the forwards."""

    RECORD = "part"
    part: UserPart
    changes: Row
    old: Row

    @property
    def resource_type(self) -> str:
        return self.part.resource.name

    @property
    def is_link(self) -> bool:
        return self.part.resource.links

    @property
    def before(self) -> Row:
        return shown_values(super().before, self.changes)

    @property
    def after(self) -> Row:
        return shown_values(self.changes, self.old)

    @property
    def user(self) -> User:
        """The user whose settings are written."""
        return self.part.user

    @property
    def expected(self) -> Row:
        # No server shows the password of a login apart from the user.
        return {name: value for name, value in self.changes.items() if name not in self.part.resource.secrets}

    @property
    def restorable(self) -> Row:
        # No server shows the old password of a login, either.
        return {name: value for name, value in self.old.items() if name not in self.part.resource.secrets}

    def check(self, row: Row) -> None:
        super().check(row)
        self.warning = row.get(WARNING) or ""

    def perform(self, backend: Backend) -> None:
        try:
            self._perform(backend)
        except ConfdError as error:
            # Several requests can be needed, of which the server may have carried out the first ones.
            error.is_partial = not isinstance(error, TimedOutError)
            raise

    def _perform(self, backend: Backend) -> None:
        if self.part.resource.secrets.isdisjoint(self.changes):
            self._confirm(backend)
        else:
            # A secret cannot be read back, so an answer that is lost does not count as success.
            self.check(self.write(backend))

    def _confirm(self, backend: Backend) -> None:
        """Write, and verify. Write again if the answer to one of several requests was lost after it was carried out."""
        try:
            super().perform(backend)
        except RequestError as error:
            if isinstance(error, TimedOutError) or not (error.may_have_acted and self._is_begun(backend)):
                raise
            super().perform(backend)

    def _is_begun(self, backend: Backend) -> bool:
        """Return whether the server shows a part of the changes."""
        row = self.read(backend) or {}
        return any(row.get(name) != self.old[name] for name in self.expected if name in self.old)


class CreateUserPart(UpdateUserPart):
    """Gives a user something that not every user has, such as a login."""

    action = "create"

    def perform(self, backend: Backend) -> None:
        self.check(create_once(lambda: self.write(backend), lambda: if_holds(self.read(backend), self.expected)))

    @property
    def lasting(self) -> list[str]:
        # The reversal removes all of it.
        return []

    def reverse(self) -> Operation:
        existence = self.part.resource.existence
        return DeleteUserPart(self.part, {existence: None}, {existence: self.part[existence]})


class DeleteUserPart(UpdateUserPart):
    """Takes from a user something that not every user has."""

    action = "delete"

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: self._remove(backend), lambda: self.read(backend))

    def _remove(self, backend: Backend) -> None:
        self.write(backend)

    def reverse(self) -> Operation | None:
        # A login without its password is none.
        return None


def shown_values(values: Row, others: Row | None = None) -> Row:
    """Return values of fields as a diff shows them: destinations as people write them, and of keys those that differ.

    others: the values on the other side of the diff.
    """
    return {name: _shown(value, (others or {}).get(name)) for name, value in values.items()}


def _shown(value: Any, other: Any) -> Any:
    if isinstance(value, KeySet):
        return value.differing_from(other or {}).words
    return value.words if isinstance(value, Linking) else value
