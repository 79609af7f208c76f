# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /infos, /wizard and /contexts.

Facts: xivo-16.16.md, "Telling 15.12 from 16.16 cheaply"; xivo-16.16.md, "Sharing and protection".
"""

from __future__ import annotations

from typing import Any

from ..database import Context
from ..generation import Answer, Call, Route
from .lists import ListColumns, answer_list

CONTEXTS = ListColumns(
    {"name": lambda each: each.name, "type": lambda each: each.type}, searched=("name", "type"), default="name"
)


def get_infos(call: Call) -> Answer:
    return Answer(body={"uuid": call.database.uuid})


def get_wizard(call: Call) -> Answer:
    return Answer(body={"configured": True})


def context_view(context: Context) -> dict[str, Any]:
    ranges = [{"start": each.start, "end": each.end} for each in context.ranges]
    incall = context.type == "incall"
    return {
        "name": context.name,
        "label": context.name,
        "type": context.type,
        "user_ranges": ranges if context.type == "internal" else [],
        "group_ranges": [],
        "queue_ranges": [],
        "conference_room_ranges": [],
        "incall_ranges": [{**each, "did_length": len(each["end"])} for each in ranges] if incall else [],
        "description": None,
        "enabled": True,
    }


def list_contexts(call: Call) -> Answer:
    return answer_list(call, CONTEXTS, list(call.database.contexts.values()), context_view)


ROUTES = (
    Route("GET", "/infos", get_infos),
    Route("GET", "/wizard", get_wizard, public=True),
    Route("GET", "/contexts", list_contexts),
)
