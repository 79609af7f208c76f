# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The voicemails of XiVO."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..._model.errors import InUseError, RefusedError
from ..._model.records import Row
from .requests import XivoRequests
from .rows import given, voicemail_row


class XivoVoicemails(XivoRequests):
    """Reads and writes voicemails, which confd may refuse to change while a user has them."""

    def list_voicemails(self) -> list[Row]:
        return [voicemail_row(row) for row in self.client.get_items("/voicemails")]

    def get_voicemail(self, voicemail_id: int) -> Row | None:
        row = self._get(f"/voicemails/{voicemail_id}")
        return voicemail_row(row) if row else None

    def voicemail_of_user(self, user_id: int) -> int | None:
        row = self._get(f"/users/{user_id}/voicemail")
        return row["voicemail_id"] if row else None

    def create_voicemail(self, values: Row) -> Row:
        return voicemail_row(self.client.post("/voicemails", given(values)))

    def update_voicemail(self, voicemail_id: int, changes: Row) -> Row:
        with raise_in_use():
            # null clears here; '' is refused for fields that must be digits or known to the server.
            self.client.put(f"/voicemails/{voicemail_id}", changes)
        return self.get_voicemail(voicemail_id) or {}

    def delete_voicemail(self, voicemail_id: int) -> None:
        with raise_in_use():
            self.client.delete(f"/voicemails/{voicemail_id}")

    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None:
        self.client.post(f"/users/{user_id}/voicemail", {"voicemail_id": voicemail_id, "enabled": enabled})

    def dissociate_voicemail(self, user_id: int) -> None:
        self.client.delete(f"/users/{user_id}/voicemail")


@contextmanager
def raise_in_use() -> Iterator[None]:
    """Raise InUseError in place of a RefusedError that says that a user has the voicemail."""
    try:
        yield
    except RefusedError as error:
        if not any("Voicemail is associated with a User" in text for text in error.messages):
            raise
        raise InUseError(
            error.message, method=error.method, path=error.path, status=error.status, messages=error.messages
        ) from None
