# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines the destinations of calls: as people write them, and as servers store them.

People write a dictionary with the type as a key, its target as the value, and details beside it:
``{user: {firstname: Ann, lastname: Archer}, ring_seconds: 20}``. ``TYPES`` is the table of all types.

Sources: person-xivo-16.16.md, "users/ID/fallbacks"; person-wazo-26.08.md, "4. fallbacks".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import InputError, UnreadableError
from .numbers import parse_exten, parse_id
from .printable import printable
from .texts import plain_text, require_text

FALLBACK = "fallback"
"""Where a destination can be used."""
NONE = "none"
"""The type by which servers store that there is no destination."""
OWN = "own"
"""The target of a voicemail that the user has."""
USER, VOICEMAIL, GROUP = "user", "voicemail", "group"
REFERENCE, ID, TEXT, CHOICE, NUMBER = "reference", "id", "text", "choice", "number"
"""Kinds of targets: an object by keys or a name; one by its id in ``{id: ...}``; a text; a word; exten and context."""
LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Detail:
    """A value beside the target. name: as people write it; key: the server's; type: of its values.

    default: the value that the server takes for one that is left out. choices: the only texts, if there are any.
    """

    name: str
    key: str
    type: type = str
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False

    def parsed(self, value: Any, where: str) -> Any:
        """Return the canonical value: 20.0 as 20, the default as None. Raises InputError for another type."""
        if value is None or (self.type is str and value == ""):
            return None
        if self.type is bool and not isinstance(value, bool):
            raise InputError(f"{where} is {_shown(value)}.", "It must be true or false.")
        if self.type is float:
            value = _seconds(value, where)
        if self.type is str:
            value = plain_text(require_text(value, where))
            if self.choices and value not in self.choices:
                raise InputError(f"{where} is {_shown(value)}.", f"Valid values: {', '.join(self.choices)}.")
        return None if value == self.default else value

    def stored(self, value: Any) -> Any:
        """Return the canonical value of one that the server shows."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return None if value in ("", self.default) else value


@dataclass(frozen=True)
class DestinationType:
    """A row of the table. name: the type, for people and for servers. target: the kind of its target.

    key: the server's key of the target; keys: the keys that identify a target, those of ``{...}``.
    named_by: the keys that only a server's answer has, and that are missing for a target that was deleted.
    choices: the words that are targets. places: where the type can be used.
    """

    name: str
    target: str
    key: str = ""
    keys: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    places: frozenset[str] = frozenset({FALLBACK})

    @property
    def server_keys(self) -> frozenset[str]:
        """Return all keys that a server's object of this type can have."""
        own = self.keys if self.target == NUMBER else (self.key,)
        shown = (f"{self.name}_name", f"{self.name}_label", f"{self.name}_firstname", f"{self.name}_lastname")
        return frozenset({"type", "href", "links", *own, *shown, *(each.key for each in self.details)})


RING = Detail("ring_seconds", "ring_time", float)
USER_KEYS = ("id", "uuid", "username", "userfield", "firstname", "lastname", "exten", "context")
TYPES = {
    each.name: each
    for each in (
        DestinationType(
            USER,
            REFERENCE,
            "user_id",
            USER_KEYS,
            named_by=("user_firstname",),
            details=(RING, Detail("moh_uuid", "moh_uuid")),
        ),
        DestinationType(
            VOICEMAIL,
            REFERENCE,
            "voicemail_id",
            ("id", "number", "context"),
            named_by=("voicemail_name",),
            details=(
                Detail("skip_instructions", "skip_instructions", bool, default=False),
                Detail("greeting", "greeting", choices=("busy", "unavailable")),
            ),
        ),
        DestinationType(GROUP, REFERENCE, "group_id", ("id",), named_by=("group_name",), details=(RING,)),
        DestinationType("extension", NUMBER, keys=("exten", "context")),
        DestinationType("custom", TEXT, "command"),
        DestinationType(
            "sound",
            TEXT,
            "filename",
            details=(
                Detail("skip", "skip", bool, default=False),
                Detail("no_answer", "no_answer", bool, default=False),
            ),
        ),
        DestinationType(
            "hangup",
            CHOICE,
            "cause",
            choices=("busy", "congestion", "normal"),
            details=(Detail("timeout", "timeout", float),),
        ),
        DestinationType("queue", ID, "queue_id", ("id",), details=(RING,)),
        DestinationType("ivr", ID, "ivr_id", ("id",)),
        DestinationType("conference", ID, "conference_id", ("id",)),
        DestinationType("meetme", ID, "conference_id", ("id",)),
        DestinationType("outcall", ID, "outcall_id", ("id",), details=(Detail("exten", "exten", required=True),)),
        DestinationType("switchboard", ID, "switchboard_uuid", ("id",), details=(RING,)),
    )
}
"""The types that people can write. Others are kept as the server stores them."""


@dataclass(frozen=True, eq=False)
class Destination:
    """Where calls go. It equals another one with the same type, target and details.

    target: a Record, the id of an object, a text, or (exten, context). details: pairs of (name, canonical value),
    sorted, without defaults. stored: the server's object, as JSON, of a type that people cannot write; '' otherwise.
    shown: the destination as people write it, once it was looked up. is_dead: whether the server shows that the target
    does not exist any more.
    """

    type: str
    target: Any = None
    details: tuple[tuple[str, Any], ...] = ()
    stored: str = ""
    shown: Mapping[str, Any] | None = field(default=None, repr=False)
    is_dead: bool = False

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

    def written(self, reference: Any) -> dict[str, Any]:
        """Return the destination as people write it. reference: the target in words, if it is an object."""
        if self.stored:
            return {self.type: "as the server stores it"}
        row = TYPES[self.type]
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
        if self.stored:
            stored: dict[str, Any] = json.loads(self.stored)
            return stored
        row = TYPES[self.type]
        names = {each.name: each.key for each in row.details}
        details = {names[name]: value for name, value in self.details}
        if row.target == NUMBER:
            return {"type": self.type, **dict(zip(row.keys, self.target)), **details}
        target = self.identity[1]
        if target is self.target and hasattr(target, "resource"):
            raise AssertionError(f"{target} does not exist yet")
        return {"type": self.type, row.key: target, **details}


