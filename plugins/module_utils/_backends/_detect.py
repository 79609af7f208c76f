# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which generation of the API a server speaks, found out with the request that a session begins with anyway.

Source: facts file xivo-16.16, section "Telling 15.12 from 16.16 cheaply", and wazo-26.08, section 3.
"""

from __future__ import annotations

from .._client import Client

PROBE = "/incalls"
"""What XiVO has from 16.13 on. Without credentials, older ones answer 404, younger ones 401."""


def recognise(client: Client) -> str:
    """xivo15, xivo16 or wazo.

    One request, of which the 401 spares the session the one that it would have met with its first request; a token
    that is taken tells nothing, and needs a second one.
    Raises RequestError when there is no server or no confd.
    """
    answer = client.look(PROBE, limit=1)
    if answer.status == 404:
        return "xivo15"
    if answer.by_wazo:
        return "wazo"
    if answer.status == 200 and client.connection.token and "wazo_version" in client.get("/infos"):
        return "wazo"
    return "xivo16"
