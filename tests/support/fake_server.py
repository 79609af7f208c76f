# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of canned answers, for those that the simulator never gives."""

from __future__ import annotations

from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection

URL = "https://pbx.example.org:9486"
CANARY = "canary-Zq7"


def fake_client(**options: Any) -> Client:
    return Client(Connection(URL, **{"username": None, **options}))
