# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The database: the tables, what is true of them in every generation, and the hands of a test."""

from __future__ import annotations

import random
import string
import threading
import uuid
from collections.abc import Iterable
from typing import Any

from .contexts import DEFAULT_CONTEXTS, Context
from .race import Race
from .rows import Device, Extension, Incall, Line, LineExtension, User, UserLine, UserVoicemail, Voicemail
from .tables import Table


class Database:
    """State in memory. `random` makes SIP accounts and provisioning codes: give it a seed to know them."""

    def __init__(self, contexts: Iterable[Context] | None = None, seed: int | None = None) -> None:
        self.contexts = {context.name: context for context in contexts or DEFAULT_CONTEXTS}
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
        self._race: Race | None = None
        self._place = threading.local()

    def tables(self) -> dict[str, Table[Any]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Table)}

    def clear(self) -> None:
        for table in self.tables().values():
            table.clear()

    def dump(self) -> dict[str, Any]:
        """The complete state, as JSON can hold it."""
        with self.lock:
            state: dict[str, Any] = {name: table.dump() for name, table in self.tables().items()}
            state["sequences"] = {name: table.sequence for name, table in self.tables().items()}
            state["uuid"] = self.uuid
            return state

    def load(self, state: dict[str, Any]) -> None:
        with self.lock:
            self.uuid = state["uuid"]
            for name, table in self.tables().items():
                table.load(state[name], state["sequences"][name])

    # What the database can be asked

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
        """A line with username, secret and callerid, wherever a generation keeps them."""
        return self.lines.get(line_id)

    def context_type(self, extension: Extension) -> str | None:
        context = self.contexts.get(extension.context)
        return context.type if context else None

    # What the server makes up

    def random_account(self) -> str:
        return "".join(self.random.choices(string.ascii_lowercase + string.digits, k=8))

    def random_provisioning_extension(self) -> str:
        while self.lines.first(provisioning_extension=(code := "".join(self.random.choices("12345678", k=6)))):
            pass
        return code

    def random_device_id(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    # The hands of a test: states that a remote client cannot make

    def put_device_on_line(self, line_id: int, device_id: str) -> None:
        """Do what a person does who dials a line's provisioning code on a phone."""
        with self.lock:
            line, device = self.lines.get(line_id), self.devices.get(device_id)
            if line is None or device is None:
                raise LookupError(f"no line {line_id} or no device {device_id}")
            line.device_id = device.id
            if device.has_config:
                device.status = "configured"

    def remove_device_from_line(self, line_id: int) -> None:
        with self.lock:
            line = self.lines.get(line_id)
            if line is None:
                raise LookupError(f"no line {line_id}")
            line.device_id = None

    # States that only a race or a mistake leaves behind

    def strand_incall(self, exten: str, context: str, user_id: int) -> Incall:
        """Leave an incall of a user that no line shows: what remains of a renumbered or badly dissociated extension."""
        with self.lock:
            return self.incalls.insert(exten=exten, context=context, user_id=user_id)

    def share_extension(self, line_id: int, extension_id: int) -> LineExtension:
        """Put a number on one more line, as a lost race does."""
        with self.lock:
            return self.line_extensions.insert(line_id=line_id, extension_id=extension_id)

    def open_race(self, parties: int) -> None:
        """Let the next requests that meet all pass their checks before any of them writes."""
        self._race = Race(parties)

    def enter_race(self, place: int) -> None:
        """Say in which place the current thread writes."""
        self._place.value = place

    def wait_for_race(self) -> None:
        """Wait, without the lock, until all parties of an open race have come this far, then for one's place."""
        race = self._race
        if race is None:
            return
        self.lock.release()
        race.wait(getattr(self._place, "value", None), self.lock)
        self._race = None

    def end_race(self) -> None:
        """Let nobody wait for a party that never comes: its request was refused before."""
        race = self._race
        if race is not None:
            race.abort()
