# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills entries from profiles: named sets of keys that several entries share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.destinations import with_nulls
from .._model.errors import InputListError
from .._model.printable import printable
from .._model.resources import FALLBACKS
from .._model.texts import type_label

Entry = Mapping[str, Any]
PROFILE = "profile"
OF_ONE_PERSON = frozenset({"match", PROFILE})
"""The keys of an entry that a profile cannot have."""
VALUES_OF_ONE_PERSON = frozenset({"exten", "username", "password", "firstname", "lastname", "mac", "state"})
"""The keys that a profile cannot have at any depth: what they hold belongs to one person."""
DESTINATION, OF_DESTINATIONS = "destination", "fallbacks"
"""The key of a destination, and the key whose keys are destinations: dictionaries that are one value, which may name
somebody else."""
ALTERNATIVES = (frozenset({"incall", "incalls"}), frozenset({"exten", "range"}))
"""Keys of which an entry has one. One that it gives takes the place of another one of the profile."""


def with_profiles(users: Any, profiles: Any) -> Any:
    """Return the entries, each filled from the profiles that it names. What is not a list of entries stays as it is.

    Dictionaries are merged key by key, lists and destinations are replaced, and the entry itself wins over its
    profiles, of which the last one wins. A key that is null counts as omitted, except for a fallback, which null
    removes.
    Raises InputListError with all problems of the profiles and of the names.
    """
    expanded, problems, of_entries = fill(users, profiles)
    labelled = [f"{label_of(index, users[index])}: {text}" for index, texts in of_entries.items() for text in texts]
    if problems or labelled:
        raise InputListError([*problems, *labelled])
    return expanded


def fill(users: Any, profiles: Any) -> tuple[Any, list[str], dict[int, list[str]]]:
    """Return (the entries filled from profiles, the problems of profiles, {position of an entry: its problems})."""
    known = profiles if isinstance(profiles, Mapping) else {}
    problems: dict[int, list[str]] = {}
    if not isinstance(users, Sequence) or isinstance(users, str):
        return users, _problems_of(profiles), problems
    expanded = [_expanded(entry, known, problems.setdefault(index, [])) for index, entry in enumerate(users)]
    return expanded, _problems_of(profiles), {index: texts for index, texts in problems.items() if texts}


def _problems_of(profiles: Any) -> list[str]:
    if not profiles:
        return []
    if not isinstance(profiles, Mapping):
        return [f"provision_profiles is {type_label(profiles)}, but must be a dictionary of profiles by name."]
    problems = []
    for name, profile in profiles.items():
        if not isinstance(profile, Mapping):
            problems.append(f"The profile {name!r} is {type_label(profile)}, but must be a dictionary.")
            continue
        problems += [
            f"The profile {name!r} has {path}, which belongs to one person. Move it to the entry."
            for path in _own(profile)
        ]
    return problems


def _own(profile: Mapping[str, Any], where: str = "") -> Iterable[str]:
    """Yield the keys of a profile that it cannot have."""
    for key, value in profile.items():
        if key in VALUES_OF_ONE_PERSON or (not where and key in OF_ONE_PERSON):
            yield f"{where}{key}"
        elif isinstance(value, Mapping) and not _is_destination(key, where):
            yield from _own(value, f"{where}{key}.")


def _is_destination(key: str, where: str) -> bool:
    """Return whether the dictionary of a key is a destination. where: the keys that lead to it."""
    return key == DESTINATION or where == f"{OF_DESTINATIONS}."


def _expanded(entry: Any, profiles: Mapping[str, Any], problems: list[str]) -> Any:
    if not isinstance(entry, Mapping) or entry.get(PROFILE) is None:
        return entry
    wanted = entry[PROFILE] if isinstance(entry[PROFILE], (list, tuple)) else [entry[PROFILE]]
    filled: Entry = {}
    for name in wanted:
        profile = profiles.get(name) if isinstance(name, str) else None
        if profile is None:
            problems.append(f"there is no profile {name!r}. {_known(name, profiles)}")
        elif isinstance(profile, Mapping):
            filled = _merged(filled, _with_nulls(profile))
    return _merged(filled, _with_nulls({key: value for key, value in entry.items() if key != PROFILE}))


def _with_nulls(entry: Entry) -> Entry:
    """Return an entry or a profile whose nulls that remove a fallback count."""
    given = entry.get("fallbacks")
    return entry if given is None else {**entry, "fallbacks": with_nulls(given, FALLBACKS.field_names)}


def _merged(lower: Entry, upper: Entry, where: str = "") -> dict[str, Any]:
    """Return two dictionaries as one. The upper one wins, but null does not count. where: see ``_is_destination``.

    Keys that differ in their type only are the same: positions of function keys are numbers or texts.
    """
    given = {key: value for key, value in upper.items() if value is not None}
    replaced = {other for keys in ALTERNATIVES for other in keys if not keys.isdisjoint(given) and other not in given}
    merged = {key: value for key, value in lower.items() if key not in replaced}
    same = {str(key): key for key in merged}
    for key, value in given.items():
        other = same.get(str(key), key)
        below = merged.get(key) if other == key else merged.pop(other, None)
        is_merged = not _is_destination(key, where)
        if is_merged and isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _merged(below, value, f"{where}{key}.")
        else:
            merged[key] = value
    return merged


def _known(name: Any, profiles: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(str(name), map(str, profiles), n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"There are {', '.join(map(repr, profiles))}." if profiles else "provision_profiles is empty."


def label_of(index: int, entry: Entry) -> str:
    """Return how messages call an entry: by its position and its name, if it has one."""
    user = entry.get("user")
    parts = [user.get(name) for name in ("firstname", "lastname")] if isinstance(user, Mapping) else []
    name = " ".join(part for part in parts if isinstance(part, str) and part)
    return f"entry {index + 1}, {printable(name)}" if name else f"entry {index + 1}"
