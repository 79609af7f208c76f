# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /cti_profiles, users/ID/cti (person-xivo-16.16.md, "cti_profiles, users/ID/cti")."""

from __future__ import annotations

from typing import Any

from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..python2 import py2_repr
from ..schema import Body, StrictBoolean
from .fields import Integer
from .forwards_and_services import refuse_method
from .http import load_body
from .lookup import by_id_or_uuid, find_user
from .rows import User16

SCHEMA = Body.from_dict({"cti_profile_id": Integer(allow_none=True), "enabled": StrictBoolean()})()


def profile_view(call: Call, profile: Any) -> dict[str, Any]:
    return {"id": profile.id, "name": profile.name, "links": [call.link("cti_profiles", profile.id)]}


def list_profiles(call: Call) -> Answer:
    """List all profiles, whatever the query."""
    database: Any = call.database
    items = [profile_view(call, profile) for profile in database.cti_profiles]
    return Answer(body={"items": items, "total": len(items)})


def get_profile(call: Call, profile_id: int) -> Answer:
    database: Any = call.database
    profile = database.cti_profiles.get(profile_id)
    if profile is None:
        raise not_found("CtiProfile", id=profile_id)
    return Answer(body=profile_view(call, profile))


def fail_method(call: Call, profile_id: int) -> Answer:
    raise unexpected_error(f"{call.method.lower()}() got an unexpected keyword argument 'id'")


def get_cti(call: Call, user_id: Any) -> Answer:
    user = find_user(call.database, user_id)
    links = [call.link("users", user.id)]
    if user.cti_profile_id is not None:
        links.append(call.link("cti_profiles", user.cti_profile_id))
    shown = {"user_id": user.id, "enabled": user.cti_enabled, "cti_profile_id": user.cti_profile_id}
    return Answer(body={**shown, "links": links})


def update_cti(call: Call, user_id: Any) -> Answer:
    """Change profile and enabled; null keeps the profile, which can never be removed."""
    user = find_user(call.database, user_id)
    write_cti(call.database, user, load_body(call, SCHEMA, is_update=True))
    return Answer(204)


def write_cti(database: Any, user: User16, given: dict[str, Any]) -> None:
    profile_id = given.get("cti_profile_id")
    if profile_id is None:
        profile_id = user.cti_profile_id
    enabled = given.get("enabled", user.cti_enabled)
    if profile_id and database.cti_profiles.get(profile_id) is None:
        raise input_error("field 'cti_profile_id': CtiProfile was not found")
    if enabled and not (user.username and user.password):
        raise resource_error("User must have a username and password to enable a CtiProfile", user_id=user.id)
    if profile_id == 0:
        sent = {"userfeatures_id": user.id, "cti_profile_id": 0}
        raise unexpected_error(
            '(IntegrityError) insert or update on table "userfeatures" violates foreign key constraint '
            '"userfeatures_cti_profile_id_fkey"\nDETAIL:  Key (cti_profile_id)=(0) is not present in table '
            '"cti_profile".\n \'UPDATE userfeatures SET cti_profile_id=%(cti_profile_id)s WHERE userfeatures.id = '
            f"%(userfeatures_id)s' {py2_repr(sent)}"
        )
    user.cti_profile_id, user.cti_enabled = profile_id, enabled


ROUTES = (
    Route("GET", "/cti_profiles", list_profiles),
    Route("POST", "/cti_profiles", refuse_method),
    Route("GET", "/cti_profiles/<int:profile_id>", get_profile),
    Route("PUT", "/cti_profiles/<int:profile_id>", fail_method),
    Route("DELETE", "/cti_profiles/<int:profile_id>", fail_method),
    *by_id_or_uuid("GET", "/users/<user_id>/cti", get_cti),
    *by_id_or_uuid("PUT", "/users/<user_id>/cti", update_cti),
)
