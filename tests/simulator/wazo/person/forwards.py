# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve forwards and services of users (person-wazo-26.08.md, "2. forwards"; person-wazo-26.08.md, "3. services").

A PUT is partial, and the tenant is not checked.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from marshmallow.validate import Length

from ...generation import Answer, Call, Route
from ...schema import Body, StrictBoolean
from ...xivo16.lookup import by_id_or_uuid
from ..common import database_of, load_object, resource_error
from ..rows import User
from .access import find_any_user
from .rows import FORWARDS, SERVICES
from .tables import settings_of

FORWARD = Body.from_dict(
    {"enabled": StrictBoolean(), "destination": fields.String(allow_none=True, validate=Length(max=128))}
)
SERVICE = Body.from_dict({"enabled": StrictBoolean(required=True)})
ALL_FORWARDS = Body.from_dict({name: fields.Nested(FORWARD) for name in FORWARDS})()
ALL_SERVICES = Body.from_dict({name: fields.Nested(SERVICE) for name in SERVICES})()


def set_forwards(database: Any, user: User, given: Any) -> None:
    """Change the given forwards of a user, and of them what is given. Raises a 400, and then changes none."""
    values = load_object(given, ALL_FORWARDS)
    settings = settings_of(database, user)
    changed = {name: {**each, **values.get(name, {})} for name, each in settings.forwards.items()}
    for each in changed.values():
        each["destination"] = each["destination"] or None
        if each["enabled"] and not each["destination"]:
            raise resource_error("Forward must be disabled to remove destination")
    settings.forwards = changed


def get_forwards(call: Call, user_id: int | UUID) -> Answer:
    return Answer(body=settings_of(database_of(call), find_any_user(call, user_id)).forwards)


def put_forwards(call: Call, user_id: int | UUID) -> Answer:
    set_forwards(database_of(call), find_any_user(call, user_id), call.read_body())
    return Answer(204)


def get_forward(call: Call, user_id: int | UUID, name: str) -> Answer:
    return Answer(body=settings_of(database_of(call), find_any_user(call, user_id)).forwards[name])


def put_forward(call: Call, user_id: int | UUID, name: str) -> Answer:
    user = find_any_user(call, user_id)
    set_forwards(database_of(call), user, {name: _one(call, FORWARD())})
    return Answer(204)


def _one(call: Call, schema: Schema) -> dict[str, Any]:
    """Return the body of a route for one forward or service. Raises a 400 that names its fields alone."""
    return load_object(call.read_body(), schema)


def get_services(call: Call, user_id: int | UUID) -> Answer:
    return Answer(body=settings_of(database_of(call), find_any_user(call, user_id)).services)


def put_services(call: Call, user_id: int | UUID) -> Answer:
    settings = settings_of(database_of(call), find_any_user(call, user_id))
    settings.services = settings.services | load_object(call.read_body(), ALL_SERVICES)
    return Answer(204)


def get_service(call: Call, user_id: int | UUID, name: str) -> Answer:
    return Answer(body=settings_of(database_of(call), find_any_user(call, user_id)).services[name])


def put_service(call: Call, user_id: int | UUID, name: str) -> Answer:
    settings = settings_of(database_of(call), find_any_user(call, user_id))
    settings.services = settings.services | {name: _one(call, SERVICE())}
    return Answer(204)


def _routes() -> tuple[Route, ...]:
    found = [
        *by_id_or_uuid("GET", "/users/<user_id>/forwards", get_forwards),
        *by_id_or_uuid("PUT", "/users/<user_id>/forwards", put_forwards),
        *by_id_or_uuid("GET", "/users/<user_id>/services", get_services),
        *by_id_or_uuid("PUT", "/users/<user_id>/services", put_services),
    ]
    for names, kind, get, put in (
        (FORWARDS, "forwards", get_forward, put_forward),
        (SERVICES, "services", get_service, put_service),
    ):
        for name in names:
            rule = f"/users/<user_id>/{kind}/{name}"
            found += by_id_or_uuid("GET", rule, partial(get, name=name))
            found += by_id_or_uuid("PUT", rule, partial(put, name=name))
    return tuple(found)


ROUTES = _routes()
