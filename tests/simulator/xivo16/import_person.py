# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the columns of an import that concern the rest of a person, and word its errors.

Facts: person-xivo-16.16.md, "/users/import (POST, PUT) and /users/export".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ..errors import BadFields, ConfdError, input_error, not_found, resource_error
from ..python2 import py2_repr
from .cti import write_cti
from .entities_and_agents import find_entity, set_entity

Row = Mapping[str, Optional[str]]


def message_of(error: ConfdError) -> str:
    """Return the text of an error in a row. Fields that are wrong are told all at once, without "Input Error"."""
    if not isinstance(error, BadFields):
        return error.texts[0]
    return py2_repr(error.problems)


def set_cti(database: Any, user: Any, row: Row) -> int | None:
    """Write the profile of a row. Returns the id that the answer shows: that of the profile before, if there was one.

    Without a name nothing is written, enabled or not.
    """
    before: int | None = user.cti_profile_id
    name, enabled = row.get("cti_profile_name"), row.get("cti_profile_enabled")
    if enabled and enabled not in {"0", "1"}:
        raise input_error("'cti_profile_enabled' must be one of (0, 1)")
    if not name:
        return before
    profile = database.cti_profiles.first(name=name)
    if profile is None:
        raise not_found("CtiProfile", name=name)
    given = {"enabled": enabled == "1"} if enabled else {}
    write_cti(database, user, {"cti_profile_id": profile.id, **given})
    return before if before is not None else int(profile.id)


def set_permissions(database: Any, user: Any, row: Row) -> list[int]:
    """Replace the call permissions of a user by those of a row, if it has the column. Returns their ids."""
    if "call_permissions" in row:
        names = [name for name in (row["call_permissions"] or "").split(";") if name]
        found = [_find_permission(database, name) for name in names]
        for association in database.user_call_permissions.where(user_id=user.id):
            database.user_call_permissions.delete(association)
        for permission in found:
            pair = {"call_permission_id": permission.id, "user_id": user.id}
            if database.user_call_permissions.first(**pair):
                raise resource_error("User is associated with a CallPermission", **pair)
            database.user_call_permissions.insert(**pair)
    return [each.call_permission_id for each in database.user_call_permissions.where(user_id=user.id)]


def _find_permission(database: Any, name: str) -> Any:
    permission = database.call_permissions.first(name=name)
    if permission is None:
        raise not_found("CallPermission", name=name)
    return permission


def find_row_entity(database: Any, row: Row) -> Any | None:
    """Return the entity of a row, None if it names none."""
    text = row.get("entity_id")
    if not text:
        return None
    return find_entity(database, int(text) if text.isdigit() else text)


def change_entity(database: Any, user: Any, row: Row) -> None:
    """Move a user to the entity of a row, unless it is the one that he has."""
    entity = find_row_entity(database, row)
    if entity is not None and entity.id != user.entity_id:
        set_entity(database, user, entity)
