# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to phones."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .._backends.base import Backend
from .._http.confirm import confirm_update, ensure_deleted
from .._model.errors import NotReachedError, RefusedError, RequestError
from .._model.records import Device, Line, Row
from .base import Operation
from .verify import id_of, if_holds, verify

AUTOPROV = "autoprov"
RESET_TIMEOUT = 30.0
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0
"""Seconds between two looks at a phone; each pause is twice the one before."""


@dataclass
class ResetDevice(Operation):
    """A phone goes back into autoprov, and loses its line by that.

    line: the line that has to be freed, if it is for that. timeout: seconds that the phone has to get there.
    """

    action = "reset"
    resource_type = "device"
    device: Device
    line: Line | None = None
    timeout: float = RESET_TIMEOUT

    def __post_init__(self) -> None:
        self._before = {"status": self.device["status"]} if self.device["status"] else {"device_id": self.device.id}
        super().__post_init__()
        if self.line:
            self.warning = f"The phone of {self.line} ({self.device}) is put back into autoprov."

    def describe(self) -> str:
        return f"{self.device} of {self.line}" if self.line else str(self.device)

    @property
    def before(self) -> Row:
        return self._before

    @property
    def after(self) -> Row:
        return {"status": AUTOPROV} if "status" in self._before else {"device_id": None}

    def perform(self, backend: Backend) -> None:
        try:
            backend.reset_device(self.device.id)
        except RequestError as error:
            if not error.may_have_acted or _status(backend, self.device) != AUTOPROV:
                raise
        self._wait(backend)

    def _wait(self, backend: Backend) -> None:
        """Look again and again until the phone is there: the provisioning server works on after confd's answer.

        Raises NotReachedError after ``timeout`` seconds.
        """
        deadline, pause = time.monotonic() + self.timeout, FIRST_PAUSE
        while _status(backend, self.device) != AUTOPROV:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotReachedError(
                    f"{self.subject} did not get into autoprov within {self.timeout:g} seconds, "
                    f"its status is {self.device['status'] or 'unknown'}.",
                    "Look at the provisioning server (xivo-provd), or give it more time.",
                )
            time.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)


@dataclass
class SynchronizeDevice(Operation):
    """A phone is told to read its configuration. confd only passes it on: there is nothing to wait for."""

    action = "synchronize"
    resource_type = "device"
    device: Device

    def describe(self) -> str:
        return str(self.device)

    @property
    def after(self) -> Row:
        return {"synchronize": True}

    def perform(self, backend: Backend) -> None:
        backend.synchronize_device(self.device.id)


@dataclass
class UpdateDevice(Operation):
    """Changed settings of a phone."""

    action = "update"
    resource_type = "device"
    device: Device
    changes: Row
    old: Row

    def describe(self) -> str:
        return str(self.device)

    @property
    def before(self) -> Row:
        return self.old

    @property
    def after(self) -> Row:
        return self.changes

    def perform(self, backend: Backend) -> None:
        device_id = self.device.id
        row = confirm_update(
            lambda: backend.update_device(device_id, self.changes),
            lambda: if_holds(backend.get_device(device_id), self.changes),
        )
        verify(self.subject, _with_options_of(row, self.changes), self.changes)
        self.device.fields.update(row)


@dataclass
class _LineDevice(Operation):
    resource_type = "line_device"
    line: Line
    device: Device

    def describe(self) -> str:
        return f"{self.device} with {self.line}"

    @property
    def _pair(self) -> Row:
        return {"line_id": self.line.id, "device_id": self.device.id}

    def _is_there(self, backend: Backend) -> bool:
        return backend.device_of_line(id_of(self.line)) == self.device.id


class AssociateDevice(_LineDevice):
    """A line is put on a phone."""

    action = "associate"

    @property
    def after(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        try:
            backend.associate_line_device(id_of(self.line), self.device.id)
        except RequestError as error:
            # The client repeats a PUT whose answer was lost, and the repetition is refused (trap 3 of xivo-16.16).
            if not (error.may_have_acted or isinstance(error, RefusedError)) or not self._is_there(backend):
                raise

    def reverse(self) -> Operation:
        return DissociateDevice(self.line, self.device)


class DissociateDevice(_LineDevice):
    """A line is taken off a phone."""

    action = "dissociate"

    @property
    def before(self) -> Row:
        return self._pair

    def perform(self, backend: Backend) -> None:
        line_id = id_of(self.line)
        ensure_deleted(lambda: backend.dissociate_line_device(line_id, self.device.id), lambda: self._is_there(backend))


def _status(backend: Backend, device: Device) -> str | None:
    """Read the phone again. Returns its status."""
    row = backend.get_device(device.id) or {"status": None}
    device.fields.update(row)
    status: str | None = row["status"]
    return status


def _with_options_of(row: Row, changes: Row) -> Row:
    """The row with those of its options alone that were written."""
    written = changes.get("options") or {}
    return {**row, "options": {key: (row.get("options") or {}).get(key) for key in written}} if written else row
