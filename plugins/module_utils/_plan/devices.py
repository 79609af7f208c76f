# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans devices, and the lines that are on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.errors import ConflictError
from .._model.records import Device, Line
from .._model.resources import (
    CORRUPT,
    DEVICE,
    DEVICE_SETTINGS,
    DROPPED_BY_AUTOPROV,
    NOT_CONFIGURED,
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
    without_plugin,
)
from .base import BasePlanner


class DevicePlanner(BasePlanner):
    """Plans changes of devices and of their lines."""

    def ensure_device(self, device: Device, values: Mapping[str, Any]) -> None:
        """Give a device the settings (DEVICE_SETTINGS) that differ; of ``options``, only the given keys."""
        wanted = {name: value for name, value in values.items() if name in DEVICE_SETTINGS and value is not None}
        options = {key: value for key, value in (wanted.pop("options", None) or {}).items() if value is not None}
        if options:
            wanted["options"] = {**(device["options"] or {}), **options}
        changes = differences(device.fields, wanted)
        if changes and device["status"] == CORRUPT:
            raise ConflictError(
                f"{device} has no configuration on the provisioning server, so it cannot be changed.",
                "Put it into autoprov first (state autoprov), which gives it one.",
            )
        if changes:
            self.state.backend.check_values(DEVICE, {name: value for name, value in changes.items() if name in values})
            old = {name: device[name] for name in changes}
            self.operations.append(UpdateDevice(device, changes, old))
            device.fields.update(changes)

    def reset_device(self, device: Device, timeout: float = RESET_TIMEOUT) -> None:
        """Reset a device to autoprov unless it is there. Plan its template and options afterwards: it loses them.

        timeout: seconds that the device may take. Raises ConflictError for a device that never gets there.
        """
        if device["status"] == NOT_CONFIGURED and not device["plugin"]:
            raise ConflictError(f"{device} cannot be put into autoprov.", without_plugin(device))
        if device["status"] != AUTOPROV:
            self.operations.append(ResetDevice(device, timeout=timeout))
            device.fields.update(dict.fromkeys(DROPPED_BY_AUTOPROV), status=AUTOPROV)

    def synchronize_device(self, device: Device) -> None:
        """Make a device read its configuration. The API does not show whether it has to, so this is always planned."""
        self.operations.append(SynchronizeDevice(device))

    def associate_line_device(self, line: Line, device: Device, synchronize: bool = True) -> None:
        """Put a line on a device. Another device of the line is reset to autoprov.

        synchronize: whether the device is made to read its configuration.
        Raises ConflictError when another line has the same device_slot on the device.
        """
        state = self.state
        if state.device_of(line) == device.id:
            return
        other = self.ownership.other_in_slot(line, device, line["device_slot"])
        if other:
            raise ConflictError(
                f"{device} already has {other} in slot {line['device_slot']}.",
                "Reset the phone to autoprov first (confd_device), or set another device_slot for the line.",
            )
        self.reset_line_device(line)
        self.operations.append(AssociateLineDevice(line, device))
        state.put_on_device(line, device.id)
        if synchronize:
            self.synchronize_device(device)

    def dissociate_line_device(self, line: Line, device: Device) -> None:
        """Take a line off a device, which resets the device to autoprov."""
        if self.state.device_of(line) == device.id:
            self.operations.append(DissociateLineDevice(line, device))
            self.state.put_on_device(line, None)

    def reset_line_device(self, line: Line) -> None:
        """Reset the device of a line, if it has one, to autoprov. The other lines on the device stay there.

        With other lines, the device keeps its template and its options, which autoprov takes away.
        Raises ConflictError for another line that the server would not put back, because it has no number.
        """
        device_id = self.state.device_of(line)
        if device_id:
            others = self.state.lines_of_device(device_id) if self.state.backend.takes_devices else []
            others = [each for each in others if each is not line]
            self.operations.append(ResetDevice(Device(device_id), line, others=others))
            self.state.put_on_device(line, None)
            self._put_back(others, Device(device_id))

    def _put_back(self, lines: Sequence[Line], device: Device) -> None:
        row = (self.state.backend.get(DEVICE, device.id) or {}) if lines else {}
        for line in lines:
            if self.state.extension_of(line) is None:
                raise ConflictError(
                    f"{device} must be reset to autoprov, but {line} is also on it and could not be put back, because "
                    "the line has no number.",
                    f"Associate {line} with an extension, or reset the phone to autoprov first (confd_device).",
                )
            self.operations.append(AssociateLineDevice(line, device))
        kept = {name: row[name] for name in DROPPED_BY_AUTOPROV if row.get(name)}
        if kept:
            self.operations.append(UpdateDevice(device, kept, dict.fromkeys(kept)))
