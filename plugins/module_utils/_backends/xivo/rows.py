# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as the core knows them, made of confd's, and what requests are made of."""

from __future__ import annotations

import secrets
import string

from ..._model.records import Row
from ..._model.resources import LINE, LOGIN, USER, Resource, normalised

ONLY_ON_WAZO = frozenset(
    {
        (LINE.name, "webrtc"),
        (USER.name, "subscription_type"),
        *((USER.name, each.name) for each in USER.fields if each.part_of),
        *((LOGIN.name, each.name) for each in LOGIN.fields if each.follows),
    }
)
"""The fields that no XiVO has, as (resource, field)."""
KEPT_KEYS = {USER.name: ("uuid", "mobile_fallback_enabled"), LINE.name: ("device_id", "protocol")}
"""{name of a resource: the keys of its rows that are no fields, but known to the core}."""
SECRET_ALPHABET = string.ascii_letters + string.digits
SECRET_LENGTH = 20


def row_of(resource: Resource, row: Row) -> Row:
    """Return an object of confd's as the core knows it, with those of KEPT_KEYS that the server shows."""
    kept = {key: row[key] for key in KEPT_KEYS.get(resource.name, ()) if key in row}
    return {"id": row["id"], **kept, **normalised(resource, row)}


def given(values: Row) -> Row:
    """Return the values that are not None, as a POST takes them."""
    return {name: value for name, value in values.items() if value is not None}


def pattern(text: str) -> str:
    """Return a search text that matches itself. A backslash would escape what follows; ``_`` matches it."""
    return text.replace("\\", "_")


def new_secret() -> str:
    """Return a random SIP password, for requests by which the server would not make one."""
    return "".join(secrets.choice(SECRET_ALPHABET) for _each in range(SECRET_LENGTH))