@dataclass(frozen=True)
class Wish:
    """A destination as somebody wrote it, with a target that is still to be looked up.

    reference: the target: {key: value}, the name of a group, a text, or (exten, context). where: the option.
    """

    type: str
    reference: Any
    details: tuple[tuple[str, Any], ...]
    where: str


def parse_destination(raw: Any, where: str, place: str = FALLBACK) -> Wish:
    """Return a checked destination that somebody wrote. Raises InputError, which says what is valid.

    where: the option ("fallbacks.busy"). place: where the destination is to be used.
    """
    valid = {name: row for name, row in TYPES.items() if place in row.places}
    if not isinstance(raw, Mapping):
        raise InputError(f"{where} is {_shown(raw)}.", _form_of(valid))
    given = {str(name): value for name, value in raw.items() if value is not None}
    types = [name for name in given if name in valid]
    row = valid[types[0]] if types else None
    if len(types) != 1 or row is None:
        found = ", ".join(printable(each) for each in given) or "no key"
        raise InputError(f"{where} has {found}, but it needs exactly one type.", _form_of(valid))
    at = f"{where}.{row.name}"
    allowed = {each.name: each for each in row.details}
    unknown = [name for name in given if name not in (row.name, *allowed)]
    if unknown:
        hint = f"Valid keys beside it: {', '.join(allowed)}." if allowed else "It has no keys beside it."
        raise InputError(f"{where} has the unknown key {_shown(unknown[0])} beside {row.name}.", hint)
    missing = next((each.name for each in row.details if each.required and each.name not in given), None)
    if missing:
        raise InputError(f"{where}.{missing} is missing.", f"A destination of the type {row.name} requires it.")
    details = {name: each.parsed(given.get(name), f"{where}.{name}") for name, each in allowed.items()}
    return Wish(row.name, _reference(row, given[row.name], at), _sorted(details), where)


def destination_of(shown: Any) -> Destination | None:
    """Return a destination that a server shows; None for none. Raises UnreadableError for something else."""
    if not isinstance(shown, Mapping) or not isinstance(shown.get("type"), str):
        raise UnreadableError(
            f"The server has {type(shown).__name__} as a destination, where confd has an object with a type.",
            hint="Check that confd_url is the address of confd and that no proxy answers in its place.",
        )
    name = shown["type"]
    if name == NONE:
        return None
    row = TYPES.get(name)
    target = _stored_target(row, shown) if row else None
    if row is None or target is None or not row.server_keys >= {*shown}:
        kept = {key: value for key, value in shown.items() if key not in ("href", "links")}
        return Destination(name, stored=json.dumps(kept, sort_keys=True))
    details = {each.name: each.stored(shown.get(each.key)) for each in row.details}
    dead = any(key not in shown for key in row.named_by)
    return Destination(name, target, _sorted(details), is_dead=dead)


def canonical_destination(value: Any) -> Any:
    """Return the canonical form of a fallback: that of a server's object; anything else is one already."""
    return destination_of(value) if isinstance(value, Mapping) else value


def _stored_target(row: DestinationType, shown: Mapping[str, Any]) -> Any:
    if row.target == NUMBER:
        number = tuple(shown.get(key) for key in row.keys)
        return number if all(number) else None
    return shown.get(row.key)


def _reference(row: DestinationType, value: Any, where: str) -> Any:
    """Return the checked target of a destination, as ``Wish.reference`` has it. Raises InputError."""
    if row.target == CHOICE:
        text = require_text(value, where)
        if text not in row.choices:
            raise InputError(f"{where} is {_shown(value)}.", f"Valid values: {', '.join(row.choices)}.")
        return text
    if row.target == TEXT or (row.name == GROUP and not isinstance(value, Mapping)):
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
    own = f" or {OWN}" if row.name == VOICEMAIL else " or its name" if row.name == GROUP else ""
    form = f"Give a dictionary with {', '.join(row.keys)}{own}."
    if not isinstance(value, Mapping):
        raise InputError(f"{where} is {_shown(value)}.", form)
    given = {str(key): each for key, each in value.items() if each not in (None, "")}
    unknown = sorted(given.keys() - {*row.keys})
    if unknown or not given:
        found = f"the unknown key {_shown(unknown[0])}" if unknown else "no value"
        raise InputError(f"{where} has {found}.", form)
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


def _seconds(value: Any, where: str) -> float:
    """Return a number of seconds, an integer if it is one. Raises InputError."""
    try:
        seconds = float(value) if not isinstance(value, bool) else -1.0
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds <= 10**6:
        raise InputError(f"{where} is {_shown(value)}.", "It must be a number of seconds.")
    return int(seconds) if seconds.is_integer() else seconds


def _form_of(valid: Collection[str]) -> str:
    return f"Give a dictionary with one of these types as a key and its target as the value: {', '.join(valid)}."


def _shown(value: Any) -> str:
    text = printable(repr(value))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
