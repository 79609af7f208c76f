# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows what the columns of a table may mean: every key of an entry, with the type of its field."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from .._model.destination_types import ID, RING, TYPES
from .._model.destination_types import USER as USER_DESTINATION
from .._model.destination_types import VOICEMAIL as VOICEMAIL_DESTINATION
from .._model.destinations import parse_destination
from .._model.errors import InputError
from .._model.resources import DEVICE, LINE, USER, USER_PARTS, VOICEMAIL, Field, Resource
from .._model.rules import COMMON_RULES, check_values
from .._model.texts import is_truth_or_word, listed_choices, truth_or_word

SEPARATOR = "|"
"""Between several values in one cell."""
STATES = ("present", "absent")
STRUCTURES = frozenset({"dict", "raw"})
"""The types whose values are dictionaries, which a cell has as JSON."""
NUMBERED = {USER_DESTINATION: "exten", VOICEMAIL_DESTINATION: "number", "extension": "exten"}
"""{type of a destination that a cell can name by number and context: the key of the number}."""


@dataclass(frozen=True)
class Column:
    """The place of a column's values in an entry. path: the keys that lead there, such as ("voicemail", "email").

    removable: whether an empty value removes what the server has. choices: the only values, if there are few.
    """

    resource: Resource
    field: Field
    path: tuple[str, ...]
    removable: bool = False
    choices: tuple[str, ...] = ()

    @property
    def empty(self) -> Any:
        """Return the value that removes."""
        return [] if self.field.type == "list" else ""

    def value_of(self, text: str, separator: str = SEPARATOR) -> Any:
        """Return the value that a cell means. Raises InputError if it means none, or one that no server stores.

        separator: what separates the names of a list.
        """
        value = self._typed(text, separator)
        if self.field.type not in STRUCTURES:
            # What a dictionary may have depends on the server, so the plan checks it.
            check_values(self.resource, {self.field.name: value}, COMMON_RULES)
        return value

    def _typed(self, text: str, separator: str) -> Any:
        if self.choices and text not in self.choices:
            raise InputError(f"{text!r} is neither {' nor '.join(self.choices)}.")
        if self.field.type == "list":
            names = several(text, separator)
            if not names:
                raise InputError(f"{text!r} has no value.", "Leave the cell empty, or write the values.")
            return names
        if self.field.type in STRUCTURES:
            return _structure(text)
        if self.field.type == "bool":
            return truth(text, self.field.words)
        if self.field.type == "int":
            if not (text.isascii() and text.isdigit()):
                raise InputError(f"{text!r} is not a number.", "Write digits only.")
            return int(text)
        return text

    def put(self, entry: dict[str, Any], value: Any) -> None:
        """Set the value in an entry."""
        *folders, name = self.path
        for folder in folders:
            entry = entry.setdefault(folder, {})
        entry[name] = value


@dataclass(frozen=True)
class DestinationColumn(Column):
    """A column of the targets of one type: ("fallbacks", "busy", "user")."""

    def value_of(self, text: str, separator: str = SEPARATOR) -> Any:
        """Return the target that a cell means: exten@context, a full name, or a word. Raises InputError."""
        *_folders, name, kind = self.path
        value: Any = text
        number, at, context = text.partition("@")
        if at and kind in NUMBERED:
            value = {NUMBERED[kind]: number.strip(), "context": context.strip()}
        elif kind == USER_DESTINATION:
            value = name_of(text)
        parse_destination({kind: value}, name)
        return value


def _destination_columns(key: str, resource: Resource) -> Iterator[tuple[str, Column]]:
    """Yield a column for each type of target that people can name in a word, and one for the seconds."""
    kinds = [row.name for row in TYPES.values() if row.target != ID]
    for field in (each for each in resource.fields if each.type == "raw"):
        for kind in kinds:
            yield f"{key}.{field.name}.{kind}", DestinationColumn(resource, field, (key, field.name, kind))
        seconds = Field(RING.name, "int")
        yield f"{key}.{field.name}.{RING.name}", Column(resource, seconds, (key, field.name, RING.name))


def _columns_of_part(key: str, resource: Resource) -> Iterator[tuple[str, Column]]:
    for field in resource.fields:
        name = key if field.name == key else f"{key}.{field.name}"
        if not field.follows:
            yield name, Column(resource, field, tuple(name.split(".")), field.type == "list")
    if resource.links:
        yield from _destination_columns(key, resource)
    if resource.existence:
        yield f"{key}.state", Column(resource, Field("state"), (key, "state"), choices=STATES)


def _columns() -> Iterator[tuple[str, Column]]:
    for key in USER.keys:
        yield f"{MATCH}{key}", Column(USER, Field(key, "int" if key == "id" else "str"), ("match", key))
    for field in USER.fields:
        yield field.name, Column(USER, field, ("user", field.name), field.type == "str" and field.name != "firstname")
    for resource, section in ((LINE, "line"), (VOICEMAIL, "voicemail")):
        for field in resource.fields:
            if (resource, field.name) != (LINE, "context"):
                yield f"{section}.{field.name}", Column(resource, field, (section, field.name))
    yield "device.mac", Column(DEVICE, Field("mac"), ("device", "mac"))
    for key, resource in USER_PARTS.items():
        yield from _columns_of_part(key, resource)
    yield "profile", Column(USER, Field("profile", "list"), ("profile",))


MATCH = "match."
"""How the keys of the columns begin whose cells identify the user."""
FIELDS = dict(_columns())
"""{key of a column: its place}, for the columns whose cells are values of fields."""
WHETHER = ("voicemail", "login")
"""Columns that say whether a user has one. If not, the cells of its other columns have no meaning."""


def several(text: str, separator: str) -> list[str]:
    """Return the values of a cell that can have several."""
    return [each.strip() for each in text.split(separator) if each.strip()]


def _structure(text: str) -> dict[str, Any]:
    """Return the dictionary that a cell has as JSON. Raises InputError if it has none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError(f"{text!r} is not a dictionary.", "Give the dictionary that it means in the option values.")
    return value


def truth(text: str, words: Collection[str] = ()) -> Any:
    """Return the truth value, or the word, that a cell means. Raises InputError if it means none of them."""
    if not is_truth_or_word(text, words):
        raise InputError(
            f"{text!r} is {' nor '.join(('neither true', 'false', *words))}.", f"Write {listed_choices(words)}."
        )
    return truth_or_word(text, words)


def name_of(text: str, last_name_first: bool = False) -> dict[str, str]:
    """Return first and last name of a full name: "Archer, Ann", or "Ann Archer", whose last word is the last name.

    last_name_first: "Archer Ann" instead, whose first word is the last name.
    """
    last, comma, first = (each.strip() for each in text.partition(","))
    if not comma and last_name_first:
        last, _blank, first = text.partition(" ")
    elif not comma:
        first, _blank, last = text.rpartition(" ")
    parts = {"firstname": first.strip(), "lastname": last} if first.strip() else {"firstname": last}
    return {key: value for key, value in parts.items() if value}
