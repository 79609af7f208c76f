# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the rows of a person's tables: what is not a column here does not outlive a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FORWARDS = ("busy", "noanswer", "unconditional")
SERVICES = ("dnd", "incallfilter")
FALLBACKS = tuple(f"{name}_destination" for name in ("noanswer", "busy", "congestion", "fail"))
Destination = dict[str, Any]


def target_of(destination: Destination) -> str:
    """Return what a destination points at, for the index by which a deleted target is forgotten."""
    kind = destination["type"].removesuffix("member")
    return f"{kind} {destination.get(f'{kind}_id')}"


@dataclass
class Settings:
    """Hold forwards and services of a user, and the template, the agent and the schedule that he has."""

    id: int
    user_id: int
    forwards: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {name: {"enabled": False, "destination": None} for name in FORWARDS}
    )
    services: dict[str, dict[str, bool]] = field(
        default_factory=lambda: {name: {"enabled": False} for name in SERVICES}
    )
    template_id: int | None = None
    agent_id: int | None = None
    schedule_id: int | None = None


@dataclass
class Fallback:
    """Hold one fallback of a user that leads somewhere. name: one of FALLBACKS. A row never changes."""

    id: int
    user_id: int
    name: str
    destination: Destination

    @property
    def target(self) -> str:
        return target_of(self.destination)


@dataclass
class CallPermission:
    id: int
    tenant_uuid: str
    name: str
    password: str | None = None
    mode: str = "deny"
    extensions: list[str] = field(default_factory=list)
    enabled: bool = True
    description: str | None = None


@dataclass
class UserPermission:
    id: int
    user_id: int
    permission_id: int


@dataclass
class RingGroup:
    """Hold a group; `name` is generated, people know `label`. extension_members: numbers that ring with the members."""

    id: int
    uuid: str
    tenant_uuid: str
    name: str
    label: str
    preprocess_subroutine: str | None = None
    ring_strategy: str = "all"
    caller_id_mode: str | None = None
    caller_id_name: str | None = None
    dtmf_record_toggle: bool = False
    timeout: int | None = None
    user_timeout: int | None = 15
    retry_delay: int | None = 5
    music_on_hold: str | None = None
    ring_in_use: bool = True
    mark_answered_elsewhere: bool = False
    enabled: bool = True
    ignore_forward: bool = False
    max_calls: int | None = 0
    extension_id: int | None = None
    extension_members: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class GroupMember:
    id: int
    group_id: int
    user_id: int
    priority: int


@dataclass
class Schedule:
    id: int
    tenant_uuid: str
    closed_destination: Destination
    name: str | None = None
    timezone: str | None = None
    open_periods: list[dict[str, Any]] = field(default_factory=list)
    exceptional_periods: list[dict[str, Any]] = field(default_factory=list)
    enabled: bool = True


@dataclass
class Agent:
    id: int
    tenant_uuid: str
    number: str
    firstname: str | None = None
    lastname: str | None = None
    password: str | None = None
    language: str | None = None
    preprocess_subroutine: str | None = None
    description: str | None = None


@dataclass
class CallPickup:
    id: int
    tenant_uuid: str
    name: str
    description: str | None = None
    enabled: bool = True


@dataclass
class PickupMember:
    """Hold a member of a pickup. side: "interceptors" or "targets"; either user_id or group_id is set."""

    id: int
    pickup_id: int
    side: str
    user_id: int | None = None
    group_id: int | None = None


@dataclass
class KeyTemplate:
    """Hold a template of function keys; user_id: whose own keys it holds, for others do not see it."""

    id: int
    tenant_uuid: str
    name: str | None = None
    user_id: int | None = None


@dataclass
class FuncKey:
    """Hold a function key. A row never changes, since every PUT makes all keys of a set anew.

    fixed_id: what services and transfers show as id, of which there is one for all people.
    """

    id: int
    template_id: int
    position: int
    destination: Destination
    label: str | None = None
    blf: bool = True
    fixed_id: int | None = None

    @property
    def target(self) -> str:
        return target_of(self.destination)
