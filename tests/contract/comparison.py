# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare answers of the simulator with recorded ones, and learn what each server generated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Sorter = Callable[[str, list[Any]], list[Any]]
"""Takes where a list is and its items, and returns them in the order in which they are compared."""


class Comparison:
    """Hold what the simulator generated in the place of what the real server did: {recorded text: the simulator's}.

    made_up: what generated values look like; within_texts: whether they are looked for in texts that differ, too.
    varies: members that are not compared. in_order: sorts lists that come in no fixed order.
    """

    def __init__(
        self,
        known: dict[str, str],
        made_up: re.Pattern[str],
        within_texts: bool = False,
        varies: frozenset[str] = frozenset(),
        in_order: Sorter = lambda _where, items: items,
    ) -> None:
        self.known = known
        self._made_up = made_up
        self._within_texts = within_texts
        self._varies = varies
        self._in_order = in_order

    def translated(self, text: str) -> str:
        for recorded, got in self.known.items():
            text = text.replace(recorded, got)
        return text

    def differences(self, recorded: Any, got: Any) -> Iterator[str]:
        """Yield how an answer differs from the recorded one; what was generated differs the first time only."""
        self.learn(recorded, got)
        yield from self._compare(recorded, got, "")

    def learn(self, recorded: Any, got: Any) -> None:
        if isinstance(recorded, dict) and isinstance(got, dict):
            for name in recorded.keys() & got.keys():
                self.learn(recorded[name], got[name])
        elif isinstance(recorded, list) and isinstance(got, list) and len(recorded) == len(got):
            for pair in zip(recorded, got, strict=True):
                self.learn(*pair)
        elif isinstance(recorded, str) and isinstance(got, str):
            self._learn_text(recorded, got)

    def _learn_text(self, recorded: str, got: str) -> None:
        if self._made_up.fullmatch(recorded) and self._made_up.fullmatch(got):
            self.known.setdefault(recorded, got)
        elif self._within_texts and self.translated(recorded) != got:
            words = [[found[0] for found in self._made_up.finditer(text)] for text in (recorded, got)]
            if len(words[0]) == len(words[1]):
                self.known.update(dict(zip(*words, strict=True)) | self.known)

    def _compare(self, recorded: Any, got: Any, where: str) -> Iterator[str]:
        if isinstance(recorded, dict) and isinstance(got, dict):
            names = [each.keys() - self._varies for each in (recorded, got)]
            if names[0] != names[1]:
                yield f"{where} has other members: {sorted(names[0] ^ names[1])}"
            for name in sorted(names[0] & names[1]):
                yield from self._compare(recorded[name], got[name], f"{where}.{name}")
        elif isinstance(recorded, list) and isinstance(got, list) and len(recorded) == len(got):
            lists = (self._in_order(where, items) for items in (recorded, got))
            for index, pair in enumerate(zip(*lists, strict=True)):
                yield from self._compare(*pair, f"{where}[{index}]")
        elif isinstance(recorded, str) and isinstance(got, str):
            if self.translated(recorded) != got:
                yield f"{where} is {got!r} instead of {recorded!r}"
        elif recorded != got or type(recorded) is not type(got):
            yield f"{where} is {got!r} instead of {recorded!r}"
