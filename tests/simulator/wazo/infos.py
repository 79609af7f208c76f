# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /infos (wazo-26.08.md, "3. Auth, tenants, base URL")."""

from __future__ import annotations

from ..generation import Answer, Call, Route

VERSION = "26.08"


def get_infos(call: Call) -> Answer:
    return Answer(body={"uuid": call.database.uuid, "wazo_version": VERSION})


ROUTES = (Route("GET", "/infos", get_infos),)
