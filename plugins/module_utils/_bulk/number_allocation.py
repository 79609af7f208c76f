# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses the next free number for entries that give a range instead of a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from .._model.errors import ConflictError
from .._model.numbers import ExtensionKey, NumberRange
from .._model.records import Extension
from .._state.free_numbers import free_numbers
from .._state.state import ServerState
from .entries import Entry, record_error


def pick_numbers(entries: Sequence[Entry], state: ServerState) -> None:
    """Set the numbers of every active entry: those of its user that are in the range, otherwise the lowest free ones.

    A number that is on the server or in another entry, also in its match, is not chosen, and no number is chosen twice.
    A range without a free number becomes the problem of the entry.
    """
    picker = _Picker(state, entries)
    for entry in entries:
        if entry.active and not entry.absent:
            record_error(entry, partial(picker.fill, entry))


class _Picker:
    """Chooses the numbers for one list."""

    def __init__(self, state: ServerState, entries: Sequence[Entry]) -> None:
        self.state = state
        matches = [entry.match for entry in entries if entry.match and "exten" in entry.match]
        # The next run would take whoever gets a number for the user whom a match by that number means.
        self.wanted = {(match["exten"], match["context"]) for match in matches}
        self.wanted.update(number for entry in entries for number in entry.numbers)
        self._kept: set[ExtensionKey] = set()
        self._free: dict[NumberRange, Iterator[ExtensionKey]] = {}

    def fill(self, entry: Entry) -> None:
        if entry.number_range:
            number = self.state.extension_of_user(entry.found) if entry.found else None
            if not (number and number.key in entry.number_range):
                self._refuse_number_of_other_line(entry, entry.number_range)
            entry.number = self._pick(entry.number_range, [number] if number else [])
            entry.number_values["exten"] = entry.number[0]
        own = list(self.state.incalls_of(entry.found)) if entry.found and entry.incall_ranges else []
        own = [extension for extension in own if extension.key not in (entry.incalls or ())]
        for wanted, values in entry.incall_ranges:
            picked = self._pick(wanted, own)
            own = [extension for extension in own if extension.key != picked]
            entry.incall_values[picked] = {**values, "exten": picked[0]}
            entry.incalls = [*(entry.incalls or []), picked]

    def _refuse_number_of_other_line(self, entry: Entry, wanted: NumberRange) -> None:
        """Refuse a range with a number that another line of the user has: the number of the main line would change."""
        for line in self.state.lines_of(entry.found) if entry.found else ():
            number = self.state.extension_of(line)
            if number and number.key in wanted:
                raise ConflictError(
                    f"{entry.found} has {number} of this range already, but on another line than the main one: {line}.",
                    "Give extension.exten instead of a range.",
                )

    def _pick(self, wanted: NumberRange, own: Sequence[Extension]) -> ExtensionKey:
        for extension in own:
            # The users of a shared line have one number; only one entry can have it.
            if extension.key in wanted and extension.key not in self._kept:
                self._kept.add(extension.key)
                return extension.key
        # No number becomes free meanwhile, so each range is read through once for all entries.
        number = next(self._free.setdefault(wanted, self._walk(wanted)), None)
        if number is None:
            raise ConflictError(f"No number of {wanted} is free: all {wanted.size} are used.", "Choose a larger range.")
        self.wanted.add(number)
        return number

    def _walk(self, wanted: NumberRange) -> Iterator[ExtensionKey]:
        return (number for number in free_numbers(self.state, wanted) if number not in self.wanted)
