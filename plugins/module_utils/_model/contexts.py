# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Defines contexts and the extensions that they accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import InputError, InputListError
from .numbers import parse_range
from .printable import printable
from .texts import type_label

INTERNAL, INCALL = "internal", "incall"
TYPES = (INTERNAL, INCALL, "outcall", "services", "others")
"""The types of contexts."""


RANGES = "_ranges"
"""How the keys of a context's ranges end, after whose numbers these are (xivo-16.16.md, "Sharing and protection")."""
UNCHECKED_TYPES = frozenset({"outcall"})
"""Types of contexts whose extensions the servers do not compare with the ranges (xivo-16.16.md, "extensions")."""


@dataclass(frozen=True)
class ContextInfo:
    """A context. type: internal, incall, outcall or another; ranges: (first, last), compared as integers.

    label: what people call it. uses: (use, first, last) of each range as the server stores it; use: whose numbers these
    are, "user", "group", "queue", "conference_room" or "incall". prefixes: (what the full direct numbers begin with,
    first, last) of the ranges whose numbers the server takes in both forms.
    """

    name: str
    type: str
    ranges: tuple[tuple[str, str], ...] = ()
    label: str = field(default="", compare=False)
    uses: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)
    prefixes: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)

    def takes(self, exten: str) -> bool:
        """Return whether the server accepts a number in this context.

        Ranges do not apply to patterns and to contexts for outgoing calls.
        """
        if self.type in UNCHECKED_TYPES or exten.startswith("_"):
            return True
        return exten.isdigit() and any(int(low) <= int(exten) <= int(high) for low, high in self.ranges)

    def forms_of(self, exten: str) -> list[str]:
        """Return a number in all its forms, as given first: direct numbers are in full or the last digits alone."""
        forms = [exten]
        for prefix, first, last in self.prefixes if exten.isdigit() else ():
            short = exten.removeprefix(prefix)
            if len(short) == len(first) and int(first) <= int(short) <= int(last):
                forms.append(prefix + exten if short == exten else short)
        return list(dict.fromkeys(forms))

    def __str__(self) -> str:
        return ", ".join(low if low == high else f"{low}-{high}" for low, high in self.ranges) or "none"


def context_info(row: Mapping[str, Any], takes_full_numbers: bool) -> ContextInfo:
    """Return the context of a row of GET /contexts. takes_full_numbers: see ``_limits``."""
    uses = {
        (key.removesuffix(RANGES), first, last)
        for key in row
        if key.endswith(RANGES)
        for each in row[key] or ()
        for first, last in _limits(each, takes_full_numbers)
    }
    pairs = {(first, last) for _use, first, last in uses}
    return ContextInfo(
        row["name"],
        row["type"],
        tuple(sorted(pairs, key=lambda pair: (int(pair[0]), pair))),
        row.get("label") or "",
        tuple(sorted(uses, key=lambda use: (int(use[1]), use))),
        tuple(sorted(set(_prefixes(row.get(INCALL + RANGES) or ())))) if takes_full_numbers else (),
    )


def _prefixes(ranges: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield (prefix, first, last) of the ranges of direct numbers that can be shortened to their last digits."""
    for each in ranges:
        limits = list(_limits(each, takes_full_numbers=True))
        (first, last), (full_first, full_last) = limits[0:1] + limits[-1:] if limits else (("", ""), ("", ""))
        prefix = full_first[: len(full_first) - len(first)]
        if prefix and full_last == prefix + last:
            yield prefix, first, last


def _limits(row: Mapping[str, Any], takes_full_numbers: bool) -> Iterator[tuple[str, str]]:
    """Yield (first, last) of a range; for direct numbers of their last ``did_length`` digits. 0 means all digits.

    takes_full_numbers: whether the server takes direct numbers in full as well, although the provider sends the last
    digits alone.
    """
    first, last = str(row["start"]), str(row.get("end") or row["start"])
    digits = row.get("did_length") or 0
    short = (first[-digits:], last[-digits:])
    for pair in (short, (first, last)) if takes_full_numbers else (short,):
        if all(limit.isdigit() for limit in pair):
            yield pair


def with_context_names(options: Any, context_named: Callable[[str], str]) -> Any:
    """Return options in which every ``context`` is what ``context_named`` returns for it.

    The given options are not changed. A part in which no context is replaced is not copied: 10,000 entries are large.
    """
    if isinstance(options, Mapping):
        changed = {
            key: new
            for key, value in options.items()
            if (
                new := context_named(value)
                if key == "context" and isinstance(value, str) and value
                else with_context_names(value, context_named)
            )
            is not value
        }
        return {**options, **changed} if changed else options
    if isinstance(options, list):
        renamed = [with_context_names(each, context_named) for each in options]
        return options if all(new is old for new, old in zip(renamed, options)) else renamed
    return options


def described_contexts(raw: Any, where: str) -> dict[str, ContextInfo]:
    """Return the contexts that somebody describes: {name: {type, ranges: ["1000-1999", "2500"]}}.

    where: the option or variable, for messages. Raises InputListError with all problems.
    """
    if not isinstance(raw, Mapping):
        raise InputListError([f"{where} is {type_label(raw)}, but must be a dictionary of contexts by name."])
    contexts, problems = {}, []
    for name, row in raw.items():
        at = f"{where}.{printable(str(name))}"
        found = list(_problems_of_context(row, at))
        problems += found
        if not found:
            pairs = tuple(_described_range(each, at) for each in row.get("ranges") or ())
            contexts[str(name)] = ContextInfo(str(name), row["type"], pairs)
    if problems:
        raise InputListError(problems)
    return contexts


def _problems_of_context(row: Any, where: str) -> Iterator[str]:
    if not isinstance(row, Mapping):
        example = '{type: internal, ranges: ["1000-1999"]}'
        yield f"{where} is {type_label(row)}, but must be a dictionary such as {example}."
        return
    for key in row:
        if key not in ("type", "ranges"):
            yield f"{where}.{printable(str(key))} is not a valid key. Valid keys: ranges, type."
    if row.get("type") not in TYPES:
        yield f"{where}.type is {row.get('type')!r}, but must be {' or '.join(TYPES)}."
    ranges = row.get("ranges")
    if ranges is not None and not isinstance(ranges, list):
        yield f"{where}.ranges is {type_label(ranges)}, but must be a list."
        return
    for each in ranges or ():
        try:
            _described_range(each, where)
        except InputError as error:
            yield str(error)


def _described_range(text: Any, where: str) -> tuple[str, str]:
    """Return (first, last) of a range, or of a single number."""
    both = text if "-" in str(text) else f"{text}-{text}"
    found = parse_range(both, "", f"{where}.ranges")
    return str(found.low).zfill(found.width), str(found.high).zfill(found.width)
