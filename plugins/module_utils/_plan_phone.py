# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone a line is put on, where a client may do that (facts file xivo-16.16, newer equivalents)."""

from __future__ import annotations

from ._errors import AmbiguousError, ConflictError, InputError
from ._plan import Planner
from ._plan_device import plan_synchronize
from ._records import Device, Line
from ._resources import DEVICE, HEXADECIMAL_MAC, canonical
from ._steps_device import AssociateDevice
from ._world import World


class Phones:
    """The phones that entries name by their MAC."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._by_mac: dict[str, Device] = {}

    def of(self, mac: str) -> Device:
        """The phone of a MAC in any notation.

        Raises InputError when that is none, or no phone has it, AmbiguousError when several do.
        """
        wanted = str(canonical("mac", mac))
        if not HEXADECIMAL_MAC.fullmatch(wanted.replace(":", "")):
            raise InputError(f"device.mac is {mac!r}, which is no MAC address.", "Write it like 00:08:5d:00:00:01.")
        if wanted not in self._by_mac:
            self._by_mac[wanted] = self._find(wanted)
        return self._by_mac[wanted]

    def _find(self, mac: str) -> Device:
        rows = self.world.backend.devices_with_mac(mac)
        if not rows:
            raise InputError(
                f"There is no phone with mac {mac}.",
                "The provisioning server knows a phone from its first request on; confd_device_info lists them.",
            )
        if len(rows) > 1:
            raise AmbiguousError(f"mac {mac} fits {len(rows)} phones: {', '.join(row['id'] for row in rows)}.")
        return Device(rows[0]["id"], {name: rows[0].get(name) for name in DEVICE.field_names})


def plan_phone(planner: Planner, line: Line, device: Device) -> None:
    """Put a line on a phone, and make the phone read it. Another phone of the line goes into autoprov.

    Raises ConflictError when another line has that place on the phone.
    """
    world = planner.world
    if world.device_of(line) == device.id:
        return
    for other in map(world.line, world.backend.lines_of_device(device.id)):
        if other and other is not line and other["device_slot"] == line["device_slot"]:
            user = world.main_user_of(other)
            raise ConflictError(
                f"{device} has {other}{f' of {user}' if user else ''} on key {other['device_slot']} already.",
                "Put the phone into autoprov first (confd_device), or give line.device_slot.",
            )
    planner.reset_device(line)
    planner.steps.append(AssociateDevice(line, device))
    line.device_id, line.device_known = device.id, True
    plan_synchronize(planner, device)
