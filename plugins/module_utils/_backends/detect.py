# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out which generation of the API a server has, with the request that every session begins with.

Sources: xivo-16.16.md, "Telling 15.12 from 16.16 cheaply"; wazo-26.08.md, "3. Auth, tenants, base URL".
"""

from __future__ import annotations

import re

from .._http.client import Client, ProbeResult

FIRST_WAZO = [20, 7]
LONGEST_VERSION = 20
PROBE = "/incalls"
"""A resource from 16.13 on. A request without credentials is answered 404 by older servers, 401 by newer ones."""


def recognise(client: Client) -> str:
    """Return the generation of a server: xivo15, xivo16 or wazo.

    This takes one request. The session uses its 401 too, so that no other request meets one. A server that accepts the
    token, or trusts the address, answers 200: then a second request asks for the version.
    Raises RequestError when there is no server or no confd, and InputError if its authentication service would get a
    password without TLS.
    """
    api = _probe(client)
    client.refuse_exposed_password(api)
    return api


def _probe(client: Client) -> str:
    answer = client.probe(PROBE, limit=1)
    if answer.status == 404:
        return "xivo15"
    if answer.by_wazo:
        return "wazo"
    return "wazo" if answer.status == 200 and _shows_wazo(client.probe("/infos")) else "xivo16"


def _shows_wazo(infos: ProbeResult) -> bool:
    """Return whether a server is a Wazo from 20.07 on; older ones have xivo16. The token may lack the right to ask."""
    version = infos.body.get("wazo_version") if isinstance(infos.body, dict) else None
    numbers = [int(each) for each in re.findall(r"\d+", str(version or "")[:LONGEST_VERSION])]
    return infos.by_wazo or (version is not None and (not numbers or numbers >= FIRST_WAZO))
