# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users (xivo-16.16.md, "users"; xivo-16.16.md, "users list")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length, Range

from ..database import Database
from ..errors import resource_error, too_long
from ..generation import Answer, Call, Route
from ..postgres.collation import collation_key
from ..postgres.like import ilike
from ..schema import Body, StrictBoolean, Text
from . import callerid
from .fields import Integer, matches
from .http import load_body
from .lists import ListColumns
from .lookup import by_id_or_uuid, find_user
from .rows import User16, full_name
from .user_views import COLUMNS, VIEWS, forwards_view, joined_rows, services_view, user_view

USERNAME = r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}"
PASSWORD = r"[a-zA-Z0-9\-._~!$&'()*+,;=%]{4,64}"
CALLER_ID_SIZE, VOICEMAIL_NAME_SIZE = 160, 80


def _between(low: int, high: int) -> Range:
    return Range(low, high, error="Must be between {min} and {max}.")


SCHEMA = Body.from_dict(
    {
        "firstname": fields.String(required=True, validate=Length(max=128)),
        "username": Text(validate=matches(USERNAME)),
        "lastname": Text(validate=Length(max=128)),
        "email": Text(validate=Length(max=254)),
        "timezone": Text(validate=Length(max=128)),
        "mobile_phone_number": Text(validate=[matches(r"\+?[0-9*#]+"), Length(max=80)]),
        "password": Text(validate=matches(PASSWORD)),
        "caller_id": fields.String(validate=[matches(callerid.PATTERN), Length(max=CALLER_ID_SIZE)]),
        "language": Text(validate=matches("[a-z]{2}_[A-Z]{2}")),
        "description": Text(),
        "outgoing_caller_id": Text(validate=Length(max=80)),
        "music_on_hold": Text(validate=Length(max=128)),
        "preprocess_subroutine": Text(validate=Length(max=39)),
        "userfield": Text(validate=Length(max=128)),
        "call_transfer_enabled": StrictBoolean(),
        "dtmf_hangup_enabled": StrictBoolean(),
        "call_record_enabled": StrictBoolean(),
        "online_call_record_enabled": StrictBoolean(),
        "supervision_enabled": StrictBoolean(),
        "ring_seconds": Integer(validate=_between(0, 60)),
        "simultaneous_calls": Integer(validate=_between(1, 20)),
        "call_permission_password": Text(validate=matches("[0-9#*]{1,16}")),
        "enabled": StrictBoolean(),
    }
)()
NULL_IS_DEFAULT = frozenset(
    name for name, field in SCHEMA.fields.items() if not field.required and not field.allow_none
)
STORED_EMPTY = frozenset(
    {
        "lastname",
        "outgoing_caller_id",
        "username",
        "password",
        "music_on_hold",
        "mobile_phone_number",
        "userfield",
        "description",
    }
)
"""Columns in which null is '', and both are shown as null."""
LIST = ListColumns(
    COLUMNS,
    searched=(
        *("fullname", "caller_id", "description", "userfield", "email", "mobile_phone_number", "music_on_hold"),
        *("preprocess_subroutine", "outgoing_caller_id", "exten", "provisioning_code"),
    ),
    default="lastname",
    integers=("id",),
    booleans=("enabled",),
)


def list_users(call: Call) -> Answer:
    users = list(call.database.users)
    if "q" in call.query:
        found = [user for user in users if ilike(user.fullname, call.query["q"])]
        found.sort(key=lambda user: (collation_key(user.lastname), collation_key(user.firstname)))
        return Answer(body={"items": [user_view(call, user) for user in found], "total": len(found)})
    view = VIEWS.get(call.query.get("view", ""))
    page, total = LIST.page(joined_rows(call.database), call.query)
    if view:
        return Answer(body={"items": [view(call, row) for row in page], "total": total})
    shown = {user.id: user for _database, user, _line in page}
    return Answer(body={"items": [user_view(call, user) for user in shown.values()], "total": total})


def get_user(call: Call, user_id: Any) -> Answer:
    return Answer(body=user_view(call, find_user(call.database, user_id)))


def create_user(call: Call) -> Answer:
    database = call.database
    given = {
        name: value for name, value in load_body(call, SCHEMA, drop_nulls=NULL_IS_DEFAULT).items() if value is not None
    }
    _refuse_duplicates(database, given, None)
    # A caller ID that is not given is made of the name.
    if "caller_id" not in given and len(full_name(given["firstname"], given.get("lastname"))) > CALLER_ID_SIZE - 2:
        raise too_long(CALLER_ID_SIZE)
    user = database.users.insert(uuid=database.random_uuid(), **given)
    return Answer(201, user_view(call, user), location=f"/users/{user.id}")


