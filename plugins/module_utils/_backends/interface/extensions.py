# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generation does with extensions, incalls and contexts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from ..._model.contexts import ContextInfo
from ..._model.numbers import ExtensionKey
from ..._model.records import Extension, Line, Row, User
from ..._model.snapshot import OwnerIds


class ExtensionInterface(ABC):
    """Reads and writes extensions, finds their owners and contexts, and associates incalls with users.

    Rows of extensions may have the key "owner": OwnerIds, or None for an extension without owner.
    """

    @abstractmethod
    def get_extension(self, extension_id: int) -> Row | None:
        """Return an extension; None if there is none."""

    @abstractmethod
    def find_extension(self, exten: str, context: str) -> Row | None:
        """Return the extension with this number in this context; None if there is none."""

    def find_extensions(self, keys: Iterable[ExtensionKey]) -> Iterator[Row]:
        """Yield those of these extensions that exist."""
        for exten, context in keys:
            row = self.find_extension(exten, context)
            if row:
                yield row

    def list_extensions(self, context: str | None = None) -> list[Row]:
        """Return all extensions, or those of a context. Not needed where read_snapshot returns all of them."""
        raise AssertionError("read_snapshot has read all extensions")

    @abstractmethod
    def create_extension(self, values: Row) -> Row:
        """Create an extension and return it, with its id."""

    @abstractmethod
    def update_extension(self, extension: Extension, changes: Row, line: Line | None, user: User | None) -> Row:
        """Write the changes in place and return what is read back. line, user: its owners, who keep it."""

    @abstractmethod
    def delete_extension(self, extension_id: int) -> None:
        """Delete an extension without owner."""

    @abstractmethod
    def owner_of_extension(self, extension_id: int) -> OwnerIds | None:
        """Return the owner of an extension, internal or incall; None if it has none that this generation shows."""

    # Incalls

    @abstractmethod
    def incalls_of_user(self, user_id: int, line_id: int | None, extension_id: int | None) -> list[int]:
        """Return the ids of the extensions by which a user is called from outside.

        line_id, extension_id: the user's main line and its internal extension.
        """

    @abstractmethod
    def associate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Let calls from outside to an extension reach a user. line: the user's main line."""

    @abstractmethod
    def dissociate_incall(self, user: User, line: Line | None, extension: Extension) -> None:
        """Stop calls from outside to an extension from reaching a user. line: the user's main line."""

    # Contexts

    def list_contexts(self) -> dict[str, ContextInfo] | None:
        """Return the contexts by name; None where this generation does not show them."""
        return None

    def context_name_of(self, name: str) -> str:
        """Return the name of the context that is meant: this name, or the label of a context where it has one."""
        return name

    @abstractmethod
    def is_incall_context(self, context: str) -> bool | None:
        """Return whether the extensions of a context are called from outside; None if that cannot be known."""
