# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would change about a device, and which line is on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.errors import ConflictError
from .._model.records import Device, Line
from .._model.resources import (
    DEVICE_SETTINGS,
    differences,
)
from .._operations.device import (
    AUTOPROV,
    RESET_TIMEOUT,
    AssociateLineDevice,
    DissociateLineDevice,
    ResetDevice,
    SynchronizeDevice,
    UpdateDevice,
)
from .base import BasePlanner


class DevicePlanner(BasePlanner):
    """Plans devices."""

    def ensure_device(self, device: Device, values: Mapping[str, Any]) -> None:
        """Give a phone those of DEVICE_SETTINGS that differ; of ``options`` the keys that are given."""
        wanted = {name: value for name, value in values.items() if name in DEVICE_SETTINGS and value is not None}
        options = {key: value for key, value in (wanted.pop("options", None) or {}).items() if value is not None}
        if options:
            wanted["options"] = {**(device["options"] or {}), **options}
        changes = differences(device.fields, wanted)
        if changes:
            old = {name: device[name] for name in changes}
            self.operations.append(UpdateDevice(device, changes, old))
            device.fields.update(changes)

    def reset_device(self, device: Device, timeout: float = RESET_TIMEOUT) -> None:
        """Put a phone into autoprov unless it is there; timeout: seconds that it may take."""
        if device["status"] != AUTOPROV:
            self.operations.append(ResetDevice(device, timeout=timeout))
            device.fields["status"] = AUTOPROV

    def synchronize_device(self, device: Device) -> None:
        """Tell a phone to read its configuration. Nobody can know whether it needs to: always a step."""
        self.operations.append(SynchronizeDevice(device))

    def associate_line_device(self, line: Line, device: Device, synchronize: bool = True) -> None:
        """Put a line on a phone, and make the phone read it. Another phone of the line goes into autoprov.

        Raises ConflictError when another line has that place on the phone.
        """
        state = self.state
        if state.device_of(line) == device.id:
            return
        for other in map(state.line, state.backend.lines_of_device(device.id)):
            if other and other is not line and other["device_slot"] == line["device_slot"]:
                user = state.main_user_of(other)
                raise ConflictError(
                    f"{device} has {other}{f' of {user}' if user else ''} on key {other['device_slot']} already.",
                    "Put the phone into autoprov first (confd_device), or give line.device_slot.",
                )
        self.reset_line_device(line)
        self.operations.append(AssociateLineDevice(line, device))
        line.device_id, line.device_known = device.id, True
        if synchronize:
            self.synchronize_device(device)

    def dissociate_line_device(self, line: Line, device: Device) -> None:
        """Take a line off a phone, which goes into autoprov by that."""
        if self.state.device_of(line) == device.id:
            self.operations.append(DissociateLineDevice(line, device))
            line.device_id = None

    def reset_line_device(self, line: Line) -> None:
        """Put the device of a line, if it has one, into autoprov."""
        device_id = self.state.device_of(line)
        if device_id:
            self.operations.append(ResetDevice(Device(device_id), line))
            line.device_id = None
