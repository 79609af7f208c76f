# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans to delete what an interrupted run dissociated from a user and did not delete.

confd deletes no object that is associated. So a run that is killed between dissociating a number and deleting it leaves
a number without a user. The entry tells whose number it was, and so does the SIP username of a line without a number:
it is derived from the number that the line was created for.
"""

from __future__ import annotations

from .._model.records import Extension, User
from .._model.sip_usernames import is_marked_for
from .._plan.planner import Planner
from .._state.lookup import abandoned_line
from .._state.state import ServerState
from .claims import leaves_behind
from .entries import Entry


def remove_leftovers(planner: Planner, entry: Entry, user: User) -> None:
    """Delete what is left of a user to remove. The user still exists, because users are deleted last."""
    state = planner.state
    # Reading the incalls makes the state know their owner, so that they do not count as free.
    state.incalls_of(user)
    named = [*([entry.number] if entry.number else []), *(entry.incalls or ())]
    free = [extension for key in named if (extension := state.extension_at(*key)) and not state.owner_of(extension)]
    for extension in [*free, *(each for each in numbers_taken_off(state, user) if each not in free)]:
        planner.delete_extension(extension, leftover=True)
    # The line that was created for the number of the entry, and has neither user nor number.
    line = abandoned_line(state, "@".join(entry.number)) if entry.number and not state.line_of(user) else None
    if line:
        planner.delete_line(line)
    _remove_voicemail(planner, entry)


def numbers_taken_off(state: ServerState, user: User) -> list[Extension]:
    """Return the free number that the line of a user was created for, if the line has no number now."""
    line = state.line_of(user)
    if line is None or not line["context"] or state.extension_of(line):
        return []
    state.read_all_extensions(line["context"])
    return [
        each for each in state.extensions() if is_marked_for(line["username"], str(each)) and not state.owner_of(each)
    ]


def _remove_voicemail(planner: Planner, entry: Entry) -> None:
    found = planner.state.voicemails.at(*entry.voicemail_key) if entry.voicemail_key else None
    if found and leaves_behind(entry, found, planner.state):
        planner.delete_voicemail(found)
