# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a fresh server as 15.12's, but with a configuration for all devices (xivo-16.16.md, "devices")."""

from __future__ import annotations

from typing import Any

from ..xivo15.initial import populate_server
from .person_rows import populate_person16

FIRST_OWN_ENDPOINT = 10_000


def populate(database: Any) -> None:
    populate_server(database)
    populate_person16(database)
    # No line created with an endpoint of its own has such an id.
    database.orphan_endpoints.sequence = FIRST_OWN_ENDPOINT - 1
    for device in database.devices:
        if not device.has_config:
            device.has_config, device.template_id = True, "defaultconfigdevice"
