# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks queries before any request, and applies them to complete lists, in the same way on every generation.

The servers search different fields, take ``%`` and ``_`` for wildcards, sort as their database does, and lose rows when
paging (xivo-15.12.md, trap 3 and trap 6). So their own search, order and limit are not used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import InputError
from .._model.numbers import parse_exten
from .._model.records import Row
from .._model.resources import DEVICE, EXTENSION, LINE, USER, VOICEMAIL, Field, Resource, canonical
from .._model.texts import (
    is_truth_or_word,
    listed_choices,
    plain_text,
    require_text,
    truth_or_word,
    without_accents,
)
from .._state.devices import device_key


@dataclass(frozen=True)
class Listing:
    """The list of one type of objects, and its possible queries.

    result: the name of the list in results. searched: the fields that ``search`` compares. extras: keys besides the
    fields.
    """

    resource: Resource
    result: str
    searched: tuple[str, ...]
    extras: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the rows, which can be used in ``filters`` and ``order``."""
        return ("id", *self.resource.field_names, *self.extras)

    def field(self, name: str) -> Field:
        """Return the field of a key, which has its type."""
        known = {each.name: each for each in self.resource.fields}
        id_type = "str" if self.resource is DEVICE else "int"
        return known.get(name) or Field(name, id_type if name == "id" else "str")


USERS = Listing(USER, "users", ("firstname", "lastname", "caller_id", "description", "userfield"))
LINES = Listing(LINE, "lines_sip", ("username", "context", "provisioning_extension"), extras=("device_id",))
EXTENSIONS = Listing(EXTENSION, "extensions", ("exten", "context"))
DEVICES = Listing(DEVICE, "devices", ("id", "ip", "mac", "sn", "plugin", "vendor", "model", "version", "description"))
VOICEMAILS = Listing(VOICEMAIL, "voicemails", ("name", "number", "context", "email"))
LISTINGS = (USERS, LINES, EXTENSIONS, DEVICES, VOICEMAILS)


@dataclass(frozen=True)
class Query:
    """A query of a list. limit: None means no limit; filters: {key: canonical value}."""

    listing: Listing
    id: Any = None
    search: str = ""
    order: str = "id"
    descending: bool = False
    limit: int | None = None
    skip: int = 0
    filters: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, listing: Listing, options: Mapping[str, Any]) -> Query:
        """Return the query of a module's options. Raise InputError if they are not valid."""
        _check_options(listing, options)
        return cls(
            listing,
            options.get("id"),
            plain_text(options.get("search") or ""),
            options.get("order") or "id",
            options.get("direction") == "desc",
            _at_least(1, "limit", options.get("limit")),
            _at_least(0, "skip", options.get("skip")) or 0,
            _checked_filters(listing, options.get("filters") or {}),
        )

    def found(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows in which ``search`` occurs."""
        term = self.search.lower()
        return [row for row in rows if any(term in text for text in self._texts(row))]

    def filtered(self, rows: Iterable[Row], keys: Iterable[str] | None = None) -> list[Row]:
        """Return the rows that have the values of ``filters``. keys: the filters to apply, by default all."""
        filters = {key: self.filters[key] for key in (self.filters if keys is None else keys)}
        return [row for row in rows if all(_has_value(row.get(key), value) for key, value in filters.items())]

    def page(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows in order, without skipped rows and rows beyond the limit."""
        by_id = sorted(rows, key=lambda row: _sort_key(row["id"]))
        ordered = sorted(by_id, key=lambda row: _sort_key(row.get(self.order)), reverse=self.descending)
        return ordered[self.skip : None if self.limit is None else self.skip + self.limit]

    def _texts(self, row: Row) -> list[str]:
        """Return the texts of a row that ``search`` compares, in lower case."""
        texts = [str(row[name]).lower() for name in self.listing.searched if row.get(name) is not None]
        if self.listing is USERS:
            texts.append(" ".join(row[name] for name in ("firstname", "lastname") if row.get(name)).lower())
        return texts or [""]


def _check_options(listing: Listing, options: Mapping[str, Any]) -> None:
    given = [
        name
        for name in ("search", "order", "direction", "limit", "skip", "filters")
        if options.get(name) not in (None, "", {})
    ]
    if options.get("id") is not None and given:
        raise InputError(f"{', '.join(given)} cannot be combined with id.", "id selects one object.")
    order, direction = options.get("order"), options.get("direction")
    if order and order not in listing.keys:
        raise InputError(
            f"order is {order!r}, which is not a key of {listing.result}.", f"Valid keys: {', '.join(listing.keys)}."
        )
    if direction and direction not in ("asc", "desc"):
        raise InputError(f"direction is {direction!r}, but must be asc or desc.")


def _at_least(least: int, name: str, value: int | None) -> int | None:
    if value is not None and value < least:
        raise InputError(f"{name} is {value}, but must be at least {least}.")
    return value


def _checked_filters(listing: Listing, filters: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(filters) - set(listing.keys))
    if unknown:
        raise InputError(
            f"filters has unknown keys: {', '.join(map(str, unknown))}.", f"Valid keys: {', '.join(listing.keys)}."
        )
    return {name: _filter_value(listing.field(name), value) for name, value in filters.items()}


def _filter_value(key: Field, value: Any) -> Any:
    """Return the value of a filter in the form that rows have, whatever YAML or a template made of it."""
    where = f"filters.{key.name}"
    if value is None or value == "":
        return key.default
    if key.type == "bool":
        return _truth_or_word(value, where, key.words)
    if key.type == "int":
        return _integer(value, where)
    if key.type == "raw":
        return parse_exten(value, where)
    if key.name in ("mac", "ip"):
        return device_key(key.name, require_text(value, where), where)
    if key.type != "dict":
        return canonical(key.name, require_text(value, where, key.secret))
    if not isinstance(value, dict):
        raise InputError(f"{where} is {value!r}, but must be a dictionary.")
    return value


def _truth_or_word(value: Any, where: str, words: Collection[str]) -> Any:
    if not is_truth_or_word(value, words):
        raise InputError(f"{where} is {value!r}, but must be {listed_choices(words)}.")
    return truth_or_word(value, words)


def _integer(value: Any, where: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise InputError(f"{where} is {value!r}, but must be an integer.") from None


def _has_value(value: Any, wanted: Any) -> bool:
    """Return whether a value matches a filter. Of a dictionary, the keys of the filter are compared."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(value.get(key) == each for key, each in wanted.items())
    return bool(value == wanted)


def _sort_key(value: Any) -> tuple[Any, ...]:
    """Return the sort key of a value: None first, texts without regard to case and accents."""
    if value is None:
        return (0,)
    if isinstance(value, int):
        return (1, value)
    text = str(value)
    return (1, without_accents(text), text.lower())
