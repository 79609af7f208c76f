# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of users that have requests of their own, from 16.13 on.

Sources: person-xivo-16.16.md, "users/ID/forwards, /forwards/{busy,noanswer,unconditional}" and "users/ID/services,
/services/{dnd,incallfilter}"; person-wazo-26.08.md, by the same words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..._model.records import Row
from ..._model.resources import FORWARDS, SERVICES, USER_PARTS, Resource, nested, normalised
from ..xivo.backend import Xivo

ENABLED = "enabled"


class Xivo16UserParts(Xivo):
    """Reads and writes the parts of a user. Their id is that of the user."""

    def get(self, resource: Resource, object_id: int | str) -> Row | None:
        if resource.name not in PATHS:
            return super().get(resource, object_id)
        shown = self._get(_path(resource, object_id))
        return part_row(resource, shown) if shown else None

    def update(self, resource: Resource, object_id: int | str, changes: Row) -> Row:
        if resource is FORWARDS:
            # What is left out stays.
            self.client.put(_path(resource, object_id), nested(changes))
        elif resource is SERVICES:
            # No server of 16.13 takes several in one request.
            for name, value in changes.items():
                self.client.put(f"{_path(resource, object_id)}/{name}", {ENABLED: value})
        else:
            return super().update(resource, object_id, changes)
        return self.get(resource, object_id) or {}


def part_row(resource: Resource, shown: Any) -> Row:
    """Return settings of a user as the core knows them. shown: as the server shows them, alone or within the user."""
    return normalised(resource, {name: _shown_value(shown, name) for name in resource.field_names})


def parts_of_users(users: Iterable[Row]) -> dict[str, dict[int, Row]]:
    """Return {name of a resource: {user id: row}} of the settings that GET /users embeds."""
    found = list(users)
    return {
        resource.name: {user["id"]: part_row(resource, user[key]) for user in found if key in user}
        for key, resource in USER_PARTS.items()
    }


PATHS = {resource.name: key for key, resource in USER_PARTS.items()}
"""{name of a resource: the last part of its path, which is also the key that GET /users embeds it under}."""


def _path(resource: Resource, user_id: int | str) -> str:
    return f"/users/{user_id}/{PATHS[resource.name]}"


def _shown_value(shown: Any, name: str) -> Any:
    option, _dot, inner = name.partition(".")
    return shown[option][inner or ENABLED]
