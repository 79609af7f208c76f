# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /voicemails and /users/ID/voicemails (xivo-16.16.md, "Newer equivalents"; xivo-16.16.md, "users list")."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from ..database import Database, UserVoicemail, Voicemail, assign
from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body, StrictBoolean, Text
from ..xivo15.voicemails import TIMEZONES, find_voicemail
from .fields import Integer, matches
from .http import load_body
from .lines import LARGEST_INTEGER
from .lists import ListColumns, answer_list
from .lookup import by_id_or_uuid, find_user

DIGITS = matches("[0-9]+")
SCHEMA = Body.from_dict(
    {
        "name": fields.String(required=True, validate=Length(max=80)),
        "context": fields.String(required=True),
        "number": fields.String(required=True, validate=[DIGITS, Length(max=40)]),
        "password": Text(validate=[DIGITS, Length(max=80)]),
        "email": Text(validate=Length(max=80)),
        "language": Text(validate=matches("[a-z]{2}_[A-Z]{2}")),
        "timezone": Text(),
        "pager": Text(validate=Length(max=80)),
        "max_messages": Integer(load_default=None),
        "attach_audio": StrictBoolean(load_default=None),
        "delete_messages": StrictBoolean(load_default=False),
        "ask_password": StrictBoolean(load_default=True),
        "enabled": StrictBoolean(load_default=True),
        "options": fields.List(fields.List(fields.String(), validate=Length(equal=2)), load_default=list),
    }
)()
ASSOCIATION = Body.from_dict({"voicemail_id": Integer(required=True)})()
SHOWN = (
    *("id", "name", "number", "context", "password", "email", "language", "timezone", "pager"),
    *("max_messages", "attach_audio", "delete_messages", "ask_password", "enabled", "options"),
)
LIST = ListColumns(
    {name: lambda row, name=name: getattr(row, name) for name in ("name", "number", "email", "context", "language")},
    searched=("name", "number", "email"),
    default="number",
)


def users_of(database: Database, voicemail: Voicemail) -> list[Any]:
    users = (database.users.get(each.user_id) for each in database.user_voicemails.where(voicemail_id=voicemail.id))
    return [user for user in users if user]


def voicemail_view(call: Call, voicemail: Voicemail) -> dict[str, Any]:
    return {
        **{name: getattr(voicemail, name) for name in SHOWN},
        "links": [call.link("voicemails", voicemail.id)],
        "users": [
            {"uuid": user.uuid, "firstname": user.firstname, "lastname": user.lastname or None}
            for user in users_of(call.database, voicemail)
        ],
    }


def list_voicemails(call: Call) -> Answer:
    return answer_list(call, LIST, list(call.database.voicemails), lambda row: voicemail_view(call, row))


def get_voicemail(call: Call, voicemail_id: int) -> Answer:
    return Answer(body=voicemail_view(call, find_voicemail(call.database, voicemail_id)))


def create_voicemail(call: Call) -> Answer:
    given = load_body(call, SCHEMA)
    _check(call.database, given, None)
    voicemail = call.database.voicemails.insert(**given)
    return Answer(201, voicemail_view(call, voicemail), location=f"/voicemails/{voicemail.id}")


def _check(database: Database, values: dict[str, Any], voicemail_id: int | None) -> None:
    number, context = values["number"], values["context"]
    if context not in database.contexts:
        raise input_error("field 'context': Context was not found", context=context)
    if any(each.id != voicemail_id for each in database.voicemails.where(number=number, context=context)):
        raise resource_error("Voicemail already exists", number=number, context=context)
    timezone = values.get("timezone")
    if timezone is not None and timezone not in TIMEZONES:
        raise input_error("field 'timezone': Timezone was not found", timezone=timezone)
    if not -LARGEST_INTEGER - 1 <= (values.get("max_messages") or 0) <= LARGEST_INTEGER:
        raise unexpected_error("(DataError) integer out of range\n")


def _refuse_in_use(database: Database, voicemail: Voicemail) -> None:
    users = users_of(database, voicemail)
    if users:
        ids = ", ".join(str(user.id) for user in users)
        raise resource_error("Voicemail is associated with a User", voicemail_id=voicemail.id, user_ids=_plain(ids))


