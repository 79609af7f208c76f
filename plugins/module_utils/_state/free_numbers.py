# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says which numbers are free: the ones that an entry with a range can get, and the ones that the report shows."""

from __future__ import annotations

from collections.abc import Iterator

from .._model.numbers import ExtensionKey, NumberRange
from .._model.sip_usernames import is_marked_for
from .state import ServerState


def is_free(state: ServerState, number: ExtensionKey) -> bool:
    """Return whether nobody has a number, in none of its forms."""
    return all(_is_left(state, form) for form in _forms_of(state, number))


def _forms_of(state: ServerState, number: ExtensionKey) -> list[ExtensionKey]:
    exten, name = number
    context = (state.contexts() or {}).get(name)
    return [(form, name) for form in context.forms_of(exten)] if context else [number]


def _is_left(state: ServerState, number: ExtensionKey) -> bool:
    """Return whether there is no such extension, or an interrupted run has left it over."""
    extension = state.extension_at(*number)
    if extension is None:
        return True
    owner = state.owner_of(extension)
    if owner is None or owner.user or owner.line is None or not is_marked_for(owner.line["username"], "@".join(number)):
        return False
    return not state.device_of(owner.line)


def free_numbers(state: ServerState, wanted: NumberRange) -> Iterator[ExtensionKey]:
    """Yield the free numbers of a range, the lowest first."""
    state.read_all_extensions(wanted.context)
    for number in wanted:
        if is_free(state, number):
            yield number


def free_parts(state: ServerState, wanted: NumberRange) -> list[NumberRange]:
    """Return the parts of a range whose numbers are all free, the lowest first.

    A range can have a hundred million numbers: only the extensions of the server are looked at.
    """
    state.read_all_extensions(wanted.context)
    known = {
        form
        for each in state.extensions()
        if each["context"] == wanted.context
        for form in _forms_of(state, each.key)
        if form in wanted
    }
    taken = sorted(int(number[0]) for number in known if not is_free(state, number))
    parts = []
    start = wanted.low
    for value in [*taken, wanted.high + 1]:
        if start < value:
            parts.append(NumberRange(wanted.context, start, value - 1, wanted.width))
        start = value + 1
    return parts
