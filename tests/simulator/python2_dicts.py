# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Order names as a dictionary or a set of Python 2 does: where the server names several fields, it goes through one."""

from __future__ import annotations

from collections.abc import Iterable

MASK = 2**64 - 1


def _hash(text: str) -> int:
    if not text:
        return 0
    value = (ord(text[0]) << 7) & MASK
    for char in text:
        value = (1000003 * value) & MASK ^ ord(char)
    return value ^ len(text)


def _slots(size: int, text: str) -> Iterable[int]:
    """Yield the slots that are tried for a name, one after the other."""
    perturb = _hash(text)
    index = perturb % size
    while True:
        yield index % size
        index = (index << 2) + index + perturb + 1
        perturb >>= 5


def in_dict_order(names: Iterable[str]) -> list[str]:
    """Return names, inserted in this order, in the order in which Python 2 shows them."""
    table: list[str | None] = [None] * 8
    used = 0
    for name in names:
        if name in table:
            continue
        _insert(table, name)
        used += 1
        if used * 3 >= len(table) * 2:
            size = 8
            while size <= used * 4:
                size *= 2
            larger: list[str | None] = [None] * size
            for each in table:
                if each is not None:
                    _insert(larger, each)
            table = larger
    return [name for name in table if name is not None]


def _insert(table: list[str | None], name: str) -> None:
    for slot in _slots(len(table), name):
        if table[slot] is None:
            table[slot] = name
            return
