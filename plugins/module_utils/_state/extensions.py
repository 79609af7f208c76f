# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extensions of a ServerState, their owners and their contexts."""

from __future__ import annotations

from collections.abc import Iterable

from .._model.contexts import ContextInfo
from .._model.numbers import ExtensionKey
from .._model.records import Extension, Line, NumberUse, Owner, Row, User, id_order
from .._model.resources import EXTENSION, normalised
from .._model.snapshot import OwnerIds
from .lines import LineState


class ExtensionState(LineState):
    """Finds extensions, the lines and users that have them, and the contexts that they are in."""

    # Reading many

    def read_extensions(self, keys: Iterable[ExtensionKey]) -> None:
        """Read those of many extensions that are not known, in as few requests as the generation can."""
        unknown = [key for key in dict.fromkeys(keys) if not self._knows(key)]
        for row in self.backend.find_extensions(unknown) if unknown else ():
            self._store_extension(row)
        for key in unknown:
            self._extensions_by_key.setdefault(key, None)

    def read_all_extensions(self, *contexts: str) -> None:
        """Read all extensions of some contexts, or of the whole server without contexts; each context once."""
        missing = [each for each in dict.fromkeys(contexts) if each not in self._complete_contexts]
        if self._all_extensions or (contexts and not missing):
            return
        for context in missing or (None,):
            for row in self.backend.list_extensions(context):
                self._store_extension(row)
        self._complete_contexts.update(missing)
        self._all_extensions = not contexts

    def load_full_extensions(self, extensions: Iterable[Extension]) -> None:
        """Read the fields that users and lines leave out of embedded extensions, in as few requests as possible."""
        partial = [each.key for each in extensions if each.id and "commented" not in each.fields]
        for row in self.backend.find_extensions(partial) if partial else ():
            self._store_extension(row)

    # Extensions

    def extensions(self) -> list[Extension]:
        """Return the extensions that were read, by id. After ``read_all_extensions`` these are all."""
        return sorted((each for each in self._extensions_by_key.values() if each and each.id), key=id_order)

    def extension(self, extension_id: int) -> Extension | None:
        """Return the extension of an id; None if there is none."""
        if extension_id not in self._extensions and not self._all_extensions:
            row = self.backend.get(EXTENSION, extension_id)
            return self._store_extension(row) if row else None
        return self._extensions.get(extension_id)

    def extension_at(self, exten: str, context: str) -> Extension | None:
        """Return the extension with this number in this context; None if there is none."""
        key = (exten, context)
        if not self._knows(key):
            row = self.backend.find_extension(exten, context)
            self._extensions_by_key[key] = self._store_extension(row) if row else None
        return self._extensions_by_key.get(key)

    def load_full_extension(self, extension: Extension) -> Extension:
        """Return the extension, with the fields read that users and lines leave out when they embed it."""
        if "commented" not in extension.fields and extension.id:
            row = self.backend.get(EXTENSION, extension.id)
            if row:
                extension.fields = {**normalised(extension.resource, row), **extension.fields}
        return extension

    def add_extension(self, extension: Extension) -> None:
        """Add an extension that a planned operation creates: without owner."""
        self._extensions_by_key[extension.key] = extension
        self._owner_of[extension] = None

    def remove_extension(self, extension: Extension) -> None:
        """Remove an extension that a planned operation deletes."""
        self._extensions_by_key[extension.key] = None

    # Their owners

    def extension_of(self, line: Line) -> Extension | None:
        """Return the internal extension of a line; None if it has none."""
        if line not in self._extension_of:
            row = self.backend.extension_of_line(line.id) if line.id else None
            self._extension_of[line] = self._store_extension(row) if row else None
        return self._extension_of[line]

    def extension_of_user(self, user: User) -> Extension | None:
        """Return the internal extension of a user's main line; None if there is none."""
        line = self.line_of(user)
        return self.extension_of(line) if line else None

    def line_with(self, extension: Extension) -> tuple[bool, Line | None]:
        """Return (whether an extension has an owner; the line that has it), without reading the users of the line."""
        shown = self._shown_owner_of.get(extension)
        if extension not in self._owner_of and shown and shown.line_id:
            line = self.line(shown.line_id)
            if line:
                return True, line
        owner = self.owner_of(extension)
        return owner is not None, owner.line if owner else None

    def leads_to(self, extension: Extension, line: Line) -> bool:
        """Return whether an extension is the internal number of a line, or an incall of its main user.

        False may also mean that the server shows another owner first: a number can be on two lines.
        """
        owner = self.backend.owner_of_extension(extension.id) if extension.id and line.id else None
        if owner is None or line.id is None:
            return False
        if owner.line_id:
            return owner.line_id == line.id
        return owner.user_id is not None and owner.user_id == next(iter(self.backend.users_of_line(line.id)), None)

    def owner_of(self, extension: Extension) -> Owner | None:
        """Return the owner of an extension, internal or incall; None if it has none that the API shows."""
        self._look_up_shown_owner(extension)
        if extension not in self._owner_of:
            found = self.backend.owner_of_extension(extension.id) if extension.id else None
            self._owner_of[extension] = self._owner(*found) if found else None
        return self._owner_of[extension]

    def listed_owner_of(self, extension: Extension) -> tuple[bool, Owner | None]:
        """Return (whether the owner of an extension was read; the owner, see ``owner_of``).

        Takes no request after ``read_snapshot``.
        """
        self._look_up_shown_owner(extension)
        return extension in self._owner_of, self._owner_of.get(extension)

    def lines_of_extension(self, extension: Extension) -> list[Line]:
        """Return the lines that have an internal extension, as far as they were read: normally one."""
        return self._lines_of_extension.get(extension, [])

    def lines_by_number(self) -> dict[ExtensionKey, list[Line]]:
        """Return {(exten, context): its lines} of all internal extensions that were read; normally one line each."""
        lines: dict[ExtensionKey, list[Line]] = {}
        for line, extension in self._extension_of.items():
            if extension:
                lines.setdefault(extension.key, []).append(line)
        return lines

    # Their contexts

    def contexts(self) -> dict[str, ContextInfo] | None:
        """Return the contexts by name; None where the server does not show them."""
        return self.backend.list_contexts()

    def read_contexts_again(self) -> bool:
        """Stop using contexts that an earlier task has read. Return whether any were in use."""
        was_earlier = self.backend.read_contexts_again()
        if was_earlier:
            self._incall_contexts.clear()
        return was_earlier

    def is_incall(self, context: str) -> bool | None:
        """Return whether the numbers of a context are called from outside; None if the server cannot tell."""
        if context not in self._incall_contexts:
            found = self.backend.is_incall_context(context)
            if found is None and self.read_contexts_again():
                found = self.backend.is_incall_context(context)
            self._incall_contexts[context] = found
        return self._incall_contexts[context]

    # Helpers

    def _knows(self, key: ExtensionKey) -> bool:
        return key in self._extensions_by_key or self._all_extensions or key[1] in self._complete_contexts

    def _store_extension(self, row: Row) -> Extension:
        """Return the record of an extension's row. The first row of an extension tells its owner, if it shows one."""
        known = row["id"] in self._extensions
        extension = self._extensions.store(row)
        if not known:
            self._extensions_by_key.setdefault(extension.key, extension)
            if "owner" in row and extension not in self._owner_of:
                self._shown_owner_of[extension] = row["owner"]
                if self.complete:
                    # This takes no request, and the plan has not changed the owner yet.
                    self._look_up_shown_owner(extension)
        return extension

    def _look_up_shown_owner(self, extension: Extension) -> None:
        """Look up the line and the user that the row of an extension names as its owner."""
        if extension in self._shown_owner_of and extension not in self._owner_of:
            shown = self._shown_owner_of[extension]
            self._owner_of[extension] = self._owner(*shown) if shown else None

    def _owner(
        self, line_id: int | None, user_id: int | None, other: str = "", use: NumberUse | None = None
    ) -> Owner | None:
        line = self.line(line_id) if line_id else None
        user = self.user(user_id) if user_id else self.main_user_of(line) if line else None
        if line_id and not line:
            other = f"line {line_id}"
        return Owner(line, user, other, use) if line or user or other else None

    def _set_extension(self, line: Line, extension: Extension) -> None:
        self._extension_of[line] = extension
        self._lines_of_extension.setdefault(extension, []).append(line)
        if line.id and line not in self._users_of:
            # The users of the line were not read, and nobody may ask for them.
            self._owner_of.pop(extension, None)
            self._shown_owner_of[extension] = OwnerIds(line.id, None)
        else:
            self._owner_of[extension] = Owner(line, self.main_user_of(line))
