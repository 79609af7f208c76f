# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of the tutorial, which work from XiVO 15.12 to today's.

Sources: xivo-15.12.md, "What a real XiVO confd 15.12 answers"; xivo-16.16.md, "Does the old tutorial's flow work
unchanged?".
"""

from __future__ import annotations

from urllib.parse import quote

from ..._model.records import Extension, Line, Row, User
from .rows import device_row, extension_row, given, line_row, user_row
from .voicemails import XivoVoicemails


class Xivo(XivoVoicemails):
    """SIP lines are /lines_sip; associations are POSTs, which confd refuses when they are repeated."""

    # Reading

    def get_user(self, user_id: int) -> Row | None:
        row = self._get(f"/users/{user_id}")
        return user_row(row) if row else None

    def get_line(self, line_id: int) -> Row | None:
        row = self._get(f"/lines_sip/{line_id}")
        general = self._get(f"/lines/{line_id}") if row else None
        return line_row({**row, "device_id": general.get("device_id")}) if row and general else None

    def get_extension(self, extension_id: int) -> Row | None:
        row = self._get(f"/extensions/{extension_id}")
        return extension_row(row) if row else None

    def extension_of_line(self, line_id: int) -> Row | None:
        row = self._get(f"/lines/{line_id}/extension")
        return self.get_extension(row["extension_id"]) if row else None

    def get_device(self, device_id: str) -> Row | None:
        row = self._get(f"/devices/{quote(device_id, safe='')}")
        return device_row(row) if row else None

    def device_of_line(self, line_id: int) -> str | None:
        row = self._get(f"/lines/{line_id}")
        device_id: str | None = row.get("device_id") if row else None
        return device_id

    # Writing

    def create_user(self, values: Row) -> Row:
        return user_row(self.client.post("/users", given(values)))

    def delete_user(self, user_id: int) -> None:
        self.client.delete(f"/users/{user_id}")

    def create_line(self, values: Row) -> Row:
        return line_row(self.client.post("/lines_sip", given(values)))

    def update_line(self, line_id: int, changes: Row) -> Row:
        self.client.put(f"/lines_sip/{line_id}", changes)
        return self.get_line(line_id) or {}

    def delete_line(self, line_id: int) -> None:
        self.client.delete(f"/lines_sip/{line_id}")

    def create_extension(self, values: Row) -> Row:
        return extension_row(self.client.post("/extensions", given(values)))

    def delete_extension(self, extension_id: int) -> None:
        self.client.delete(f"/extensions/{extension_id}")

    def associate_user_line(self, user: User, line: Line) -> None:
        self.client.post(f"/users/{user.id}/lines", {"line_id": line.id})

    def dissociate_user_line(self, user: User, line: Line) -> None:
        self.client.delete(f"/users/{user.id}/lines/{line.id}")

    def associate_line_extension(self, line: Line, extension: Extension) -> None:
        self._associate(line, extension)

    def dissociate_line_extension(self, line: Line, extension: Extension) -> None:
        self._dissociate(line, extension)

    def reset_device(self, device_id: str) -> None:
        self.client.get_no_content(f"/devices/{quote(device_id, safe='')}/autoprov")

    def synchronize_device(self, device_id: str) -> None:
        self.client.get_no_content(f"/devices/{quote(device_id, safe='')}/synchronize")

    # Helpers

    def _associate(self, line: Line, extension: Extension) -> None:
        self.client.post(f"/lines/{line.id}/extensions", {"extension_id": extension.id})

    def _dissociate(self, line: Line, extension: Extension) -> None:
        self.client.delete(f"/lines/{line.id}/extensions/{extension.id}")
