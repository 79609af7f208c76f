# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds conflicts in a list before anything is planned. Each becomes the problem of its entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Line, User, Voicemail
from .._model.resources import USER
from .._state.devices import check_devices_supported
from .._state.state import ServerState
from .claims import Claims
from .entries import Entry, record_error
from .number_allocation import pick_numbers


def refuse_conflicts(entries: Sequence[Entry], state: ServerState, claims: Claims) -> None:
    """Choose the numbers from ranges, and fail every entry that has a conflict."""
    _refuse_unsupported(entries, state)
    pick_numbers(entries, state)
    active = [entry for entry in entries if entry.active]
    state.read_extensions(number for entry in active for number in entry.numbers)
    managed = (number for entry in active for number in entry.numbers if entry.manages_commented(number))
    state.load_full_extensions(each for number in managed if (each := state.extension_at(*number)))
    claims.check()


def _refuse_unsupported(entries: Iterable[Entry], state: ServerState) -> None:
    for entry in entries:
        if entry.device_mac:
            record_error(entry, partial(check_devices_supported, state, "device"))
        if not entry.absent:
            record_error(entry, partial(state.backend.check_fields, USER, entry.user))


def reject_conflicting_voicemail(voicemail: Voicemail, entry: Entry, first: Entry) -> None:
    """Refuse different values for a voicemail that entries share, because each run would change them back."""
    wishes, others = entry.voicemail_values, first.voicemail_values
    different = [name for name in wishes if name in others and wishes[name] != others[name]]
    if different:
        raise ConflictError(
            f"{voicemail} is shared with the user of {first}, but the two entries have different values for its "
            f"{different[0]}.",
            "Give the same value in both entries, or dissociate the voicemail from one of the users.",
        )


def refuse_incall_of_shared_line(state: ServerState, user: User, line: Line | None, key: ExtensionKey) -> None:
    """Refuse to change the incalls of a secondary user: confd associates them with the line, so with its main user."""
    main = state.main_user_of(line) if line else None
    if line and main is not user and main:
        raise ConflictError(
            f"{key[0]}@{key[1]} cannot be changed for {user}, who is only a secondary user of {line} of {main}.",
            f"Change it in the entry of {main}, or give {user} a line of their own.",
        )
