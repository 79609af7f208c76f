# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GET /users of 16.16 says of lines, numbers, incalls and voicemails (facts file xivo-16.16, users list)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..._model.records import Row
from ..xivo import extension_row, line_row


class EmbeddedUsers:
    """The rows of a list of users, and what is embedded in them, in ids."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def lines(self) -> list[Row]:
        """The users' lines, of which only SIP username and context are known."""
        return list({line["id"]: self._line(line) for _user, line in self._lines()}.values())

    def extensions(self) -> list[Row]:
        """The users' numbers and incalls; whether they are commented is not known."""
        internal = (each for _user, line in self._lines() for each in line["extensions"])
        incalls = (each for user in self.rows for each in numbers_of_incalls(user["incalls"]))
        return list({each["id"]: extension_row(each) for each in (*internal, *incalls)}.values())

    def users_of_lines(self) -> dict[int, list[int]]:
        users: dict[int, list[int]] = {}
        for user, line in self._lines():
            users.setdefault(line["id"], []).append(user["id"])
        return users

    def several_lines(self) -> dict[int, list[int]]:
        """The lines of the users who have more than one."""
        return {user["id"]: [line["id"] for line in user["lines"]] for user in self.rows if len(user["lines"]) > 1}

    def numbers_of_lines(self) -> dict[int, int | None]:
        """{line: its extension, or None}."""
        return {line["id"]: next((each["id"] for each in line["extensions"]), None) for _user, line in self._lines()}

    def incalls_of_users(self) -> dict[int, list[int]]:
        """{user: the extensions by which they are called from outside}."""
        return {user["id"]: [each["id"] for each in numbers_of_incalls(user["incalls"])] for user in self.rows}

    def users_of_incalls(self) -> dict[int, int]:
        return {incall["id"]: user["id"] for user in self.rows for incall in user["incalls"]}

    def voicemails_of_users(self) -> dict[int, int]:
        return {user["id"]: user["voicemail"]["id"] for user in self.rows if user["voicemail"]}

    def _lines(self) -> Iterator[tuple[Row, Row]]:
        return ((user, line) for user in self.rows for line in user["lines"])

    def _line(self, line: Row) -> Row:
        endpoint = line["endpoint_sip"] or {}
        context = next((each["context"] for each in line["extensions"]), None)
        return line_row({"id": line["id"], "username": endpoint.get("username"), "context": context})


def numbers_of_incalls(incalls: Iterable[Row]) -> list[dict[str, Any]]:
    """The extensions of incalls as the API embeds them."""
    return [each for incall in incalls for each in incall["extensions"]]
