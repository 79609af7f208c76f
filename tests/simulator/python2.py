# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write values as repr() of Python 2, and order names as its dicts do, as confd's error texts show.

Facts: xivo-15.12.md, "HTTP level"; observations.md, "XiVO 15.12: the first mistake of a body".
"""

from __future__ import annotations

from collections.abc import Iterable


def py2_repr(value: object) -> str:
    """Write a value as Python 2 would: `u'...'` for text, `(1,)` for a tuple of one."""
    if isinstance(value, str):
        return "u" + ascii(value)
    if isinstance(value, tuple):
        inner = ", ".join(py2_repr(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(py2_repr(item) for item in value)}]"
    if isinstance(value, dict):
        names = dict_order(map(str, value)) if all(isinstance(name, str) for name in value) else value
        return f"{{{', '.join(f'{_name(name)}: {py2_repr(value[name])}' for name in names)}}}"
    return repr(value)


class Plain:
    """Hold a text that Python 2 shows without u: a constant of the server, not one that came out of JSON."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return repr(self.text)


def _name(name: object) -> str:
    """Write a key of a dictionary: a constant of the server, of which one alone is Unicode."""
    return "u'_schema'" if name == "_schema" else repr(name)


def py2_type_name(value: object) -> str:
    """Name the Python 2 type of a value that came out of JSON."""
    return "unicode" if isinstance(value, str) else type(value).__name__


def dict_order(names: Iterable[str]) -> list[str]:
    """Return names in the order in which a dict or a set of Python 2 lists them that was filled in the given order."""
    slots: list[str | None] = [None] * 8
    used: list[str] = []
    for name in dict.fromkeys(names):
        _put(slots, name)
        used.append(name)
        if len(used) * 3 >= len(slots) * 2:
            size = 8
            while size <= len(used) * 4:
                size *= 2
            former, slots = [each for each in slots if each is not None], [None] * size
            for each in former:
                _put(slots, each)
    return [name for name in slots if name is not None]


def _put(slots: list[str | None], name: str) -> None:
    mask, perturb = len(slots) - 1, _hash(name)
    place = perturb
    while slots[place & mask] is not None:
        place = 5 * place + perturb + 1
        perturb >>= 5
    slots[place & mask] = name


def _hash(text: str) -> int:
    """Return the hash of a text in Python 2 on 64 bits, as an unsigned number."""
    if not text:
        return 0
    value = ord(text[0]) << 7
    for character in text:
        value = (1000003 * value ^ ord(character)) & 0xFFFFFFFFFFFFFFFF
    return value ^ len(text)
