# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the destinations of calls: as people write them, and as servers store them.

People write a dictionary with the type as a key, its target as the value, and details beside it:
``{user: {firstname: Ann, lastname: Archer}, ring_seconds: 20}``. ``destination_types`` has the tables of all types.

Sources: person-xivo-16.16.md, "users/ID/fallbacks"; person-wazo-26.08.md, "4. fallbacks".
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from .destination_types import (
    CHOICE,
    FALLBACK,
    FLAG,
    GROUP_KEY,
    ID,
    INTEGER,
    NONE,
    NUMBER,
    OWN,
    REFERENCE,
    TABLES,
    TEXT,
    USER,
    VOICEMAIL,
    DestinationType,
    shown_value,
)
from .errors import InputError, UnreadableError
from .numbers import parse_exten, parse_id
from .printable import printable
from .texts import is_true, plain_text, require_text


class Linking(ABC):
    """A value with destinations: one, or several."""

    @property
    @abstractmethod
    def destinations(self) -> Sequence[Any]:
        """The destinations."""

    @property
    @abstractmethod
    def words(self) -> dict[str, Any]:
        """The value as people write it."""

    @abstractmethod
    def with_destinations(self, change: Callable[[Any], Any]) -> Any:
        """Return the same value with other destinations. change: called with each of them."""


@dataclass(frozen=True, eq=False)
class Destination(Linking):
    """Where calls go, or what a key leads to. It equals another one with the same type, target and details.

    target: a Record, the id of an object, a text, or (exten, context). details: pairs of (name, canonical value),
    sorted, without defaults. stored: the server's object, as JSON, of a type that people cannot write; '' otherwise.
    shown: the destination as people write it, once it was looked up. is_dead: whether the server shows that the target
    does not exist any more. place: where it is used.
    """

    type: str
    target: Any = None
    details: tuple[tuple[str, Any], ...] = ()
    stored: str = ""
    shown: Mapping[str, Any] | None = field(default=None, repr=False)
    is_dead: bool = False
    place: str = field(default=FALLBACK, repr=False)

    @property
    def destinations(self) -> Sequence[Destination]:
        return (self,)

    def with_destinations(self, change: Callable[[Any], Any]) -> Any:
        return change(self)

    @property
    def row(self) -> DestinationType | None:
        """Return the row of the type; None for one that people cannot write."""
        return None if self.stored else TABLES[self.place].get(self.type)

    @property
    def identity(self) -> tuple[Any, ...]:
        """Return what tells this destination from others. Not a key of dictionaries: a new target gets its id later."""
        return self.type, getattr(self.target, "identity", self.target), self.details, self.stored

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Destination) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash((self.type, self.details, self.stored))

    def leads_to(self, kind: str, identity: Any) -> bool:
        """Return whether calls go to an object. kind: USER, VOICEMAIL or GROUP."""
        return self.type == kind and self.identity[1] == identity

    @property
    def words(self) -> dict[str, Any]:
        """Return the destination as people write it; by the server's id where the target was not looked up."""
        return dict(self.shown) if self.shown is not None else self.written({"id": self.identity[1]})

    @property
    def is_portable(self) -> bool:
        """Return whether the destination, as people write it, is the same on every server: it has no id."""
        return not (self.stored or self.is_dead) and not (
            isinstance(self.words.get(self.type), Mapping) and "id" in self.words[self.type]
        )

    def written(self, reference: Any) -> dict[str, Any]:
        """Return the destination as people write it. reference: the target in words, if it is an object."""
        row = self.row
        if row is None:
            return {self.type: "as the server stores it"}
        target = self.target
        if row.target in (REFERENCE, ID):
            target = reference
        elif row.target == NUMBER:
            target = dict(zip(row.keys, self.target))
        return {self.type: target, **dict(self.details)}

    def named(self, shown: Mapping[str, Any]) -> Destination:
        """Return the same destination with what people write for it."""
        return replace(self, shown=shown)

    def body(self) -> dict[str, Any]:
        """Return the destination as servers take it. Raises AssertionError for a target that does not exist yet."""
        row = self.row
        if row is None:
            stored: dict[str, Any] = json.loads(self.stored)
            return stored
        names = {each.name: each.key for each in row.details}
        details = {names[name]: value for name, value in self.details}
        if row.target == NUMBER:
            return {"type": self.type, **dict(zip(row.keys, self.target)), **details}
        if row.target == FLAG:
            return {"type": self.type, **details}
        target = self.identity[1]
        if target is self.target and hasattr(target, "resource"):
            raise AssertionError(f"{target} does not exist yet")
        return {"type": self.type, row.key: target, **details}


@dataclass(frozen=True)
class Wish(Linking):
    """A destination as somebody wrote it, with a target that is still to be looked up.

    reference: the target: {key: value}, the name of a group, a text, or (exten, context). where: the option.
    place: where the destination is to be used.
    """

    type: str
    reference: Any
    details: tuple[tuple[str, Any], ...]
    where: str
    place: str = FALLBACK

    @property
    def destinations(self) -> Sequence[Wish]:
        return (self,)

    @property
    def words(self) -> dict[str, Any]:
        return {self.type: self.reference, **dict(self.details)}

    def with_destinations(self, change: Callable[[Any], Any]) -> Any:
        return change(self)


