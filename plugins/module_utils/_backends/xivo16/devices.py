# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices from 16.13 on."""

from __future__ import annotations

from typing import Any

from ..._model.errors import ServerError
from ..._model.records import Row
from ..._model.resources import CORRUPT, DEVICE, Resource
from ..xivo.backend import Xivo
from ..xivo.rows import row_of

NO_CONFIG = "no config associated"
"""A part of every answer that would show a device without configuration (xivo-16.16.md, trap 7)."""


class Xivo16Devices(Xivo):
    """Reads and writes devices, and puts lines on them."""

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        try:
            return super().get(resource, object_id)
        except ServerError as error:
            if resource is not DEVICE or not _is_corrupt(error):
                raise
            return {"id": object_id, **dict.fromkeys(DEVICE.field_names), "status": CORRUPT}

    def devices_of_lines(self) -> dict[int, str | None]:
        return {row["id"]: row["device_id"] for row in self.client.get_items("/lines")}

    def lines_of_device(self, device_id: str) -> list[int]:
        return [row["line_id"] for row in self._items(f"{self._path(DEVICE, device_id)}/lines")]

    def lines_with_code(self, code: str) -> list[int]:
        # The lists that plan do not show lines without a SIP account, which have codes as well.
        rows = self._get_filtered("/lines", provisioning_code=code)
        return [row["id"] for row in rows if row["provisioning_code"] == code]

    def associate_line_device(self, line_id: int, device_id: str) -> None:
        self.client.put(f"/lines/{line_id}{self._path(DEVICE, device_id)}", {})

    def dissociate_line_device(self, line_id: int, device_id: str) -> None:
        self.client.delete(f"/lines/{line_id}{self._path(DEVICE, device_id)}")

    def reset_device(self, device_id: str) -> None:
        try:
            super().reset_device(device_id)
        except ServerError as error:
            if not any("NoneType" in text for text in error.messages):
                raise
            # The first attempt gives a device without configuration one, but is answered 500 (xivo-16.16.md, trap 7).
            super().reset_device(device_id)

    def _list_devices(self, **query: Any) -> list[Row]:
        try:
            return [row_of(DEVICE, row) for row in self.client.get_items("/devices", **query)]
        except ServerError as error:
            if _is_corrupt(error):
                error.hint = (
                    "confd cannot list its devices while one of them has no configuration. To repair that phone, run "
                    "confd_device with its id and state autoprov. A search for the MAC address of another phone works."
                )
            raise


def _is_corrupt(error: ServerError) -> bool:
    return any(NO_CONFIG in text for text in error.messages)
