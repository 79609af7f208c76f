# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone is meant, and what would change about it, as steps of a Planner."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from .._backends.base import Backend
from .._model.errors import AmbiguousError, InputError
from .._model.records import Device
from .._model.resources import DEVICE, DEVICE_SETTINGS, HEXADECIMAL_MAC, canonical, differences
from .._operations.device import AUTOPROV, RESET_TIMEOUT, ResetDevice, SynchronizeDevice, UpdateDevice
from .planner import Planner


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


def plan_device(planner: Planner, device: Device, values: Mapping[str, Any]) -> None:
    """Give a phone those of DEVICE_SETTINGS that differ; of ``options`` the keys that are given."""
    wanted = {name: value for name, value in values.items() if name in DEVICE_SETTINGS and value is not None}
    options = {key: value for key, value in (wanted.pop("options", None) or {}).items() if value is not None}
    if options:
        wanted["options"] = {**(device["options"] or {}), **options}
    changes = differences(device.fields, wanted)
    if changes:
        old = {name: device[name] for name in changes}
        planner.operations.append(UpdateDevice(device, changes, old))
        device.fields.update(changes)


def plan_reset(planner: Planner, device: Device, timeout: float = RESET_TIMEOUT) -> None:
    """Put a phone into autoprov unless it is there; timeout: seconds that it may take."""
    if device["status"] != AUTOPROV:
        planner.operations.append(ResetDevice(device, timeout=timeout))
        device.fields["status"] = AUTOPROV


def plan_synchronize(planner: Planner, device: Device) -> None:
    """Tell a phone to read its configuration. Nobody can know whether it needs to: always a step."""
    planner.operations.append(SynchronizeDevice(device))


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
