# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a user's phone, by position: what people write, and in which form sets of them are compared.

Sources: person-xivo-15.12.md, trap 3; person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates";
person-wazo-26.08.md, "6. funckeys".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .texts import plain_text

Key = dict[str, Any]
"""A key: {destination, label, blf}."""

WITHOUT_LAMP = frozenset({"group", "queue", "paging", "transfer", "parking", "onlinerec"})
"""The types of destinations whose keys never light up."""
SERVICES_WITH_LAMP = frozenset({"enablevm", "callrecord", "incallfilter", "enablednd"})


def has_lamp(destination: Mapping[str, Any]) -> bool:
    """Return whether a key that leads to a destination can light up. Servers store blf as false for all others."""
    kind = destination["type"]
    return kind not in WITHOUT_LAMP and (kind != "service" or destination["service"] in SERVICES_WITH_LAMP)


def canonical_keys(keys: Mapping[str, Mapping[str, Any]]) -> dict[str, Key]:
    """Return {position: key} in the order of the positions, each key with all members.

    A key that can light up does so unless it says otherwise.
    """
    return {str(int(position)): _canonical_key(keys[position]) for position in sorted(keys, key=int)}


def _canonical_key(key: Mapping[str, Any]) -> Key:
    destination = key["destination"]
    return {
        "destination": destination,
        "label": plain_text(key.get("label") or "") or None,
        "blf": key.get("blf") is not False and has_lamp(destination),
    }
