# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as the core knows them, made of confd's, and what requests are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..._model.records import Row
from ..._model.resources import LINE, LOGIN, USER, USER_PARTS, Resource, normalised

ONLY_ON_WAZO = frozenset(
    {
        (USER.name, "subscription_type"),
        *((USER.name, each.name) for each in USER.fields if each.part_of),
        *((LOGIN.name, each.name) for each in LOGIN.fields if each.follows),
    }
)
"""The fields that no XiVO has, as (resource, field)."""
KEPT_KEYS = {USER.name: ("uuid", "mobile_fallback_enabled"), LINE.name: ("device_id", "protocol")}
"""{name of a resource: the keys of its rows that are no fields, but known to the core}."""
NO_SETTINGS = frozenset(
    {
        *("id", "uuid", "links", "tenant_uuid", "created_at"),
        *("lines", "incalls", "voicemail", "forwards", "services", "groups", "call_permissions"),
    }
)
"""The keys of a user that name it, or embed what the core reads as objects of their own."""
PART_OF_KEY = {"fallbacks": "fallbacks", "func_key_template_id": "func_keys"}
"""{key of a user: the key of an entry that describes it, once there is one}."""
DESCRIBED = frozenset(
    {*USER.field_names, *NO_SETTINGS, *(key for key, part in PART_OF_KEY.items() if part in USER_PARTS)}
)
"""The keys of a user that are read as fields or objects, or that say nothing of a person."""
SHOWN = {
    "agent": "agent",
    "call_pickup_target_users": "call pickup",
    "country": "country",
    "fallbacks": "fallbacks",
    "func_key_template_id": "function key template",
    "mobile_fallback_enabled": "mobile fallback",
    "queues": "queues",
    "schedules": "schedules",
    "subscription_type": "subscription type",
    "switchboards": "switchboards",
}
"""{key of a user: what it is called}. Values of other keys, of later releases of the server, might be secrets."""
NAMES = ("label", "name", "number", "uuid", "id")
"""The keys of an embedded object by which people know it, the best one first."""


def row_of(resource: Resource, row: Row) -> Row:
    """Return an object of confd's as the core knows it, with those of KEPT_KEYS that the server shows."""
    kept = {key: row[key] for key in KEPT_KEYS.get(resource.name, ()) if key in row}
    return {"id": row["id"], **kept, **normalised(resource, row)}


def undescribed(user: Row) -> dict[str, str]:
    """Return {what in words: its value in words} of what a user of confd's has and no entry can describe.

    user: as the list of users shows it. Keys of later releases of the server are included.
    """
    words = {key: ", ".join(_words(value)) for key, value in user.items() if value and key not in DESCRIBED}
    return {SHOWN.get(key, key): text if key in SHOWN else "set" for key, text in words.items() if text}


def _words(value: Any) -> Iterator[str]:
    """Yield a text for each thing that a value names; none for an empty value."""
    if isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif isinstance(value, dict):
        names = [value[key] for key in NAMES if value.get(key)]
        person = " ".join(filter(None, (value.get("firstname"), value.get("lastname"))))
        if person or names:
            yield person or str(names[0])
        else:
            yield from (key.replace("_", " ") for key, each in value.items() if each)
    elif value:
        yield "yes" if value is True else str(value)


def given(values: Row) -> Row:
    """Return the values that are not None, as a POST takes them."""
    return {name: value for name, value in values.items() if value is not None}


def pattern(text: str) -> str:
    """Return a search text that matches itself. A backslash would escape what follows; ``_`` matches it."""
    return text.replace("\\", "_")
