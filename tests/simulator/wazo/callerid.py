# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the caller ID in a line's SIP endpoint up to date.

Facts: wazo-26.08.md, "5.2 Line"; observations.md, "Wazo 26.08: lines and extensions".
"""

from __future__ import annotations

import re

from ..xivo16.callerid import take_over
from .database import WazoDatabase
from .rows import Line, SipEndpoint, User


def read_callerid(endpoint: SipEndpoint | None) -> tuple[str | None, str | None]:
    """Return (name, number) as a line shows them: None twice if its caller ID has no number."""
    found = re.match(r'"(?P<name>.*)" <(?P<number>\d+)>', (endpoint.option("callerid") if endpoint else None) or "")
    return (found["name"], found["number"]) if found else (None, None)


def refresh_callerid(database: WazoDatabase, line: Line) -> None:
    """Write the name and number of the line's main user; a number within the user's caller ID takes precedence."""
    extension = database.internal_extension_of(line.id)
    if extension:
        line.context = extension.context
    endpoint = database.endpoint_of(line)
    user = database.main_user_of(line.id)
    if endpoint is None or user is None:
        return
    name, number = take_over(user.caller_id)
    number = number or (extension.exten if extension else None)
    endpoint.set_option("callerid", f'"{name}" <{number}>' if number else f'"{name}"')


def refresh_lines_of(database: WazoDatabase, user: User) -> None:
    for line in database.lines_of(user):
        refresh_callerid(database, line)
