# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People on a server, before the playbook that a test is about."""

from __future__ import annotations

from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Simulator


def fill(sim: Simulator, people: list[dict[str, Any]]) -> None:
    """Without Ansible, so that no text is taken for a template."""
    client = Client(Connection(sim.url, sim.username, sim.password, ca_path=sim.ca_path))
    provision(Task(choose_backend(sim.generation.name, client), {"users": people}))
    client.close()
    sim.clear_log()


def person(first: str, last: str, exten: str, *direct: str, **more: Any) -> dict[str, Any]:
    """An entry, with these direct numbers and no others."""
    incalls = [{"exten": each, "context": "from-extern"} for each in direct]
    user = {"firstname": first, "lastname": last, **more.pop("user", {})}
    return {"user": user, "extension": {"exten": exten, "context": "default"}, "incalls": incalls, **more}
