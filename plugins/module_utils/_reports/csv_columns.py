# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows what the columns of a table may mean: every key of an entry, with the type of its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .._model.destination_types import ID, RING, TYPES
from .._model.destination_types import USER as USER_DESTINATION
from .._model.destination_types import VOICEMAIL as VOICEMAIL_DESTINATION
from .._model.destinations import parse_destination
from .._model.errors import InputError
from .._model.resources import DEVICE, LINE, USER, USER_PARTS, VOICEMAIL, Field, Resource
from .._model.rules import COMMON_RULES, check_values

SEPARATOR = "|"
"""Between several values in one cell."""
TRUE = frozenset({"true", "yes", "on", "1"})
NUMBERED = {USER_DESTINATION: "exten", VOICEMAIL_DESTINATION: "number", "extension": "exten"}
"""{type of a destination that a cell can name by number and context: the key of the number}."""
NO_CELLS = frozenset({"dict", "raw"})
"""Types of fields with a structure that no cell can have."""
FALSE = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True)
class Column:
    """The place of a column's values in an entry. path: the keys that lead there, such as ("voicemail", "email").

    removable: whether an empty value removes what the server has.
    """

    resource: Resource
    field: Field
    path: tuple[str, ...]
    removable: bool = False

    @property
    def empty(self) -> Any:
        """Return the value that removes."""
        return [] if self.field.type == "list" else ""

    def value_of(self, text: str) -> Any:
        """Return the value that a cell means. Raises InputError if it means none, or one that no server stores."""
        value = self._typed(text)
        check_values(self.resource, {self.field.name: value}, COMMON_RULES)
        return value

    def _typed(self, text: str) -> Any:
        if self.field.type == "list":
            names = [each.strip() for each in text.split(SEPARATOR) if each.strip()]
            if not names:
                raise InputError(f"{text!r} has no value.", "Leave the cell empty, or write the values.")
            return names
        if self.field.type == "bool":
            word = text.casefold()
            if word not in TRUE | FALSE:
                raise InputError(f"{text!r} is neither true nor false.", "Write true or false.")
            return word in TRUE
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

    def value_of(self, text: str) -> Any:
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


def _columns() -> Iterator[tuple[str, Column]]:
    for field in USER.fields:
        yield field.name, Column(USER, field, ("user", field.name), field.type == "str" and field.name != "firstname")
    for resource, section in ((LINE, "line"), (VOICEMAIL, "voicemail")):
        for field in resource.fields:
            if (resource, field.name) != (LINE, "context"):
                yield f"{section}.{field.name}", Column(resource, field, (section, field.name))
    yield "device.mac", Column(DEVICE, Field("mac"), ("device", "mac"))
    for key, resource in USER_PARTS.items():
        if resource.links:
            yield from _destination_columns(key, resource)
        for field in resource.fields:
            name = key if field.name == key else f"{key}.{field.name}"
            if not field.follows and field.type not in NO_CELLS:
                yield name, Column(resource, field, tuple(name.split(".")), field.type == "list")
    yield "profile", Column(USER, Field("profile", "list"), ("profile",))


FIELDS = dict(_columns())
"""{key of a column: its place}, for the columns whose cells are values of fields."""


def name_of(text: str) -> dict[str, str]:
    """Return first and last name of a full name: "Archer, Ann", or "Ann Archer", whose last word is the last name."""
    last, comma, first = (each.strip() for each in text.partition(","))
    if not comma:
        first, _blank, last = text.rpartition(" ")
    parts = {"firstname": first.strip(), "lastname": last} if first.strip() else {"firstname": last}
    return {key: value for key, value in parts.items() if value}
