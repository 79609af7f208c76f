# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call permissions and groups of a simulator: the collection uses them, and makes none."""

from __future__ import annotations

from ansible_collections.xivo.confd.plugins.module_utils._model.resources import GROUPS, Resource
from simulator import Simulator
from support.helpers import backend_of

PERMISSIONS = ("mobile", "international", "night")
GROUP_NAMES = ("sales", "support", "night")


def make_names(sim: Simulator) -> None:
    """Make the call permissions and the groups, and forget the requests."""
    client = backend_of(sim).client
    label = "label" if sim.generation.name == "wazo" else "name"
    for name in PERMISSIONS:
        client.post("/callpermissions", {"name": name})
    for name in GROUP_NAMES:
        client.post("/groups", {label: name})
    sim.clear_log()


def names_of(sim: Simulator, resource: Resource) -> list[str]:
    """The names that make_names has made."""
    return list(GROUP_NAMES if resource is GROUPS else PERMISSIONS)


def members_of(sim: Simulator, group: str) -> list[str]:
    """The full names of a group's members, in their order."""
    label = "label" if sim.generation.name == "wazo" else "name"
    found = next(row for row in backend_of(sim).client.get_items("/groups") if row[label] == group)
    return [f"{each['firstname']} {each['lastname'] or ''}".strip() for each in found["members"]["users"]]
