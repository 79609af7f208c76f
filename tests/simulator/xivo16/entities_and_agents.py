# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /entities, users/ID/entities, users/ID/agents.

Facts: person-xivo-16.16.md, "entities, users/ID/entities"; person-xivo-16.16.md, "users/ID/agents, /schedules".
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from ..errors import not_found, resource_error, unexpected_error
from ..generation import Answer, Call, Route
from ..python2 import Plain
from ..schema import Body, matches
from .forwards_and_services import refuse_method
from .http import load_body
from .lists import ListColumns, answer_list
from .lookup import by_id_or_uuid, find_user
from .person_rows import Entity
from .rows import User16

LENGTH = Length(3, 128, error="Length must be between {min} and {max}.")
SCHEMA = Body.from_dict(
    {
        "name": fields.String(required=True, validate=matches("[a-z0-9_.-]{1,64}")),
        "display_name": fields.String(load_default=None, allow_none=True, validate=LENGTH),
    }
)()
LIST = ListColumns(
    {name: lambda row, name=name: getattr(row, name) for name in ("id", "name", "display_name")},
    searched=("name", "display_name"),
    default="name",
    integers=("id",),
)


def find_entity(database: Any, entity_id: object) -> Entity:
    entity = database.entities.get(entity_id)
    if entity is None:
        raise not_found("Entity", id=entity_id)
    return entity  # type: ignore[no-any-return]


def entity_view(call: Call, entity: Entity) -> dict[str, Any]:
    shown = {"id": entity.id, "name": entity.name, "display_name": entity.display_name}
    return {**shown, "links": [call.link("entities", entity.id)]}


def list_entities(call: Call) -> Answer:
    database: Any = call.database
    return answer_list(call, LIST, list(database.entities), lambda row: entity_view(call, row))


def get_entity(call: Call, entity_id: int) -> Answer:
    return Answer(body=entity_view(call, find_entity(call.database, entity_id)))


def create_entity(call: Call) -> Answer:
    database: Any = call.database
    given = load_body(call, SCHEMA)
    if database.entities.first(name=given["name"]):
        raise resource_error("Entity already exists", name=given["name"])
    database.wait_for_race()
    if database.entities.first(name=given["name"]):
        raise unexpected_error('(IntegrityError) duplicate key value violates unique constraint "entity_name_key"')
    entity = database.entities.insert(**given)
    return Answer(201, entity_view(call, entity), location=f"/entities/{entity.id}")


def delete_entity(call: Call, entity_id: int) -> Answer:
    database: Any = call.database
    entity = find_entity(database, entity_id)
    user = database.users.first(entity_id=entity.id)
    if user:
        raise resource_error("Entity is associated with a User", entity_id=entity.id, user_id=user.id)
    database.entities.delete(entity)
    return Answer(204)


# Entities of users


def get_user_entity(call: Call, user_id: Any) -> Answer:
    user = find_user(call.database, user_id)
    links = [call.link("users", user.id), call.link("entities", user.entity_id)]
    return Answer(body={"user_id": user.id, "entity_id": user.entity_id, "links": links})


def associate_entity(call: Call, user_id: Any, entity_id: int) -> Answer:
    """Move a user without line to another entity."""
    database: Any = call.database
    user, entity = find_user(database, user_id), find_entity(database, entity_id)
    set_entity(database, user, entity)
    return Answer(204)


def set_entity(database: Any, user: User16, entity: Entity) -> None:
    if user.entity_id == entity.id:
        raise resource_error("User is associated with a Entity", user_id=user.id, entity=entity.id)
    lines = [str(each.line_id) for each in database.user_lines.where(user_id=user.id)]
    if lines:
        raise resource_error("User is associated with a Line", line_ids=Plain(", ".join(lines)), user_id=user.id)
    database.wait_for_race()
    user.entity_id = entity.id


# Agents of users


def get_agent(call: Call, user_id: Any) -> Answer:
    user = find_user(call.database, user_id)
    links = [call.link("users", user.id)]
    return Answer(body={"user_id": user.id, "agent_id": user.agent_id, "links": links})


def associate_agent(call: Call, user_id: Any, agent_id: int) -> Answer:
    """Make a user an agent, who may be another user's as well; there is no list of agents."""
    database: Any = call.database
    user = find_user(database, user_id)
    if database.agents.get(agent_id) is None:
        raise not_found("Agent", id=agent_id)
    if user.agent_id is not None:
        raise resource_error("User is associated with a Agent", user_id=user.id, agent=agent_id)
    database.wait_for_race()
    user.agent_id = agent_id
    return Answer(204)


def dissociate_agent(call: Call, user_id: Any) -> Answer:
    user = find_user(call.database, user_id)
    if user.agent_id is None:
        raise not_found("UserAgent", user_id=user.id)
    user.agent_id = None
    return Answer(204)


ROUTES = (
    Route("GET", "/entities", list_entities),
    Route("POST", "/entities", create_entity),
    Route("GET", "/entities/<int:entity_id>", get_entity),
    Route("PUT", "/entities/<int:entity_id>", refuse_method),
    Route("DELETE", "/entities/<int:entity_id>", delete_entity),
    *by_id_or_uuid("GET", "/users/<user_id>/entities", get_user_entity),
    *by_id_or_uuid("PUT", "/users/<user_id>/entities/<int:entity_id>", associate_entity),
    *by_id_or_uuid("GET", "/users/<user_id>/agents", get_agent),
    *by_id_or_uuid("PUT", "/users/<user_id>/agents/<int:agent_id>", associate_agent),
    *by_id_or_uuid("DELETE", "/users/<user_id>/agents", dissociate_agent),
)
