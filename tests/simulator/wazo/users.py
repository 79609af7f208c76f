# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/users (facts file wazo-26.08, sections 5.1, 6 and 7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ..errors import unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Columns
from ..schema import Boolean, Integer, Schema, Text, at_most, matches
from ..world import assign
from ..xivo16.finding import by_both
from . import tenancy
from .callerid import forget, refresh_lines_of
from .common import Listing, attribute, bad_schema, body_of, input_error, recurses, resource_error, world_of
from .rows import User
from .views import user_view
from .world import WazoWorld

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
CALLER_ID = r'"[^"]*"( <\+?\d+>)?'
USERNAME = r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{2,254}"
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
BODY = Schema(
    {
        "firstname": Text(required=True, nullable=False, checks=(at_most(128),)),
        "lastname": Text(checks=(at_most(128),)),
        "email": Text(checks=(matches(EMAIL, "Not a valid email address."),)),
        "timezone": Text(),
        "country": Text(),
        "language": Text(checks=(matches(r"[a-z]{2}_[A-Z]{2}"),)),
        "description": Text(),
        "caller_id": Text(nullable=False, checks=(matches(CALLER_ID),)),
        "outgoing_caller_id": Text(checks=(at_most(80),)),
        "mobile_phone_number": Text(checks=(matches(r"\+?[0-9*#]+"),)),
        "username": Text(checks=(matches(USERNAME),)),
        "password": Text(checks=(matches(r"[a-zA-Z0-9\-._~!$&'()*+,;=%@]{4,64}"),)),
        "music_on_hold": Text(),
        "preprocess_subroutine": Text(checks=(at_most(79),)),
        "userfield": Text(checks=(at_most(128),)),
        "call_permission_password": Text(checks=(matches(r"[0-9#*]{1,16}"),)),
        **{name: Boolean(nullable=False, default=False) for name in FLAGS},
        "supervision_enabled": Boolean(nullable=False, default=True),
        "ring_seconds": Integer(nullable=False, default=30),
        "simultaneous_calls": Integer(nullable=False, default=5),
        "subscription_type": Integer(nullable=False, default=0),
        "enabled": Boolean(nullable=False, default=True),
    }
)
TEXTS = ("firstname", "lastname", "fullname", "caller_id", "description", "userfield", "email", "mobile_phone_number")
FIRST_DAY = datetime(2026, 11, 23, 1, 14, 30)
VIEWS = ("directory", "summary")


def _number(world: Any, user: User) -> Any:
    line = next(iter(world.lines_of(user)), None)
    return world.internal_extension_of(line.id) if line else None


def listing(world: Any) -> Listing:
    """Lists of users, with the columns of their main lines."""
    of_line = {
        "provisioning_code": lambda user: next((line.provisioning_extension for line in world.lines_of(user)), None),
        "exten": lambda user: getattr(_number(world, user), "exten", None),
    }
    context = {"context": lambda user: next((line.context for line in world.lines_of(user)), None)}
    voicemail = {"voicemail_number": lambda user: getattr(world.voicemail_of(user), "number", None)}
    texts = attribute(*TEXTS)
    return Listing(
        filters={**texts, **attribute("id", "uuid", "username", "enabled"), **of_line, **context, **voicemail},
        columns=Columns(
            searched={**texts, **of_line},
            ordered={**texts, **of_line, **context, "id": lambda user: f"{user.id:09}", "uuid": lambda user: user.uuid},
            default="lastname",
        ),
    )


def find_user(call: Call, user_id: int | UUID) -> User:
    """The user of an id or a uuid."""
    if isinstance(user_id, int):
        return tenancy.find(world_of(call).users, user_id, "User")
    row = world_of(call).users.first(uuid=str(user_id))
    return tenancy.find(world_of(call).users, row.id if row else None, "User", id=user_id)


