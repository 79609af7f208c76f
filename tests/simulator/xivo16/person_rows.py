# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the tables of the rest of a person that 16.16 has, and what a test may put into them.

Facts: person-xivo-16.16.md, "Where the state of all users can be read".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..database import Context, PersonDatabase, Table
from ..database.person import NumberedObject, Person, populate_person

DEFAULT_ENTITY = "default"


@dataclass
class Person16(Person):
    """Hold what a user has beside the telephone; fallbacks: {name of the destination: destination}, set ones alone."""

    entity_id: int = 1
    fallbacks: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class CallPermission:
    id: int
    name: str = ""
    password: str | None = None
    mode: str = "deny"
    extensions: list[str] = field(default_factory=list)
    enabled: bool = True
    description: str | None = None


@dataclass
class UserCallPermission:
    id: int
    user_id: int
    call_permission_id: int


@dataclass
class Entity:
    id: int
    name: str
    display_name: str | None = None


@dataclass
class Group:
    """Hold a ring group; its number is an extension of type group."""

    id: int
    name: str
    preprocess_subroutine: str | None = None
    ring_strategy: str = "all"
    caller_id_mode: str | None = None
    caller_id_name: str | None = None
    timeout: int | None = None
    user_timeout: int | None = 15
    retry_delay: int | None = 5
    music_on_hold: str | None = None
    ring_in_use: bool = True
    enabled: bool = True
    fallbacks: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class GroupMember:
    """Hold a member of a group with the line that rings, also if the line is gone meanwhile."""

    id: int
    group_id: int
    user_id: int
    line_id: int


@dataclass
class UserSchedule:
    """Hold the schedule that the web interface gave a user: no request shows it."""

    id: int
    user_id: int
    schedule_id: int


class Person16Database(PersonDatabase):
    """Hold the tables of the rest of a person."""

    def __init__(self, contexts: Iterable[Context] | None = None, seed: int | None = None) -> None:
        super().__init__(contexts, seed)
        self.call_permissions = Table(CallPermission)
        self.user_call_permissions = Table(UserCallPermission)
        self.entities = Table(Entity)
        self.groups: Table[Group] = Table(Group)
        self.group_members = Table(GroupMember)
        self.ivrs = Table(NumberedObject)
        self.outcalls = Table(NumberedObject)
        self.user_schedules = Table(UserSchedule)

    def forget_person(self, person: Any) -> None:
        """Delete what goes with a user; the fallbacks that lead to him stay, and lock their owners."""
        super().forget_person(person)
        tables: tuple[Table[Any], ...] = (self.user_call_permissions, self.group_members, self.user_schedules)
        for table in tables:
            for row in table.where(user_id=person.id):
                table.delete(row)

    def leave_groups(self, user_id: int, line_id: int) -> None:
        """Take a user out of all groups that ring a line (person-xivo-16.16.md, trap 3)."""
        for member in self.group_members.where(user_id=user_id, line_id=line_id):
            self.group_members.delete(member)

    def groups_of(self, user_id: int) -> list[Group]:
        ids = dict.fromkeys(member.group_id for member in self.group_members.where(user_id=user_id))
        return [group for group in map(self.groups.get, ids) if group]

    def put_schedule_on_user(self, schedule_id: int, user_id: int) -> None:
        """Do what the web interface does; no request shows it."""
        with self.lock:
            self.user_schedules.insert(user_id=user_id, schedule_id=schedule_id)


def populate_person16(database: Any) -> None:
    populate_person(database)
    database.entities.insert(name=DEFAULT_ENTITY, display_name=DEFAULT_ENTITY)
