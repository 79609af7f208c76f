# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone a line is put on, where a client may do that (facts file xivo-16.16, newer equivalents)."""

from __future__ import annotations

from .._model.errors import ConflictError, UnsupportedError
from .._model.records import Device, Line
from .._model.resources import canonical
from .._operations.device import AssociateLineDevice, DissociateLineDevice
from .._state.state import ServerState
from .device import find_device, plan_synchronize
from .planner import Planner


def refuse_phones(state: ServerState, what: str) -> None:
    """Raises UnsupportedError where a client from elsewhere cannot put a line on a phone.

    The oldest generation answers 403 (facts file xivo-15.12, "devices").
    """
    if not state.backend.takes_devices:
        raise UnsupportedError(
            f"{what} cannot be set: this server lets only itself put a line on a phone.",
            "Leave it out, and dial the provisioning code on the phone.",
        )


class Phones:
    """The phones that entries name by their MAC."""

    def __init__(self, state: ServerState) -> None:
        self.state = state
        self._by_mac: dict[str, Device] = {}

    def of(self, mac: str) -> Device:
        """The phone of a MAC in any notation.

        Raises InputError when that is none, or no phone has it, AmbiguousError when several do.
        """
        wanted = str(canonical("mac", mac))
        if wanted not in self._by_mac:
            self._by_mac[wanted] = find_device(self.state.backend, {"mac": mac}, "device")
        return self._by_mac[wanted]


def plan_phone(planner: Planner, line: Line, device: Device, synchronize: bool = True) -> None:
    """Put a line on a phone, and make the phone read it. Another phone of the line goes into autoprov.

    Raises ConflictError when another line has that place on the phone.
    """
    state = planner.state
    if state.device_of(line) == device.id:
        return
    for other in map(state.line, state.backend.lines_of_device(device.id)):
        if other and other is not line and other["device_slot"] == line["device_slot"]:
            user = state.main_user_of(other)
            raise ConflictError(
                f"{device} has {other}{f' of {user}' if user else ''} on key {other['device_slot']} already.",
                "Put the phone into autoprov first (confd_device), or give line.device_slot.",
            )
    planner.reset_device(line)
    planner.operations.append(AssociateLineDevice(line, device))
    line.device_id, line.device_known = device.id, True
    if synchronize:
        plan_synchronize(planner, device)


def plan_no_phone(planner: Planner, line: Line, device: Device) -> None:
    """Take a line off a phone, which goes into autoprov by that."""
    if planner.state.device_of(line) == device.id:
        planner.operations.append(DissociateLineDevice(line, device))
        line.device_id = None
