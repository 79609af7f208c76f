# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run that ended half way took off a user and did not delete any more, so that the next run deletes it.

confd deletes nothing that is associated. So between taking a number away and deleting it there is a moment at which a
killed run leaves a number that nobody has. Who it was taken from is known by what the entry names, and by the mark in
the SIP username of a line that has no number any more.
"""

from __future__ import annotations

from .._model.records import Extension, Line, User
from .._model.sip_usernames import is_marked_for
from .._plan.planner import Planner
from .._state.lookup import abandoned_line
from .._state.state import ServerState
from .entries import Entry


def remove_leftovers(planner: Planner, entry: Entry, user: User) -> None:
    """Delete what is left of somebody who leaves; the user is still there, for users are deleted last."""
    state = planner.state
    # What the user still has is no leftover, and known from then on.
    state.incalls_of(user)
    named = [*([entry.number] if entry.number else []), *(entry.incalls or ())]
    free = [extension for key in named if (extension := state.extension_at(*key)) and not state.owner_of(extension)]
    for extension in [*free, *(each for each in numbers_taken_off(state, user) if each not in free)]:
        planner.delete_extension(extension, leftover=True)
    line = _line_taken_off(state, entry, user)
    if line:
        planner.delete_line(line)
    _remove_voicemail(planner, entry, user)


def numbers_taken_off(state: ServerState, user: User) -> list[Extension]:
    """The free number that the line of a user was made for, if the line has none any more."""
    line = state.line_of(user)
    if line is None or not line["context"] or state.extension_of(line):
        return []
    state.read_all_extensions(line["context"])
    return [each for each in state.extensions() if is_marked_for(line, str(each)) and not state.owner_of(each)]


def _line_taken_off(state: ServerState, entry: Entry, user: User) -> Line | None:
    """The line that was made for the number of the entry, and has neither user nor number."""
    return abandoned_line(state, "@".join(entry.number)) if entry.number and not state.line_of(user) else None


def _remove_voicemail(planner: Planner, entry: Entry, user: User) -> None:
    """The voicemail that the entry describes, unless somebody has it: then it stays, with a warning."""
    if entry.voicemail is None or planner.state.voicemails.of(user):
        return
    voicemail = planner.state.voicemails.at(*entry.voicemail_key) if entry.voicemail_key else None
    if voicemail:
        planner.delete_voicemail(voicemail)
