# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what users have on the server that the entries of an export do not contain (design.md, rule 12)."""

from __future__ import annotations

from collections.abc import Iterator

from .._model.records import Line, Row, User
from .._model.resources import DEVICE, DEVICE_SETTINGS
from .._state.state import ServerState

USUAL_TEMPLATES = (None, "defaultconfigdevice")
"""The templates of a phone that nobody has chosen."""


class Omissions:
    """Collects the omissions of an export, user by user.

    Secrets that are not wanted, and what the server generates, are none.
    """

    def __init__(self, state: ServerState) -> None:
        self.state = state
        self._noted: dict[User, list[str]] = {}
        self._devices = self._read_devices()
        """{id: device}, where entries can name devices."""

    def _read_devices(self) -> dict[str, Row]:
        if not self.state.backend.takes_devices:
            return {}
        self.state.read_devices()
        return {row["id"]: row for row in self.state.backend.search(DEVICE)}

    def mac_of(self, line: Line | None) -> str | None:
        """Return the MAC address of the phone that a line is on; None where an entry cannot name the phone."""
        device = self._devices.get(line.device_id or "") if line else None
        return device["mac"] if device else None

    def note(self, user: User, what: str) -> None:
        """Remember something of a user that the export leaves out."""
        self._noted.setdefault(user, []).append(what)

    def of(self, user: User, line: Line | None) -> list[str]:
        """Return in words what a user has and the entry does not contain. line: the line of the entry."""
        found = {**self.state.undescribed_of(user), **(self.state.undescribed_of_line(line) if line else {})}
        undescribed = [f"{what}: {words}" for what, words in found.items()]
        return [*undescribed, *(self._of_phone(line) if line else ()), *self._noted.get(user, ())]

    def _of_phone(self, line: Line) -> Iterator[str]:
        """Yield a text for the phone of a line if an entry cannot name it, or for each of its settings."""
        if not line.device_id:
            return
        device = self._devices.get(line.device_id)
        if device is None or not device["mac"]:
            yield f"phone: device {line.device_id}"
            return
        for name in DEVICE_SETTINGS:
            if device[name] and device[name] not in USUAL_TEMPLATES:
                # Options can hold passwords.
                value = "set" if name == "options" else device[name]
                yield f"{name.removesuffix('_id')} of the phone: {value}"
