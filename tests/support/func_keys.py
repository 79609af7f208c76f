# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Function keys as people write them, and the templates of a simulator: the collection uses them, and makes none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import Simulator
from support.helpers import backend_of


def custom(exten: str, **more: Any) -> dict[str, Any]:
    """A key that dials a number."""
    return {"destination": {"custom": exten}, **more}


def to_user(name: str, **more: Any) -> dict[str, Any]:
    """A key that leads to "First Last"."""
    first, _space, last = name.partition(" ")
    return {"destination": {"user": {"firstname": first, **({"lastname": last} if last else {})}}, **more}


def make_template(sim: Simulator, name: str | None, keys: Mapping[str, str]) -> int:
    """Make a template. keys: {position: number that the key dials}."""
    destinations = {at: {"destination": {"type": "custom", "exten": exten}} for at, exten in keys.items()}
    body = {"keys": destinations, **({} if name is None else {"name": name})}
    return int(backend_of(sim).client.post("/funckeys/templates", body)["id"])


def keys_of(sim: Simulator, user_id: int) -> dict[str, str]:
    """{position: what the key dials, or the first name of the user}, as the server shows a user's own keys."""
    client = backend_of(sim).client
    shown = client.get(f"/users/{user_id}/funckeys")["keys"]
    return {at: _target(client, key["destination"]) for at, key in sorted(shown.items()) if not key["inherited"]}


def _target(client: Any, destination: Mapping[str, Any]) -> str:
    if destination["type"] == "user":
        return str(client.get(f"/users/{destination['user_id']}")["firstname"])
    return str(destination.get("exten") or destination["type"])
