# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans what leads from one entry to another, once everybody of the list is planned: the fallbacks.

Targets may be later entries, and entries may lead to each other in circles. So linking never makes an entry wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._model.destinations import Linking, Wish
from .._model.errors import ConflictError
from .._model.resources import USER_PARTS
from .._operations.user import CreateUser
from .._operations.voicemail import CreateVoicemail
from .._plan.planner import Planner
from .._state.destinations import resolve_values
from .._state.lookup import MissingReferenceError
from .._state.state import ServerState
from .entries import Entry
from .work_items import depends_on


class Linker:
    """Plans the linking operations of entries."""

    def __init__(self, state: ServerState) -> None:
        self.state = state
        self._makers: dict[int, Entry] = {}
        self._failed: list[Entry] = []

    def look_at(self, entries: Iterable[Entry]) -> None:
        """Note which entries create users and voicemails, and which have failed."""
        listed = list(entries)
        self._makers = {
            id(operation.created): entry
            for entry in listed
            for operation in entry.build_operations
            if isinstance(operation, (CreateUser, CreateVoicemail))
        }
        self._failed = [entry for entry in listed if not entry.active]

    def concerns(self, entry: Entry) -> bool:
        """Return whether an entry has something that leads to others."""
        return any(USER_PARTS[name].links for name in entry.parts)

    def link(self, entry: Entry, planner: Planner) -> None:
        """Plan what leads from the user of an entry to others. Raises ConflictError for a target that failed."""
        if entry.found is None:
            return
        for name, values in entry.parts.items():
            if not USER_PARTS[name].links:
                continue
            try:
                wanted = resolve_values(self.state, values, entry.found)
            except MissingReferenceError:
                failed = [each for each in self._failed if any(_mean(wish, each) for wish in values.values())]
                if failed:
                    raise ConflictError(depends_on(failed)) from None
                raise
            planner.ensure_user_part(entry.found, USER_PARTS[name], wanted)
            self._note_makers(entry, wanted)

    def _note_makers(self, entry: Entry, wanted: Mapping[str, Any]) -> None:
        """Note the entries that create the targets."""
        linking = (value for value in wanted.values() if isinstance(value, Linking))
        targets = [each.target for value in linking for each in value.destinations]
        makers = {self._makers[id(target)] for target in targets if id(target) in self._makers}
        entry.links_to |= makers - {entry}


def _mean(value: Any, entry: Entry) -> bool:
    """Return whether one of the destinations of a value names the user of an entry."""
    return isinstance(value, Linking) and any(_means(wish, entry) for wish in value.destinations)


def _means(wish: Wish, entry: Entry) -> bool:
    """Return whether a destination names the user of an entry."""
    reference = wish.reference if isinstance(wish.reference, Mapping) else {}
    if "firstname" in reference:
        names = [(each.get("firstname"), each.get("lastname")) for each in (entry.user, entry.match or {})]
        return (reference["firstname"], reference.get("lastname")) in names
    number = reference.get("exten") or reference.get("number")
    return bool(entry.number) and (number, reference.get("context")) == entry.number
