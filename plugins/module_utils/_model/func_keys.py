# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a user's phone, by position: what people write, how sets of them are compared, and what is valid.

Sources: person-xivo-15.12.md, "users/ID/funckeys/POS"; person-xivo-16.16.md, "users/ID/funckeys, /funckeys/templates";
person-wazo-26.08.md, "6. funckeys".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .destination_types import KEY
from .destinations import Destination, Linking, Wish, destination_of, parse_destination
from .errors import InputError
from .printable import printable
from .texts import BOOLEANS, plain_text, problem_of_text, shown

Key = dict[str, Any]
"""A key: {destination, label, blf}."""
MEMBERS = ("destination", "label", "blf")
LARGEST_POSITION = 2**31 - 1
LONGEST_LABEL = 128
UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""The categories of the characters that a label cannot have, besides ";"."""
WITHOUT_LAMP = frozenset({"group", "queue", "paging", "transfer", "parking", "onlinerec"})
"""The types of destinations whose keys never light up."""
SERVICES_WITH_LAMP = frozenset({"enablevm", "callrecord", "incallfilter", "enablednd"})


@dataclass(frozen=True)
class KeyRules:
    """What a generation requires of keys. types: the types of destinations that it has.

    exten: the pattern of numbers, words: the pattern in words. services: the services that it does not have.
    needs_parking_lot: whether a parking key names its parking lot, which is impossible on the others.
    """

    types: frozenset[str]
    exten: str
    words: str
    absent_services: frozenset[str] = frozenset()
    needs_parking_lot: bool = False


class KeySet(dict[str, Key], Linking):
    """Keys by position, in the order of the positions, each with all members. They equal keys of another order."""

    @property
    def destinations(self) -> Sequence[Any]:
        return [key["destination"] for key in self.values()]

    @property
    def words(self) -> dict[str, Key]:
        return {position: {**key, "destination": key["destination"].words} for position, key in self.items()}

    @property
    def chosen(self) -> dict[str, Key]:
        """The keys as people write them, without what a key has anyway."""
        return {
            position: {
                "destination": key["destination"].words,
                **({"label": key["label"]} if key["label"] else {}),
                **({"blf": False} if has_lamp(key["destination"]) and not key["blf"] else {}),
            }
            for position, key in self.items()
        }

    @property
    def bodies(self) -> dict[str, Key]:
        """The keys as servers take them."""
        return {position: {**key, "destination": key["destination"].body()} for position, key in self.items()}

    def with_destinations(self, change: Callable[[Any], Any]) -> KeySet:
        return KeySet({position: {**key, "destination": change(key["destination"])} for position, key in self.items()})

    def differing_from(self, other: Mapping[str, Key]) -> KeySet:
        """Return the keys that another set does not have at the same position."""
        return KeySet({position: key for position, key in self.items() if other.get(position) != key})


# What people write


def parse_keys(raw: Mapping[Any, Any], where: str) -> KeySet:
    """Return the checked keys that somebody wrote, by position, with ``Wish`` as destination.

    where: the option. A key that is null counts as omitted. Raises InputError with all problems.
    """
    keys: dict[str, Key] = {}
    problems: list[str] = []
    for name, value in raw.items():
        at = f"{where}.{printable(str(name))}"
        position = _position(name)
        if position is None:
            problems.append(
                f"{where} has the position {shown(name)}. A position is a whole number from 1 to {LARGEST_POSITION}."
            )
        elif position in keys:
            problems.append(f"{where} has the position {position} twice. Give each position once.")
        elif value is not None:
            found = list(_problems_of_key(value, at))
            problems += found
            if not found:
                keys[position] = _parsed(value, at, problems)
    if problems:
        raise InputError(" ".join(problems))
    return canonical_keys(keys)


def _position(name: Any) -> str | None:
    """Return a position as servers write it; None if it is none."""
    text = str(name)
    is_number = not isinstance(name, bool) and text.isascii() and text.isdigit()
    return str(int(text)) if is_number and 1 <= int(text[:11]) <= LARGEST_POSITION else None


def _problems_of_key(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at} is {shown(value)}, but must be a dictionary with {', '.join(MEMBERS)}."
        return
    unknown = [name for name in value if name not in MEMBERS]
    if unknown:
        yield f"{at} has the unknown key {shown(unknown[0])}. Valid keys: {', '.join(MEMBERS)}."
    if value.get("destination") is None:
        yield f"{at}.destination is missing."
    label, blf = value.get("label"), value.get("blf")
    problem = problem_of_text(label) if label is not None else None
    if problem:
        yield f"{at}.label is {shown(label)}, {problem}"
    if blf is not None and (isinstance(blf, (list, dict)) or str(blf).lower() not in BOOLEANS):
        yield f"{at}.blf is {shown(blf)}, but must be true or false."


def _parsed(value: Mapping[str, Any], at: str, problems: list[str]) -> Key:
    """Return a key whose members have the right types. Adds what is wrong with the destination to the problems."""
    blf = value.get("blf")
    key: Key = {"label": value.get("label"), "blf": None if blf is None else BOOLEANS[str(blf).lower()]}
    try:
        key["destination"] = parse_destination(value["destination"], f"{at}.destination", KEY)
    except InputError as error:
        problems.append(str(error))
        key["destination"] = Wish("", None, (), at)
    return key


# How keys are compared


def canonical_keys(keys: Mapping[str, Mapping[str, Any]]) -> KeySet:
    """Return {position: key} in the order of the positions, each key with all members.

    A key that can light up does so unless it says otherwise.
    """
    return KeySet({str(int(position)): _canonical_key(keys[position]) for position in sorted(keys, key=int)})


def _canonical_key(key: Mapping[str, Any]) -> Key:
    destination = key["destination"]
    if isinstance(destination, Mapping):
        destination = destination_of(destination, KEY)
    return {
        "destination": destination,
        "label": plain_text(key.get("label") or "") or None,
        "blf": key.get("blf") is not False and has_lamp(destination),
    }


def has_lamp(destination: Destination | Wish) -> bool:
    """Return whether a key that leads to a destination can light up. Servers store blf as false for all others."""
    if destination.type == "service":
        target = destination.reference if isinstance(destination, Wish) else destination.target
        return target in SERVICES_WITH_LAMP
    return destination.type not in WITHOUT_LAMP


# What is valid


def problems_of_keys(keys: KeySet, rules: KeyRules) -> list[str]:
    """Return a sentence for each value of keys that a server would not store. keys: with ``Destination``."""
    return [
        f"func_keys.keys.{position}{problem}"
        for position, key in keys.items()
        for problem in (*_problems_of_label(key["label"] or ""), *_problems_of_destination(key["destination"], rules))
    ]


def _problems_of_label(label: str) -> Iterator[str]:
    sign = next((each for each in label if each == ";" or unicodedata.category(each) in UNPRINTABLE), "")
    if sign:
        yield f".label {shown(label)} contains {sign!r}, which cannot be stored. Remove the character."
    if len(label) > LONGEST_LABEL:
        yield f".label has {len(label)} characters, but the server stores at most {LONGEST_LABEL}."


def _problems_of_destination(destination: Destination, rules: KeyRules) -> Iterator[str]:
    details = dict(destination.details)
    at = f".destination.{destination.type}"
    if destination.stored:
        return
    if destination.type not in rules.types:
        yield f"{at} does not exist on this server. Valid types: {', '.join(sorted(rules.types))}."
        return
    if destination.type == "service" and destination.target in rules.absent_services:
        yield f"{at} {destination.target!r} does not exist on this server."
    exten = destination.target if destination.type == "custom" else details.get("exten")
    if exten is not None and not re.fullmatch(rules.exten, exten, re.DOTALL):
        yield f"{at} leads to {shown(exten)}, but the number must be {rules.words}."
    if destination.type in ("parking", "park_position") and ("parking_lot_id" in details) != rules.needs_parking_lot:
        needs = "requires" if rules.needs_parking_lot else "does not have"
        yield f"{at}: this server {needs} parking_lot_id beside it."


def repeated_destination(keys: KeySet) -> tuple[str, str] | None:
    """Return the first two positions that lead to the same destination, which no server stores; None if there are none.

    keys: with ``Destination``.
    """
    seen: dict[Any, str] = {}
    for position, key in keys.items():
        earlier = seen.setdefault(key["destination"].identity, position)
        if earlier != position:
            return earlier, position
    return None
