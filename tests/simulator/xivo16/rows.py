# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define what the database of 16.16 holds besides that of 15.12.

Facts: xivo-16.16.md, "users"; xivo-16.16.md, "lines_sip, lines".
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..database import Context, Extension, Incall, Line, Table, Voicemail
from ..database.person import PersonTable
from .auth import Accounts
from .person_rows import Person16, Person16Database


@dataclass
class User16(Person16):
    """Hold a user with its generated uuid and caller ID; '' in a text column is shown as null."""

    uuid: str = ""
    email: str | None = None
    call_transfer_enabled: bool = False
    dtmf_hangup_enabled: bool = False
    call_record_enabled: bool = False
    online_call_record_enabled: bool = False
    supervision_enabled: bool = True
    ring_seconds: int = 30
    simultaneous_calls: int = 5
    call_permission_password: str | None = None
    enabled: bool = True
    services: dict[str, Any] = field(default_factory=dict)
    forwards: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Rows that a test inserts get them too.
        self.uuid = self.uuid or str(uuid.uuid5(uuid.NAMESPACE_OID, f"user {self.id}"))
        self.caller_id = self.caller_id or f'"{self.fullname}"'

    @property
    def fullname(self) -> str:
        return full_name(self.firstname, self.lastname)


def full_name(firstname: str, lastname: str | None) -> str:
    return f"{firstname} {lastname}" if lastname else firstname


@dataclass
class Voicemail16(Voicemail):
    """Hold a voicemail, and whether it is enabled."""

    enabled: bool = True
    options: list[list[str]] = field(default_factory=list)


@dataclass
class Line16(Line):
    """Hold a line. `named`: whether it has its SIP username as its name, as from its first association or PUT on.

    own_endpoint_id: the id of an endpoint that was created without a line; None for one that was created with the line.
    """

    named: bool = False
    own_endpoint_id: int | None = None
    options: list[list[str]] = field(default_factory=list)
    endpoint_type: str = "friend"
    host: str = "dynamic"

    @property
    def endpoint_id(self) -> int:
        return self.own_endpoint_id or self.id


@dataclass
class Incall16(Incall):
    """Hold an incall. exten and context are those of its extension, if any; user_id is None for other destinations."""

    exten: str | None = None
    context: str | None = None
    user_id: int | None = None
    extension_id: int | None = None
    destination: dict[str, Any] = field(default_factory=dict)
    preprocess_subroutine: str | None = None
    caller_id_mode: str | None = None
    caller_id_name: str | None = None
    description: str | None = None


@dataclass
class OrphanEndpoint:
    """Hold a SIP account without line, as an import without a context and POST /endpoints/sip leave it."""

    id: int
    username: str
    secret: str = ""
    options: list[list[str]] = field(default_factory=list)
    endpoint_type: str = "friend"
    host: str = "dynamic"


@dataclass
class SccpEndpoint:
    """Hold an SCCP account without line, as POST /endpoints/sccp makes it."""

    id: int


class Xivo16Database(Person16Database):
    """Hold the tables of 16.16."""

    def __init__(self, contexts: Iterable[Context] | None = None, seed: int | None = None) -> None:
        super().__init__(contexts, seed)
        self.users: Table[User16] = PersonTable(User16, self)  # type: ignore[assignment]
        self.lines: Table[Line16] = Table(Line16)  # type: ignore[assignment]
        self.incalls: Table[Incall16] = Table(Incall16)  # type: ignore[assignment]
        self.voicemails: Table[Voicemail16] = Table(Voicemail16)  # type: ignore[assignment]
        self.orphan_endpoints: Table[OrphanEndpoint] = Table(OrphanEndpoint)
        self.sccp_endpoints: Table[SccpEndpoint] = Table(SccpEndpoint)
        self.live_reload = True
        self.accounts = Accounts(seed)

    def random_uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def has_account(self, username: str, besides: int | None = None) -> bool:
        """Return whether another line, or an account without line, has a SIP username."""
        others = [line for line in self.lines.where(username=username, protocol="sip") if line.id != besides]
        return bool(others or self.orphan_endpoints.where(username=username))

    def line_of_endpoint(self, endpoint_id: int) -> Line16 | None:
        return next((line for line in self.lines.where(protocol="sip") if line.endpoint_id == endpoint_id), None)

    def incalls_of(self, user_id: int) -> list[Incall16]:
        return self.incalls.where(user_id=user_id)

    def extension_of(self, incall: Incall16) -> Extension | None:
        return self.extensions.get(incall.extension_id) if incall.extension_id else None

    def incall_of(self, extension: Extension) -> Incall16 | None:
        return self.incalls.first(extension_id=extension.id)

    def add_main_line(self, user_id: int, line_id: int) -> None:
        """Give a user one more main line, as two requests at the same moment do (xivo-16.16.md, trap 8)."""
        with self.lock:
            self.user_lines.insert(user_id=user_id, line_id=line_id, main_user=True, main_line=True)

    def strand_incall(self, exten: str, context: str, user_id: int) -> Incall16:
        """Insert an incall whose user is deleted, as the deletion of a user with incalls leaves it."""
        with self.lock:
            extension = self.extensions.first(exten=exten, context=context)
            if extension is None:
                extension = self.extensions.insert(exten=exten, context=context)
            incall = self.incalls.insert(
                exten=exten,
                context=context,
                user_id=user_id,
                extension_id=extension.id,
                destination={"type": "user", "user_id": user_id},
            )
            extension.type, extension.typeval = "incall", str(incall.id)
            return incall

    def insert_incall_to(self, exten: str, context: str, destination: dict[str, Any]) -> Incall16:
        """Insert an incall that does not lead to a user: {"type": "queue", "queue_id": 3}."""
        incall = self.strand_incall(exten, context, 0)
        incall.user_id, incall.destination = None, destination
        return incall

    def add_object_number(self, kind: str, exten: str, context: str, id: int) -> None:
        """Insert the number of a group, conference, queue or outgoing route; no list shows that it is a queue's.

        Source: xivo-16.16.md, "users list".
        """
        with self.lock:
            self.extensions.insert(exten=exten, context=context, type=kind, typeval=str(id))
