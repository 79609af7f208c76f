# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the rows of ``results``, one for each entry. Both strategies of the role report them in this shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._model.records import Row, User
from .._state.state import ServerState

STATUSES = ("created", "updated", "unchanged", "removed", "failed", "skipped")


def summary_of(results: Sequence[Row]) -> dict[str, int]:
    """Return {status: number of entries} for all statuses."""
    return {status: sum(each["status"] == status for each in results) for status in STATUSES}


def row_of_user(state: ServerState, user: User | None) -> dict[str, Any]:
    """Return the part of a result about the user, the line and the internal number; all None without a user."""
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
    """Return the part of a result about the incalls of a user."""
    return [
        {"extension_id": each.id, "exten": each["exten"], "context": each["context"]} for each in state.incalls_of(user)
    ]
