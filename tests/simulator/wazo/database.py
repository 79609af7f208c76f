# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add tenants, accounts and tokens to the database of every generation."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from ..database import Context as GivenContext
from ..database import Database, Table, UserLine
from .accounts import Accounts
from .logins.rows import Login, LoginEmail, LoginGroup, Policy
from .person.tables import CascadingTable, PersonTables
from .rows import (
    MASTER,
    Context,
    Device,
    Extension,
    Incall,
    Line,
    Moh,
    ObjectNumber,
    SipEndpoint,
    SipLine,
    Tenant,
    User,
    Voicemail,
)

LABELS = {"default": "Default", "from-extern": "Incalls", "to-extern": "Outcalls"}


class WazoDatabase(Database):
    """Hold the state in memory. ``accounts`` outlive a reset, as they are not provisioned by what is tested."""

    def __init__(self, contexts: Iterable[GivenContext] | None = None, seed: int | None = None) -> None:
        super().__init__(contexts, seed)
        self.tenants = Table(Tenant)
        self.context_rows = Table(Context)
        self.endpoints = Table(SipEndpoint)
        self.templates = Table(SipEndpoint)
        person = PersonTables(self)
        self.users: Any = CascadingTable(User, person.without_user, person.new_user)
        self.lines: Any = Table(Line)
        self.extensions: Any = Table(Extension)
        self.incalls: Any = Table(Incall)
        self.object_numbers: Any = Table(ObjectNumber)
        self.voicemails: Any = CascadingTable(Voicemail, person.without_voicemail)
        self.devices: Any = Table(Device)
        self.user_lines: Any = CascadingTable(UserLine, person.without_user_line)
        person.add()
        self.logins: Any = Table(Login)
        self.login_emails: Any = Table(LoginEmail)
        self.policies: Any = Table(Policy)
        self.login_groups: Any = Table(LoginGroup)
        self.mohs: Any = Table(Moh)
        self.master = MASTER
        self.accounts = Accounts(self)

    def set_context(self, context: GivenContext) -> None:
        super().set_context(context)
        ranges = [{"start": each.start, "end": each.end} for each in context.ranges]
        incoming = context.type == "incall"
        values = {
            "label": context.label or LABELS.get(context.name, context.name),
            "type": context.type,
            "user_ranges": [] if incoming else ranges,
            "incall_ranges": [{**each, "did_length": 0} for each in ranges] if incoming else [],
        }
        row = self.context_rows.first(name=context.name)
        if row is None:
            self.context_rows.insert(uuid=self.random_uuid(), tenant_uuid=self.master, name=context.name, **values)
        else:
            vars(row).update(values)

    def remove_context(self, name: str) -> None:
        super().remove_context(name)
        self.context_rows.delete(self.context_rows.first(name=name))

    # Queries

    def context(self, name: str, tenants: Iterable[str]) -> Context | None:
        return next((row for row in self.context_rows.where(name=name) if row.tenant_uuid in tenants), None)

    def context_of(self, extension: Any) -> Context | None:
        return self.context_rows.first(name=extension.context, tenant_uuid=extension.tenant_uuid)

    def context_type(self, extension: Any) -> str | None:
        context = self.context_of(extension)
        return context.type if context else None

    def endpoint_of(self, line: Line) -> SipEndpoint | None:
        return self.endpoints.get(line.endpoint_uuid) if line.endpoint_uuid else None

    def sip_line(self, line_id: int) -> SipLine:
        line = self.lines.get(line_id)
        endpoint = self.endpoint_of(line)
        return SipLine(
            id=line.id,
            context=line.context,
            device_slot=line.position,
            provisioning_extension=line.provisioning_extension,
            device_id=line.device_id,
            username=endpoint.auth("username") if endpoint else None,
            secret=endpoint.auth("password") if endpoint else None,
            callerid=endpoint.option("callerid") if endpoint else None,
        )

    def insert_other_line(self, protocol: str | None, context: str = "default") -> int:
        with self.lock:
            row = self.lines.insert(
                tenant_uuid=self.master,
                context=context,
                provisioning_extension=self.random_provisioning_extension(),
                other_protocol=protocol,
            )
            return int(row.id)

    def line_of_endpoint(self, endpoint: SipEndpoint) -> Line | None:
        return self.lines.first(endpoint_uuid=endpoint.id)

    def users_of(self, line: Line) -> list[User]:
        """Return the users of a line, the main one first."""
        rows = sorted(self.user_lines.where(line_id=line.id), key=lambda row: not row.main_user)
        return [self.users.get(row.user_id) for row in rows]

    def lines_of(self, user: User) -> list[Line]:
        """Return the lines of a user, the main one first."""
        rows = sorted(self.user_lines.where(user_id=user.id), key=lambda row: not row.main_line)
        return [self.lines.get(row.line_id) for row in rows]

    def voicemail_of(self, user: User) -> Voicemail | None:
        association = self.user_voicemails.first(user_id=user.id)
        return self.voicemails.get(association.voicemail_id) if association else None

    def descendants(self, tenant: str) -> set[str]:
        """Return a tenant and those below it."""
        found = {tenant}
        while fresh := {row.id for row in self.tenants if row.parent_uuid in found} - found:
            found |= fresh
        return found

    # Random values

    def random_uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    # States that no client can make, for tests

    def expire_tokens(self) -> None:
        """Let all tokens expire."""
        self.accounts.expire_tokens()

    def add_account(self, username: str, password: str, acl: list[str], tenant: str = "master") -> None:
        """Add an account that may log in; tenant is the tenant's name."""
        self.accounts.add(username, password, acl, self.tenant_named(tenant).id)

    def add_token(self, username: str, token: str) -> None:
        """Give an account a token of the test's choice."""
        self.accounts.add_token(username, token)

    def add_user(self, firstname: str, tenant: str, username: str | None = None, email: str | None = None) -> User:
        """Add a user of a tenant, named, whom the clients of other tenants cannot see."""
        with self.lock:
            row: User = self.users.insert(
                firstname=firstname, username=username, email=email, tenant_uuid=self.tenant_named(tenant).id
            )
            return row

    def add_object_number(self, kind: str, exten: str, context: str, **shown: Any) -> None:
        """Insert the number of a queue, conference, parking_lot or outcall. shown: what an extension shows of it."""
        with self.lock:
            row = self.extensions.insert(tenant_uuid=self.master, exten=exten, context=context)
            self.object_numbers.insert(id=row.id, kind=kind, shown=shown)

    def insert_incall_to(self, exten: str, context: str, destination: dict[str, Any]) -> Incall:
        """Insert an incall that does not lead to a user: {"type": "queue", "queue_id": 3}."""
        with self.lock:
            extension = self.extensions.insert(tenant_uuid=self.master, exten=exten, context=context)
            row: Incall = self.incalls.insert(
                tenant_uuid=self.master,
                exten=exten,
                context=context,
                extension_id=extension.id,
                destination=destination,
            )
            return row

    def tenant_named(self, name: str) -> Tenant:
        return next(row for row in self.tenants if row.name == name)
