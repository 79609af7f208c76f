# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve voicemails/ID/users (person-xivo-16.16.md, "users/ID/voicemails")."""

from __future__ import annotations

from ..generation import Answer, Call, Route
from ..xivo15.voicemails import find_voicemail
from .voicemails import association_view


def list_voicemail_users(call: Call, voicemail_id: int) -> Answer:
    voicemail = find_voicemail(call.database, voicemail_id)
    associations = call.database.user_voicemails.where(voicemail_id=voicemail.id)
    items = [association_view(call, association) for association in associations]
    return Answer(body={"items": items, "total": len(items)})


ROUTES = (Route("GET", "/voicemails/<int:voicemail_id>/users", list_voicemail_users),)
