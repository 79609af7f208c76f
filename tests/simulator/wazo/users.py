# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /users (wazo-26.08.md, "5.1 User"; wazo-26.08.md, "7. Reads")."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range, Regexp

from ..database import assign
from ..errors import unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Body, StrictBoolean, Text, matches
from ..xivo16.callerid import take_over
from ..xivo16.lookup import by_id_or_uuid
from . import moh, tenancy
from .callerid import refresh_lines_of
from .common import (
    Listing,
    attribute_columns,
    bad_schema,
    database_of,
    input_error,
    load_object,
    recurses,
    resource_error,
)
from .database import WazoDatabase
from .rows import User
from .views import line_view, user_view

RECORDINGS = tuple(
    f"call_record_{way}_{where}_enabled" for way in ("outgoing", "incoming") for where in ("external", "internal")
)
FLAGS = (
    "mobile_fallback_enabled",
    "call_transfer_enabled",
    "dtmf_hangup_enabled",
    *RECORDINGS,
    "online_call_record_enabled",
)
CALLER_ID = r'^"(.*)"( <\+?\d+>)?$'
USERNAME = r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}"
PASSWORD = r"[a-zA-Z0-9\-._~!$&'()*+,;=%]{4,64}"
EMAIL = r"[^@\s]+@(?:localhost|[^@\s]+\.[^@\s]+)"
FIELDS: dict[str, Any] = {
    "firstname": fields.String(required=True, validate=Length(max=128)),
    "lastname": Text(validate=Length(max=128)),
    "email": Text(validate=[matches(EMAIL, "Not a valid email address."), Length(max=254)]),
    "timezone": Text(validate=Length(max=128)),
    "language": Text(validate=matches(r"[a-z]{2}_[A-Z]{2}")),
    "description": Text(),
    "caller_id": Text(validate=[Length(max=160), Regexp(CALLER_ID)]),
    "outgoing_caller_id": Text(validate=Length(max=80)),
    "mobile_phone_number": Text(validate=[matches(r"\+?[0-9*#]+"), Length(max=80)]),
    "username": Text(validate=matches(USERNAME)),
    "password": Text(validate=matches(PASSWORD)),
    "music_on_hold": Text(),
    "preprocess_subroutine": Text(validate=Length(max=79)),
    "userfield": Text(validate=Length(max=128)),
    "call_permission_password": Text(validate=matches(r"[0-9#*]{1,16}")),
    **{name: StrictBoolean(load_default=False) for name in FLAGS},
    "supervision_enabled": StrictBoolean(load_default=True),
    "ring_seconds": fields.Integer(load_default=30, validate=Range(min=0, max=10800)),
    "simultaneous_calls": fields.Integer(load_default=5, validate=Range(min=1, max=20)),
    "subscription_type": fields.Integer(load_default=0, validate=Range(min=0, max=10)),
    "enabled": StrictBoolean(load_default=True),
}
BODY = Body.from_dict(FIELDS)()
UPDATE = Body.from_dict({**FIELDS, "caller_id": fields.String(validate=FIELDS["caller_id"].validate)})()
EMPTY_IS_NULL = ("outgoing_caller_id", "description", "music_on_hold", "userfield")
"""The fields of which an empty value is stored as null."""
TEXTS = ("firstname", "lastname", "fullname", "caller_id", "description", "userfield", "email", "mobile_phone_number")
LONGEST_NAME = 158
"""With the quotes of its caller ID, a name has two characters more."""
FIRST_DAY = datetime(2026, 11, 23, 1, 14, 30)
VIEWS = ("directory", "summary")


def _main_extension(database: Any, user: User) -> Any:
    line = next(iter(database.lines_of(user)), None)
    return database.internal_extension_of(line.id) if line else None


def listing(database: Any) -> Listing:
    """Return the lists of users, with the columns of their main lines."""
    of_line = {
        "provisioning_code": lambda user: next((line.provisioning_extension for line in database.lines_of(user)), None),
        "exten": lambda user: getattr(_main_extension(database, user), "exten", None),
    }
    context = {"context": lambda user: next((line.context for line in database.lines_of(user)), None)}
    voicemail = {"voicemail_number": lambda user: getattr(database.voicemail_of(user), "number", None)}
    texts = attribute_columns(*TEXTS)
    return Listing(
        filters={
            **texts,
            # No lastname is no value, which not even the empty one equals.
            "lastname": lambda user: user.lastname or None,
            **attribute_columns("id", "uuid", "username", "enabled"),
            **of_line,
            **context,
            **voicemail,
        },
        columns=Columns(
            searched={**texts, **of_line},
            ordered={**texts, **of_line, **context, "id": lambda user: f"{user.id:09}", "uuid": lambda user: user.uuid},
            default="lastname",
        ),
    )


def find_user(call: Call, user_id: int | UUID) -> User:
    """Return the user of an id or a uuid. Raises a 404."""
    if isinstance(user_id, int):
        return tenancy.find(database_of(call).users, user_id, "User")
    row = database_of(call).users.first(uuid=str(user_id))
    return tenancy.find(database_of(call).users, row.id if row else None, "User", id=user_id)


def list_users(call: Call) -> Answer:
    database = database_of(call)
    view = call.query.get("view")
    if view is not None and view not in VIEWS:
        raise input_error(f"view '{view}' does not exist")
    shown = {"directory": _directory_row, "summary": _summary_row}.get(view or "", user_view)
    return listing(database).answer(call, tenancy.rows(database.users, recurses(call)), lambda user: shown(call, user))


