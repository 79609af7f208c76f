# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate XiVO 16.16, which today's XiVO and Wazo up to 20.06 behave like.

Facts: xivo-16.16.md, "What a real XiVO confd 16.16 answers".
"""

from __future__ import annotations

from ..generation import Generation
from . import (
    auth,
    call_permissions,
    cti,
    devices,
    endpoints,
    entities_and_agents,
    extensions,
    fallbacks,
    forwards_and_services,
    func_keys,
    groups,
    incalls,
    infos,
    line_extensions,
    lines,
    sccp,
    user_export,
    user_import,
    user_import_update,
    user_lines,
    users,
    voicemail_users,
    voicemails,
)
from .authentication import TOKEN, TokenOrDigest
from .http import check_headers, parse_body, routing_error
from .initial import populate
from .latency import milliseconds
from .rows import Xivo16Database

GENERATION = Generation(
    name="xivo16",
    routes=(
        *auth.ROUTES,
        *users.ROUTES,
        *user_import.ROUTES,
        *user_import_update.ROUTES,
        *user_export.ROUTES,
        *lines.ROUTES,
        *endpoints.ROUTES,
        *sccp.ROUTES,
        *extensions.ROUTES,
        *incalls.ROUTES,
        *user_lines.ROUTES,
        *line_extensions.ROUTES,
        *devices.ROUTES,
        *voicemails.ROUTES,
        *infos.ROUTES,
        *forwards_and_services.ROUTES,
        *fallbacks.ROUTES,
        *call_permissions.ROUTES,
        *cti.ROUTES,
        *entities_and_agents.ROUTES,
        *groups.ROUTES,
        *func_keys.ROUTES,
        *voicemail_users.ROUTES,
    ),
    populate=populate,
    check_headers=check_headers,
    parse_body=parse_body,
    milliseconds=milliseconds,
    database=Xivo16Database,
    authentication=TokenOrDigest,
    routing_error=routing_error,
)

__all__ = ["GENERATION", "TOKEN"]
