# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve agents and who they are (person-wazo-26.08.md, "9. agents"). One agent may be on several users."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from marshmallow import fields
from marshmallow.validate import Length

from ...database import assign
from ...generation import Answer, Call, Route
from ...listing import Columns
from ...schema import Body, Text, matches
from ...xivo16.lookup import by_id_or_uuid
from .. import tenancy
from ..common import Listing, attribute_columns, database_of, load_body, load_object, recurses, resource_error
from ..rows import User
from ..users import find_user
from .common import check_tenants, link, of_ids, reference
from .rows import Agent
from .tables import settings_of

FIELDS: dict[str, Any] = {
    "number": fields.String(required=True, validate=[Length(max=40), matches(r"[0-9#*]+")]),
    "firstname": Text(validate=Length(max=128)),
    "lastname": Text(validate=Length(max=128)),
    "password": Text(validate=Length(max=128)),
    "language": Text(validate=Length(max=20)),
    "preprocess_subroutine": Text(validate=Length(max=79)),
    "description": Text(),
}
BODY = Body.from_dict(FIELDS)()
AGENT = Body.from_dict({**FIELDS, "number": fields.String(validate=FIELDS["number"].validate)})()
"""The agent in POST /users, whose number is that of the line if it is left out."""
COLUMNS = attribute_columns("number", "firstname", "lastname", "preprocess_subroutine")
LIST = Listing(
    filters=COLUMNS | attribute_columns("id"), columns=Columns(searched=COLUMNS, ordered=COLUMNS, default="number")
)


def find_agent(call: Call, agent_id: int) -> Agent:
    found: Agent = tenancy.find(database_of(call).agents, agent_id, "Agent")
    return found


def bare_agent_view(call: Call, agent: Agent) -> dict[str, Any]:
    """Return an agent as the answer to POST /users shows it."""
    return {**asdict(agent), "links": link(call, "agents", agent.id), "queues": None, "skills": [], "users": []}


def agent_view(call: Call, agent: Agent) -> dict[str, Any]:
    rows = database_of(call).settings.where(agent_id=agent.id)
    users = [reference(call, user) for user in of_ids(call, "users", rows, "user_id")]
    return {**bare_agent_view(call, agent), "queues": [], "users": users}


def list_agents(call: Call) -> Answer:
    rows = tenancy.rows(database_of(call).agents, recurses(call))
    return LIST.answer(call, rows, lambda row: agent_view(call, row))


def get_agent(call: Call, agent_id: int) -> Answer:
    return Answer(body=agent_view(call, find_agent(call, agent_id)))


def new_agent(call: Call, given: Any) -> Agent:
    values = load_object(given, BODY)
    tenant = tenancy.current().own
    if database_of(call).agents.first(number=values["number"], tenant_uuid=tenant):
        raise resource_error("Agent already exists", number=values["number"])
    agent: Agent = database_of(call).agents.insert(tenant_uuid=tenant, **values)
    return agent


def new_agent_of(call: Call, user: User, given: dict[str, Any]) -> Agent:
    """Create the agent of a new user, by default with his names and the number of his first line."""
    database = database_of(call)
    line = next(iter(database.lines_of(user)), None)
    extension = database.internal_extension_of(line.id) if line else None
    own = {"firstname": user.firstname, "lastname": user.lastname or None}
    number = {"number": extension.exten} if extension else {}
    agent = new_agent(call, {**own, **number, **given})
    settings_of(database, user).agent_id = agent.id
    return agent


def create_agent(call: Call) -> Answer:
    agent = new_agent(call, call.read_body())
    return Answer(201, agent_view(call, agent), location=f"/agents/{agent.id}")


def update_agent(call: Call, agent_id: int) -> Answer:
    """Change the given fields; a number is dropped without a word."""
    agent = find_agent(call, agent_id)
    values = load_body(call, BODY, is_update=True)
    values.pop("number", None)
    assign(agent, values)
    return Answer(204)


def delete_agent(call: Call, agent_id: int) -> Answer:
    """Delete an agent, also one that somebody is."""
    database_of(call).agents.delete(find_agent(call, agent_id))
    return Answer(204)


def associate(call: Call, user_id: int | UUID, agent_id: int) -> Answer:
    user, agent = find_user(call, user_id), find_agent(call, agent_id)
    settings = settings_of(database_of(call), user)
    check_tenants("agent", agent, user)
    if settings.agent_id not in (None, agent.id):
        raise resource_error("User is associated with a Agent", user_id=user.id, agent_id=settings.agent_id)
    settings.agent_id = agent.id
    return Answer(204)


def dissociate(call: Call, user_id: int | UUID) -> Answer:
    settings_of(database_of(call), find_user(call, user_id)).agent_id = None
    return Answer(204)


ROUTES = (
    Route("GET", "/agents", list_agents),
    Route("POST", "/agents", create_agent),
    Route("GET", "/agents/<int:agent_id>", get_agent),
    Route("PUT", "/agents/<int:agent_id>", update_agent),
    Route("DELETE", "/agents/<int:agent_id>", delete_agent),
    *by_id_or_uuid("DELETE", "/users/<user_id>/agents", dissociate),
    *by_id_or_uuid("PUT", "/users/<user_id>/agents/<int:agent_id>", associate),
)
