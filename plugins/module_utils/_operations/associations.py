# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that associate users, lines and extensions with each other, and dissociate them."""

from __future__ import annotations

from dataclasses import dataclass

from .._backends.base import Backend
from .._model.errors import RUN_AGAIN, ConflictError
from .._model.records import Extension, Line, Row, User, id_of
from .base import Associate, Association, Dissociate, Naming, are_opposites


@dataclass
class _UserLine(Association):
    resource_type = "user_line"
    OWNER, OWNED = "user", "line"
    user: User
    line: Line

    def describe(self, name: Naming = str, /) -> str:
        return f"{name(self.user)} {self.preposition} {name(self.line)}"

    def exists(self, backend: Backend) -> bool:
        return backend.line_of_user(id_of(self.user)) == self.line.id

    def associate(self, backend: Backend) -> None:
        backend.associate_user_line(self.user, self.line)

    def dissociate(self, backend: Backend) -> None:
        backend.dissociate_user_line(self.user, self.line)


@dataclass
class AssociateUserLine(_UserLine, Associate):
    """Gives a user a line. alone: whether the line must have no other user."""

    alone: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._is_new_line = self.line.id is None

    def perform(self, backend: Backend) -> None:
        """Write. Raises ConflictError if another run has given the line to somebody since the plan was made.

        A line that the same plan creates gets its user at once, so the answer of the server is enough to see that.
        """
        if self.alone and not (self._is_new_line and backend.tells_main_user):
            others = self._others(backend)
            if others:
                raise self._conflict(others)
        super().perform(backend)

    def associate(self, backend: Backend) -> None:
        is_main_user = backend.associate_user_line(self.user, self.line)
        if self.alone and is_main_user is False:
            backend.dissociate_user_line(self.user, self.line)
            raise self._conflict(self._others(backend))

    def _others(self, backend: Backend) -> set[int]:
        return set(backend.users_of_line(id_of(self.line))) - {self.user.id}

    def _conflict(self, others: set[int]) -> ConflictError:
        other = f"user {min(others)}" if others else "another user"
        return ConflictError(f"Another run associated {self.line} with {other} at the same time.", RUN_AGAIN)

    def opposite(self) -> Association:
        return DissociateUserLine(self.user, self.line)


class DissociateUserLine(_UserLine, Dissociate):
    """Takes a line from a user."""


@dataclass
class _LineExtension(Association):
    resource_type = "line_extension"
    OWNER, OWNED, OWNED_NAME = "line", "extension", "number"
    line: Line
    extension: Extension

    @property
    def pair(self) -> Row:
        return {**super().pair, "extension": str(self.extension)}

    def exists(self, backend: Backend) -> bool:
        owner = backend.owner_of_extension(id_of(self.extension))
        return owner is not None and owner.line_id == self.line.id

    def associate(self, backend: Backend) -> None:
        backend.associate_line_extension(self.line, self.extension)

    def dissociate(self, backend: Backend) -> None:
        backend.dissociate_line_extension(self.line, self.extension)


class AssociateLineExtension(_LineExtension, Associate):
    """Gives a line its internal extension."""


class DissociateLineExtension(_LineExtension, Dissociate):
    """Takes its internal extension from a line."""


@dataclass
class _Incall(Association):
    resource_type = "line_extension"
    OWNER, OWNED, OWNED_NAME = "user", "extension", "direct number"
    user: User
    line: Line | None
    extension: Extension

    def describe(self, name: Naming = str, /) -> str:
        return f"incall {self.extension} {self.preposition} {name(self.user)}"

    @property
    def pair(self) -> Row:
        return {
            "line_id": self.line.id if self.line else None,
            "extension_id": self.extension.id,
            "extension": str(self.extension),
        }

    def exists(self, backend: Backend) -> bool:
        return self.extension.id in backend.incalls_of_user(id_of(self.user), self.line.id if self.line else None, None)

    def associate(self, backend: Backend) -> None:
        backend.associate_incall(self.user, self.line, self.extension)

    def dissociate(self, backend: Backend) -> None:
        backend.dissociate_incall(self.user, self.line, self.extension)


class AssociateIncall(_Incall, Associate):
    """Lets calls from outside to an extension reach a user."""


class DissociateIncall(_Incall, Dissociate):
    """Stops calls from outside to an extension from reaching a user."""


are_opposites(AssociateUserLine, DissociateUserLine)
are_opposites(AssociateLineExtension, DissociateLineExtension)
are_opposites(AssociateIncall, DissociateIncall)
