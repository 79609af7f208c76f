# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that tie users, lines and numbers to each other, and part them."""

from __future__ import annotations

from dataclasses import dataclass

from .._backends.base import Backend
from .._http.confirm import create_once, ensure_deleted
from .._model.records import Extension, Line, Row, User
from .base import Operation
from .verify import id_of


@dataclass
class _UserLine(Operation):
    resource_type = "user_line"
    user: User
    line: Line

    def describe(self) -> str:
        return f"{self.user} with {self.line}"

    @property
    def _pair(self) -> Row:
        return {"user_id": self.user.id, "line_id": self.line.id}

    def _is_there(self, backend: Backend) -> bool:
        return backend.line_of_user(id_of(self.user)) == self.line.id


class AssociateUserLine(_UserLine):
    """A user gets a line."""

    action = "associate"

    @property
    def after(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        create_once(lambda: backend.associate_user_line(self.user, self.line) or True, lambda: self._is_there(backend))

    def reverse(self) -> Operation:
        return DissociateUserLine(self.user, self.line)


class DissociateUserLine(_UserLine):
    """A user has this line no more."""

    action = "dissociate"

    @property
    def before(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: backend.dissociate_user_line(self.user, self.line), lambda: self._is_there(backend))


@dataclass
class _LineExtension(Operation):
    resource_type = "line_extension"
    line: Line
    extension: Extension

    def describe(self) -> str:
        return f"{self.extension} with {self.line}"

    @property
    def _pair(self) -> Row:
        return {"line_id": self.line.id, "extension_id": self.extension.id, "extension": str(self.extension)}

    def _is_there(self, backend: Backend) -> bool:
        owner = backend.owner_of_extension(id_of(self.extension))
        return owner is not None and owner.line_id == self.line.id


class AssociateLineExtension(_LineExtension):
    """A line gets its internal number."""

    action = "associate"

    @property
    def after(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        create_once(
            lambda: backend.associate_line_extension(self.line, self.extension) or True, lambda: self._is_there(backend)
        )

    def reverse(self) -> Operation:
        return DissociateLineExtension(self.line, self.extension)


class DissociateLineExtension(_LineExtension):
    """A line has this number no more."""

    action = "dissociate"

    @property
    def before(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        ensure_deleted(lambda: backend.dissociate_line_extension(self.line, self.extension), lambda: self._is_there(backend))


@dataclass
class _Incall(Operation):
    resource_type = "line_extension"
    user: User
    line: Line | None
    extension: Extension

    def describe(self) -> str:
        return f"incall {self.extension} with {self.user}"

    @property
    def _pair(self) -> Row:
        return {
            "line_id": self.line.id if self.line else None,
            "extension_id": self.extension.id,
            "extension": str(self.extension),
        }

    def _is_there(self, backend: Backend) -> bool:
        return self.extension.id in backend.incalls_of_user(id_of(self.user), self.line.id if self.line else None, None)


class AssociateIncall(_Incall):
    """A user is called from outside by this number."""

    action = "associate"

    @property
    def after(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        create_once(
            lambda: backend.associate_incall(self.user, self.line, self.extension) or True,
            lambda: self._is_there(backend),
        )

    def reverse(self) -> Operation:
        return DissociateIncall(self.user, self.line, self.extension)


class DissociateIncall(_Incall):
    """A user is not called by this number any more."""

    action = "dissociate"

    @property
    def before(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        ensure_deleted(
            lambda: backend.dissociate_incall(self.user, self.line, self.extension), lambda: self._is_there(backend)
        )
