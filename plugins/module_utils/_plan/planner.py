# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the wanted state with the state of the server and plans the operations between them.

A Planner collects operations and changes its ServerState as each operation will change the server. Modules plan one
object with it, ``_bulk`` plans lists. Nothing else decides what changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._model.errors import ConflictError
from .._model.records import Extension, Line, Owner, User
from .._state.lookup import describe
from .associations import AssociationPlanner
from .leavers import LeaverPlanner
from .voicemails import VoicemailPlanner


class Planner(LeaverPlanner, AssociationPlanner, VoicemailPlanner):
    """Plans all resources, and the removal of a user with everything that belongs to the user."""

    def remove_user(self, user: User) -> None:
        """Remove a user with lines, extensions and voicemail, in the order that the servers accept.

        Raises ConflictError when a line or an extension is shared. Source of the order: xivo-15.12.md, "Teardown order
        that always works".
        """
        lines = self.state.lines_of(user)
        self.refuse_shared_lines(user)
        self.clear_fallbacks_to(user)
        # Whatever a number has must be known to put it back.
        self.state.load_numbers_of([user])
        for line in lines:
            self.reset_line_device(line)
        for extension in list(self.state.incalls_of(user)):
            self.dissociate_incall(user, extension)
            self.delete_extension(extension)
        self.remove_voicemail(user)
        for line in lines:
            self.remove_line(user, line)
        self.delete_user(user)

    def remove_line(self, user: User, line: Line) -> None:
        """Remove a line of a user, which has no phone, with its number."""
        number = self.state.extension_of(line)
        if number:
            self.dissociate_line_extension(line, number)
            if not self.state.lines_of_extension(number):
                self.delete_extension(number)
        self.dissociate_user_line(user, line)
        self.delete_line(line)

    def refuse_shared_lines(self, user: User) -> None:
        """Raise ConflictError if a line or an internal number of a user belongs to somebody else, too."""
        for line in self.state.lines_of(user):
            self.refuse_shared(user, line)

    def refuse_shared(self, user: User, line: Line) -> None:
        """Raise ConflictError if a line of a user, or its number, belongs to somebody else, too."""
        others = [each for each in self.state.users_of(line) if each is not user]
        if others:
            raise ConflictError(
                f"{line} of {user} is shared with {describe(others)}.",
                "Dissociate one of the users from it first (confd_user_line).",
            )
        number = self.state.extension_of(line)
        if number:
            lines = self.state.lines_of_extension(number)
            self.refuse_shared_number(user, number, [each for each in lines if user not in self.state.users_of(each)])

    def refuse_shared_number(self, user: User, number: Extension, others: Sequence[Line]) -> None:
        """Raise ConflictError if other lines have the extension of a user as well."""
        if others:
            also = ", ".join(str(Owner(line, self.state.main_user_of(line))) for line in others)
            raise ConflictError(
                f"{number} of {user} is shared with {also}.",
                "Dissociate it from one of the lines first (confd_line_extension).",
            )

    def remove_voicemail(self, user: User) -> None:
        """Dissociate the voicemail of a user, and delete it if nobody else has it."""
        voicemail = self.state.voicemails.of(user)
        if voicemail:
            self.dissociate_voicemail(user)
            if not self.state.voicemails.users_of(voicemail):
                self.delete_voicemail(voicemail)