def parse_destination(raw: Any, where: str, place: str = FALLBACK) -> Wish:
    """Return a checked destination that somebody wrote. Raises InputError, which says what is valid.

    where: the option ("fallbacks.busy"). place: where the destination is to be used.
    """
    valid = TABLES[place]
    if not isinstance(raw, Mapping):
        raise InputError(f"{where} is {shown_value(raw)}.", _form_of(valid))
    given = {str(name): value for name, value in raw.items() if value is not None}
    types = [name for name in given if name in valid]
    row = valid[types[0]] if types else None
    if len(types) != 1 or row is None:
        found = ", ".join(printable(each) for each in given) or "no key"
        near = get_close_matches(found, valid, 1)
        hint = f"Did you mean {near[0]}?" if near and not types else _form_of(valid)
        raise InputError(f"{where} has {found}, but it needs exactly one type.", hint)
    at = f"{where}.{row.name}"
    allowed = {each.name: each for each in row.details}
    unknown = [name for name in given if name not in (row.name, *allowed)]
    if unknown:
        hint = f"Valid keys beside it: {', '.join(allowed)}." if allowed else "It has no keys beside it."
        raise InputError(f"{where} has the unknown key {shown_value(unknown[0])} beside {row.name}.", hint)
    missing = next((each.name for each in row.details if each.required and each.name not in given), None)
    if missing:
        raise InputError(f"{where}.{missing} is missing.", f"A destination of the type {row.name} requires it.")
    details = {name: each.parsed(given.get(name), f"{where}.{name}") for name, each in allowed.items()}
    return Wish(row.name, _reference(row, given[row.name], at), _sorted(details), where, place)


def with_nulls(given: Any, names: Collection[str]) -> Any:
    """Return options of fallbacks in which a null, which removes a fallback, is '': Ansible drops nulls.

    names: the options of which a null removes something.
    """
    if not isinstance(given, Mapping):
        return given
    return {key: "" if value is None and key in names else value for key, value in given.items()}


def destination_of(shown: Any, place: str = FALLBACK) -> Destination | None:
    """Return a destination that a server shows; None for none. Raises UnreadableError for something else."""
    if not isinstance(shown, Mapping) or not isinstance(shown.get("type"), str):
        raise UnreadableError(
            f"The server has {type(shown).__name__} as a destination, where confd has an object with a type.",
            hint="Check that confd_url is the address of confd and that no proxy answers in its place.",
        )
    name = shown["type"]
    if name == NONE:
        return None
    row = TABLES[place].get(name)
    target = _stored_target(row, shown) if row else None
    if row is None or target is None or not row.server_keys >= {*shown}:
        kept = {key: value for key, value in shown.items() if key not in ("href", "links")}
        return Destination(name, stored=json.dumps(kept, sort_keys=True), place=place)
    details = {each.name: each.stored(shown.get(each.key)) for each in row.details}
    dead = any(key not in shown for key in row.named_by)
    return Destination(name, target, _sorted(details), is_dead=dead, place=place)


def canonical_destination(value: Any) -> Any:
    """Return the canonical form of a fallback: that of a server's object; anything else is one already."""
    return destination_of(value) if isinstance(value, Mapping) else value


def _stored_target(row: DestinationType, shown: Mapping[str, Any]) -> Any:
    if row.target == FLAG:
        return True
    if row.target == NUMBER:
        number = tuple(shown.get(key) for key in row.keys)
        return number if all(number) else None
    return shown.get(row.key)


def _reference(row: DestinationType, value: Any, where: str) -> Any:
    """Return the checked target of a destination, as ``Wish.reference`` has it. Raises InputError."""
    if row.target == FLAG:
        if not is_true(value):
            raise InputError(f"{where} is {shown_value(value)}.", "It has no target: write true.")
        return True
    if row.target == INTEGER:
        return parse_id(value, where)
    if row.target == CHOICE:
        text = require_text(value, where)
        if text not in row.choices:
            raise InputError(f"{where} is {shown_value(value)}.", f"Valid values: {', '.join(row.choices)}.")
        return text
    if row.target == TEXT or (row.key == GROUP_KEY and not isinstance(value, Mapping)):
        text = plain_text(require_text(value, where))
        if not text:
            raise InputError(f"{where} is empty.", "Give a value, or leave the destination out.")
        return text
    if row.name == VOICEMAIL and value == OWN:
        return OWN
    keys = _keys(row, value, where)
    return (keys["exten"], keys["context"]) if row.target == NUMBER else keys


def _keys(row: DestinationType, value: Any, where: str) -> dict[str, Any]:
    """Return the keys that identify a target. Raises InputError for unknown, missing and empty ones."""
    own = f" or {OWN}" if row.name == VOICEMAIL else " or its name" if row.key == GROUP_KEY else ""
    form = f"Give a dictionary with {', '.join(row.keys)}{own}."
    if not isinstance(value, Mapping):
        raise InputError(f"{where} is {shown_value(value)}.", form)
    given = {str(key): each for key, each in value.items() if each not in (None, "")}
    # A user may be an object that another task returned, which is checked where it is looked up.
    is_user = row.name == USER
    unknown = [] if is_user else sorted(given.keys() - {*row.keys})
    if unknown or not given:
        found = f"the unknown key {shown_value(unknown[0])}" if unknown else "no value"
        raise InputError(f"{where} has {found}.", form)
    if is_user:
        return given
    for number in ("exten", "number"):
        if number in given:
            given[number] = parse_exten(given[number], f"{where}.{number}")
    if "id" in given and not row.key.endswith("_uuid"):
        given["id"] = parse_id(given["id"], f"{where}.id")
    if {"exten", "number", "context"} & given.keys() and not ("context" in given and len(given) > 1):
        raise InputError(f"{where} needs a number and its context together.", form)
    return given


def _sorted(details: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((name, value) for name, value in details.items() if value is not None))


def _form_of(valid: Collection[str]) -> str:
    return f"Give a dictionary with one of these types as a key and its target as the value: {', '.join(valid)}."
