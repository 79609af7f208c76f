# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /voicemails and /users/ID/voicemails (wazo-26.08.md, "5.6 Voicemail")."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Length, Range

from ..database import assign
from ..errors import unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, StrictBoolean, Text, matches
from ..xivo16.lookup import by_id_or_uuid
from . import tenancy
from .common import (
    Listing,
    attribute_columns,
    bad_schema,
    database_of,
    input_error,
    load_body,
    load_object,
    recurses,
    resource_error,
)
from .lines import check_context
from .rows import Voicemail
from .users import find_user
from .views import voicemail_view

FIELDS: dict[str, Any] = {
    "name": fields.String(required=True, validate=Length(max=80)),
    "number": fields.String(required=True, validate=matches(r"[0-9]{1,40}")),
    "context": fields.String(required=True),
    "password": Text(validate=matches(r"[0-9]{1,80}")),
    "email": Text(validate=Length(max=80)),
    "language": Text(validate=matches(r"[a-z]{2}_[A-Z]{2}")),
    "timezone": Text(),
    "pager": Text(validate=Length(max=80)),
    "max_messages": fields.Integer(load_default=None, validate=Range(min=0)),
    "attach_audio": StrictBoolean(load_default=None),
    "delete_messages": StrictBoolean(load_default=False),
    "ask_password": StrictBoolean(load_default=True),
    "enabled": StrictBoolean(load_default=True),
    "options": fields.List(fields.List(Text(), allow_none=True), load_default=list),
    "accesstype": fields.String(load_default="personal", validate=matches("personal|global")),
}
BODY = Body.from_dict(FIELDS)()
SEARCHED = attribute_columns("name", "number", "email", "pager")
ORDERED = SEARCHED | attribute_columns("context", "language", "timezone")
LIST = Listing(filters=ORDERED, columns=Columns(searched=SEARCHED, ordered=ORDERED, default="number"))
TIMEZONES = frozenset({"eu-fr"})
LARGEST_INTEGER = 2**31 - 1


def find_voicemail(call: Call, voicemail_id: int) -> Voicemail:
    return tenancy.find(database_of(call).voicemails, voicemail_id, "Voicemail")


def list_voicemails(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).voicemails, recurses(call))
    return LIST.answer(call, rows, lambda row: voicemail_view(call, row))


def get_voicemail(call: Call, voicemail_id: int) -> Answer:
    return Answer(body=voicemail_view(call, find_voicemail(call, voicemail_id)))


def new_voicemail(call: Call, given: Any) -> Voicemail:
    database = database_of(call)
    values = load_object(given, BODY)
    _check_body(values)
    _check(database, values, None)
    voicemail: Voicemail = database.voicemails.insert(tenant_uuid=tenancy.current().own, **values)
    return voicemail


def _check_body(values: dict[str, Any]) -> None:
    """Check what the body alone says; what is stored already does not count."""
    if values.get("delete_messages") and not values.get("email"):
        raise bad_schema("email must be provided if delete_messages is set")
    if values.get("delete_messages") and not values.get("attach_audio"):
        raise bad_schema("attach_audio must be enabled if delete_messages is set")
    if (values.get("max_messages") or 0) > LARGEST_INTEGER:
        raise unexpected_error("(psycopg2.errors.NumericValueOutOfRange) integer out of range\n")


def _check(database: Any, values: dict[str, Any], voicemail_id: int | None) -> None:
    number, context, timezone = values["number"], values["context"], values.get("timezone")
    check_context(database, context)
    if timezone is not None and timezone not in TIMEZONES:
        raise input_error("field 'timezone': Timezone was not found", timezone=timezone)
    if any(other.id != voicemail_id for other in database.voicemails.where(number=number, context=context)):
        raise resource_error("Voicemail already exists", number=number, context=context)


def create_voicemail(call: Call) -> Answer:
    voicemail = new_voicemail(call, call.read_body())
    return Answer(201, voicemail_view(call, voicemail), location=f"/voicemails/{voicemail.id}")


def update_voicemail(call: Call, voicemail_id: int) -> Answer:
    voicemail = find_voicemail(call, voicemail_id)
    values = load_body(call, BODY, is_update=True)
    _check_body(values)
    _check(database_of(call), vars(voicemail) | values, voicemail.id)
    assign(voicemail, values)
    return Answer(204)


def delete_voicemail(call: Call, voicemail_id: int) -> Answer:
    voicemail = find_voicemail(call, voicemail_id)
    users = [str(row.user_id) for row in database_of(call).user_voicemails.where(voicemail_id=voicemail.id)]
    if users:
        raise resource_error(
            "Voicemail is associated with a User", voicemail_id=voicemail.id, user_ids=", ".join(users)
        )
    database_of(call).voicemails.delete(voicemail)
    return Answer(204)


# Voicemails of users


def list_of_user(call: Call, user_id: int | UUID) -> Answer:
    voicemail = database_of(call).voicemail_of(find_user(call, user_id))
    items = [voicemail_view(call, voicemail)] if voicemail else []
    return Answer(body={"total": len(items), "items": items})


def create_of_user(call: Call, user_id: int | UUID) -> Answer:
    user = find_user(call, user_id)
    voicemail = new_voicemail(call, call.read_body())
    shown = voicemail_view(call, voicemail)
    link_user_voicemail(call, user.id, voicemail)
    return Answer(201, shown, location=f"/voicemails/{voicemail.id}")


def associate(call: Call, user_id: int | UUID, voicemail_id: int) -> Answer:
    link_user_voicemail(call, find_user(call, user_id).id, find_voicemail(call, voicemail_id))
    return Answer(204)


def link_user_voicemail(call: Call, user_id: int, voicemail: Voicemail) -> None:
    """Associate a voicemail with a user; several users may share it."""
    present = database_of(call).user_voicemails.first(user_id=user_id)
    if present and present.voicemail_id != voicemail.id:
        raise resource_error("User is associated with a Voicemail", user_id=user_id, voicemail_id=voicemail.id)
    if present is None:
        database_of(call).user_voicemails.insert(user_id=user_id, voicemail_id=voicemail.id)


def dissociate(call: Call, user_id: int | UUID) -> Answer:
    association = database_of(call).user_voicemails.first(user_id=find_user(call, user_id).id)
    if association:
        database_of(call).user_voicemails.delete(association)
    return Answer(204)


ROUTES = (
    Route("GET", "/voicemails", list_voicemails),
    Route("POST", "/voicemails", create_voicemail),
    Route("GET", "/voicemails/<int:voicemail_id>", get_voicemail),
    Route("PUT", "/voicemails/<int:voicemail_id>", update_voicemail),
    Route("DELETE", "/voicemails/<int:voicemail_id>", delete_voicemail),
    *by_id_or_uuid("GET", "/users/<user_id>/voicemails", list_of_user),
    *by_id_or_uuid("POST", "/users/<user_id>/voicemails", create_of_user),
    *by_id_or_uuid("DELETE", "/users/<user_id>/voicemails", dissociate),
    *by_id_or_uuid("PUT", "/users/<user_id>/voicemails/<int:voicemail_id>", associate),
)
