# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve queues/Q/members/agents (person-xivo-15.12.md, "queues/Q/members/agents").

Queues and agents are made in the web interface: see insert_agent and insert_destination of the database.
"""

from __future__ import annotations

from typing import Any

from ..errors import ConfdError, input_error, not_found, unexpected_error
from ..generation import Answer, Call, Route
from .fields import Body
from .sql import INTEGER_MAX

BODY = Body({"agent_id": "integer", "queue_id": "integer", "penalty": "integer"})


def _check_queue(database: Any, queue_id: int) -> None:
    if database.queues.get(queue_id) is None:
        raise not_found("Queue", queue_id=queue_id)


def _find(database: Any, queue_id: int, agent_id: int) -> Any:
    _check_queue(database, queue_id)
    if database.agents.get(agent_id) is None:
        raise not_found("Agent", agent_id=agent_id)
    member = database.queue_members.first(queue_id=queue_id, agent_id=agent_id)
    if member is None:
        raise not_found("QueueMember", agent_id=agent_id, queue_id=queue_id)
    return member


def member_view(queue_id: int, agent_id: int, penalty: int | None) -> dict[str, Any]:
    return {"queue_id": queue_id, "agent_id": agent_id, "penalty": penalty, "links": []}


def get_member(call: Call, queue_id: int, agent_id: int) -> Answer:
    member = _find(call.database, queue_id, agent_id)
    return Answer(body=member_view(queue_id, agent_id, member.penalty), location=_path(queue_id, agent_id))


def _path(queue_id: int, agent_id: int) -> str:
    return f"/queues/{queue_id}/members/agents/{agent_id}"


def create_member(call: Call, queue_id: int) -> Answer:
    """Put an agent into a queue. A penalty that is not sent is null in the answer, and 0 in the database."""
    database: Any = call.database
    given = BODY.check(call.read_body())
    _check_queue(database, queue_id)
    agent_id = given.get("agent_id")
    if agent_id is None:
        raise unexpected_error("'NoneType' object has no attribute 'number'")
    if database.agents.get(agent_id) is None:
        raise input_error("field 'agent_id': Agent was not found")
    _refuse_member(database, queue_id, agent_id)
    _check_penalty(given.get("penalty") or 0)
    database.wait_for_race()
    if database.queue_members.first(queue_id=queue_id, agent_id=agent_id):
        raise unexpected_error('(IntegrityError) duplicate key value violates unique constraint "queuemember_pkey"')
    database.queue_members.insert(queue_id=queue_id, agent_id=agent_id, penalty=given.get("penalty") or 0)
    return Answer(201, member_view(queue_id, agent_id, given.get("penalty")), location=_path(queue_id, agent_id))


def _refuse_member(database: Any, queue_id: int, agent_id: int) -> None:
    if database.queue_members.first(queue_id=queue_id, agent_id=agent_id):
        raise ConfdError(400, "Resource Error - Agent is associated with a Queue")


def _check_penalty(penalty: int) -> None:
    if penalty > INTEGER_MAX:
        raise unexpected_error("(DataError) integer out of range\n")


def update_member(call: Call, queue_id: int, agent_id: int) -> Answer:
    """Change the penalty; ids in the body are ignored."""
    member = _find(call.database, queue_id, agent_id)
    penalty = BODY.check(call.read_body()).get("penalty")
    if penalty is None:
        raise unexpected_error(
            '(IntegrityError) null value in column "penalty" of relation "queuemember" violates not-null constraint\n'
        )
    _check_penalty(penalty)
    member.penalty = penalty
    return Answer(204)


def delete_member(call: Call, queue_id: int, agent_id: int) -> Answer:
    database: Any = call.database
    database.queue_members.delete(_find(database, queue_id, agent_id))
    return Answer(204)


MEMBER = "/queues/<int:queue_id>/members/agents/<int:agent_id>"
ROUTES = (
    Route("POST", "/queues/<int:queue_id>/members/agents", create_member),
    Route("GET", MEMBER, get_member),
    Route("PUT", MEMBER, update_member),
    Route("DELETE", MEMBER, delete_member),
)