class _plain:
    """Hold a value whose repr is that of a str, not of a unicode string."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return repr(self.text)


def update_voicemail(call: Call, voicemail_id: int) -> Answer:
    """Change the given fields, also while users have the voicemail, as recorded in person-xivo-16.16.jsonl."""
    voicemail = find_voicemail(call.database, voicemail_id)
    given = load_body(call, SCHEMA, is_update=True)
    _check(call.database, {**vars(voicemail), **given}, voicemail.id)
    assign(voicemail, given)
    return Answer(204)


def delete_voicemail(call: Call, voicemail_id: int) -> Answer:
    voicemail = find_voicemail(call.database, voicemail_id)
    _refuse_in_use(call.database, voicemail)
    call.database.voicemails.delete(voicemail)
    return Answer(204)


# Voicemails of users


def _find(database: Database, user_id: Any) -> UserVoicemail:
    user = find_user(database, user_id)
    association = database.user_voicemails.first(user_id=user.id)
    if association is None:
        raise not_found("UserVoicemail", user_id=user.id)
    return association


def association_view(call: Call, association: UserVoicemail) -> dict[str, Any]:
    links = [call.link("users", association.user_id), call.link("voicemails", association.voicemail_id)]
    return {"user_id": association.user_id, "voicemail_id": association.voicemail_id, "links": links}


def get_user_voicemail(call: Call, user_id: Any) -> Answer:
    return Answer(body=association_view(call, _find(call.database, user_id)))


def create_association(call: Call, user_id: Any) -> Answer:
    database = call.database
    find_user(database, user_id)
    voicemail = database.voicemails.get(load_body(call, ASSOCIATION)["voicemail_id"])
    if voicemail is None:
        raise input_error("field 'voicemail_id': Voicemail was not found")
    association = _associate(database, user_id, voicemail)
    location = f"/users/{association.user_id}/voicemails?voicemail_id={voicemail.id}"
    return Answer(201, association_view(call, association), location=location)


def put_association(call: Call, user_id: Any, voicemail_id: int) -> Answer:
    _associate(call.database, user_id, find_voicemail(call.database, voicemail_id))
    return Answer(204)


def _associate(database: Database, user_id: Any, voicemail: Voicemail) -> UserVoicemail:
    """Give a user a voicemail. Of several requests at the same moment the last one's stays; none of them fails."""
    user = find_user(database, user_id)
    if database.user_voicemails.first(user_id=user.id):
        raise resource_error("User is associated with a Voicemail", voicemail_id=voicemail.id, user_id=user.id)
    database.wait_for_race()
    present = database.user_voicemails.first(user_id=user.id)
    if present:
        present.voicemail_id = voicemail.id
        return present
    return database.user_voicemails.insert(user_id=user.id, voicemail_id=voicemail.id)


def delete_association(call: Call, user_id: Any) -> Answer:
    call.database.user_voicemails.delete(_find(call.database, user_id))
    return Answer(204)


ROUTES = (
    Route("GET", "/voicemails", list_voicemails),
    Route("POST", "/voicemails", create_voicemail),
    Route("GET", "/voicemails/<int:voicemail_id>", get_voicemail),
    Route("PUT", "/voicemails/<int:voicemail_id>", update_voicemail),
    Route("DELETE", "/voicemails/<int:voicemail_id>", delete_voicemail),
    *by_id_or_uuid("GET", "/users/<user_id>/voicemail", get_user_voicemail),
    *by_id_or_uuid("GET", "/users/<user_id>/voicemails", get_user_voicemail),
    *by_id_or_uuid("POST", "/users/<user_id>/voicemail", create_association),
    *by_id_or_uuid("PUT", "/users/<user_id>/voicemails/<int:voicemail_id>", put_association),
    *by_id_or_uuid("DELETE", "/users/<user_id>/voicemail", delete_association),
    *by_id_or_uuid("DELETE", "/users/<user_id>/voicemails", delete_association),
)
