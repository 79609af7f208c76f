# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines, extensions, incalls and voicemails that GET /users embeds (xivo-16.16.md, "users list")."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..._model.records import OTHER_PROTOCOLS, SIP, Row
from ..._model.resources import EXTENSION, LINE
from ..xivo.rows import row_of, undescribed


@dataclass
class EmbeddedUsers:
    """The rows of a list of users, and the objects that are embedded in them."""

    rows: list[Row]

    def lines_without(self, known: Collection[int]) -> list[Row]:
        """Return the lines of all users, with SIP username and context alone, except those with the ids ``known``."""
        return list({line["id"]: self._line(line) for _user, line in self._lines() if line["id"] not in known}.values())

    def extensions(self) -> list[Row]:
        """Return the internal extensions and incalls of all users, without the field commented."""
        internal = (each for _user, line in self._lines() for each in line["extensions"])
        incalls = (each for user in self.rows for each in extensions_of_incalls(user["incalls"]))
        return list({each["id"]: row_of(EXTENSION, each) for each in (*internal, *incalls)}.values())

    def users_of_lines(self) -> dict[int, list[int]]:
        """Return {line id: ids of its users}."""
        users: dict[int, list[int]] = {}
        for user, line in self._lines():
            users.setdefault(line["id"], []).append(user["id"])
        return users

    def lines_of_users(self) -> dict[int, list[int]]:
        """Return {user id: ids of the lines} of the users who have more than one line."""
        return {user["id"]: [line["id"] for line in user["lines"]] for user in self.rows if len(user["lines"]) > 1}

    def extensions_of_lines(self) -> dict[int, int | None]:
        """Return {line id: id of its internal extension, or None}."""
        return {line["id"]: next((each["id"] for each in line["extensions"]), None) for _user, line in self._lines()}

    def incalls_of_users(self) -> dict[int, list[int]]:
        """Return {user id: ids of the extensions by which the user is called from outside}."""
        return {user["id"]: [each["id"] for each in extensions_of_incalls(user["incalls"])] for user in self.rows}

    def users_of_incalls(self) -> dict[int, int]:
        """Return {incall id: user id}."""
        return {incall["id"]: user["id"] for user in self.rows for incall in user["incalls"]}

    def voicemails_of_users(self) -> dict[int, int]:
        """Return {user id: voicemail id} of the users who have one."""
        return {user["id"]: user["voicemail"]["id"] for user in self.rows if user["voicemail"]}

    def undescribed(self) -> dict[int, dict[str, str]]:
        """Return {user id: {what in words: its value in words}} of what users have and no entry can describe."""
        return {user["id"]: words for user in self.rows if (words := undescribed(user))}

    def _lines(self) -> Iterator[tuple[Row, Row]]:
        return ((user, line) for user in self.rows for line in user["lines"])

    def _line(self, line: Row) -> Row:
        endpoint = line["endpoint_sip"] or {}
        context = next((each["context"] for each in line["extensions"]), None)
        values = {"username": endpoint.get("username"), "context": context, "protocol": protocol_of(line)}
        return row_of(LINE, {"id": line["id"], **values})


def protocol_of(line: Row) -> str | None:
    """Return the protocol of a line by the endpoint that it has; None for a line without endpoint."""
    return next((name for name in (SIP, *OTHER_PROTOCOLS) if line.get(f"endpoint_{name}")), None)


def extensions_of_incalls(incalls: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the extensions of incalls, as the API embeds them."""
    return [each for incall in incalls for each in incall["extensions"]]
