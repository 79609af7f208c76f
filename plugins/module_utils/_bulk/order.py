# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the entries of a list in order: an entry that gives something up comes before the entry that gets it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from .entries import Entry


class Phase(NamedTuple):
    """A part of an entry's work. releases: only what other entries of a circle need; otherwise everything else."""

    entry: Entry
    releases: bool


def phases_of(entries: Sequence[Entry], cost_of_release: Callable[[Entry], int]) -> list[Phase]:
    """Return the work of entries in an order in which each comes after those that it waits for.

    Where entries wait for each other in a circle, one of them, the cheapest, first releases what the others need. The
    graph is walked only once: a search for one circle after the other takes minutes for thousands of exchanges.
    """
    phases: dict[Phase, None] = {}
    for start in entries:
        path = [] if Phase(start, False) in phases else [start]
        while path:
            entry = path[-1]
            need = next((each for each in waits_for(entry) if not _is_met(each, phases)), None)
            if need is None:
                phases[Phase(path.pop(), False)] = None
            elif need not in path:
                path.append(need)
            else:
                circle = path[path.index(need) :]
                released = min(circle, key=lambda each: (cost_of_release(each), each.index))
                phases[Phase(released, True)] = None
                # Whoever waited for it need not wait any more.
                del path[max(path.index(released), 1) :]
    return list(phases)


def _is_met(need: Entry, phases: Collection[Phase]) -> bool:
    """Return whether an entry has given up what others wait for."""
    return Phase(need, False) in phases or Phase(need, True) in phases


def waits_for(entry: Entry) -> list[Entry]:
    """Return the entries that an entry waits for, in the order of the list.

    Those that disable somebody come before all others in any case.
    """
    awaited = (each for each in entry.waits_for if isinstance(each, Entry) and not each.disables)
    return sorted(awaited, key=lambda each: each.index)
