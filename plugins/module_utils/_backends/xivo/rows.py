# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as the core knows them, made of confd's, and what requests are made of."""

from __future__ import annotations

import secrets
import string

from ..._model.records import Row
from ..._model.resources import DEVICE, EXTENSION, LINE, USER, VOICEMAIL, normalised

ONLY_ON_WAZO = frozenset({(LINE.name, "webrtc")})
"""The fields that no XiVO has, as (resource, field)."""
SECRET_ALPHABET = string.ascii_letters + string.digits
SECRET_LENGTH = 20


def user_row(row: Row) -> Row:
    """Return a user; with the uuid where the server shows one."""
    return {"id": row["id"], **({"uuid": row["uuid"]} if "uuid" in row else {}), **normalised(USER, row)}


def line_row(row: Row) -> Row:
    """Return a line; with the id of its device where the server shows it."""
    device = {"device_id": row["device_id"]} if "device_id" in row else {}
    return {"id": row["id"], **device, **normalised(LINE, row)}


def extension_row(row: Row) -> Row:
    """Return an extension."""
    return {"id": row["id"], **normalised(EXTENSION, row)}


def device_row(row: Row) -> Row:
    """Return a device."""
    return {"id": row["id"], **normalised(DEVICE, row)}


def voicemail_row(row: Row) -> Row:
    """Return a voicemail."""
    return {"id": row["id"], **normalised(VOICEMAIL, row)}


def given(values: Row) -> Row:
    """Return the values that are not None, as a POST takes them."""
    return {name: value for name, value in values.items() if value is not None}


def pattern(text: str) -> str:
    """Return a search text that matches itself. A backslash would escape what follows; ``_`` matches it."""
    return text.replace("\\", "_")


def new_secret() -> str:
    """Return a random SIP password, for requests by which the server would not make one."""
    return "".join(secrets.choice(SECRET_ALPHABET) for _each in range(SECRET_LENGTH))
