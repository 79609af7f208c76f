# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve users/ID/forwards, users/ID/services.

Facts: person-xivo-16.16.md, "users/ID/forwards, /forwards/{busy,noanswer,unconditional}"; person-xivo-16.16.md,
"users/ID/services, /services/{dnd,incallfilter}".
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ..errors import ConfdError, unexpected_error
from ..generation import Answer, Call
from ..python2 import py2_repr
from ..schema import Body, StrictBoolean
from .http import load_body
from .lookup import by_id_or_uuid, find_user
from .rows import User16
from .user_views import FORWARDS, SERVICES, forwards_view, services_view

FORWARD = Body.from_dict({"enabled": StrictBoolean(), "destination": fields.String(allow_none=True)})
# The order in which the server names the bad ones.
ALL_FORWARDS = Body.from_dict({name: fields.Nested(FORWARD) for name in ("noanswer", "busy", "unconditional")})()
ONE_FORWARD = FORWARD()
SERVICE = Body.from_dict({"enabled": StrictBoolean(required=True)})()
DESTINATION_SIZE = 128
COLUMNS = {"busy": "destbusy", "noanswer": "destrna", "unconditional": "destunc"}


def get_forwards(call: Call, user_id: Any) -> Answer:
    return Answer(body=forwards_view(find_user(call.database, user_id)))


def get_forward(call: Call, user_id: Any, name: str) -> Answer:
    return Answer(body=forwards_view(find_user(call.database, user_id))[name])


def update_forwards(call: Call, user_id: Any) -> Answer:
    """Merge the forwards of the body into those of the user: what is missing stays."""
    user = find_user(call.database, user_id)
    return _merge(user, load_body(call, ALL_FORWARDS, is_update=True))


def update_forward(call: Call, user_id: Any, name: str) -> Answer:
    user = find_user(call.database, user_id)
    return _merge(user, {name: load_body(call, ONE_FORWARD, is_update=True)})


def _merge(user: User16, given: dict[str, dict[str, Any]]) -> Answer:
    present = forwards_view(user)
    merged = {name: {**present[name], **given.get(name, {})} for name in FORWARDS}
    for name, forward in merged.items():
        forward["destination"] = forward["destination"] or None
        if forward["enabled"] and not forward["destination"]:
            raise ConfdError(400, "Resource Error - Forward must be disabled to remove destination")
        _check_size(user, name, forward["destination"])
    user.forwards = merged
    return Answer(204)


def _check_size(user: User16, name: str, destination: str | None) -> None:
    if destination is None or len(destination) <= DESTINATION_SIZE:
        return
    column = COLUMNS[name]
    sent = {column: destination, "userfeatures_id": user.id}
    raise unexpected_error(
        f"(DataError) value too long for type character varying({DESTINATION_SIZE})\n 'UPDATE userfeatures SET "
        f"{column}=%({column})s WHERE userfeatures.id = %(userfeatures_id)s' {py2_repr(sent)}"
    )


def get_services(call: Call, user_id: Any) -> Answer:
    return Answer(body=services_view(find_user(call.database, user_id)))


def get_service(call: Call, user_id: Any, name: str) -> Answer:
    return Answer(body=services_view(find_user(call.database, user_id))[name])


def update_service(call: Call, user_id: Any, name: str) -> Answer:
    user = find_user(call.database, user_id)
    user.services = {**user.services, name: {"enabled": load_body(call, SERVICE)["enabled"]}}
    return Answer(204)


def refuse_method(call: Call, **identifiers: Any) -> Answer:
    """Answer as the server does where a resource lacks a method that its base class has."""
    return Answer(405, "")


ONE_OF_FORWARDS = f"/users/<user_id>/forwards/<any({', '.join(FORWARDS)}):name>"
ONE_OF_SERVICES = f"/users/<user_id>/services/<any({', '.join(SERVICES)}):name>"
ROUTES = (
    *by_id_or_uuid("GET", "/users/<user_id>/forwards", get_forwards),
    *by_id_or_uuid("PUT", "/users/<user_id>/forwards", update_forwards),
    *by_id_or_uuid("GET", ONE_OF_FORWARDS, get_forward),
    *by_id_or_uuid("PUT", ONE_OF_FORWARDS, update_forward),
    *by_id_or_uuid("GET", "/users/<user_id>/services", get_services),
    *by_id_or_uuid("PUT", "/users/<user_id>/services", refuse_method),
    *by_id_or_uuid("GET", ONE_OF_SERVICES, get_service),
    *by_id_or_uuid("PUT", ONE_OF_SERVICES, update_service),
)
