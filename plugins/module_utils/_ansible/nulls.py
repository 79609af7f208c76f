# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the nulls that remove something. For Ansible, an option that is null is one that was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.destinations import with_nulls
from .._model.resources import FALLBACKS

REMOVABLE = frozenset(FALLBACKS.field_names)
"""The options of which a null removes a value: a fallback is a destination or null."""


def with_kept_nulls(spec: Mapping[str, Any], options: Any) -> Any:
    """Return options in which each null that removes something is ''. spec: their argument spec."""
    if not isinstance(options, Mapping):
        return options
    given = with_nulls(options, REMOVABLE) if spec.keys() >= REMOVABLE else dict(options)
    for name, value in given.items():
        inner = spec.get(name, {}).get("options")
        if inner and isinstance(value, list):
            given[name] = [with_kept_nulls(inner, each) for each in value]
        elif inner:
            given[name] = with_kept_nulls(inner, value)
    return given
