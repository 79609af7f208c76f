# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find objects by the ids of a URL, and users by their uuid as well (xivo-16.16.md, "users")."""

from __future__ import annotations

from typing import Any

from ..database import Database
from ..errors import not_found
from ..generation import Route, View
from .person_rows import Group
from .rows import Line16, User16


def by_id_or_uuid(method: str, rule: str, view: View) -> tuple[Route, Route]:
    """Return the routes of a rule with <user_id>: by id and by uuid."""
    return tuple(Route(method, rule.replace("<user_id>", f"<{kind}:user_id>"), view) for kind in ("int", "uuid"))


def find_user(database: Database, user_id: Any) -> User16:
    user = database.users.get(user_id) if isinstance(user_id, int) else database.users.first(uuid=str(user_id))
    if user is None:
        raise not_found("User", id=user_id)
    return user


def find_line(database: Database, line_id: int) -> Line16:
    line = database.lines.get(line_id)
    if line is None:
        raise not_found("Line", id=line_id)
    return line


def find_group(database: Any, group_id: int) -> Group:
    group = database.groups.get(group_id)
    if group is None:
        raise not_found("Group", id=group_id)
    return group  # type: ignore[no-any-return]
