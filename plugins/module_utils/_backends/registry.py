# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One backend a generation of the API, chosen once per run."""

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
    """The backend of a generation; ``api`` is one of GENERATIONS, or "auto": whichever the server speaks.

    Raises RequestError where the server has to be asked and does not answer, InputError for a generation that this
    release does not speak.
    """
    if api == "auto":
        api = recognise(client)
    if api not in GENERATIONS:
        raise InputError(f"confd_api {api!r} is not served by this release.", f"It knows {', '.join(GENERATIONS)}.")
    if client.connection.tenant and not GENERATIONS[api].has_tenants:
        raise InputError(f"confd_tenant is given, but a server of generation {api} has no tenants.", "Leave it out.")
    return GENERATIONS[api](client)
