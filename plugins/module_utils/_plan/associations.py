# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the associations of users, lines, extensions and incalls."""

from __future__ import annotations

from .._model.errors import ConflictError
from .._model.records import Extension, Line, User
from .._model.rules import LINE_OF_USER
from .._operations.associations import (
    AssociateIncall,
    AssociateLineExtension,
    AssociateUserLine,
    DissociateIncall,
    DissociateLineExtension,
    DissociateUserLine,
)
from .._operations.base import Dissociate
from .user_parts import UserPartPlanner


class AssociationPlanner(UserPartPlanner):
    """Plans associations. What is associated already, or not associated, needs no operation."""

    def associate_user_line(self, user: User, line: Line, alone: bool = False) -> None:
        """Give a user a line. Raises ConflictError if the user has another line.

        alone: whether the line must have no other user. Raises ConflictError if it has one.
        """
        current = self.state.line_of(user)
        if current is line:
            return
        if current:
            raise ConflictError(
                f"{user} already has {current}.",
                "Dissociate that line first (confd_user_line). If another run has just associated it, run again.",
            )
        main = self.state.main_user_of(line)
        if main and alone:
            raise ConflictError(
                f"{line} already belongs to {main}.",
                "Dissociate the two first, or give the user another line. If another run has just associated them, run "
                "again when that run has ended.",
            )
        self._refuse_for(user, LINE_OF_USER)
        operation = AssociateUserLine(user, line, alone)
        if main:
            operation.warning = f"{line} already has a main user, {main}; {user} becomes a secondary user."
        self.operations.append(operation)
        self.state.link_user(user, line)

    def dissociate_user_line(self, user: User, line: Line) -> None:
        """Take a line from a user."""
        if self.state.line_of(user) is not line and user not in self.state.users_of(line):
            return
        # The servers take a user who loses a line out of the groups (person-xivo-16.16.md, trap 3). Planned before, it
        # is shown, and put back with the line if the plan fails.
        self.leave_groups(user)
        self.operations.append(DissociateUserLine(user, line))
        self.state.unlink_user(user, line)

    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        """Give a line its internal extension.

        Raises ConflictError if the extension has another owner, or the line has another extension, no endpoint, or a
        context that API clients cannot change.
        """
        if self.state.extension_of(line) is extension:
            return
        self._refuse_taken(extension)
        self._refuse_unfit(line, extension)
        current = self.state.extension_of(line)
        if current:
            raise ConflictError(
                f"{line} already has extension {current}.",
                f"Change its number to {extension['exten']} (confd_extension with its id), or dissociate it first.",
            )
        self.operations.append(AssociateLineExtension(line, extension))
        self.state.link_extension(line, extension)

    def dissociate_line_extension(self, line: Line, extension: Extension, undo_on_failure: bool = False) -> None:
        """Take its internal extension from a line.

        undo_on_failure: whether a rollback associates them again if a later operation fails.
        """
        if self.state.extension_of(line) is not extension:
            return
        self._dissociate(DissociateLineExtension(line, extension), undo_on_failure)
        self.state.unlink_extension(line, extension)

    def associate_incall(self, user: User, extension: Extension, line: Line | None = None) -> None:
        """Let calls from outside to an extension reach a user. Raises ConflictError if it has another owner.

        line: a line of the user; if None, the main line.
        """
        if self.state.has_incall(user, extension):
            return
        self._refuse_taken(extension)
        line = line or self.state.line_of(user)
        self.operations.append(AssociateIncall(user, line, extension))
        self.state.link_incalls(user, [extension], line)

    def dissociate_incall(self, user: User, extension: Extension, undo_on_failure: bool = False) -> None:
        """Stop calls from outside to an extension from reaching a user.

        undo_on_failure: whether a rollback associates them again if a later operation fails.
        """
        if extension not in self.state.incalls_of(user):
            return
        self._dissociate(DissociateIncall(user, self.state.line_of(user), extension), undo_on_failure)
        self.state.unlink_incall(user, extension)

    def _refuse_unfit(self, line: Line, extension: Extension) -> None:
        if line.id is None or line.is_sip:
            return
        if line.protocol is None:
            raise ConflictError(f"{line} cannot have an extension.", "Give the line a SIP account, or delete it.")
        if self.state.backend.changes_sip_lines_only and line["context"] != extension["context"]:
            raise ConflictError(
                f"{extension} cannot be associated with {line}, which is in context {line['context']}: this server "
                "lets API clients change the context of SIP lines only.",
                "Use a number of that context, or change the line in the web interface.",
            )

    def _dissociate(self, operation: Dissociate, undo_on_failure: bool) -> None:
        if undo_on_failure:
            operation.undo_on_failure()
        self.operations.append(operation)

    def _refuse_taken(self, extension: Extension) -> None:
        owner = self.state.owner_of(extension)
        if owner:
            raise ConflictError(
                f"{extension} already belongs to {owner}.",
                "Dissociate it first (confd_line_extension with state absent), or use another number. "
                "If another run has just associated it, run again.",
            )
