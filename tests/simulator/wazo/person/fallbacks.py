# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve fallbacks of users: where calls go that nobody takes (person-wazo-26.08.md, "4. fallbacks").

A PUT is the whole set, and the tenant is not checked.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ...generation import Answer, Call
from ...schema import Body
from ...xivo16.lookup import by_id_or_uuid
from ..common import database_of, load_object
from ..rows import User
from .access import find_any_user
from .destinations import SHAPES, Typed, check_target, destination_view
from .rows import FALLBACKS

ALL_FALLBACKS = Body.from_dict({name: Typed(SHAPES, load_default=None, allow_none=True) for name in FALLBACKS})()


def set_fallbacks(call: Call, user: User, given: Any) -> None:
    """Set exactly the given fallbacks: what is left out becomes null, as does all by unknown keys alone."""
    database = database_of(call)
    values = load_object(given, ALL_FALLBACKS)
    for destination in values.values():
        if destination:
            check_target(call, destination)
    for row in database.fallbacks.where(user_id=user.id):
        database.fallbacks.delete(row)
    for name, destination in values.items():
        if destination:
            database.fallbacks.insert(user_id=user.id, name=name, destination=destination)


def fallbacks_view(call: Call, user: User) -> dict[str, Any]:
    found = {row.name: row.destination for row in database_of(call).fallbacks.where(user_id=user.id)}
    return {name: destination_view(call, found.get(name)) for name in FALLBACKS}


def get_fallbacks(call: Call, user_id: int | UUID) -> Answer:
    return Answer(body=fallbacks_view(call, find_any_user(call, user_id)))


def put_fallbacks(call: Call, user_id: int | UUID) -> Answer:
    set_fallbacks(call, find_any_user(call, user_id), call.read_body())
    return Answer(204)


ROUTES = (
    *by_id_or_uuid("GET", "/users/<user_id>/fallbacks", get_fallbacks),
    *by_id_or_uuid("PUT", "/users/<user_id>/fallbacks", put_fallbacks),
)