def list_users(call: Call) -> Answer:
    world = world_of(call)
    view = call.query.get("view")
    if view is not None and view not in VIEWS:
        raise input_error(f"view '{view}' does not exist")
    shown = {"directory": _directory_row, "summary": _summary_row}.get(view or "", user_view)
    return listing(world).answer(call, tenancy.own(world.users, recurses(call)), lambda user: shown(call, user))


def _directory_row(call: Call, user: User) -> dict[str, Any]:
    world = world_of(call)
    line = next(iter(world.lines_of(user)), None)
    return {
        "id": user.id,
        "uuid": user.uuid,
        "line_id": line.id if line else None,
        "agent_id": None,
        "firstname": user.firstname,
        "lastname": user.lastname or None,
        "email": user.email,
        "exten": getattr(_number(world, user), "exten", None),
        "mobile_phone_number": user.mobile_phone_number,
        "voicemail_number": getattr(world.voicemail_of(user), "number", None),
        "userfield": user.userfield,
        "description": user.description,
        "context": line.context if line else None,
    }


def _summary_row(call: Call, user: User) -> dict[str, Any]:
    view = user_view(call, user)
    line = next(iter(view["lines"]), None) or {}
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
    """Insert a user with nothing around."""
    if not isinstance(given, dict):
        raise unexpected_error(f"pop expected at most 1 argument, got {2 if isinstance(given, list) else 0}")
    world = world_of(call)
    values = body_of(Call(world, call.method, call.query, lambda: given, call.url), BODY)
    _check_unique(world, values, None)
    values |= {name: values[name] or "" for name in ("lastname", "caller_id")}
    created = FIRST_DAY + timedelta(seconds=len(world.users))
    user: User = world.users.insert(
        uuid=world.random_uuid(), tenant_uuid=tenancy.current().own, created_at=created.isoformat(), **values
    )
    return user


def _check_unique(world: Any, values: dict[str, Any], user_id: int | None) -> None:
    for name in ("username", "email"):
        value = values.get(name)
        if value is not None and any(other.id != user_id for other in world.users.where(**{name: value})):
            raise resource_error("User already exists", **{name: value})


def update_user(call: Call, user_id: int | UUID) -> Answer:
    """Change the given fields. A new name changes neither the caller ID nor the voicemail's name."""
    user = find_user(call, user_id)
    given = call.read_body()
    if isinstance(given, dict) and "call_record_enabled" in given and not {*RECORDINGS}.isdisjoint(given):
        raise bad_schema("'call_record_enabled' is deprecated and incompatible with 'call_record_*_enabled' options")
    values = body_of(call, BODY, partial=True)
    if isinstance(given.get("call_record_enabled"), bool):
        values |= dict.fromkeys(RECORDINGS, given["call_record_enabled"])
    _check_unique(world_of(call), values, user.id)
    if "lastname" in values:
        values["lastname"] = values["lastname"] or ""
    assign(user, values)
    assert isinstance(world_of(call), WazoWorld)
    refresh_lines_of(world_of(call), user)
    return Answer(204)


def delete_user(call: Call, user_id: int | UUID) -> Answer:
    """A user goes whatever hangs on it but a voicemail: lines are left without user, incalls lead nowhere."""
    user = find_user(call, user_id)
    world = world_of(call)
    if association := world.user_voicemails.first(user_id=user.id):
        raise resource_error(
            "User is associated with a Voicemail", user_id=user.id, voicemail_id=association.voicemail_id
        )
    remove_user(world, user)
    return Answer(204)


def remove_user(world: WazoWorld, user: User) -> None:
    for association in world.user_lines.where(user_id=user.id):
        world.user_lines.delete(association)
        if association.main_user:
            forget(world, world.lines.get(association.line_id))
    for incall in world.incalls.where(user_id=user.id):
        incall.lead_to({"type": "none"})
    world.users.delete(user)


ROUTES = (
    Route("GET", "/users", list_users),
    *by_both("GET", "/users/<user_id>", get_user),
)
