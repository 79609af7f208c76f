# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One complete reading of a server, in ids: what a backend returns and a ServerState is filled from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .records import Row


class OwnerIds(NamedTuple):
    """Who has a number, in ids: a line, a user, or something else in words ("queue 3"); what is not known is None."""

    line_id: int | None
    user_id: int | None
    other: str = ""


@dataclass
class Snapshot:
    """One complete reading of a server, in ids.

    users_of_line: main users first. extension_of_line: a line that is not there has to be asked for.
    incalls_of_user, voicemail_of_user: None where a generation's lists do not show them (one request a user then).
    main_lines: {user: line} of users with several lines.
    all_extensions: whether extensions are all that there are, or only those of users.
    """

    users: list[Row]
    lines: list[Row]
    extensions: list[Row]
    users_of_line: dict[int, list[int]]
    extension_of_line: dict[int, int | None]
    incalls_of_user: dict[int, list[int]] | None = None
    voicemail_of_user: dict[int, int] | None = None
    main_lines: dict[int, int] = field(default_factory=dict)
    all_extensions: bool = True

    @property
    def is_consistent(self) -> bool:
        """Whether all that belongs to something belongs to what was read as well.

        It does not where somebody else wrote between the requests for one list and the next.
        """
        users, lines, extensions = ({row["id"] for row in rows} for rows in (self.users, self.lines, self.extensions))
        incalls = self.incalls_of_user or {}
        numbers = [*self.extension_of_line.values(), *(each for many in incalls.values() for each in many)]
        return (
            {*self.users_of_line, *self.extension_of_line} <= lines
            and {*incalls, *(each for many in self.users_of_line.values() for each in many)} <= users
            and {each for each in numbers if each} <= extensions
        )
