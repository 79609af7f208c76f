# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes what leads to users without an entry out of the entries for another server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.records import Row

NUMBERS = {"user": "exten", "voicemail": "number"}
"""{type of a destination: the key of the number by which it can name its target}."""


def drop_links(entry: dict[str, Any], left_out: Sequence[Row]) -> list[str]:
    """Remove the fallbacks and function keys of an entry that lead to users who are left out.

    The other server would refuse the whole list for them. left_out: as confd_export_info returns them. Return a
    sentence for each that was removed.
    """
    fallbacks = entry.get("fallbacks") or {}
    keys = (entry.get("func_keys") or {}).get("keys") or {}
    dropped = []
    for what, settings in (("fallback", fallbacks), ("function key", keys)):
        for name, value in list(settings.items()):
            target = _target_of(value.get("destination", value), left_out)
            if target:
                del settings[name]
                dropped.append(f"{what} {name}: leads to {target['name']}, who is left out")
    return dropped


def _target_of(destination: Mapping[str, Any], left_out: Sequence[Row]) -> Row | None:
    """Return the user of ``left_out`` to whom a destination leads; None if it leads to nobody of them."""
    for kind, number in NUMBERS.items():
        target = destination.get(kind)
        if isinstance(target, Mapping):
            name = " ".join(filter(None, (target.get("firstname"), target.get("lastname"))))
            key = (target.get(number), target.get("context"))
            return next((row for row in left_out if _means(row, name, key)), None)
    return None


def _means(row: Row, name: str, key: tuple[Any, Any]) -> bool:
    return row["name"] == name if name else all(key) and key == (row["exten"], row["context"])
