# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate XiVO 15.12 (xivo-15.12.md, "What a real XiVO confd 15.12 answers")."""

from __future__ import annotations

from ..generation import Generation
from . import (
    configuration,
    cti,
    devices,
    extensions,
    func_keys,
    infos,
    line_extensions,
    lines,
    queue_members,
    user_lines,
    user_voicemails,
    users,
    voicemails,
)
from .http import check_headers, parse_body
from .initial import populate
from .latency import milliseconds
from .rows import Xivo15Database

GENERATION = Generation(
    name="xivo15",
    routes=(
        *users.ROUTES,
        *lines.ROUTES,
        *extensions.ROUTES,
        *user_lines.ROUTES,
        *line_extensions.ROUTES,
        *devices.ROUTES,
        *voicemails.ROUTES,
        *user_voicemails.ROUTES,
        *infos.ROUTES,
        *configuration.ROUTES,
        *cti.ROUTES,
        *func_keys.ROUTES,
        *queue_members.ROUTES,
    ),
    populate=populate,
    check_headers=check_headers,
    parse_body=parse_body,
    milliseconds=milliseconds,
    database=Xivo15Database,
)

__all__ = ["GENERATION"]
