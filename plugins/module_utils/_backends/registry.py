# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backends of all generations of the API, of which a run uses one."""

from __future__ import annotations

from .._http.client import Client
from .._http.handover import GENERATION
from .._model.errors import InputError
from .base import Backend
from .detect import recognise
from .wazo.backend import Wazo
from .xivo15.backend import Xivo15
from .xivo16.backend import Xivo16

GENERATIONS: dict[str, type[Backend]] = {each.api: each for each in (Xivo15, Xivo16, Wazo)}
REASONS = {
    "confd_tenant": "a server of generation {api} has no tenants",
    "confd_auth_url": "a server of generation {api} accepts no tokens",
    "confd_auth_backend": "only servers of generation xivo16 have such a backend",
}
"""{option of the connection that not all generations have: why others reject it}."""


def choose_backend(api: str, client: Client) -> Backend:
    """Return the backend of a generation. api: one of GENERATIONS, or "auto" to ask the server.

    Raises RequestError if the server is asked and does not answer, InputError for an unknown generation, or an
    option of the connection that the generation does not have.
    """
    if api == "auto":
        handover = client.connection.handover
        known = handover.known_generation()
        client.is_unproven = known is not None
        api = known or recognise(client)
        if not known:
            handover.put(GENERATION, api)
    if api not in GENERATIONS:
        raise InputError(
            f"confd_api is {api!r}, which this release does not support.", f"It supports {', '.join(GENERATIONS)}."
        )
    rejected = client.connection.given_options - GENERATIONS[api].connection_options
    if rejected:
        option = min(rejected)
        raise InputError(f"{option} is given, but {REASONS[option].format(api=api)}.", "Leave it out for this server.")
    backend = GENERATIONS[api](client)
    if not backend.has_tenants:
        # The backend has chosen the authentication: only a digest has limits for the login.
        client.check_login()
    return backend
