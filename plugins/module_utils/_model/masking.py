# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks secrets in results, diffs and options, by the keys of their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .resources import SECRET_KEYS

HIDDEN_KEYS = SECRET_KEYS | {"confd_password", "confd_token"}
SOUNDS_SECRET = re.compile(r"passw|secret|token", re.IGNORECASE)
MASK = "********"


def masked(value: Any, reveal: Iterable[str] = (), mask: str = MASK) -> Any:
    """Return a copy of results, diffs or options with the values of secret fields masked, except empty values.

    reveal: secret fields that are not masked. mask: what stands in place of a secret.
    """
    shown = frozenset(reveal)
    if isinstance(value, Mapping):
        return {
            key: mask if key not in shown and is_secret(key, inner) else masked(inner, shown, mask)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(inner, shown, mask) for inner in value]
    return value


def is_secret(key: Any, value: Any) -> bool:
    """Return whether the value of a key is secret: a secret field, or a similar name such as a misspelt option."""
    if value in (None, "") or key == "update_password":
        return False
    return key in HIDDEN_KEYS or (isinstance(value, str) and SOUNDS_SECRET.search(str(key)) is not None)
