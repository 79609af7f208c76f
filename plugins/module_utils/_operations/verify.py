# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what was written with what the server stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.callerids import generated_caller_id
from .._model.errors import NotAppliedError
from .._model.records import Row
from .._model.resources import canonical


def verify(subject: str, row: Row, changes: Row) -> None:
    """Raise NotAppliedError for the changes that a row, read back, does not show."""
    if not row:
        raise NotAppliedError(subject, changes)
    dropped = [name for name, value in changes.items() if row.get(name) != value]
    if dropped:
        raise NotAppliedError(subject, dropped)


def holds(row: Row, values: Mapping[str, Any]) -> bool:
    """Return whether a row, as confd stores it, is what a POST of these values creates."""
    wanted = {name: canonical(name, value) for name, value in values.items()}
    wanted.setdefault("caller_id", generated_caller_id(wanted.get("firstname"), wanted.get("lastname")))
    return all(row.get(name) == value for name, value in wanted.items() if value is not None)


def if_holds(row: Row | None, changes: Row) -> Row | None:
    """Return the row if it shows all changes; otherwise None."""
    return row if row and all(row.get(name) == value for name, value in changes.items()) else None
