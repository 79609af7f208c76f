# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a line's caller ID up to date (xivo-16.16.md, "users"; xivo-16.16.md, "lines_sip, lines")."""

from __future__ import annotations

import re

from ..database import Database
from ..errors import unexpected_error
from .rows import Line16

PATTERN = r'"(?P<name>.*)"(?: <(?P<number>\+?\d+)>)?'
ACCEPTED = r'"[^"]+"'
"""How the callerid of a SIP account begins; what follows is not checked."""
TAKEN_OVER = r'"(?P<name>[^"]+)"(?: <(?P<number>\+?\d+)>)?'
"""What a line takes over from its main user: it ends at an inner quote."""


def split_callerid(callerid: str | None) -> tuple[str | None, str | None]:
    """Return (name, number) of a caller ID, None for what is missing."""
    found = re.fullmatch(PATTERN, (callerid or "").rstrip("\n"))
    return (found["name"], found["number"]) if found else (None, None)


def take_over(caller_id: str) -> tuple[str, str | None]:
    """Return the name and the number that a line takes over from its user. Raises a 500 if there is no name.

    Facts: observations.md, "Caller IDs that a line takes over".
    """
    found = re.match(TAKEN_OVER, caller_id)
    if found is None:
        raise unexpected_error("'NoneType' object has no attribute 'group'")
    return found["name"], found["number"]


def refresh(database: Database, line: Line16) -> None:
    """Write the main user's caller ID and the line's number; a number in the caller ID takes precedence."""
    user = database.main_user_of(line.id)
    if user is None:
        return
    extension = database.internal_extension_of(line.id)
    name, number = take_over(user.caller_id)
    number = number or (extension.exten if extension else None)
    line.callerid = f'"{name}" <{number}>' if number else f'"{name}"'


def after_change(database: Database, line: Line16) -> None:
    """Name the line and give it its number's context, as its first association or PUT does."""
    line.named = True
    extension = database.internal_extension_of(line.id)
    if extension:
        line.context = line.sip_context = extension.context
    refresh(database, line)


def after_move(database: Database, line: Line16) -> None:
    """Do as ``after_change``, but the context of the SIP account follows only with the next write.

    Facts: observations.md, "XiVO 16.16: lines and extensions".
    """
    former = line.context
    after_change(database, line)
    line.sip_context = former
