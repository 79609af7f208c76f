# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rewrite a line's caller ID as confd does by itself.

Facts: xivo-15.12.md, trap 5; xivo-15.12.md, "lines_sip"; xivo-15.12.md, "Renaming, renumbering".
"""

from __future__ import annotations

from ..database import Database, Line, User


def refresh_callerid(database: Database, line: Line, user: User) -> None:
    """Write the user's full name and the internal number into callerid; the line takes the SIP account's context."""
    extension = database.internal_extension_of(line.id)
    line.callerid = f'"{user.fullname}" <{extension.exten}>' if extension else f'"{user.fullname}"'
    line.context = line.sip_context


def after_association(database: Database, line: Line) -> None:
    """Refresh a line with a main user; its context, but not its SIP account's, becomes that of the extension."""
    user = database.main_user_of(line.id)
    if user is None:
        return
    refresh_callerid(database, line, user)
    extension = database.internal_extension_of(line.id)
    if extension:
        line.context = extension.context
