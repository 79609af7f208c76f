# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a fresh server as 15.12's, but with a configuration for all devices (xivo-16.16.md, "devices")."""

from __future__ import annotations

from ..database import Database
from ..xivo15.initial import populate_server
from .person_rows import populate_person16


def populate(database: Database) -> None:
    populate_server(database)
    populate_person16(database)
    for device in database.devices:
        if not device.has_config:
            device.has_config, device.template_id = True, "defaultconfigdevice"
