# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve /infos, which has no version number (xivo-15.12.md, "GET /infos")."""

from __future__ import annotations

from ..generation import Answer, Call, Route


def get_infos(call: Call) -> Answer:
    uuid = call.database.uuid
    link = {"href": call.url(f"/infos?resource_id={uuid}"), "rel": "infos"}
    return Answer(body={"uuid": uuid, "links": [link]})


ROUTES = (Route("GET", "/infos", get_infos),)
