# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /cti_profiles, users/ID/cti (person-xivo-15.12.md, "users/ID/cti, /cti_profiles")."""

from __future__ import annotations

from typing import Any

from ..errors import input_error, not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..listing import Paging
from .fields import Body, list_body
from .users import find_user

BODY = Body({"cti_profile_id": "integer", "enabled": "boolean", "user_id": "integer"})


def profile_view(call: Call, profile: Any) -> dict[str, Any]:
    return {"id": profile.id, "name": profile.name, "links": [call.link("cti_profiles", profile.id)]}


def list_profiles(call: Call) -> Answer:
    """List all profiles: the parameters are checked, and do nothing."""
    database: Any = call.database
    Paging.read(call.query, smallest_limit=0)
    return Answer(body=list_body([profile_view(call, profile) for profile in database.cti_profiles]))


def get_profile(call: Call, profile_id: int) -> Answer:
    database: Any = call.database
    profile = database.cti_profiles.get(profile_id)
    if profile is None:
        raise not_found("CtiProfile", id=profile_id)
    return Answer(body=profile_view(call, profile), location=f"/cti_profiles/{profile.id}")


def get_cti(call: Call, user_id: int) -> Answer:
    person: Any = find_user(call.database, user_id)
    links = [call.link("users", person.id)]
    if person.cti_profile_id is not None:
        links.append(call.link("cti_profiles", person.cti_profile_id))
    shown = {"user_id": person.id, "cti_profile_id": person.cti_profile_id, "enabled": person.cti_enabled}
    return Answer(body={**shown, "links": links})


def update_cti(call: Call, user_id: int) -> Answer:
    """Change profile and enabled; null keeps either, so that a profile is never removed."""
    database: Any = call.database
    person: Any = find_user(database, user_id)
    given = {name: value for name, value in BODY.check(call.read_body()).items() if value is not None}
    profile_id = given.get("cti_profile_id")
    if profile_id and database.cti_profiles.get(profile_id) is None:
        raise input_error("field 'cti_profile_id': CtiProfile was not found")
    if given.get("enabled") and not (person.username and person.password):
        raise resource_error("User must have a username and password to enable a CtiProfile", user_id=person.id)
    if profile_id == 0:
        raise unexpected_error(
            '(IntegrityError) insert or update on table "userfeatures" violates foreign key constraint '
            '"userfeatures_cti_profile_id_fkey"\nDETAIL:  Key (cti_profile_id)=(0) is not present in table '
            '"cti_profile".\n'
        )
    person.cti_profile_id = profile_id or person.cti_profile_id
    person.cti_enabled = given.get("enabled", person.cti_enabled)
    return Answer(204)


ROUTES = (
    Route("GET", "/cti_profiles", list_profiles),
    Route("GET", "/cti_profiles/<int:profile_id>", get_profile),
    Route("GET", "/users/<int:user_id>/cti", get_cti),
    Route("PUT", "/users/<int:user_id>/cti", update_cti),
)
