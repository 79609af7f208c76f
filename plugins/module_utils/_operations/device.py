# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on devices."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from .._backends.base import Backend
from .._model.errors import NotReachedError, RefusedError, RequestError
from .._model.records import Device, Line, Row, id_of
from .._model.resources import DEVICE, DROPPED_BY_AUTOPROV
from .base import Associate, Association, Dissociate, Naming, Operation, Update, are_opposites

AUTOPROV = "autoprov"
RESET_TIMEOUT = 30.0
"""Seconds that a device may take to reach autoprov."""
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
"""Seconds between two requests for the status of a device; each pause is twice the one before."""


@dataclass
class ResetDevice(Operation):
    """Resets a device to autoprov, which takes its line off it, and its template and options away.

    line: the line that is taken off, if that is the purpose. timeout: seconds that the device may take. others: the
    other lines on the device, which the younger servers take off it, too; later operations put them back.
    """

    action = "reset"
    resource_type = "device"
    may_act_in_part = True
    device: Device
    line: Line | None = None
    timeout: float = RESET_TIMEOUT
    others: Sequence[Line] = ()

    def __post_init__(self) -> None:
        self._before = {"status": self.device["status"]} if self.device["status"] else {"device_id": self.device.id}
        self._before |= {name: self.device[name] for name in DROPPED_BY_AUTOPROV if self.device[name]}
        super().__post_init__()
        if self.line:
            self.warning = f"The phone of {self.line} ({self.device}) is reset to autoprov."

    def describe(self, name: Naming = str, /) -> str:
        return f"{name(self.device)} of {name(self.line)}" if self.line else name(self.device)

    def reversals(self) -> list[Operation]:
        lines = [*([self.line] if self.line else []), *self.others]
        return [AssociateLineDevice(line, self.device) for line in lines]

    @property
    def before(self) -> Row:
        return self._before

    @property
    def after(self) -> Row:
        values = {"status": AUTOPROV} if "status" in self._before else {"device_id": None}
        return {**dict.fromkeys(self._before), **values}

    def perform(self, backend: Backend) -> None:
        try:
            backend.reset_device(self.device.id)
        except RequestError as error:
            if not error.may_have_acted or _status(backend, self.device) != AUTOPROV:
                raise
        self._wait(backend)

    def _wait(self, backend: Backend) -> None:
        """Wait until the device is in autoprov: the provisioning server is still working after confd's answer.

        A device without plugin never gets there, but loses its line. Raises NotReachedError after ``timeout`` seconds.
        """
        deadline, pause = time.monotonic() + self.timeout, FIRST_PAUSE
        while _status(backend, self.device) != AUTOPROV:
            if not self.device["plugin"] and self._has_lost_line(backend):
                self.warning = f"{self.warning} {without_plugin(self.device)}"
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotReachedError(
                    f"{self.subject} did not reach autoprov within {self.timeout:g} seconds; "
                    f"its status is {self.device['status'] or 'unknown'}.",
                    "Check the provisioning server (xivo-provd), or allow it more time."
                    if self.device["plugin"]
                    else without_plugin(self.device),
                )
            time.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)

    def _has_lost_line(self, backend: Backend) -> bool:
        return self.line is not None and backend.device_of_line(id_of(self.line)) != self.device.id


@dataclass
class SynchronizeDevice(Operation):
    """Makes a device read its configuration. confd only passes the request on, so there is nothing to wait for."""

    action = "synchronize"
    resource_type = "device"
    leaves_nothing = True
    device: Device

    def describe(self, name: Naming = str, /) -> str:
        return name(self.device)

    @property
    def after(self) -> Row:
        return {"synchronize": True}

    def perform(self, backend: Backend) -> None:
        backend.synchronize_device(self.device.id)


@dataclass
class UpdateDevice(Update):
    """Changes settings of a device."""

    resource_type = "device"
    RECORD = "device"
    device: Device
    changes: Row
    old: Row

    def describe(self, name: Naming = str, /) -> str:
        return name(self.device)

    def write(self, backend: Backend) -> Row:
        return backend.update(DEVICE, self.device.id, self.changes)

    def read(self, backend: Backend) -> Row | None:
        return backend.get(DEVICE, self.device.id)

    def check(self, row: Row) -> None:
        super().check(_with_options_of(row, self.changes))
        self.device.fields.update(row)


@dataclass
class _LineDevice(Association):
    resource_type = "line_device"
    OWNER, OWNED, OWNED_NAME = "line", "device", "phone"
    line: Line
    device: Device

    def exists(self, backend: Backend) -> bool:
        return backend.device_of_line(id_of(self.line)) == self.device.id

    def associate(self, backend: Backend) -> None:
        backend.associate_line_device(id_of(self.line), self.device.id)

    def dissociate(self, backend: Backend) -> None:
        backend.dissociate_line_device(id_of(self.line), self.device.id)


class AssociateLineDevice(_LineDevice, Associate):
    """Puts a line on a device."""

    def perform(self, backend: Backend) -> None:
        try:
            self.associate(backend)
        except RequestError as error:
            # The client repeats a PUT whose answer was lost, and the repetition is refused (xivo-16.16.md, trap 3).
            if not (error.may_have_acted or isinstance(error, RefusedError)) or not self.exists(backend):
                raise


class DissociateLineDevice(_LineDevice, Dissociate):
    """Takes a line off a device."""


are_opposites(AssociateLineDevice, DissociateLineDevice)


def without_plugin(device: Device) -> str:
    """Return what is the matter with a device that the provisioning server cannot configure, and what to do."""
    return (
        f"{device} has no plugin, so its status stays {device['status']}, and nobody can dial a provisioning code on "
        "it. Install the plugin of its model on the provisioning server, and restart the phone."
    )


def _status(backend: Backend, device: Device) -> str | None:
    """Read the device again and return its status."""
    row = backend.get(DEVICE, device.id) or {"status": None}
    device.fields.update(row)
    status: str | None = row["status"]
    return status


def _with_options_of(row: Row, changes: Row) -> Row:
    """Return the row with only those of its options that were written."""
    written = changes.get("options") or {}
    return {**row, "options": {key: (row.get("options") or {}).get(key) for key in written}} if written else row
