# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which line a user has, which extension a line has, and by which incalls a user is reached."""

from __future__ import annotations

from .._model.errors import ConflictError
from .._model.records import Extension, Line, User
from .._operations.associations import (
    AssociateIncall,
    AssociateLineExtension,
    AssociateUserLine,
    DissociateIncall,
    DissociateLineExtension,
    DissociateUserLine,
)
from .base import BasePlanner


class AssociationPlanner(BasePlanner):
    """Plans who has what."""

    def associate_user_line(self, user: User, line: Line) -> None:
        """Give a user a line."""
        current = self.state.line_of(user)
        if current is line:
            return
        if current:
            raise ConflictError(
                f"{user} has {current} already.",
                "Dissociate that one first (confd_user_line). If another run gave it just now, run again.",
            )
        main = self.state.main_user_of(line)
        operation = AssociateUserLine(user, line)
        if main:
            operation.warning = f"{line} is {main}'s; {user} becomes its secondary user."
        self.operations.append(operation)
        self.state.link_user(user, line)

    def dissociate_user_line(self, user: User, line: Line) -> None:
        """Take a line away from a user."""
        if self.state.line_of(user) is not line and user not in self.state.users_of(line):
            return
        self.operations.append(DissociateUserLine(user, line))
        self.state.unlink_user(user, line)

    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        """Put an internal number on a line."""
        if self.state.extension_of(line) is extension:
            return
        self._refuse_taken(extension)
        if line.id and not line["username"]:
            raise ConflictError(f"{line} can have no number.", "Delete the line, or give it a SIP account.")
        current = self.state.extension_of(line)
        if current:
            raise ConflictError(
                f"{line} has the number {current} already.",
                f"Change that number to {extension['exten']} (confd_extension with its id), or dissociate it first.",
            )
        self.operations.append(AssociateLineExtension(line, extension))
        self.state.link_number(line, extension)

    def dissociate_line_extension(self, line: Line, extension: Extension) -> None:
        """Take its internal number away from a line."""
        if self.state.extension_of(line) is not extension:
            return
        self.operations.append(DissociateLineExtension(line, extension))
        self.state.unlink_number(line, extension)

    def associate_incall(self, user: User, extension: Extension) -> None:
        """Let a user be called from outside by a number."""
        if extension in self.state.incalls_of(user):
            return
        self._refuse_taken(extension)
        self.operations.append(AssociateIncall(user, self.state.line_of(user), extension))
        self.state.link_incall(user, extension)

    def dissociate_incall(self, user: User, extension: Extension) -> None:
        """A user is not called from outside by this number any more."""
        if extension not in self.state.incalls_of(user):
            return
        self.operations.append(DissociateIncall(user, self.state.line_of(user), extension))
        self.state.unlink_incall(user, extension)

    def _refuse_taken(self, extension: Extension) -> None:
        owner = self.state.owner_of(extension)
        if owner:
            raise ConflictError(
                f"{extension} is taken: it belongs to {owner}.",
                "Dissociate it there first, or take another number; nothing is taken away from anybody. "
                "If another run gave it away just now, run again.",
            )
