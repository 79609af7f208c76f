# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generation does with SIP lines."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..._model.errors import UnsupportedError
from ..._model.records import Extension, Line, Row


class LineInterface(ABC):
    """Reads and writes SIP lines, and associates them with extensions and devices."""

    @abstractmethod
    def list_lines(self) -> list[Row]:
        """Return all lines. The fields secret and callerid may be missing."""

    @abstractmethod
    def list_detailed_lines(self) -> list[Row]:
        """Return all lines with all fields; slow on some generations."""

    @abstractmethod
    def get_line(self, line_id: int) -> Row | None:
        """Return a line with all fields; None if there is none."""

    @abstractmethod
    def create_line(self, values: Row) -> Row:
        """Create a SIP line and return it, with its id."""

    @abstractmethod
    def update_line(self, line_id: int, changes: Row) -> Row:
        """Write the changes and return what is read back."""

    @abstractmethod
    def delete_line(self, line_id: int) -> None:
        """Delete a line without associations."""

    @abstractmethod
    def users_of_line(self, line_id: int) -> list[int]:
        """Return the ids of the users, the main user first."""

    @abstractmethod
    def extension_of_line(self, line_id: int) -> Row | None:
        """Return the internal extension of a line; None for a line without one."""

    @abstractmethod
    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        """Associate a line with its internal extension."""

    @abstractmethod
    def dissociate_line_extension(self, line: Line, extension: Extension) -> None:
        """Dissociate a line from its internal extension."""

    @abstractmethod
    def device_of_line(self, line_id: int) -> str | None:
        """Return the id of the device that a line is on; None for a line without device."""

    def devices_of_lines(self) -> dict[int, str | None]:
        """Return {line id: id of its device} of all lines."""
        return {row["id"]: row["device_id"] for row in self.list_lines()}

    def lines_of_device(self, device_id: str) -> list[int]:
        """Return the ids of the lines that are on a device."""
        return [line_id for line_id, device in self.devices_of_lines().items() if device == device_id]

    def associate_line_device(self, line_id: int, device_id: str) -> None:
        """Put a line that has an extension and a user on a device. Raises UnsupportedError on older generations."""
        raise UnsupportedError("This server does not allow API clients to put a line on a phone.")

    def dissociate_line_device(self, line_id: int, device_id: str) -> None:
        """Take a line off a device. Raises UnsupportedError on older generations."""
        raise UnsupportedError("This server does not allow API clients to take a line off a phone.")
