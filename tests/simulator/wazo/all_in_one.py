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
from ..errors import ConfdError, unexpected_error
from ..generation import Answer, Call, Route
from ..schema import Body
from ..xivo16.lookup import by_id_or_uuid
from . import endpoints, lines, tenancy, users, voicemails
from .associations import link_line_extension, link_user_line
from .common import database_of, load_object, not_found, recursive, resource_error
from .extensions import find_or_create_extension
from .lines import new_line, remove_line
from .person.agents import AGENT, bare_agent_view, new_agent_of
from .person.fallbacks import ALL_FALLBACKS, fallbacks_view, set_fallbacks
from .person.forwards import ALL_FORWARDS, set_forwards
from .person.func_keys import set_template_id
from .person.login import check_auth, create_login, delete_login
from .person.members import GroupKey, set_groups
from .person.tables import TABLES as PERSON_TABLES
from .person.tables import agent_of, settings_of
from .rows import User
from .users import delete_user as delete_user_alone
from .users import find_user, new_user, remove_user, update_user
from .views import bare_extension_view, bare_user_view, voicemail_view
from .voicemails import link_user_voicemail, new_voicemail

TABLES = ("users", "lines", "endpoints", "extensions", "incalls", "voicemails", "user_lines", "line_extensions",
          "user_voicemails", "logins", "login_emails", *PERSON_TABLES)  # fmt: skip


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
        "forwards": fields.Nested(ALL_FORWARDS),
        "fallbacks": fields.Nested(ALL_FALLBACKS),
        "groups": fields.List(fields.Nested(GroupKey)),
        "agent": fields.Nested(AGENT, allow_none=True),
        "auth": fields.Raw(allow_none=False),
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
        shown |= _rest_of_person(call, user, given)
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


def _rest_of_person(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    """Create what else the body may hold, the login last. Returns how the answer shows it.

    Services, call permissions, schedules and function keys are dropped.
    """
    shown: dict[str, Any] = {}
    if given.get("groups"):
        set_groups(call, user, {"groups": given["groups"]})
        shown["groups"] = given["groups"]
    if given.get("agent") is not None:
        shown["agent"] = bare_agent_view(call, new_agent_of(call, user, given["agent"]))
    if given.get("forwards"):
        set_forwards(database_of(call), user, given["forwards"])
        shown["forwards"] = settings_of(database_of(call), user).forwards
    if given.get("fallbacks"):
        set_fallbacks(call, user, given["fallbacks"])
        shown["fallbacks"] = fallbacks_view(call, user)
    if "auth" in given:
        check_auth(given["auth"])
        shown["auth"] = create_login(call, user, given["auth"])
    return shown


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
    """Delete a user; with recursive=true also lines with extensions, voicemail, agent and login, but no incalls.

    Without it the login stays, and signs in.
    """
    if not recursive(call):
        return delete_user_alone(call, user_id)
    database = database_of(call)
    user = find_user(call, user_id)
    lines = database.lines_of(user)
    database.wait_for_race()
    for line in lines:
        if database.lines.get(line.id) is None:
            raise ConfdError(404, f"Line {line.id} not found")
    voicemail = database.voicemail_of(user)
    if voicemail:
        database.user_voicemails.delete(database.user_voicemails.first(user_id=user.id))
        if database.user_voicemails.first(voicemail_id=voicemail.id) is None:
            database.voicemails.delete(voicemail)
    for line in database.lines_of(user):
        remove_line(database, line, with_extension=True)
    agent = agent_of(database, user)
    if agent:
        database.agents.delete(agent)
    remove_user(database, user)
    delete_login(database, user.uuid)
    return Answer(204)


def change_user(call: Call, user_id: int | UUID) -> Answer:
    """Update a user; with recursive=true apply no field, and delete lines and incalls that are not given."""
    database = database_of(call)
    given = call.read_body()
    if not recursive(call):
        answer = update_user(call, user_id)
        if "func_key_template_id" in given:
            set_template_id(database, find_user(call, user_id), given["func_key_template_id"])
        return answer
    user = find_user(call, user_id)
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
