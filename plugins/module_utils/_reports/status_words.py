# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Translates the statuses of users and the counts of a summary into the words of runs, plans and journals."""

from __future__ import annotations

WORDS = {
    "created": ("created", "create"),
    "updated": ("changed", "change"),
    "removed": ("removed", "remove"),
    "purged": ("purged", "purge"),
    "disabled": ("disabled", "disable"),
}
"""{status of somebody whom a run changes: (what has happened, what to do)}."""
ORPHANS_REMOVED = "orphans_removed"


def past_of(count: str) -> str:
    """Return what reports of a run call a status, or a count of its summary. Others than the known ones stay."""
    return "orphans removed" if count == ORPHANS_REMOVED else WORDS[count][0] if count in WORDS else count


def future_of(count: str) -> str:
    """Return what plans call a status, or a count of a summary: nothing has happened yet."""
    return "orphans to remove" if count == ORPHANS_REMOVED else f"to {WORDS[count][1]}" if count in WORDS else count
