# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds conflicts in a list before anything is planned. Each becomes the problem of its entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from .._model.errors import ConfdError, ConflictError
from .._model.numbers import ExtensionKey
from .._model.records import Line, User, Voicemail
from .._model.resources import USER, USER_PARTS
from .._model.rules import LINE_OF_USER, VOICEMAIL_OF_USER
from .._plan.planner import Planner
from .._state.context_checks import check_number
from .._state.devices import check_devices_supported
from .._state.lookup import new_user_values
from .._state.state import ServerState
from .claims import Claims
from .entries import Entry, record_error
from .number_allocation import pick_numbers


def refuse_conflicts(entries: Sequence[Entry], state: ServerState, claims: Claims, planner: Planner) -> None:
    """Choose the numbers from ranges, and fail every entry that has a conflict, or values that cannot be stored."""
    _refuse_unsupported(entries, state)
    pick_numbers(entries, state)
    active = [entry for entry in entries if entry.active]
    state.read_extensions(number for entry in active for number in entry.numbers)
    managed = (number for entry in active for number in entry.numbers if entry.manages_commented(number))
    state.load_full_extensions(each for number in managed if (each := state.extension_at(*number)))
    claims.check()
    # Conflicts first: an entry whose values are refused depends on others as any other entry does.
    for entry in active:
        if not entry.absent:
            entry.add_problems(problems_of_values(entry, planner))


def _refuse_unsupported(entries: Iterable[Entry], state: ServerState) -> None:
    for entry in entries:
        if entry.device_mac:
            record_error(entry, partial(check_devices_supported, state, "device"))
        if not entry.absent:
            record_error(entry, partial(state.backend.check_fields, USER, entry.user))
            for name, values in entry.parts.items():
                record_error(entry, partial(state.backend.check_fields, USER_PARTS[name], values))


def problems_of_values(entry: Entry, planner: Planner) -> list[str]:
    """Return a text for each value of a present entry that the server would not store, in the order of building."""
    state, found = planner.state, entry.found
    line = _line_before(entry, state)
    parts: list[Callable[[], list[str]]] = [
        *(partial(_problems_of_number, planner, key, values) for key, values in _numbers_of(entry)),
        partial(planner.problems_of_line, line, entry.line or {}),
        partial(_problems_of_user, entry, planner),
    ]
    parts += [
        partial(planner.problems_of_part, found, USER_PARTS[name], values)
        for name, values in entry.parts.items()
        if not USER_PARTS[name].links
    ]
    if entry.voicemail is not None:
        values = entry.voicemail_values
        voicemail = state.voicemails.of(found) if found else None
        key = entry.voicemail_key
        parts.append(
            partial(planner.problems_of_voicemail, voicemail or (state.voicemails.at(*key) if key else None), values)
        )
    return [problem for part in parts for problem in _collected(part)]


def _line_before(entry: Entry, state: ServerState) -> Line | None:
    """Return the line whose values an entry may keep: the one of the user, or one with the wanted SIP username."""
    own = state.line_of(entry.found) if entry.found else None
    username = (entry.line or {}).get("username")
    return own or (state.line_named(username) if username else None)


def _numbers_of(entry: Entry) -> list[tuple[ExtensionKey, dict[str, Any]]]:
    own = [(entry.number, entry.number_values)] if entry.number else []
    return [*own, *((key, entry.incall_values[key]) for key in entry.incalls or ())]


def _problems_of_number(planner: Planner, key: ExtensionKey, values: Mapping[str, Any]) -> list[str]:
    found = planner.state.extension_at(*key)
    problems = planner.problems_of_extension(found, values)
    if not problems and found is None:
        check_number(planner.state, *key)
    return problems


def _problems_of_user(entry: Entry, planner: Planner) -> list[str]:
    values = entry.user if entry.found else new_user_values(entry.match, entry.user)
    has = planner.has(entry.found)
    wanted = ((LINE_OF_USER, entry.line), (VOICEMAIL_OF_USER, entry.voicemail))
    more = [thing for thing, part in wanted if part is not None and not has(thing)]
    return planner.problems_of_user(entry.found, planner.state.backend.spell_out(USER, values), *more)


def _collected(part: Callable[[], list[str]]) -> list[str]:
    """Return the problems of a part of an entry. A ConfdError is one as well."""
    try:
        return part()
    except ConfdError as error:
        return [str(error)]


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
