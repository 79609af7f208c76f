# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that the next run will identify the same users: a list must mean the same on its own result.

Source: design.md, rule 15.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._state.state import ServerState
from .entries import Entry
from .matching import identify

ADVICE = "Identify the user by something that does not change and that nobody else has, for example match: {id: ...}."


def refuse_other_meanings(entries: Sequence[Entry], again: Sequence[Entry], state: ServerState) -> None:
    """Fail the entries that would mean somebody else in the next run, and the entries of those whom they would mean.

    entries: planned. again: the same entries, parsed anew. state: as the plan leaves the server.
    """
    identify(again, state)
    owners = {entry.found: entry for entry in entries if entry.found and not entry.absent}
    for entry, later in zip(entries, again):
        found = None if entry.absent else entry.found
        if not entry.active or entry.made_anew or (later.active and later.found is found):
            continue
        entry.fail(f"{_difference(entry, later)} {ADVICE}")
        other = owners.get(later.found) if later.found else None
        if other and other is not entry:
            other.fail(f"in the next run, {entry} would mean the user of this entry. {ADVICE}")


def _difference(entry: Entry, later: Entry) -> str:
    """Return in words how the meaning of an entry changes."""
    if later.problem:
        return f"the next run would not know whom this entry means: {later.problem}"
    if later.found is None:
        return f"the next run would not find {entry.found} by this entry."
    verb = "remove" if entry.absent else "take this entry for"
    return f"the next run would {verb} {later.found}."
