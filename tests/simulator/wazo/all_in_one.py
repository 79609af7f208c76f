# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole users in one request, and their removal (facts file wazo-26.08, section 6).

POST is all or nothing. It takes a free extension of the wanted number over without a word, and widens the ranges of a
context for an incall out of them. PUT with recursive=true destroys more than it changes, as in this version.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ..generation import Answer, Call, Route
from ..world import AllOrNothing
from ..xivo16.finding import by_both
from . import tenancy
from .accounts import EVERYTHING
from .associations import give_line, put_on_line
from .common import not_found, recursive, resource_error, world_of
from .extensions import taken_or_new
from .lines import new_line, remove_line
from .rows import User
from .users import delete_user as delete_user_alone
from .users import find_user, new_user, remove_user, update_user
from .views import extension_itself, user_itself, voicemail_view
from .voicemails import give_voicemail, new_voicemail

TABLES = ("users", "lines", "endpoints", "extensions", "incalls", "voicemails", "user_lines", "line_extensions",
          "user_voicemails")  # fmt: skip


def create_user(call: Call) -> Answer:
    """Make a user with everything around that is given. Numbers of the line's caller ID are not in the answer yet."""
    given = call.read_body()
    with AllOrNothing(world_of(call), TABLES):
        user = new_user(call, given)
        shown = user_itself(call, user)
        shown["lines"] = [_line(call, user, each) for each in given.get("lines") or ()]
        shown["incalls"] = [_incall(call, user, each) for each in given.get("incalls") or ()]
        if given.get("voicemail"):
            voicemail = new_voicemail(call, {"name": user.fullname, **given["voicemail"]})
            shown["voicemail"] = voicemail_view(call, voicemail)
            give_voicemail(call, user.id, voicemail)
    if given.get("auth"):
        shown["auth"] = _account(call, user, given["auth"])
    return Answer(201, shown, location=f"/users/{user.id}")


def _line(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    line, shown = new_line(call, given)
    for each in given.get("extensions") or ():
        extension = taken_or_new(call, {"context": line.context, **each})
        shown["extensions"].append(extension_itself(call, extension))
        put_on_line(call, line, extension)
    give_line(call, user, line)
    return shown


def _incall(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    world = world_of(call)
    destination = {"type": "user", "moh_uuid": None, "user_id": user.id, "ring_time": None}
    extensions = [taken_or_new(call, each) for each in given.get("extensions") or ()]
    incall = world.incalls.insert(tenant_uuid=tenancy.current().own, destination=destination, user_id=user.id)
    for extension in extensions:
        if other := world.incalls.first(extension_id=extension.id):
            raise resource_error(
                "Incall is associated with a Extension", incall_id=str(other.id), extension_id=extension.id
            )
        context = world.context_of(extension)
        if not context.allows(extension.exten):
            number = extension.exten
            context.incall_ranges.append({"start": number, "end": number, "did_length": len(number)})
        incall.lead_from(extension)
    shown = [{"exten": each.exten, "context": each.context, "id": each.id} for each in extensions]
    return {"extensions": shown, "id": incall.id}


def _account(call: Call, user: User, given: dict[str, Any]) -> dict[str, Any]:
    """The user's own account, which another service makes last."""
    world_of(call).accounts.add(given["username"], given.get("password") or "", EVERYTHING, user.tenant_uuid)
    return {
        "uuid": user.uuid,
        "username": given["username"],
        "firstname": user.firstname,
        "lastname": user.lastname or None,
        "purpose": "user",
        "emails": [],
        "enabled": True,
        "tenant_uuid": user.tenant_uuid,
        "authentication_method": "default",
    }


def create_line(call: Call) -> Answer:
    """Make a line, with an endpoint and a number if they are given; the number may be one in use."""
    given = call.read_body()
    with AllOrNothing(world_of(call), TABLES):
        line, shown = new_line(call, given)
        for each in given.get("extensions") or ():
            extension = taken_or_new(call, {"context": line.context, **each})
            shown["extensions"].append(extension_itself(call, extension))
            put_on_line(call, line, extension)
    return Answer(201, shown, location=f"/lines/{line.id}")


def delete_user(call: Call, user_id: int | UUID) -> Answer:
    """With recursive=true lines, numbers and the voicemail go as well; incalls and their numbers stay."""
    if not recursive(call):
        return delete_user_alone(call, user_id)
    world = world_of(call)
    user = find_user(call, user_id)
    voicemail = world.voicemail_of(user)
    if voicemail:
        world.user_voicemails.delete(world.user_voicemails.first(user_id=user.id))
        if world.user_voicemails.first(voicemail_id=voicemail.id) is None:
            world.voicemails.delete(voicemail)
    for line in world.lines_of(user):
        remove_line(world, line, with_extension=True)
    remove_user(world, user)
    return Answer(204)


def change_user(call: Call, user_id: int | UUID) -> Answer:
    """With recursive=true: fields are not applied, and lines and incalls that are not given are deleted."""
    if not recursive(call):
        return update_user(call, user_id)
    world = world_of(call)
    user = find_user(call, user_id)
    given = call.read_body()
    kept = {each.get("id") for each in given.get("lines") or ()}
    for each in given.get("lines") or ():
        if not each.get("device_id"):
            raise not_found("Device", id=None)
    for line in world.lines_of(user):
        if line.id not in kept:
            remove_line(world, line, with_extension=True)
    for incall in world.incalls.where(user_id=user.id):
        world.incalls.delete(incall)
    return Answer(204)


ROUTES = (
    Route("POST", "/users", create_user),
    Route("POST", "/lines", create_line),
    *by_both("PUT", "/users/<user_id>", change_user),
    *by_both("DELETE", "/users/<user_id>", delete_user),
)
