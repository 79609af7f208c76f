# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users/ID/voicemail (xivo-15.12.md, "voicemails and users/ID/voicemail")."""

from __future__ import annotations

from typing import Any

from ..database import Database, User, UserVoicemail, assign
from ..errors import input_error, not_found, resource_error
from ..generation import Answer, Call, Route
from .fields import Body
from .users import find_user

BODY = Body({"voicemail_id": "integer", "user_id": "integer", "enabled": "boolean"}, required=("voicemail_id",))


def association_view(call: Call, association: UserVoicemail) -> dict[str, Any]:
    return {
        "voicemail_id": association.voicemail_id,
        "user_id": association.user_id,
        "enabled": association.enabled,
        "links": [call.link("users", association.user_id), call.link("voicemails", association.voicemail_id)],
    }


def _find(database: Database, user: User) -> UserVoicemail:
    association = database.user_voicemails.first(user_id=user.id)
    if association is None:
        raise not_found("UserVoicemail", user_id=user.id)
    return association


def get_user_voicemail(call: Call, user_id: int) -> Answer:
    association = _find(call.database, find_user(call.database, user_id))
    return Answer(body=association_view(call, association))


def associate_voicemail(call: Call, user_id: int) -> Answer:
    """Associate a voicemail, which may be another user's as well, with a user who has a line.

    Of several requests at the same moment none fails, and the last one's voicemail stays.
    """
    database = call.database
    user = find_user(database, user_id)
    given = BODY.check(call.read_body())
    BODY.check_required(given)
    if database.voicemails.get(given["voicemail_id"]) is None:
        raise input_error("field 'voicemail_id': Voicemail was not found")
    if database.user_lines.first(user_id=user.id) is None:
        raise resource_error("User must be associated with a Line", user_id=user.id)
    if database.user_voicemails.first(user_id=user.id):
        raise resource_error("User is associated with a Voicemail", voicemail_id=given["voicemail_id"], user_id=user.id)
    columns = {"voicemail_id": given["voicemail_id"], "enabled": given.get("enabled") is not False}
    database.wait_for_race()
    association = database.user_voicemails.first(user_id=user.id)
    if association:
        assign(association, columns)
    else:
        association = database.user_voicemails.insert(user_id=user.id, **columns)
    return Answer(201, association_view(call, association), location=f"/users/{user.id}/voicemail")


def dissociate_voicemail(call: Call, user_id: int) -> Answer:
    user = find_user(call.database, user_id)
    call.database.user_voicemails.delete(_find(call.database, user))
    return Answer(204)


ROUTES = (
    Route("GET", "/users/<int:user_id>/voicemail", get_user_voicemail),
    Route("POST", "/users/<int:user_id>/voicemail", associate_voicemail),
    Route("DELETE", "/users/<int:user_id>/voicemail", dissociate_voicemail),
)
