# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /configuration/live_reload (person-xivo-15.12.md, "What concerns a person here: all routes")."""

from __future__ import annotations

from typing import Any

from ..generation import Answer, Call, Route
from .fields import Body

BODY = Body({"enabled": "boolean"}, required=("enabled",))


def get_live_reload(call: Call) -> Answer:
    database: Any = call.database
    return Answer(body={"enabled": database.live_reload})


def update_live_reload(call: Call) -> Answer:
    database: Any = call.database
    given = BODY.check(call.read_body())
    BODY.check_required(given)
    database.live_reload = given["enabled"]
    return Answer(204)


ROUTES = (
    Route("GET", "/configuration/live_reload", get_live_reload),
    Route("PUT", "/configuration/live_reload", update_live_reload),
)
