# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the generations of XiVO have in common: the tutorial's requests, which work from 15.12 to today.

Source: facts file xivo-15.12, and xivo-16.16, section "Does the old tutorial's flow work unchanged?".
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from .._model.errors import InUseError, NotFoundError, RefusedError
from .._model.records import Extension, Line, Row, User
from .._model.resources import DEVICE, EXTENSION, LINE, USER, VOICEMAIL, normalised
from .base import Backend

ONLY_ON_WAZO = frozenset({(LINE.name, "webrtc")})
"""The fields that no XiVO has, as (resource, field)."""
SECRET_ALPHABET = string.ascii_letters + string.digits
SECRET_LENGTH = 20


class Xivo(Backend):
    """SIP lines are /lines_sip; associations are POSTs, of which the same again is refused."""

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

    def get_voicemail(self, voicemail_id: int) -> Row | None:
        row = self._get(f"/voicemails/{voicemail_id}")
        return voicemail_row(row) if row else None

    def voicemail_of_user(self, user_id: int) -> int | None:
        row = self._get(f"/users/{user_id}/voicemail")
        return row["voicemail_id"] if row else None

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

    def dissociate_voicemail(self, user_id: int) -> None:
        self.client.delete(f"/users/{user_id}/voicemail")

    def associate_voicemail(self, user_id: int, voicemail_id: int, enabled: bool = True) -> None:
        self.client.post(f"/users/{user_id}/voicemail", {"voicemail_id": voicemail_id, "enabled": enabled})

    def create_voicemail(self, values: Row) -> Row:
        return voicemail_row(self.client.post("/voicemails", given(values)))

    def update_voicemail(self, voicemail_id: int, changes: Row) -> Row:
        with raise_in_use():
            # null clears here, '' is refused for what must be digits or known to the server.
            self.client.put(f"/voicemails/{voicemail_id}", changes)
        return self.get_voicemail(voicemail_id) or {}

    def delete_voicemail(self, voicemail_id: int) -> None:
        with raise_in_use():
            self.client.delete(f"/voicemails/{voicemail_id}")

    def reset_device(self, device_id: str) -> None:
        self.client.get_no_content(f"/devices/{quote(device_id, safe='')}/autoprov")

    def synchronize_device(self, device_id: str) -> None:
        self.client.get_no_content(f"/devices/{quote(device_id, safe='')}/synchronize")

    # Helpers

    def _get(self, path: str) -> Any:
        try:
            return self.client.get(path)
        except NotFoundError:
            return None

    def _items(self, path: str) -> list[Row]:
        try:
            return self.client.get_items(path)
        except NotFoundError:
            return []

    def _associate(self, line: Line, extension: Extension) -> None:
        self.client.post(f"/lines/{line.id}/extensions", {"extension_id": extension.id})

    def _associated(self, line: Line, extension: Extension) -> bool:
        self._associate(line, extension)
        return True

    def _dissociate(self, line: Line, extension: Extension) -> None:
        self.client.delete(f"/lines/{line.id}/extensions/{extension.id}")

    def _has(self, line: Line, extension: Extension) -> bool:
        owner = self.owner_of_extension(extension.id or 0)
        return owner is not None and owner.line_id == line.id


def user_row(row: Row) -> Row:
    """A user as the core knows one; with the uuid where the server gives one."""
    return {"id": row["id"], **({"uuid": row["uuid"]} if "uuid" in row else {}), **normalised(USER, row)}


def line_row(row: Row) -> Row:
    """A line as the core knows one; with its phone where the server shows it."""
    device = {"device_id": row["device_id"]} if "device_id" in row else {}
    return {"id": row["id"], **device, **normalised(LINE, row)}


def extension_row(row: Row) -> Row:
    return {"id": row["id"], **normalised(EXTENSION, row)}


def device_row(row: Row) -> Row:
    return {"id": row["id"], **normalised(DEVICE, row)}


def voicemail_row(row: Row) -> Row:
    return {"id": row["id"], **normalised(VOICEMAIL, row)}


@contextmanager
def raise_in_use() -> Iterator[None]:
    """Tell a refusal because somebody has the voicemail from the other ones."""
    try:
        yield
    except RefusedError as error:
        if not any("Voicemail is associated with a User" in text for text in error.messages):
            raise
        raise InUseError(
            error.message, method=error.method, path=error.path, status=error.status, messages=error.messages
        ) from None


def given(values: Row) -> Row:
    return {name: value for name, value in values.items() if value is not None}


def pattern(text: str) -> str:
    """A search text that matches itself: a backslash would escape what follows, ``_`` matches it."""
    return text.replace("\\", "_")


def new_secret() -> str:
    """A SIP password that nobody can guess, for requests by which the server would not make one."""
    return "".join(secrets.choice(SECRET_ALPHABET) for _each in range(SECRET_LENGTH))
