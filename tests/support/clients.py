# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connects the core to a simulator."""

from __future__ import annotations

from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from simulator import Simulator


def connection(sim: Simulator, **options: Any) -> Connection:
    """How to reach a simulator, with one repetition (urllib3 does not wait before the first one)."""
    given = {
        "url": sim.url,
        "username": sim.username,
        "password": sim.password if sim.username else None,
        "ca_path": sim.ca_path,
        "retries": 1,
    }
    return Connection(**{**given, **options})


def client_of(sim: Simulator, **options: Any) -> Client:
    return Client(connection(sim, **options))


def backend_of(sim: Simulator, **options: Any) -> Backend:
    return choose_backend(sim.generation.name, client_of(sim, **options))