def _refuse_duplicates(database: Database, values: dict[str, Any], user_id: int | None) -> None:
    """Refuse an e-mail address ('' too) of another user, compared without case, or a username, with case.

    Source: person-xivo-16.16.md, "email, username, flags".
    """
    email, username = values.get("email"), values.get("username")
    if email is not None and any(user.id != user_id for user in database.users_by_email(email)):
        raise resource_error("User already exists", email=email)
    if username is not None and any(other.id != user_id for other in database.users.where(username=username)):
        raise resource_error("User already exists", username=username)


def update_user(call: Call, user_id: Any) -> Answer:
    """Change all given fields or none; the caller ID of the main user's line follows."""
    database = call.database
    user: User16 = find_user(database, user_id)
    given = load_body(call, SCHEMA, is_update=True)
    _refuse_duplicates(database, given, user.id)
    _check_what_follows(database, user, given)
    for name, value in given.items():
        setattr(user, name, "" if value is None and name in STORED_EMPTY else value)
    for association in database.user_lines.where(user_id=user.id, main_user=True):
        line = database.lines.get(association.line_id)
        if line:
            callerid.refresh(database, line)
    name_voicemail(database, user)
    return Answer(204)


def _check_what_follows(database: Database, user: User16, given: dict[str, Any]) -> None:
    """Raise a 500 if the voicemail's name or the line's callerid cannot follow a change of a user.

    Facts: observations.md, "Caller IDs that a line takes over" and "XiVO 16.16: users".
    """
    if database.user_voicemails.first(user_id=user.id):
        name = full_name(given.get("firstname", user.firstname), given.get("lastname", user.lastname))
        if len(name) > VOICEMAIL_NAME_SIZE:
            raise too_long(VOICEMAIL_NAME_SIZE)
    if database.user_lines.first(user_id=user.id, main_user=True):
        callerid.take_over(given.get("caller_id", user.caller_id))


def name_voicemail(database: Database, user: User16) -> None:
    """Give the user's voicemail the user's full name, as every PUT does (person-xivo-16.16.md, "users/ID/voicemails").

    An import does so as well (person-xivo-16.16.md, "/users/import (POST, PUT) and /users/export").
    """
    for association in database.user_voicemails.where(user_id=user.id):
        voicemail = database.voicemails.get(association.voicemail_id)
        if voicemail:
            voicemail.name = user.fullname


def delete_user(call: Call, user_id: Any) -> Answer:
    """Delete a user without line and voicemail. Its incalls stay, and lead nowhere (xivo-16.16.md, trap 5)."""
    database = call.database
    user = find_user(database, user_id)
    if association := database.user_voicemails.first(user_id=user.id):
        raise resource_error(
            "User is associated with a Voicemail", voicemail_id=association.voicemail_id, user_id=user.id
        )
    if lines := database.user_lines.where(user_id=user.id):
        raise resource_error("User is associated with a Line", line_ids=tuple(line.line_id for line in lines))
    database.users.delete(user)
    return Answer(204)


def get_services(call: Call, user_id: Any) -> Answer:
    return Answer(body=services_view(find_user(call.database, user_id)))


def update_service(call: Call, user_id: Any, name: str) -> Answer:
    find_user(call.database, user_id).services[name] = {"enabled": bool(call.read_body().get("enabled"))}
    return Answer(204)


def get_forwards(call: Call, user_id: Any) -> Answer:
    return Answer(body=forwards_view(find_user(call.database, user_id)))


def update_forward(call: Call, user_id: Any, name: str) -> Answer:
    body = call.read_body()
    forward = {"enabled": bool(body.get("enabled")), "destination": body.get("destination")}
    find_user(call.database, user_id).forwards[name] = forward
    return Answer(204)


ROUTES = (
    Route("GET", "/users", list_users),
    Route("POST", "/users", create_user),
    *by_id_or_uuid("GET", "/users/<user_id>", get_user),
    *by_id_or_uuid("PUT", "/users/<user_id>", update_user),
    *by_id_or_uuid("DELETE", "/users/<user_id>", delete_user),
    *by_id_or_uuid("GET", "/users/<user_id>/services", get_services),
    *by_id_or_uuid("PUT", "/users/<user_id>/services/<any(dnd, incallfilter):name>", update_service),
    *by_id_or_uuid("GET", "/users/<user_id>/forwards", get_forwards),
    *by_id_or_uuid("PUT", "/users/<user_id>/forwards/<any(busy, noanswer, unconditional):name>", update_forward),
)
