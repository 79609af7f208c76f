# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call permissions and groups of a simulator: the collection uses them, and makes none."""

from __future__ import annotations

from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import GENERATIONS
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import GROUPS, USER_PARTS, Resource
from simulator import Simulator
from support.clients import backend_of

PERMISSIONS = ("mobile", "international", "night")
GROUP_NAMES = ("sales", "support", "night")


def for_generation(api: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry without the settings that a generation does not have."""
    absent = GENERATIONS[api].absent_resources
    return {key: value for key, value in entry.items() if key not in USER_PARTS or USER_PARTS[key].name not in absent}


def make_names(sim: Simulator) -> None:
    """Make the call permissions and the groups, where there are any, and forget the requests."""
    if sim.generation.name == "xivo15":
        return
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
