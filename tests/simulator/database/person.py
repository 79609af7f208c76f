# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the tables of the rest of a person that both generations of XiVO have, and what a test may put into them.

Facts: person-xivo-15.12.md, "What concerns a person here: all routes"; person-xivo-16.16.md, "The traps first".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .contexts import Context
from .database import Database
from .rows import User
from .tables import Table

CTI_PROFILES = ("Supervisor", "Agent", "Client", "Switchboard")
SERVICES = (
    *("enablevm", "vmusermsg", "vmuserpurge", "phonestatus", "recsnd", "calllistening", "directoryaccess"),
    *("fwdundoall", "pickup", "callrecord", "incallfilter", "enablednd"),
)
FEATURES = (("parking", ""), ("transfer", "blind"), ("transfer", "attended"), ("onlinerec", ""))


@dataclass
class Person(User):
    """Hold what a user has beside the telephone."""

    cti_profile_id: int | None = None
    cti_enabled: bool = False
    agent_id: int | None = None
    template_id: int | None = None
    private_template_id: int | None = None


@dataclass
class CtiProfile:
    id: int
    name: str


@dataclass
class FuncKey:
    """Hold what a function key can lead to. Without such a row no key leads to a group, a queue or an agent.

    target: the id of the object as text, or the name of a service, a transfer, ''.
    """

    id: int
    type: str
    target: str = ""
    user_id: int | None = None


@dataclass
class FuncKeyTemplate:
    """Hold a set of function keys: a template, or the own keys of a user (private).

    keys: {position: {"id": ..., "label": ..., "blf": ..., "destination": {"type": ...}}}; replaced at each write.
    """

    id: int
    name: str | None = None
    private: bool = False
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Agent:
    id: int
    number: str


@dataclass
class NumberedObject:
    """Hold a queue, a conference, a paging or, in 15.12, a group, which the web interface made."""

    id: int
    name: str
    number: str | None = None


@dataclass
class FilterMember:
    """Hold a user who is in a boss-secretary filter."""

    id: int
    user_id: int


@dataclass
class QueueMember:
    id: int
    queue_id: int
    agent_id: int
    penalty: int = 0


@dataclass
class PhoneKeys:
    """Hold the function keys that a device has in its configuration; id: the device's."""

    id: str
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)


class PersonTable(Table[Any]):
    """Hold users. Each gets a private set of function keys, and takes what belongs to him along when he is deleted."""

    def __init__(self, row_type: type[Any], database: PersonDatabase) -> None:
        super().__init__(row_type)
        self._database = database

    def insert(self, id: Any = None, **columns: Any) -> Any:
        person = super().insert(id, **columns)
        if person.private_template_id is None:
            person.private_template_id = self._database.func_key_templates.insert(private=True).id
        self._database.func_keys.insert(type="user", target=str(person.id), user_id=person.id)
        return person

    def delete(self, row: Any) -> None:
        super().delete(row)
        self._database.forget_person(row)


class PersonDatabase(Database):
    """Hold the tables of both generations of XiVO. The tables of destinations are found by the type of a key."""

    def __init__(self, contexts: Iterable[Context] | None = None, seed: int | None = None) -> None:
        super().__init__(contexts, seed)
        self.cti_profiles = Table(CtiProfile)
        self.func_keys = Table(FuncKey)
        self.func_key_templates = Table(FuncKeyTemplate)
        self.agents = Table(Agent)
        self.groups: Table[Any] = Table(NumberedObject)
        self.queues = Table(NumberedObject)
        self.conferences = Table(NumberedObject)
        self.pagings = Table(NumberedObject)
        self.filter_members = Table(FilterMember)
        self.queue_members = Table(QueueMember)
        self.phone_keys = Table(PhoneKeys)

    def forget_person(self, person: Any) -> None:
        """Delete what goes with a user: his keys, and those of others that lead to him, without a trace."""
        template = self.func_key_templates.get(person.private_template_id)
        if template:
            self.func_key_templates.delete(template)
        self.forget_target("user", person.id)
        for member in self.filter_members.where(user_id=person.id):
            self.filter_members.delete(member)

    def forget_target(self, kind: str, identifier: int) -> None:
        """Delete all keys that lead to an object, and the row that let them lead there."""
        for row in self.func_keys.where(type=kind, target=str(identifier)):
            self.func_keys.delete(row)
        for template in self.func_key_templates:
            if not template.keys:
                continue
            kept = {
                position: key
                for position, key in template.keys.items()
                if (key["destination"]["type"], key["destination"].get(f"{kind}_id")) != (kind, identifier)
            }
            if len(kept) != len(template.keys):
                template.keys = kept

    # What the web interface makes, for tests: there is no REST route for it

    def insert_agent(self, number: str, id: int | None = None) -> int:
        """Insert an agent, who can be a function key, and return his id."""
        with self.lock:
            agent = self.agents.insert(id=id, number=number)
            self.func_keys.insert(type="agent", target=str(agent.id))
            return agent.id

    def insert_destination(
        self, kind: str, name: str, number: str | None = None, id: int | None = None, has_key: bool = True
    ) -> int:
        """Insert a queue, conference, paging or group as the web interface does, and return its id.

        kind: the type of a key. has_key: whether a function key can lead there; not if it was made otherwise.
        """
        with self.lock:
            table: Table[Any] = getattr(self, f"{kind}s")
            numbered = {"number": number} if kind != "group" or not hasattr(self, "group_members") else {}
            row = table.insert(id=id, name=name, **numbered)
            if has_key:
                self.func_keys.insert(type=kind, target=str(row.id))
            return int(row.id)

    def insert_filter_member(self, user_id: int, id: int | None = None) -> int:
        """Put a user into a boss-secretary filter, and return the id of the member."""
        with self.lock:
            member = self.filter_members.insert(id=id, user_id=user_id)
            self.func_keys.insert(type="bsfilter", target=str(member.id))
            return member.id

    def put_agent_on_user(self, agent_id: int | None, user_id: int) -> None:
        """Make a user an agent, as the web interface does; None takes the agent away."""
        with self.lock:
            person: Any = self.users.get(user_id)
            if person is None or (agent_id is not None and self.agents.get(agent_id) is None):
                raise LookupError(f"no user {user_id} or no agent {agent_id}")
            person.agent_id = agent_id


def populate_person(database: Any) -> None:
    """Insert what the distribution brings along: CTI profiles, and keys that lead to services and features."""
    for name in CTI_PROFILES:
        database.cti_profiles.insert(name=name)
    for name in SERVICES:
        database.func_keys.insert(type="service", target=name)
    for kind, name in FEATURES:
        database.func_keys.insert(type=kind, target=name)
