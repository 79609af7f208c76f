# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of a list, one row an entry: what both strategies report in the same shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._model.records import Row, User
from .._state.state import ServerState

STATUSES = ("created", "updated", "unchanged", "removed", "failed", "skipped")


def summary_of(results: Sequence[Row]) -> dict[str, int]:
    """Return how many entries there are of each status."""
    return {status: sum(each["status"] == status for each in results) for status in STATUSES}


def row_of_user(state: ServerState, user: User | None) -> dict[str, Any]:
    """Return what a result says of a user's line and internal number; nulls for nobody."""
    line = state.line_of(user) if user else None
    number = state.extension_of(line) if line else None
    return {
        "user_id": user.id if user else None,
        "line_id": line.id if line else None,
        "extension_id": number.id if number else None,
        "exten": number["exten"] if number else None,
        "context": number["context"] if number else None,
        "provisioning_extension": line["provisioning_extension"] if line and line.id else None,
    }


def rows_of_incalls(state: ServerState, user: User) -> list[dict[str, Any]]:
    """Return what a result says of the incalls of a user."""
    return [
        {"extension_id": each.id, "exten": each["exten"], "context": each["context"]} for each in state.incalls_of(user)
    ]
