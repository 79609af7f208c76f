# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /infos, /wizard, /configuration/live_reload and /contexts.

Facts: xivo-16.16.md, "Telling 15.12 from 16.16 cheaply"; xivo-16.16.md, "Sharing and protection".
"""

from __future__ import annotations

from typing import Any

from ..database import Context
from ..generation import Answer, Call, Route
from ..schema import Body, StrictBoolean
from .http import load_body
from .lists import ListColumns, answer_list

LIVE_RELOAD = Body.from_dict({"enabled": StrictBoolean(required=True)})()
CONTEXTS = ListColumns(
    {"name": lambda each: each.name, "type": lambda each: each.type}, searched=("name", "type"), default="name"
)


def get_infos(call: Call) -> Answer:
    return Answer(body={"uuid": call.database.uuid})


def get_wizard(call: Call) -> Answer:
    return Answer(body={"configured": True})


def context_view(call: Call, context: Context) -> dict[str, Any]:
    ranges = [{"start": each.start, "end": each.end} for each in context.ranges]
    lengths = [each.did_length or len(each.end) for each in context.ranges]
    incall = context.type == "incall"
    return {
        "id": [*call.database.contexts].index(context.name) + 1,
        "name": context.name,
        "label": context.name,
        "type": context.type,
        "user_ranges": ranges if context.type == "internal" else [],
        "group_ranges": [],
        "queue_ranges": [],
        "conference_room_ranges": [],
        "incall_ranges": [{**each, "did_length": length} for each, length in zip(ranges, lengths, strict=True)]
        if incall
        else [],
        "description": "",
        "enabled": True,
    }


def list_contexts(call: Call) -> Answer:
    return answer_list(call, CONTEXTS, list(call.database.contexts.values()), lambda row: context_view(call, row))


def get_live_reload(call: Call) -> Answer:
    database: Any = call.database
    return Answer(body={"enabled": database.live_reload})


def update_live_reload(call: Call) -> Answer:
    database: Any = call.database
    database.live_reload = load_body(call, LIVE_RELOAD)["enabled"]
    return Answer(204)


ROUTES = (
    Route("GET", "/infos", get_infos),
    Route("GET", "/configuration/live_reload", get_live_reload),
    Route("PUT", "/configuration/live_reload", update_live_reload),
    Route("GET", "/wizard", get_wizard, public=True),
    Route("GET", "/contexts", list_contexts),
)
