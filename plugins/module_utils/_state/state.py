# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as the planner sees it: objects and their associations, whatever the generation of the API.

A ServerState answers from what it has read and asks its backend for the rest, once. Planning an operation changes the
ServerState as the operation will change the server, so that later operations are planned on what will be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.collector import collector_paused
from .._model.records import Extension, Line, Record, User
from .._model.snapshot import Snapshot
from .associations import AssociationState
from .tables import read_consistently


class ServerState(AssociationState):
    """Everything known of a server, read on demand or at once with ``read_snapshot``."""

    snapshot: Snapshot | None = None
    """The lists that were read at once, where the journal of the run needs them again."""

    @collector_paused()
    def read_snapshot(self) -> ServerState:
        """Read the lists that plan any number of users. Return the state itself.

        Raises ConflictError if the server keeps changing while it is read.
        """
        # Lists are read again where they contradict each other, and at the end of a run.
        self.backend.client.kept.end()
        self.read_contexts_again()
        snapshot = read_consistently(self.backend.read_snapshot)
        self.snapshot = snapshot.copy() if self.backend.client.recorder else None
        return self.fill(snapshot)

    def fill(self, snapshot: Snapshot) -> ServerState:
        """Take over lists that were read, whose rows become the fields of the records. Return the state itself."""
        for row in snapshot.users:
            user = self._users.adopt(row)
            self._users_by_name.setdefault(user.full_name, []).append(user)
            self._line_of[user] = None
        for row in snapshot.lines:
            self._users_of[self._lines.adopt(row)] = []
        for row in snapshot.extensions:
            extension = self._extensions.adopt(row)
            self._extensions_by_key[extension.key] = extension
        for line_id, user_ids in snapshot.users_of_line.items():
            self._set_users(line_id, user_ids, snapshot.main_lines)
        for line_id, extension_id in snapshot.extension_of_line.items():
            self._extension_of[self._lines[line_id]] = None
            if extension_id:
                self._set_extension(self._lines[line_id], self._extensions[extension_id])
        for user_id, extension_ids in (snapshot.incalls_of_user or {}).items():
            self._incalls_of[self._users[user_id]] = []
            self.link_incalls(self._users[user_id], [self._extensions[each] for each in extension_ids])
        self._listed_parts = {name: dict(rows) for name, rows in snapshot.parts_of_users.items()}
        self._undescribed = snapshot.undescribed
        self.voicemails.owners = snapshot.voicemail_of_user
        self.complete = self._all_lines = True
        self._all_extensions = snapshot.all_extensions
        self.warnings = snapshot.warnings
        return self

    def change(self, record: Record, values: Mapping[str, Any]) -> None:
        """Give fields of a record new values, as a planned update will, so that it is found by them."""
        if isinstance(record, Extension):
            self._extensions_by_key[record.key] = None
            record.fields.update(values)
            self._extensions_by_key[record.key] = record
        elif isinstance(record, User):
            self._forget_values(record)
            record.fields.update(values)
            self._users_by_value.add(record)
            self._users_by_name.setdefault(record.full_name, []).append(record)
        elif isinstance(record, Line):
            self._lines_by_value.discard(record)
            if "username" in values:
                # A new SIP username becomes the name of the endpoint, too.
                record.endpoint_name = None
            record.fields.update(values)
            self._lines_by_value.add(record)
        else:
            record.fields.update(values)
