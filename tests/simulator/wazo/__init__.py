# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate Wazo 26.08 (wazo-26.08.md, "What a real Wazo confd 26.08 answers")."""

from __future__ import annotations

from ..generation import Generation
from . import (
    all_in_one,
    associations,
    auth,
    devices,
    endpoints,
    extensions,
    incalls,
    infos,
    lines,
    moh,
    user_export,
    users,
    voicemails,
)
from .database import WazoDatabase
from .http import check_headers, parse_body, routing_error
from .initial import populate
from .latency import milliseconds
from .logins import credentials, policies
from .logins import users as logins
from .person import (
    agents,
    extras,
    fallbacks,
    forwards,
    func_keys,
    groups,
    members,
    permissions,
    pickups,
    schedules,
    user_import,
)

GENERATION = Generation(
    name="wazo",
    routes=(
        *auth.ROUTES,
        *logins.ROUTES,
        *credentials.ROUTES,
        *policies.ROUTES,
        *users.ROUTES,
        *user_export.ROUTES,
        *moh.ROUTES,
        *all_in_one.ROUTES,
        *lines.ROUTES,
        *endpoints.ROUTES,
        *extensions.ROUTES,
        *associations.ROUTES,
        *incalls.ROUTES,
        *voicemails.ROUTES,
        *devices.ROUTES,
        *infos.ROUTES,
        *forwards.ROUTES,
        *fallbacks.ROUTES,
        *permissions.ROUTES,
        *groups.ROUTES,
        *members.ROUTES,
        *schedules.ROUTES,
        *agents.ROUTES,
        *pickups.ROUTES,
        *func_keys.ROUTES,
        *extras.ROUTES,
        *user_import.ROUTES,
    ),
    populate=populate,
    check_headers=check_headers,
    parse_body=parse_body,
    milliseconds=milliseconds,
    bases=("/api/confd/1.1", "/1.1"),
    database=WazoDatabase,
    authentication=auth.WazoAuthentication,
    routing_error=routing_error,
)

__all__ = ["GENERATION"]