def _directory_row(call: Call, user: User) -> dict[str, Any]:
    database = database_of(call)
    line = next(iter(database.lines_of(user)), None)
    return {
        "id": user.id,
        "uuid": user.uuid,
        "line_id": line.id if line else None,
        "agent_id": None,
        "firstname": user.firstname,
        "lastname": user.lastname or None,
        "email": user.email,
        "exten": getattr(_main_extension(database, user), "exten", None),
        "mobile_phone_number": user.mobile_phone_number,
        "voicemail_number": getattr(database.voicemail_of(user), "number", None),
        "userfield": user.userfield,
        "description": user.description,
        "context": line.context if line else None,
    }


def _summary_row(call: Call, user: User) -> dict[str, Any]:
    view = user_view(call, user)
    main = next(iter(database_of(call).lines_of(user)), None)
    line = line_view(call, main) if main else {}
    names = ("id", "uuid", "firstname", "lastname", "email")
    return {
        **{name: view[name] for name in names},
        "extension": next((each["exten"] for each in line.get("extensions", ())), None),
        "context": line.get("context"),
        "provisioning_code": line.get("provisioning_code"),
        "protocol": line.get("protocol"),
        "enabled": user.enabled,
        "subscription_type": user.subscription_type,
        "is_webrtc": line.get("is_webrtc", False),
    }


def get_user(call: Call, user_id: int | UUID) -> Answer:
    return Answer(body=user_view(call, find_user(call, user_id)))


def new_user(call: Call, given: Any) -> User:
    """Insert a user without lines, incalls and voicemail."""
    database = database_of(call)
    values = read_user(given, BODY)
    _check(database, tenancy.current().own, values, None)
    values |= {name: values.get(name) or "" for name in ("lastname", "caller_id")}
    name = " ".join(filter(None, (values["firstname"], values["lastname"])))
    if not values["caller_id"] and len(name) > LONGEST_NAME:
        # As in the same column of xivo-16.16.md, "users": the caller ID that is made of the name is too long.
        raise unexpected_error(
            "(psycopg2.errors.StringDataRightTruncation) value too long for type character varying(160)\n"
        )
    created = FIRST_DAY + timedelta(seconds=len(database.users))
    user: User = database.users.insert(
        uuid=database.random_uuid(), tenant_uuid=tenancy.current().own, created_at=created.isoformat(), **values
    )
    return user


def read_user(given: Any, schema: Schema, is_update: bool = False) -> dict[str, Any]:
    """Return the fields of a user as they are stored. Raises a 400."""
    if "call_record_enabled" in given and not {*RECORDINGS}.isdisjoint(given):
        raise bad_schema("'call_record_enabled' is deprecated and incompatible with 'call_record_*_enabled' options")
    values = load_object(given, schema, is_update)
    if isinstance(given.get("call_record_enabled"), bool):
        values |= dict.fromkeys(RECORDINGS, given["call_record_enabled"])
    return values | {name: values[name] or None for name in EMPTY_IS_NULL if name in values}


def _check(database: Any, tenant: str, values: dict[str, Any], user_id: int | None) -> None:
    """Refuse what is another user's, unknown music, and a fallback to a mobile phone without a number."""
    _check_unique(database, values, user_id)
    moh.check(database, tenant, values["music_on_hold"])
    if values["mobile_fallback_enabled"] and not values["mobile_phone_number"]:
        raise resource_error("PSTN fallback must be disabled when mobile phone number is not set")


def _check_unique(database: Any, values: dict[str, Any], user_id: int | None) -> None:
    """Refuse a username of another user, with case, or an e-mail address, compared without case; of any tenant.

    Source: wazo-26.08.md, "5.1 User"; person-wazo-26.08.md, "1.1 Through confd".
    """
    username, email = values.get("username"), values.get("email")
    if username is not None and any(other.id != user_id for other in database.users.where(username=username)):
        raise resource_error("User already exists", username=username)
    if email is not None and any(user.id != user_id for user in database.users_by_email(email)):
        raise resource_error("User already exists", email=email)


def update_user(call: Call, user_id: int | UUID) -> Answer:
    """Change the given fields. A new name changes neither the caller ID nor the voicemail's name."""
    user = find_user(call, user_id)
    values = read_user(call.read_body(), UPDATE, is_update=True)
    _check(database_of(call), user.tenant_uuid, vars(user) | values, user.id)
    if database_of(call).lines_of_main_user(user.id):
        take_over(values.get("caller_id", user.caller_id))
    if "lastname" in values:
        values["lastname"] = values["lastname"] or ""
    assign(user, values)
    assert isinstance(database_of(call), WazoDatabase)
    refresh_lines_of(database_of(call), user)
    return Answer(204)


def delete_user(call: Call, user_id: int | UUID) -> Answer:
    """Delete a user without voicemail: its lines stay without user, its incalls without destination."""
    user = find_user(call, user_id)
    database = database_of(call)
    if association := database.user_voicemails.first(user_id=user.id):
        raise resource_error(
            "User is associated with a Voicemail", user_id=user.id, voicemail_id=association.voicemail_id
        )
    remove_user(database, user)
    return Answer(204)


def remove_user(database: WazoDatabase, user: User) -> None:
    for association in database.user_lines.where(user_id=user.id):
        database.user_lines.delete(association)
    for incall in database.incalls.where(user_id=user.id):
        incall.set_destination({"type": "none"})
    database.users.delete(user)


ROUTES = (
    Route("GET", "/users", list_users),
    *by_id_or_uuid("GET", "/users/<user_id>", get_user),
)
