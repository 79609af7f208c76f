# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device is meant."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from .._backends.base import Backend
from .._model.errors import AmbiguousError, InputError, UnsupportedError
from .._model.records import Device
from .._model.resources import DEVICE, HEXADECIMAL_MAC, canonical
from .state import ServerState


def find_device(backend: Backend, reference: Mapping[str, Any], where: str = "device") -> Device:
    """The phone that one of DEVICE.keys means; a MAC in any notation.

    Raises InputError when not exactly one key is given or no phone has that value, AmbiguousError for several phones.
    """
    given = {key: str(reference[key]) for key in DEVICE.keys if reference.get(key) not in (None, "")}
    if len(given) != 1:
        raise InputError(f"{where} needs exactly one of {', '.join(DEVICE.keys)} to say which phone is meant.")
    ((key, value),) = given.items()
    if key == "id":
        row = backend.get_device(value)
        rows = [row] if row else []
    else:
        wanted = _checked(key, value)
        rows = [row for row in backend.search(DEVICE, search=wanted) if row[key] == wanted]
    devices = [Device(row["id"], {name: row.get(name) for name in DEVICE.field_names}) for row in rows]
    return _only(devices, key, value)


def check_devices_supported(state: ServerState, what: str) -> None:
    """Raises UnsupportedError where a client from elsewhere cannot put a line on a phone.

    The oldest generation answers 403 (facts file xivo-15.12, "devices").
    """
    if not state.backend.takes_devices:
        raise UnsupportedError(
            f"{what} cannot be set: this server lets only itself put a line on a phone.",
            "Leave it out, and dial the provisioning code on the phone.",
        )


class DeviceIndex:
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


def _checked(key: str, value: str) -> str:
    """The value as servers write it."""
    wanted = str(canonical(key, value))
    if key == "mac" and not HEXADECIMAL_MAC.fullmatch(wanted.replace(":", "")):
        raise InputError(f"mac is {value!r}, which is no MAC address.", "Write it like 00:08:5d:00:00:01, quoted.")
    if key == "ip":
        try:
            ipaddress.ip_address(wanted)
        except ValueError:
            raise InputError(f"ip is {value!r}, which is no IP address.") from None
    return wanted


def _only(devices: list[Device], key: str, value: str) -> Device:
    if not devices:
        raise InputError(
            f"There is no phone with {key} {value!r}.",
            "The provisioning server knows a phone from its first request on; confd_device_info lists them.",
        )
    if len(devices) > 1:
        raise AmbiguousError(
            f"{key} {value!r} fits {len(devices)} phones: {', '.join(map(str, devices))}.",
            "Say with id which one is meant.",
        )
    return devices[0]
