# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The associations of a ServerState: incalls, and what planned operations associate and dissociate."""

from __future__ import annotations

from collections.abc import Iterable

from .._model.records import Extension, Line, Owner, User
from .extensions import ExtensionState


class AssociationState(ExtensionState):
    """Finds the incalls of users, and changes associations as planned operations will."""

    def incalls_of(self, user: User) -> list[Extension]:
        """Return the extensions by which a user is called from outside."""
        if user not in self._incalls_of:
            self._incalls_of[user] = []
            self.link_incalls(user, self._read_incalls(user))
        return self._incalls_of[user]

    def has_incall(self, user: User, extension: Extension) -> bool:
        """Return whether calls from outside to an extension reach a user."""
        if not self.complete and user not in self._incalls_of and self.owner_of(extension) is None:
            # A single module need not read all incalls of the user for that.
            return False
        return extension in self.incalls_of(user)

    def listed_incalls_of(self, user: User) -> list[Extension] | None:
        """Return the incalls of a user, without a request; None if they were not read."""
        return self._incalls_of.get(user)

    def load_numbers_of(self, users: Iterable[User]) -> None:
        """Read all fields of the internal and direct numbers of users, in as few requests as possible."""
        found = list(users)
        internal = [self.extension_of(line) for user in found for line in self.lines_of(user)]
        incalls = [each for user in found for each in self.incalls_of(user)]
        self.load_full_extensions([*filter(None, internal), *incalls])

    def note_unassociated(self, *records: User | Line) -> None:
        """Take users to have no line, and lines to have neither a user nor an extension, without asking the server."""
        for record in records:
            if isinstance(record, User):
                self._line_of.setdefault(record, None)
            else:
                self._users_of.setdefault(record, [])
                self._extension_of.setdefault(record, None)

    def link_user(self, user: User, line: Line) -> None:
        """Give a user a line."""
        self._line_of[user] = line
        self.users_of(line).append(user)
        # An extension that was not read yet has no owner here that would change.
        extension = self._extension_of.get(line)
        if extension:
            self._owner_of[extension] = Owner(line, self.main_user_of(line))

    def unlink_user(self, user: User, line: Line) -> None:
        """Take a line from a user."""
        if self.line_of(user) is line:
            self._line_of[user] = None
        self._other_lines[user] = [each for each in self._other_lines.get(user, ()) if each is not line]
        self._users_of[line] = [each for each in self.users_of(line) if each is not user]

    def link_extension(self, line: Line, extension: Extension) -> None:
        """Give a line its internal extension, whose context the line takes."""
        self._set_extension(line, extension)
        line.fields["context"] = extension["context"]

    def unlink_extension(self, line: Line, extension: Extension) -> None:
        """Take its internal extension from a line."""
        self._extension_of[line] = None
        lines = self.lines_of_extension(extension)
        self._lines_of_extension[extension] = [each for each in lines if each is not line]
        self._owner_of[extension] = None

    def link_incalls(self, user: User, extensions: Iterable[Extension], line: Line | None = None) -> None:
        """Let calls from outside to extensions reach a user. line: a line of the user; if None, the main line."""
        known = self._incalls_of.get(user)
        for extension in extensions:
            if known is not None:
                # Otherwise the incalls of the user were not read, and this one would seem to be the only one.
                known.append(extension)
            self._owner_of[extension] = Owner(line or self.line_of(user), user)

    def unlink_incall(self, user: User, extension: Extension) -> None:
        """Let calls from outside to an extension reach a user no more."""
        self._incalls_of[user] = [each for each in self.incalls_of(user) if each is not extension]
        self._owner_of[extension] = None

    def _read_incalls(self, user: User) -> list[Extension]:
        line = self.line_of(user)
        # Only where incalls are those of a line, its internal number must be told from them.
        number = self.extension_of_user(user) if self.backend.incalls_hang_on_lines else None
        if not user.id:
            return []
        if line and self.backend.incalls_hang_on_lines and self.main_user_of(line) is not user:
            # Where incalls lead to lines, they lead to the main user of a shared line.
            return []
        ids = self.backend.incalls_of_user(user.id, line.id if line else None, number.id if number else None)
        return [extension for extension in map(self.extension, ids) if extension]
