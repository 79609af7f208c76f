# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines what a backend returns after reading a whole server: rows and ids, from which a ServerState is filled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .records import NumberUse, Row


class OwnerIds(NamedTuple):
    """The owner of an extension: the id of a line, of a user, or another owner as text ("queue 3"). None is unknown.

    use: the other owner.
    """

    line_id: int | None
    user_id: int | None
    other: str = ""
    use: NumberUse | None = None


@dataclass
class Snapshot:
    """A complete reading of a server, in rows and ids.

    users, lines, extensions: with canonical values, as ``normalised`` returns them.
    users_of_line: main users first. extension_of_line: the extensions of lines; those of missing lines are not known.
    incalls_of_user, voicemail_of_user: None if the lists of the generation do not have them (one request a user then).
    main_lines: {user: line} of users with several lines.
    parts_of_users: {name of a UserPart's resource: {user id: row}}; those of missing resources are not known.
    undescribed: {user id: {what in words: its value in words}} of what users have and no entry can describe.
    all_extensions: whether ``extensions`` has all extensions of the server, or those of users only.
    warnings: what the administrator should know about the objects.
    """

    users: list[Row]
    lines: list[Row]
    extensions: list[Row]
    users_of_line: dict[int, list[int]]
    extension_of_line: dict[int, int | None]
    incalls_of_user: dict[int, list[int]] | None = None
    voicemail_of_user: dict[int, int] | None = None
    main_lines: dict[int, int] = field(default_factory=dict)
    parts_of_users: dict[str, dict[int, Row]] = field(default_factory=dict)
    undescribed: dict[int, dict[str, str]] = field(default_factory=dict)
    all_extensions: bool = True
    warnings: list[str] = field(default_factory=list)

    def copy(self) -> Snapshot:
        """Return a snapshot with rows of its own: a state takes over the rows that it is filled from."""
        users, lines, extensions = ([dict(row) for row in rows] for rows in (self.users, self.lines, self.extensions))
        return replace(self, users=users, lines=lines, extensions=extensions)

    @property
    def is_consistent(self) -> bool:
        """Return whether every id in the associations is that of an object that was read.

        It is not if another client wrote between the requests for two lists.
        """
        users, lines, extensions = ({row["id"] for row in rows} for rows in (self.users, self.lines, self.extensions))
        incalls = self.incalls_of_user or {}
        numbers = [*self.extension_of_line.values(), *(each for many in incalls.values() for each in many)]
        return (
            {*self.users_of_line, *self.extension_of_line} <= lines
            and {*incalls, *(each for many in self.users_of_line.values() for each in many)} <= users
            and {each for each in numbers if each} <= extensions
        )
