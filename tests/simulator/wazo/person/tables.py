# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add a person's tables to the database, and forget what points at a row that is deleted.

Source: person-wazo-26.08.md, "14. Order that works": memberships, and other people's keys and fallbacks, go silently.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...database import Table
from ...database.tables import RowT
from .rows import (
    Agent,
    CallPermission,
    CallPickup,
    Fallback,
    FuncKey,
    GroupMember,
    KeyTemplate,
    PickupMember,
    RingGroup,
    Schedule,
    Settings,
    UserPermission,
)

TABLES = (
    "settings", "fallbacks", "call_permissions", "user_permissions", "groups", "group_members", "schedules", "agents",
    "call_pickups", "pickup_members", "key_templates", "func_keys",
)  # fmt: skip
FIRST_KEY = 14
"""The last of the function keys of services and transfers, which a new server has."""


class CascadingTable(Table[RowT]):
    """Hold rows, and tell the database when one is inserted or deleted, as foreign keys do."""

    def __init__(
        self,
        row_type: type[RowT],
        on_delete: Callable[[RowT], None],
        on_insert: Callable[[RowT], None] = lambda _row: None,
    ) -> None:
        super().__init__(row_type)
        self._on_delete = on_delete
        self._on_insert = on_insert

    def insert(self, id: Any = None, **columns: Any) -> RowT:
        row = super().insert(id, **columns)
        self._on_insert(row)
        return row

    def delete(self, row: RowT) -> None:
        super().delete(row)
        self._on_delete(row)


class PersonTables:
    """Hold the tables, as attributes of the database; ``keys`` of a template are rows of their own."""

    def __init__(self, database: Any) -> None:
        self._database = database

    def add(self) -> None:
        database = self._database
        for name, row_type in _PLAIN.items():
            setattr(database, name, Table(row_type))
        database.call_permissions = CascadingTable(CallPermission, self._without_permission)
        database.groups = CascadingTable(RingGroup, self._without_group)
        database.schedules = CascadingTable(Schedule, self._without_schedule)
        database.agents = CascadingTable(Agent, self._without_agent)
        database.call_pickups = CascadingTable(CallPickup, self._without_pickup)
        database.key_templates = CascadingTable(KeyTemplate, self._without_template)

    def new_user(self, user: Any) -> None:
        """Insert what every user has: settings, and a template of his own keys."""
        self._database.settings.insert(user_id=user.id)
        self._database.key_templates.insert(tenant_uuid=user.tenant_uuid, user_id=user.id)

    def without_user(self, user: Any) -> None:
        """Delete what is the user's alone, and whatever points at him. Agent, permissions and schedule stay."""
        for name in ("settings", "fallbacks", "key_templates", "user_permissions", "group_members", "pickup_members"):
            self._clear(name, user_id=user.id)
        self._forget_target(f"user {user.id}")

    def without_user_line(self, association: Any) -> None:
        """Take a user out of all groups whose line goes: a member is the line that rings."""
        if association.main_line:
            self._clear("group_members", user_id=association.user_id)

    def without_voicemail(self, voicemail: Any) -> None:
        self._forget_target(f"voicemail {voicemail.id}")

    def _without_permission(self, permission: CallPermission) -> None:
        self._clear("user_permissions", permission_id=permission.id)

    def _without_group(self, group: RingGroup) -> None:
        self._clear("group_members", group_id=group.id)
        self._clear("pickup_members", group_id=group.id)
        self._forget_target(f"group {group.id}")

    def _without_schedule(self, schedule: Schedule) -> None:
        for row in self._database.settings.where(schedule_id=schedule.id):
            row.schedule_id = None

    def _without_agent(self, agent: Agent) -> None:
        for row in self._database.settings.where(agent_id=agent.id):
            row.agent_id = None
        self._forget_target(f"agent {agent.id}")

    def _without_pickup(self, pickup: CallPickup) -> None:
        self._clear("pickup_members", pickup_id=pickup.id)

    def _without_template(self, template: KeyTemplate) -> None:
        self._clear("func_keys", template_id=template.id)
        for row in self._database.settings.where(template_id=template.id):
            row.template_id = None

    def _clear(self, table: str, **columns: object) -> None:
        rows = getattr(self._database, table)
        for row in rows.where(**columns):
            rows.delete(row)

    def _forget_target(self, target: str) -> None:
        """Delete the function keys that point at a target, and the fallbacks, which then read null."""
        self._clear("func_keys", target=target)
        self._clear("fallbacks", target=target)


_PLAIN: dict[str, type[Any]] = {
    "settings": Settings,
    "fallbacks": Fallback,
    "user_permissions": UserPermission,
    "group_members": GroupMember,
    "pickup_members": PickupMember,
    "func_keys": FuncKey,
}


def settings_of(database: Any, user: Any) -> Settings:
    """Return the settings of a user."""
    row: Settings = database.settings.first(user_id=user.id)
    return row


def own_template(database: Any, user: Any) -> KeyTemplate:
    """Return the template that holds a user's own function keys."""
    row: KeyTemplate = database.key_templates.first(user_id=user.id)
    return row


def agent_of(database: Any, user: Any) -> Agent | None:
    found: Agent | None = database.agents.get(settings_of(database, user).agent_id)
    return found


def populate_person(database: Any) -> None:
    """Let the function keys of people begin where those of the server end."""
    database.func_keys.sequence = FIRST_KEY
