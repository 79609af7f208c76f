# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every generation does with devices."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..._model.records import Row


class DeviceInterface(ABC):
    """Reads and writes devices."""

    @abstractmethod
    def get_device(self, device_id: str) -> Row | None:
        """Return a device; None if there is none."""

    @abstractmethod
    def update_device(self, device_id: str, changes: Row) -> Row:
        """Write the changes and return what is read back."""

    @abstractmethod
    def reset_device(self, device_id: str) -> None:
        """Reset a device to autoprov, which takes its line off it. It may still take a while after the answer."""

    @abstractmethod
    def synchronize_device(self, device_id: str) -> None:
        """Make a device read its configuration."""
