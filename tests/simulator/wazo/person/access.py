# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the user of a sub-resource (person-wazo-26.08.md, trap 10)."""

from __future__ import annotations

from uuid import UUID

from ...generation import Call
from ..common import database_of, not_found
from ..rows import User


def find_any_user(call: Call, user_id: int | UUID) -> User:
    """Return the user of an id or uuid, also one of another tenant. Raises a 404."""
    users = database_of(call).users
    user: User | None = users.get(user_id) if isinstance(user_id, int) else users.first(uuid=str(user_id))
    if user is None:
        raise not_found("User", id=user_id)
    return user
