# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep a line's caller ID up to date (xivo-16.16.md, "users"; xivo-16.16.md, "lines_sip, lines")."""

from __future__ import annotations

import re

from ..database import Database
from .rows import Line16

PATTERN = r'"(?P<name>.*)"(?: <(?P<number>\d+)>)?'


def split_callerid(callerid: str | None) -> tuple[str | None, str | None]:
    """Return (name, number) of a caller ID, None for what is missing."""
    found = re.fullmatch(PATTERN, callerid or "", re.DOTALL)
    return (found["name"], found["number"]) if found else (None, None)


def refresh(database: Database, line: Line16) -> None:
    """Write the main user's caller ID and the line's number; a number in the caller ID takes precedence."""
    user = database.main_user_of(line.id)
    if user is None:
        return
    extension = database.internal_extension_of(line.id)
    name, number = split_callerid(user.caller_id)
    number = number or (extension.exten if extension else None)
    line.callerid = f'"{name}" <{number}>' if number else f'"{name}"'


def after_change(database: Database, line: Line16) -> None:
    """Name the line and give it its number's context, as its first association or PUT does."""
    line.named = True
    extension = database.internal_extension_of(line.id)
    if extension:
        line.context = line.sip_context = extension.context
    refresh(database, line)
