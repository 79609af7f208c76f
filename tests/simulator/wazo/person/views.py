# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show what GET /users embeds of a person (person-wazo-26.08.md, "13. What GET /users embeds")."""

from __future__ import annotations

from typing import Any

from ...generation import Call
from ..common import database_of
from ..rows import User
from .common import group_reference, link, reference
from .fallbacks import fallbacks_view
from .tables import agent_of, settings_of


def embedded(call: Call, user: User) -> dict[str, Any]:
    """Return the members of a user that this package serves; a login is never among them."""
    database = database_of(call)
    settings = settings_of(database, user)
    agent, schedule = agent_of(database, user), database.schedules.get(settings.schedule_id)
    permissions = [
        database.call_permissions.get(row.permission_id) for row in database.user_permissions.where(user_id=user.id)
    ]
    groups = [database.groups.get(row.group_id) for row in database.group_members.where(user_id=user.id)]
    return {
        "agent": {"id": agent.id, "number": agent.number, "links": link(call, "agents", agent.id)} if agent else None,
        "call_permissions": [_named(call, "callpermissions", row) for row in permissions],
        "fallbacks": fallbacks_view(call, user),
        "groups": [group_reference(call, group) for group in groups],
        "forwards": settings.forwards,
        "schedules": [_named(call, "schedules", schedule)] if schedule else [],
        "services": settings.services,
        "func_key_template_id": settings.template_id,
        "call_pickup_target_users": [reference(call, each) for each in targets_of(database, user)],
    }


def _named(call: Call, resource: str, row: Any) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "links": link(call, resource, row.id)}


def targets_of(database: Any, user: User) -> list[User]:
    """Return the users whose calls a user may pick up, by all pickups together and also as a member of a group."""
    interceptors = database.pickup_members.where(side="interceptors", user_id=user.id)
    for membership in database.group_members.where(user_id=user.id):
        interceptors += database.pickup_members.where(side="interceptors", group_id=membership.group_id)
    found: dict[int, User] = {}
    for pickup_id in dict.fromkeys(row.pickup_id for row in interceptors):
        for row in database.pickup_members.where(pickup_id=pickup_id, side="targets"):
            members = database.group_members.where(group_id=row.group_id) if row.group_id else [row]
            found |= {each.user_id: database.users.get(each.user_id) for each in members}
    return list(found.values())
