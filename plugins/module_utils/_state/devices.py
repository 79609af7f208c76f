# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the device that a task or an entry refers to."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from .._backends.base import Backend
from .._model.errors import AmbiguousError, InputError, UnsupportedError
from .._model.macs import HEXADECIMAL_MAC
from .._model.records import Device
from .._model.resources import DEVICE, canonical
from .._model.texts import require_text
from .state import ServerState


def find_device(backend: Backend, reference: Mapping[str, Any], where: str = "device") -> Device:
    """Return the device with the value of one of DEVICE.keys; a MAC address in any notation.

    where: the name of the reference in messages.
    Raises InputError when not exactly one key is given or no device has the value, AmbiguousError for several devices.
    """
    given = {
        key: require_text(reference[key], f"{where}.{key}")
        for key in DEVICE.keys
        if reference.get(key) not in (None, "")
    }
    if len(given) != 1:
        raise InputError(f"{where} needs exactly one of {', '.join(DEVICE.keys)} to identify a phone.")
    ((key, value),) = given.items()
    if key == "id":
        row = backend.get(DEVICE, value)
        rows = [row] if row else []
    else:
        wanted = device_key(key, value)
        rows = [row for row in backend.search(DEVICE, search=wanted) if row[key] == wanted]
    devices = [Device(row["id"], {name: row.get(name) for name in DEVICE.field_names}) for row in rows]
    return _only(devices, key, value)


def check_devices_supported(state: ServerState, what: str) -> None:
    """Raise UnsupportedError where API clients cannot put a line on a device. what: the option, for the message.

    The oldest generation answers 403 (xivo-15.12.md, "devices").
    """
    if not state.backend.takes_devices:
        raise UnsupportedError(
            f"{what} cannot be set: this server does not allow API clients to associate a line with a phone.",
            "Leave it out, and dial the line's provisioning code on the phone.",
        )


class DeviceIndex:
    """Finds the devices that entries refer to by MAC address, each once."""

    def __init__(self, state: ServerState) -> None:
        self.state = state
        self._by_mac: dict[str, Device] = {}

    def of(self, mac: str) -> Device:
        """Return the device with a MAC address in any notation.

        Raises InputError for an invalid address or one that no device has, AmbiguousError for several devices.
        """
        wanted = str(canonical("mac", mac))
        if wanted not in self._by_mac:
            self._by_mac[wanted] = find_device(self.state.backend, {"mac": mac}, "device")
        return self._by_mac[wanted]


def device_key(key: str, value: str, where: str = "") -> str:
    """Return an identifying value as servers write it. Raise InputError for an invalid MAC or IP address.

    where: the name of the value in messages; without it, the key. YAML makes a number of some MAC addresses, and a
    template makes a text of the number.
    """
    wanted, where = str(canonical(key, value)), where or key
    if key == "mac" and not HEXADECIMAL_MAC.fullmatch(wanted.replace(":", "")):
        raise InputError(
            f"{where} is {value!r}, which is not a MAC address.", "Write it in quotes, like '00:08:5d:00:00:01'."
        )
    if key == "ip":
        try:
            ipaddress.ip_address(wanted)
        except ValueError:
            raise InputError(f"{where} is {value!r}, which is not an IP address.") from None
    return wanted


def _only(devices: list[Device], key: str, value: str) -> Device:
    if not devices:
        raise InputError(
            f"There is no phone with {key} {value!r}.",
            "A phone is known after its first request to the provisioning server; confd_device_info lists all phones.",
        )
    if len(devices) > 1:
        raise AmbiguousError(
            f"{len(devices)} phones have {key} {value!r}: {', '.join(map(str, devices))}.",
            "Give the id of one of them.",
        )
    return devices[0]
