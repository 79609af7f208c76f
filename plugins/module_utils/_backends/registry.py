# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backends of all generations of the API, of which a run uses one."""

from __future__ import annotations

from .._http.client import Client
from .._model.errors import InputError
from .base import Backend
from .detect import recognise
from .wazo.backend import Wazo
from .xivo15.backend import Xivo15
from .xivo16.backend import Xivo16

GENERATIONS: dict[str, type[Backend]] = {each.api: each for each in (Xivo15, Xivo16, Wazo)}


def choose_backend(api: str, client: Client) -> Backend:
    """Return the backend of a generation. api: one of GENERATIONS, or "auto" to ask the server.

    Raises RequestError if the server is asked and does not answer, InputError for an unknown generation, or a tenant
    where there are none.
    """
    if api == "auto":
        api = recognise(client)
    if api not in GENERATIONS:
        raise InputError(
            f"confd_api is {api!r}, which this release does not support.", f"It supports {', '.join(GENERATIONS)}."
        )
    if client.connection.tenant and not GENERATIONS[api].has_tenants:
        raise InputError(
            f"confd_tenant is given, but a server of generation {api} has no tenants.", "Leave it out for this server."
        )
    if not GENERATIONS[api].has_tenants:
        client.check_login()
    return GENERATIONS[api](client)
