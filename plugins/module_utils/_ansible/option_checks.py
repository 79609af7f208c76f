# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the options of a module as YAML gave them, before Ansible makes texts of everything.

Ansible turns ``firstname: no`` into "False" without a word, and says of a key in a list neither which entry holds it
nor what it should have been. So every value is looked at here first, and every problem named with its entry and key.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._model.numbers import OCTAL_SUSPECTS

Spec = Mapping[str, Mapping[str, Any]]

BOOLEANS = frozenset({"y", "yes", "on", "1", "true", "t", "n", "no", "off", "0", "false", "f"})
LARGEST_ID = 2**31 - 1
"""An id beyond is not in the server's database, whose integers end there."""
ENTRIES = "users"
"""The option whose elements have names of their own."""
INTERNAL = "_ansible_"
KINDS = {dict: "a dictionary", list: "a list", bool: "true or false", str: "a text", type(None): "nothing"}


def problems_of(spec: Spec, options: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with options, each with the place where; spec is an argument spec of Ansible."""
    given = {name: value for name, value in options.items() if not str(name).startswith(INTERNAL)}
    return list(_of_keys(spec, given, ""))


def _of_keys(spec: Spec, options: Mapping[str, Any], where: str) -> Iterator[str]:
    """where: what stands in front of a key in messages; nothing at the top, where Ansible has its own notations."""
    for name, value in options.items():
        if name not in spec:
            yield f"{where}{name} is unknown. {_meant(str(name), spec)}"
        elif value is not None and (where or not _is_notation(spec[name], value)):
            yield from _of_value(spec[name], value, f"{where}{name}")
        else:
            yield from _unstorable(value, f"{where}{name}")
    for name, kind in spec.items():
        # At the top, what is not there at all may come from the environment, and Ansible says if it does not.
        is_needed = kind.get("required") or (name == ENTRIES and not where)
        if is_needed and options.get(name) is None and (where or name in options):
            yield f"{where}{name} is missing."


def _is_notation(kind: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is a text that Ansible reads as a list (at the commas) or a dictionary (JSON or key=value).

    Nobody who writes dictionaries in a list means commas between them.
    """
    return isinstance(value, str) and kind.get("type") in ("list", "dict") and kind.get("elements") != "dict"


def _meant(name: str, spec: Spec) -> str:
    near = difflib.get_close_matches(name, spec, n=1)
    return f"Is {near[0]} meant?" if near else f"There are {', '.join(sorted(spec))}."


def _of_value(kind: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    type_name = kind.get("type", "str")
    if type_name in ("list", "dict"):
        yield from (_of_list if type_name == "list" else _of_dict)(kind, value, where)
        return
    found = TYPES[type_name](value) if type_name in TYPES else None
    shown = _shown(value, kind)
    if found:
        yield f"{where} is {shown}, {found}"
    elif kind.get("choices") and value not in kind["choices"]:
        yield f"{where} is {shown}, but must be {' or '.join(map(str, kind['choices']))}."
    elif type_name == "int" and where.rsplit(".", maxsplit=1)[-1] == "id" and not 1 <= int(value) <= LARGEST_ID:
        yield f"{where} is {shown}, which is no id."
    else:
        yield from _unstorable(value, where)


def _of_list(kind: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where} is {_kind(value)}, but must be a list."
        return
    element = {**kind, "type": kind.get("elements", "raw"), "required": False}
    for index, each in enumerate(value):
        place = _entry(index, each) if where == ENTRIES else f"{where}[{index}]"
        if each is None:
            yield f"{place} is empty."
        else:
            yield from _of_value({**element, "separator": ": " if where == ENTRIES else "."}, each, place)


def _of_dict(kind: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where} is {_kind(value)}, but must be a dictionary."
    elif "options" in kind:
        yield from _of_keys(kind["options"], value, f"{where}{kind.get('separator', '.')}")
    else:
        yield from _unstorable(value, where)


def _entry(index: int, entry: Any) -> str:
    """How an entry of a list is called: by its place and, as far as that is one, its name."""
    user = entry.get("user") if isinstance(entry, Mapping) else None
    parts = [user.get(name) for name in ("firstname", "lastname")] if isinstance(user, Mapping) else []
    name = " ".join(part for part in parts if isinstance(part, str) and part.isprintable() and part)
    return f"entry {index + 1}, {name}" if name else f"entry {index + 1}"


def _unstorable(value: Any, where: str) -> Iterator[str]:
    """Characters that no server can store, wherever they are (facts file xivo-16.16, users: U+0000 is a 500)."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unstorable(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unstorable(inner, f"{where}[{index}]")
    elif isinstance(value, str):
        bad = next((sign for sign in value if sign == "\0" or unicodedata.category(sign) == "Cs"), None)
        if bad is not None:
            yield f"{where} holds the character U+{ord(bad):04X}, which no server stores. Leave it out."


# Types


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "as YAML reads yes, no, on, off, true and false. Write it in quotes."
    if isinstance(value, int) and value in OCTAL_SUSPECTS:
        return f"which YAML also makes of 0{value:o}. Write it in quotes."
    return None if isinstance(value, (str, int)) else "but must be a text. Write it in quotes."


def _integer(value: Any) -> str | None:
    try:
        if not isinstance(value, bool) and int(value) == float(value):
            return None
    except (TypeError, ValueError, OverflowError):
        pass
    return "but must be an integer."


def _float(value: Any) -> str | None:
    try:
        if not isinstance(value, bool) and abs(float(value)) < float("inf"):
            return None
    except (TypeError, ValueError, OverflowError):
        pass
    return "but must be a number."


def _bool(value: Any) -> str | None:
    known = isinstance(value, bool) or (not isinstance(value, (list, dict)) and str(value).lower() in BOOLEANS)
    return None if known else "but must be true or false."


TYPES: dict[str, Callable[[Any], str | None]] = {
    "str": _text,
    "path": _text,
    "int": _integer,
    "float": _float,
    "bool": _bool,
}


def _kind(value: Any) -> str:
    return next((words for kind, words in KINDS.items() if isinstance(value, kind)), "a number")


def _shown(value: Any, kind: Mapping[str, Any]) -> str:
    if kind.get("no_log") or isinstance(value, (list, dict)):
        return _kind(value)
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
