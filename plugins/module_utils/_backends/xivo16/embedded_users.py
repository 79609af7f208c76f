# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines, extensions, incalls and voicemails that GET /users embeds (xivo-16.16.md, "users list")."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ..._model.records import OTHER_PROTOCOLS, SIP, Row
from ..._model.resources import EXTENSION, LINE, USER
from ..xivo.rows import row_of, undescribed


class EmbeddedUsers:
    """Takes a list of users row by row, and keeps what the core needs of the users and of the objects embedded in them.

    The server's rows are not kept, because they take several times as much memory.

    users: the users as normalised rows. users_of_lines: {line id: ids of its users}. lines_of_users: {user id: ids of
    the lines} of the users who have more than one line. extensions_of_lines: {line id: id of its internal extension, or
    None}. incalls_of_users: {user id: ids of the extensions by which the user is called from outside}.
    users_of_incalls: {incall id: user id}. voicemails_of_users: {user id: voicemail id} of the users who have one.
    undescribed: {user id: {what in words: its value in words}} of what users have and no entry can describe.
    """

    def __init__(self) -> None:
        self.users: list[Row] = []
        self.users_of_lines: dict[int, list[int]] = {}
        self.lines_of_users: dict[int, list[int]] = {}
        self.extensions_of_lines: dict[int, int | None] = {}
        self.incalls_of_users: dict[int, list[int]] = {}
        self.users_of_incalls: dict[int, int] = {}
        self.voicemails_of_users: dict[int, int] = {}
        self.undescribed: dict[int, dict[str, str]] = {}
        self._internal: dict[int, Row] = {}
        self._direct: dict[int, Row] = {}

    def add(self, user: Row) -> None:
        """Take a row of GET /users."""
        user_id = user["id"]
        self.users.append(row_of(USER, user))
        words = undescribed(user)
        if words:
            self.undescribed[user_id] = words
        lines = user["lines"]
        if len(lines) > 1:
            self.lines_of_users[user_id] = [line["id"] for line in lines]
        for line in lines:
            self.extensions_of_lines[line["id"]] = next((each["id"] for each in line["extensions"]), None)
            self._internal.update((each["id"], row_of(EXTENSION, each)) for each in line["extensions"])
            self._add_line(user, line)
        incalls = extensions_of_incalls(user["incalls"])
        self.incalls_of_users[user_id] = [each["id"] for each in incalls]
        self._direct.update((each["id"], row_of(EXTENSION, each)) for each in incalls)
        self.users_of_incalls.update((incall["id"], user_id) for incall in user["incalls"])
        if user["voicemail"]:
            self.voicemails_of_users[user_id] = user["voicemail"]["id"]

    def _add_line(self, user: Row, line: Row) -> None:
        """Take a line that a user embeds."""
        self.users_of_lines.setdefault(line["id"], []).append(user["id"])

    def extensions(self) -> list[Row]:
        """Return the internal extensions and incalls of all users, without the field commented."""
        return list({**self._internal, **self._direct}.values())


class ListedUsers(EmbeddedUsers):
    """A list of users whose lines have only SIP username, context and protocol."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[int, tuple[str | None, str | None, str | None]] = {}
        """{line id: (SIP username, context, protocol)}."""

    def lines_without(self, known: Collection[int]) -> list[Row]:
        """Return the lines of all users, except those with the ids ``known``, with these three fields only."""
        return [
            row_of(LINE, {"id": line_id, "username": username, "context": context, "protocol": protocol})
            for line_id, (username, context, protocol) in self._lines.items()
            if line_id not in known
        ]

    def _add_line(self, user: Row, line: Row) -> None:
        super()._add_line(user, line)
        context = next((each["context"] for each in line["extensions"]), None)
        self._lines[line["id"]] = (line["endpoint_sip"] or {}).get("username"), context, protocol_of(line)


def protocol_of(line: Row) -> str | None:
    """Return the protocol of a line by the endpoint that it has; None for a line without endpoint."""
    return next((name for name in (SIP, *OTHER_PROTOCOLS) if line.get(f"endpoint_{name}")), None)


def extensions_of_incalls(incalls: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the extensions of incalls, as the API embeds them."""
    return [each for incall in incalls for each in incall["extensions"]]
