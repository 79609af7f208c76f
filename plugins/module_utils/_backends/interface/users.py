# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generation does with users."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ..._model.records import Line, Row, User


class UserInterface(ABC):
    """Reads and writes users, and associates them with lines."""

    @abstractmethod
    def find_users(self, **exact: Any) -> list[Row]:
        """Return the users whose fields have exactly these canonical values, by id; all users without values."""

    @abstractmethod
    def get_user(self, user_id: int) -> Row | None:
        """Return a user; None if there is none."""

    @abstractmethod
    def create_user(self, values: Row) -> Row:
        """Create a user and return it, with its id."""

    @abstractmethod
    def update_user(self, user_id: int, changes: Row, result: Row) -> Row:
        """Write the changes and return what is read back. result: all fields as they shall be afterwards."""

    @abstractmethod
    def delete_user(self, user_id: int) -> None:
        """Delete a user without line."""

    @abstractmethod
    def line_of_user(self, user_id: int) -> int | None:
        """Return the id of the user's main line; None for a user without line."""

    @abstractmethod
    def associate_user_line(self, user: User, line: Line) -> None:
        """Associate a user with a line."""

    @abstractmethod
    def dissociate_user_line(self, user: User, line: Line) -> None:
        """Dissociate a user from a line."""

    def voicemail_name(self, user: User) -> str | None:
        """Return the name that any PUT of a user writes into the user's voicemail; None where it writes none."""
        return None
