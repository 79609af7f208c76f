# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create and delete a user with everything around in one request (wazo-26.08.md, "6. All-in-one").

POST does everything or nothing. It takes over a free extension of the wanted number without an error, and widens the
ranges of a context for an incall outside of them. PUT with recursive=true destroys more than it changes, as in this
version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from ..database import Transaction
from ..errors import unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body
from ..xivo16.lookup import by_id_or_uuid
from . import endpoints, lines, tenancy, users, voicemails
from .accounts import EVERYTHING
from .associations import link_line_extension, link_user_line
from .common import database_of, load_object, not_found, recursive, resource_error
from .extensions import find_or_create_extension
from .lines import new_line, remove_line
from .rows import User
from .users import delete_user as delete_user_alone
from .users import find_user, new_user, remove_user, update_user
from .views import bare_extension_view, bare_user_view, voicemail_view
from .voicemails import link_user_voicemail, new_voicemail

TABLES = ("users", "lines", "endpoints", "extensions", "incalls", "voicemails", "user_lines", "line_extensions",
          "user_voicemails")  # fmt: skip


def _parts(part: type[Schema] | Mapping[str, Any]) -> fields.List[Any]:
    """Return the field of a list of objects that may be left out."""
    schema = part if isinstance(part, type) else Body.from_dict(dict(part))
    return fields.List(fields.Nested(schema), allow_none=True)


NUMBER = {"exten": fields.String(required=True), "context": fields.String()}
LINE = Body.from_dict(
    {
        **lines.FIELDS,
        "endpoint_sip": fields.Nested(Body.from_dict(endpoints.FIELDS), allow_none=True),
        "extensions": _parts(NUMBER),
    }
)
USER = Body.from_dict(
    {
        **users.FIELDS,
        "lines": _parts(LINE),
        "incalls": _parts({"extensions": _parts({**NUMBER, "context": fields.String(required=True)})}),
        "voicemail": fields.Nested(Body.from_dict({**voicemails.FIELDS, "name": fields.String()}), allow_none=True),
    }
)()


def _read_parts(call: Call, schema: Schema) -> dict[str, Any]:
    """Return the body as it came, after a check of all its parts. Raises a 400 that lists the mistakes of all."""
    given = call.read_body()
    if not isinstance(given, dict):
        raise unexpected_error(f"pop expected at most 1 argument, got {2 if isinstance(given, list) else 0}")
    load_object(given, schema)
    return given


def create_user(call: Call) -> Answer:
    """Create a user with lines, incalls, voicemail and login. The line's caller ID is not in the answer yet."""
    given = _read_parts(call, USER)
    with Transaction(database_of(call), TABLES):
        user = new_user(call, given)
        shown = bare_user_view(call, user)
        shown["lines"] = [_line(call, user, each) for each in given.get("lines") or ()]
        shown["incalls"] = [_incall(call, user, each) for each in given.get("incalls") or ()]
        if given.get("voicemail"):
            voicemail = new_voicemail(call, {"name": user.fullname, **given["voicemail"]})
            shown["voicemail"] = voicemail_view(call, voicemail)
            link_user_voicemail(call, user.id, voicemail)
    if given.get("auth"):
        shown["auth"] = _account(call, user, given["auth"])
    return Answer(201, shown, location=f"/users/{user.id}")


def _line(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    line, shown = new_line(call, given)
    for each in given.get("extensions") or ():
        extension = find_or_create_extension(call, {"context": line.context, **each})
        shown["extensions"].append(bare_extension_view(call, extension))
        link_line_extension(call, line, extension)
    link_user_line(call, user, line)
    return shown


def _incall(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    database = database_of(call)
    destination = {"type": "user", "moh_uuid": None, "user_id": user.id, "ring_time": None}
    extensions = [find_or_create_extension(call, each) for each in given.get("extensions") or ()]
    incall = database.incalls.insert(tenant_uuid=tenancy.current().own, destination=destination, user_id=user.id)
    for extension in extensions:
        if database.incalls.first(extension_id=extension.id):
            raise resource_error("Existing incall does not have the new user as a destination")
        context = database.context_of(extension)
        if context.type != "incall":
            raise resource_error(
                f"ContextType '{context.type}' cannot be associated", id=extension.id, context=extension.context
            )
        if not context.allows(extension.exten):
            number = extension.exten
            context.incall_ranges.append({"start": number, "end": number, "did_length": len(number)})
        incall.set_extension(extension)
    shown = [{"exten": each.exten, "context": each.context, "id": each.id} for each in extensions]
    return {"extensions": shown, "id": incall.id}


def _account(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    """Create the user's login, which another service does last."""
    database_of(call).accounts.add(
        given["username"], given.get("password") or "", EVERYTHING, user.tenant_uuid, user.uuid
    )
    return {
        "uuid": user.uuid,
        "username": given["username"],
        "firstname": user.firstname,
        "lastname": user.lastname or None,
        "purpose": "user",
        "emails": [],
        "enabled": given.get("enabled", True),
        "tenant_uuid": user.tenant_uuid,
        "authentication_method": "default",
    }


def create_line(call: Call) -> Answer:
    """Create a line, with an endpoint and an extension if they are given; the extension may be one in use."""
    given = _read_parts(call, LINE())
    with Transaction(database_of(call), TABLES):
        line, shown = new_line(call, given)
        for each in given.get("extensions") or ():
            extension = find_or_create_extension(call, {"context": line.context, **each})
            shown["extensions"].append(bare_extension_view(call, extension))
            link_line_extension(call, line, extension)
    return Answer(201, shown, location=f"/lines/{line.id}")


def delete_user(call: Call, user_id: int | UUID) -> Answer:
    """Delete a user; with recursive=true also its lines with their extensions and its voicemail, but no incalls."""
    if not recursive(call):
        return delete_user_alone(call, user_id)
    database = database_of(call)
    user = find_user(call, user_id)
    voicemail = database.voicemail_of(user)
    if voicemail:
        database.user_voicemails.delete(database.user_voicemails.first(user_id=user.id))
        if database.user_voicemails.first(voicemail_id=voicemail.id) is None:
            database.voicemails.delete(voicemail)
    for line in database.lines_of(user):
        remove_line(database, line, with_extension=True)
    remove_user(database, user)
    return Answer(204)


def change_user(call: Call, user_id: int | UUID) -> Answer:
    """Update a user; with recursive=true apply no field, and delete lines and incalls that are not given."""
    if not recursive(call):
        return update_user(call, user_id)
    database = database_of(call)
    user = find_user(call, user_id)
    given = call.read_body()
    kept = {each.get("id") for each in given.get("lines") or ()}
    for each in given.get("lines") or ():
        if not each.get("device_id"):
            raise not_found("Device", id=None)
    for line in database.lines_of(user):
        if line.id not in kept:
            remove_line(database, line, with_extension=True)
    for incall in database.incalls.where(user_id=user.id):
        database.incalls.delete(incall)
    return Answer(204)


ROUTES = (
    Route("POST", "/users", create_user),
    Route("POST", "/lines", create_line),
    *by_id_or_uuid("PUT", "/users/<user_id>", change_user),
    *by_id_or_uuid("DELETE", "/users/<user_id>", delete_user),
)
