# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the options of a module as YAML read them, before Ansible converts them.

Ansible silently converts ``firstname: no`` to "False" and ``userfield: 0042`` to "34", and its messages about a key in
a list name neither the entry nor the valid keys. So every value is checked here first, and every problem names its
entry and key.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from .._model.errors import InputError
from .._model.masking import MASK
from .._model.numbers import parse_exten
from .._model.printable import printable
from .._model.resources import WORDS
from .._model.texts import QUOTE_IT, is_truth_or_word, listed_choices, problem_of_text, shown, type_label

Spec = Mapping[str, Mapping[str, Any]]

LARGEST_ID = 2**31 - 1
"""The largest id that the databases of the servers can store."""
ENTRIES = "users"
"""The option whose elements messages call by their names."""
INTERNAL_PREFIX = "_ansible_"
IDENTIFYING = ("user", "match", "extension", "state")
"""The keys of an entry that say which user it describes."""
NAME = ("firstname", "lastname")


def with_planned_values(spec: Spec, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a module with those that ``planned.values`` holds as options of their own.

    The plan also names values that change with others, such as the e-mail address of a login. The module has no option
    for them, so they are left out. Anything but a dictionary is masked, because it may contain secrets that no key
    marks. find_option_problems refuses it afterwards.
    """
    planned = options.get("planned")
    if planned is None:
        return dict(options)
    if not isinstance(planned, Mapping):
        return {**options, "planned": _without_content(planned)}
    values = planned.get("values")
    rest = {name: value for name, value in planned.items() if name != "values"}
    if not isinstance(values, Mapping):
        return {**options, "planned": rest if values is None else {**rest, "values": _without_content(values)}}
    return {**options, "planned": rest, **{name: value for name, value in values.items() if name in spec}}


def _without_content(value: Any) -> Any:
    return [] if isinstance(value, list) else MASK


def find_option_problems(spec: Spec, options: Mapping[str, Any]) -> list[str]:
    """Return all problems of a module's options as messages that name the option. spec: an argument spec of Ansible."""
    given = {name: value for name, value in options.items() if not str(name).startswith(INTERNAL_PREFIX)}
    return list(_check_keys(spec, given, ""))


def find_entry_problems(spec: Spec, entries: Sequence[Any]) -> dict[int, str]:
    """Return {position of an entry: its problems as one text, without its name}. spec: that of the option ``users``."""
    found = {}
    for index, entry in enumerate(entries):
        label = _entry_label(0, entry)
        texts = [text.removeprefix(label) for text in _check_list(spec, [entry], ENTRIES)]
        if texts:
            found[index] = " ".join(text[2:] if text.startswith(": ") else f"The entry{text}" for text in texts)
    return found


def without_wrong_entries(spec: Spec, entries: Sequence[Any]) -> tuple[list[Any], dict[int, str]]:
    """Return (entries, {position: problems}); entries with problems are reduced to what identifies their users."""
    problems = find_entry_problems(spec, entries)
    options = spec["options"]
    return [identifying_part(options, each) if at in problems else each for at, each in enumerate(entries)], problems


def find_profile_problems(spec: Spec, profiles: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the keys and values of profiles, which are parts of entries. spec: that of an entry."""
    optional = _optional(spec)
    return [
        f"The profile {name!r}: {problem}"
        for name, profile in profiles.items()
        if isinstance(profile, Mapping)
        for problem in find_option_problems(optional, profile)
    ]


def _optional(spec: Spec) -> dict[str, Any]:
    """Return an argument spec without required options."""
    return {
        name: {
            **{key: value for key, value in option.items() if key != "required"},
            **({"options": _optional(option["options"])} if "options" in option else {}),
        }
        for name, option in spec.items()
    }


def identifying_part(spec: Spec, entry: Any) -> dict[str, Any]:
    """Return what is right of an entry with problems and says whom it means, so that nobody else is taken for them."""
    given = {key: entry[key] for key in IDENTIFYING if key in entry} if isinstance(entry, Mapping) else {}
    if isinstance(given.get("user"), Mapping):
        given["user"] = {name: given["user"][name] for name in NAME if name in given["user"]}
    return {key: value for key, value in given.items() if not list(_check_keys(spec, {key: value}, "entry."))}


def _check_keys(spec: Spec, options: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield the problems of a dictionary's keys and values.

    where: the prefix of a key in messages; '' for the module's own options, for which Ansible accepts other notations.
    """
    for name, value in options.items():
        if name not in spec:
            near = difflib.get_close_matches(str(name), spec, n=1)
            noun = "key" if where else "option"
            hint = f"Did you mean {near[0]}?" if near else f"Valid {noun}s: {', '.join(sorted(spec))}."
            yield f"{where}{name} is not a valid {noun}. {hint}"
        elif value is not None and (where or not _is_notation(spec[name], value)):
            yield from _check_value(spec[name], value, f"{where}{name}")
        else:
            yield from _check_characters(value, f"{where}{name}")
    for name, field in spec.items():
        # An option of the module that is not set may come from the environment. Ansible reports it if it does not.
        is_required = field.get("required") or (name == ENTRIES and not where)
        if is_required and options.get(name) is None and (where or name in options):
            yield f"{where}{name} is missing."


def _is_notation(field: Mapping[str, Any], value: Any) -> bool:
    """Return whether a value is a string that Ansible converts to a list (at commas) or a dictionary (JSON, key=value).

    A string is never split at commas for a list of dictionaries. A masked string is not converted.
    """
    return (
        isinstance(value, str)
        and value != MASK
        and field.get("type") in ("list", "dict")
        and field.get("elements") != "dict"
    )


def _check_value(field: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    """Yield the problems of a value. field: its part of the argument spec; where: its name in messages."""
    type_name = field.get("type", "str")
    if type_name in ("list", "dict"):
        yield from (_check_list if type_name == "list" else _check_dict)(field, value, where)
        return
    problem = TYPE_CHECKS[type_name](value) if type_name in TYPE_CHECKS else None
    shown, name = _shown(value, field), where.rsplit(".", maxsplit=1)[-1]
    if problem:
        yield f"{where} is {shown}, {problem}"
    elif field.get("choices") and value not in field["choices"]:
        yield f"{where} is {shown}, but must be {' or '.join(map(str, field['choices']))}."
    elif type_name == "raw" and name == "exten":
        yield from _check_number(value, where)
    elif type_name == "raw" and name in WORDS and not is_truth_or_word(value, WORDS[name]):
        yield f"{where} is {shown}, but must be {listed_choices(WORDS[name])}."
    elif type_name == "int" and name == "id" and not 1 <= int(value) <= LARGEST_ID:
        yield f"{where} is {shown}, which is not a valid id."
    else:
        yield from _check_characters(value, where)


def _check_list(field: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where} is {type_label(value)}, but must be a list."
        return
    element = {**field, "type": field.get("elements", "raw"), "required": False}
    for index, each in enumerate(value):
        place = _entry_label(index, each) if where == ENTRIES else f"{where}[{index}]"
        if each is None:
            yield f"{place} is empty."
        else:
            yield from _check_value({**element, "separator": ": " if where == ENTRIES else "."}, each, place)


def _check_dict(field: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where} is {type_label(value)}, but must be a dictionary."
    elif "options" in field:
        yield from _check_keys(field["options"], value, f"{where}{field.get('separator', '.')}")
    else:
        yield from _check_characters(value, where)


def _check_number(value: Any, where: str) -> Iterator[str]:
    """Yield what is wrong with an extension number that YAML has not read as a string. Strings are checked later."""
    if isinstance(value, str):
        yield from _check_characters(value, where)
        return
    try:
        parse_exten(value, where)
    except InputError as error:
        yield str(error)


def _entry_label(index: int, entry: Any) -> str:
    """Return how messages call an entry: by its position and its name, if it has one."""
    user = entry.get("user") if isinstance(entry, Mapping) else None
    parts = [user.get(name) for name in ("firstname", "lastname")] if isinstance(user, Mapping) else []
    name = " ".join(part for part in parts if isinstance(part, str) and part)
    return f"entry {index + 1}, {printable(name)}" if name else f"entry {index + 1}"


def _check_characters(value: Any, where: str) -> Iterator[str]:
    """Yield what is wrong with the texts in a value: dates, and characters that no server can store.

    NUL is a 500 (xivo-16.16.md, "users").
    """
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _check_characters(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _check_characters(inner, f"{where}[{index}]")
    elif isinstance(value, str):
        bad = next((sign for sign in value if sign == "\0" or unicodedata.category(sign) == "Cs"), None)
        if bad is not None:
            yield f"{where} contains the character U+{ord(bad):04X}, which cannot be stored. Remove the character."
    elif isinstance(value, date):
        yield f"{where} is {shown(value)}, but must be a string. {QUOTE_IT}"


# The checks of types: each returns what is wrong with a value, to follow "... is VALUE, ", or None.


def _check_integer(value: Any) -> str | None:
    try:
        if not isinstance(value, bool) and int(value) == float(value):
            return None
    except (TypeError, ValueError, OverflowError):
        pass
    return "but must be an integer."


def _check_float(value: Any) -> str | None:
    try:
        if not isinstance(value, bool) and abs(float(value)) < float("inf"):
            return None
    except (TypeError, ValueError, OverflowError):
        pass
    return "but must be a number."


def _check_boolean(value: Any) -> str | None:
    return None if is_truth_or_word(value) else f"but must be {listed_choices()}."


TYPE_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "str": problem_of_text,
    "path": problem_of_text,
    "int": _check_integer,
    "float": _check_float,
    "bool": _check_boolean,
}


def _shown(value: Any, field: Mapping[str, Any]) -> str:
    """Return how messages show a value: what it is if it is secret or long by nature, else its first characters."""
    return type_label(value) if field.get("no_log") else shown(value)
