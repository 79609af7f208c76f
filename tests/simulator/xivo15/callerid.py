# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rewrite a line's caller ID as confd does by itself.

Facts: xivo-15.12.md, trap 5; xivo-15.12.md, "lines_sip"; xivo-15.12.md, "Renaming, renumbering".
"""

from __future__ import annotations

from ..database import Database, Line, User

CALLERID_SIZE = 160


def refresh_callerid(database: Database, line: Line, user: User) -> None:
    """Write the user's full name and the internal number into callerid; the line takes the SIP account's context."""
    extension = database.internal_extension_of(line.id)
    line.callerid = f'"{user.fullname}" <{extension.exten}>' if extension else f'"{user.fullname}"'
    line.context = line.sip_context


def refresh_after_put(database: Database, line: Line, user: User) -> None:
    """Refresh a line after a PUT of its main user, which writes a number that is missing as "None" or as nothing.

    A name that is too long stays as it was (person-xivo-15.12.md, "Lengths of users, caller IDs"; observations.md,
    "XiVO 15.12: users and their lines").
    """
    former = line.callerid
    refresh_callerid(database, line, user)
    if database.internal_extension_of(line.id) is None:
        line.callerid = f'"{user.fullname}" <{"" if line.had_number else None}>'
    if len(line.callerid or "") > CALLERID_SIZE:
        line.callerid = former


def after_association(database: Database, line: Line) -> None:
    """Refresh a line with a main user; its context, but not its SIP account's, becomes that of the extension."""
    user = database.main_user_of(line.id)
    if user is None:
        return
    refresh_callerid(database, line, user)
    extension = database.internal_extension_of(line.id)
    if extension:
        line.context = extension.context
