# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which generation of the API a server speaks, found out with the request that a session begins with anyway.

Source: facts file xivo-16.16, section "Telling 15.12 from 16.16 cheaply", and wazo-26.08, section 3.
"""

from __future__ import annotations

import re

from .._http.client import Client, ProbeResult

FIRST_WAZO = [20, 7]
PROBE = "/incalls"
"""What XiVO has from 16.13 on. Without credentials, older ones answer 404, younger ones 401."""


def recognise(client: Client) -> str:
    """xivo15, xivo16 or wazo.

    One request, of which the 401 spares the session the one that it would have met with its first request. Where there
    is none, because the server takes the token or trusts the address, a second request asks for the version.
    Raises RequestError when there is no server or no confd.
    """
    answer = client.probe(PROBE, limit=1)
    if answer.status == 404:
        return "xivo15"
    if answer.by_wazo:
        return "wazo"
    return "wazo" if answer.status == 200 and _shows_wazo(client.probe("/infos")) else "xivo16"


def _shows_wazo(infos: ProbeResult) -> bool:
    """Whether it is a Wazo of this generation; the older ones speak xivo16. A token may lack the right to know."""
    version = infos.body.get("wazo_version") if isinstance(infos.body, dict) else None
    numbers = [int(each) for each in re.findall(r"\d+", str(version or ""))]
    return infos.by_wazo or (version is not None and (not numbers or numbers >= FIRST_WAZO))
