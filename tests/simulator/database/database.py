# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold all tables, answer what is true of them in every generation, and let a test prepare special states."""

from __future__ import annotations

import random
import string
import threading
import uuid
from collections.abc import Iterable
from typing import Any

from .contexts import DEFAULT_CONTEXTS, Context, Range
from .race import Race
from .rows import Device, Extension, Incall, Line, LineExtension, User, UserLine, UserVoicemail, Voicemail
from .tables import Table


class Database:
    """Hold the state in memory. `random` generates SIP accounts and provisioning codes; with a seed they are known."""

    def __init__(self, contexts: Iterable[Context] | None = None, seed: int | None = None) -> None:
        self._contexts = {context.name: context for context in contexts or DEFAULT_CONTEXTS}
        self.contexts = dict(self._contexts)
        self.random = random.Random(seed)
        self.uuid = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.lock = threading.RLock()
        self.users = Table(User)
        self.lines = Table(Line)
        self.extensions = Table(Extension)
        self.user_lines = Table(UserLine)
        self.line_extensions = Table(LineExtension)
        self.incalls = Table(Incall)
        self.voicemails = Table(Voicemail)
        self.user_voicemails = Table(UserVoicemail)
        self.devices = Table(Device)
        self.hidden_accounts: set[str] = set()
        """SIP usernames that are taken although no list shows them."""
        self._race: Race | None = None
        self._place = threading.local()

    def tables(self) -> dict[str, Table[Any]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Table)}

    def clear(self) -> None:
        for table in self.tables().values():
            table.clear()
        self.contexts = dict(self._contexts)
        self.hidden_accounts.clear()

    def dump(self) -> dict[str, Any]:
        """Return the complete state as JSON values."""
        with self.lock:
            state: dict[str, Any] = {name: table.dump() for name, table in self.tables().items()}
            state["sequences"] = {name: table.sequence for name, table in self.tables().items()}
            state["uuid"] = self.uuid
            return state

    def load(self, state: dict[str, Any]) -> None:
        with self.lock:
            self.uuid = state["uuid"]
            self.hidden_accounts.clear()
            for name, table in self.tables().items():
                table.load(state[name], state["sequences"][name])

    # Queries

    def main_user_of(self, line_id: int) -> User | None:
        association = self.user_lines.first(line_id=line_id, main_user=True)
        return self.users.get(association.user_id) if association else None

    def lines_of_main_user(self, user_id: int) -> list[Line]:
        associations = self.user_lines.where(user_id=user_id, main_user=True, main_line=True)
        lines = (self.lines.get(association.line_id) for association in associations)
        return [line for line in lines if line is not None]

    def internal_extension_of(self, line_id: int) -> Extension | None:
        association = self.line_extensions.first(line_id=line_id)
        return self.extensions.get(association.extension_id) if association else None

    def sip_line(self, line_id: int) -> Any:
        """Return a line with username, secret and callerid, wherever a generation stores them."""
        return self.lines.get(line_id)

    def insert_other_line(self, protocol: str | None, context: str = "default") -> int:
        """Insert a line that is not a SIP line, as the web interface makes it, and return its id.

        protocol: "sccp", "custom", or None for a line without endpoint.
        """
        with self.lock:
            row = self.lines.insert(
                username=f"{protocol}-line",
                secret="",
                context=context,
                sip_context=context,
                device_slot=1,
                provisioning_extension=self.random_provisioning_extension(),
                protocol=protocol,
            )
            return row.id

    def users_by_email(self, email: str) -> list[Any]:
        """Return the users with an e-mail address, compared without case. '' is an address like any other."""
        known = ((user, getattr(user, "email", None)) for user in self.users)
        return [user for user, address in known if address is not None and address.lower() == email.lower()]

    def context_type(self, extension: Extension) -> str | None:
        context = self.contexts.get(extension.context)
        return context.type if context else None

    # Random values

    def random_account(self) -> str:
        return "".join(self.random.choices(string.ascii_lowercase + string.digits, k=8))

    def random_provisioning_extension(self) -> str:
        while self.lines.first(provisioning_extension=(code := "".join(self.random.choices("12345678", k=6)))):
            pass
        return code

    def random_device_id(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    # States that no remote client can make, for tests

    def put_device_on_line(self, line_id: int, device_id: str) -> None:
        """Do what happens when somebody dials the line's provisioning code on the device."""
        with self.lock:
            line, device = self.lines.get(line_id), self.devices.get(device_id)
            if line is None or device is None:
                raise LookupError(f"no line {line_id} or no device {device_id}")
            line.device_id = device.id
            if device.has_config:
                device.status = "configured"

    def add_context(self, name: str, kind: str, start: str, end: str, did_length: int = 0) -> None:
        """Add a context of one range."""
        self.set_context(Context(name, kind, (Range(start, end, did_length),)))

    def set_context(self, context: Context) -> None:
        """Add a context, or replace the one of this name."""
        self.contexts[context.name] = context

    def remove_context(self, name: str) -> None:
        """Remove a context, whatever is in it."""
        del self.contexts[name]

    def corrupt_device(self, device_id: str) -> None:
        """Remove a device's configuration, as a crash of the provisioning server does (xivo-16.16.md, trap 7)."""
        with self.lock:
            device = self.devices.get(device_id)
            if device is None:
                raise LookupError(f"no device {device_id}")
            device.has_config = False

    # States that only a race or a mistake leaves, for tests

    def strand_incall(self, exten: str, context: str, user_id: int) -> Incall:
        """Insert an incall of a user that no line shows, as a renumbered or badly dissociated extension leaves it."""
        with self.lock:
            return self.incalls.insert(exten=exten, context=context, user_id=user_id)

    def share_extension(self, line_id: int, extension_id: int) -> LineExtension:
        """Put an extension on one more line, as a lost race does."""
        with self.lock:
            return self.line_extensions.insert(line_id=line_id, extension_id=extension_id)

    def open_race(self, parties: int) -> None:
        """Make the next requests that reach ``wait_for_race`` all pass their checks before any of them writes."""
        self._race = Race(parties)

    def enter_race(self, place: int) -> None:
        """Set the position in which the current thread writes."""
        self._place.value = place

    def wait_for_race(self) -> None:
        """Wait, without the lock, until all parties of an open race are here, then for the thread's position."""
        race = self._race
        if race is None:
            return
        self.lock.release()
        race.wait(getattr(self._place, "value", None), self.lock)
        self._race = None

    def end_race(self) -> None:
        """Stop waiting for a party whose request was refused before it came here."""
        race = self._race
        if race is not None:
            race.abort()
