# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows what the user said about a table: its columns, the meaning of cells, and what empty cells do."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import InputError, InputListError
from .._model.printable import printable
from .._model.texts import type_label
from .sheet_cells import normal_heading
from .sheet_columns import FIELDS, MATCH, SEPARATOR, STRUCTURES, WHETHER

COLUMNS = {
    "firstname": "firstname",
    "lastname": "lastname",
    "exten": "number",
    "incall": "direct number",
    "userfield": "id",
}
"""{what an entry needs: default heading of its column}."""
NUMBERS = {
    "exten": ("context", "range", "commented"),
    "incall": ("incall_context", "incall_range", "incall_commented"),
}
"""{column of numbers: the columns of their context, of the range to choose one from, and of ``commented``}."""
OTHERS = (*NUMBERS, *(key for keys in NUMBERS.values() for key in keys), *WHETHER, "name", "state")
"""The columns besides FIELDS: those whose cells decide together what an entry has."""
KEYS = frozenset({*FIELDS, *OTHERS})
KEEP, REMOVE = "keep", "remove"
SEVERAL = frozenset(
    {
        "incall",
        "incall_context",
        "incall_range",
        *(key for key, column in FIELDS.items() if column.field.type == "list"),
    }
)
"""Columns whose cells can have several values."""
REMOVABLE = frozenset({"incall", *(key for key, column in FIELDS.items() if column.removable)})
"""Columns whose empty cells can remove something. For the others, an entry has no way to say so."""
OTHER_CELLS = "*"
"""In the meanings of a column: all cells that it does not name, that do not match its pattern and are not empty."""
NAME_ORDERS = ("first_last", "last_first")
SHOWN_PROBLEMS = 20


@dataclass
class Sheet:
    """What the columns of a table mean. contexts: of exten and incall. match: whether userfield identifies the user.

    separator: between several values in a cell; last_name_first: of full names without comma; meanings: {key of a
    column: {cell in the form of ``normal_heading``: what it means}}; patterns: {key of a column: what its cells match}.
    removing: the keys whose empty cells remove the value on the server. places: {key: index of its cell}.
    """

    name: str
    columns: Mapping[str, str]
    contexts: Mapping[str, str]
    match: bool
    separator: str = SEPARATOR
    last_name_first: bool = False
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    removing: frozenset[str] = frozenset()
    headings: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def identifying(self) -> tuple[str, ...]:
        """Return the keys whose cells must not be empty."""
        named = (key for key in ("name", "firstname") if key in self.columns)
        matched = (key for key in self.columns if key.startswith(MATCH))
        return (*named, *(("userfield",) if self.match else ()), *matched)

    @property
    def unused(self) -> list[str]:
        """Return the headings of the columns that are not read."""
        used = set(self.places.values())
        return [heading for place, heading in enumerate(self.headings) if heading and place not in used]

    def translated(self, key: str, text: str) -> str | None:
        """Return what a text means according to the options ``values`` and ``patterns``; itself without a meaning.

        Return None if it does not match its pattern.
        """
        meanings, pattern = self.meanings.get(key) or {}, self.patterns.get(key)
        if not text or normal_heading(text) in meanings:
            return meanings.get(normal_heading(text), text)
        matched = pattern.fullmatch(text) if pattern else None
        if matched:
            part = "".join(each or "" for each in matched.groups()) if matched.re.groups else text
            return meanings.get(normal_heading(part), part)
        return meanings.get(OTHER_CELLS, None if pattern else text)

    def complain(self, place: str, key: str, text: str) -> None:
        """Add a problem of a cell. place: of its row, such as "line 3"."""
        self.problems.append(self._said(place, self.columns[key], text))

    def complain_of_index(self, place: str, index: int, text: str) -> None:
        """Add a problem of the cell with an index, which may be beyond the headings."""
        named = self.headings[index : index + 1] or [""]
        self.problems.append(self._said(place, named[0] or index + 1, text))

    def warn(self, place: str, key: str, text: str) -> None:
        """Add a warning about a cell."""
        self.warnings.append(self._said(place, self.columns[key], text))

    def check(self, warn: Callable[[str], Any] | None, tell: Callable[[str], Any] | None) -> None:
        """Raise InputError with all problems. Otherwise, pass on each warning, and what is not read."""
        if self.problems:
            raise InputListError(_shortened(self.problems))
        if warn:
            for warning in _shortened(self.warnings):
                warn(printable(warning))
        if tell and self.unused:
            tell(printable(f"{self.name}: columns that are not read: {', '.join(self.unused)}."))

    def _said(self, place: str, column: str | int, text: str) -> str:
        return f"{self.name}, {place}, column {column!r}: {text}"


def _shortened(texts: list[str]) -> list[str]:
    more = len(texts) - SHOWN_PROBLEMS
    return [*texts[:SHOWN_PROBLEMS], *([f"... and {more} more"] if more > 0 else [])]


def sheet_of(
    name: str,
    columns: Mapping[str, str] | None = None,
    context: str = "default",
    incall_context: str = "from-extern",
    match: bool = True,
    empty: str | Mapping[str, str] = KEEP,
    separator: str = SEPARATOR,
    name_order: str = NAME_ORDERS[0],
    values: Mapping[str, Mapping[Any, Any]] | None = None,
    patterns: Mapping[str, str] | None = None,
) -> Sheet:
    """Return what the options of a filter say about a table. Raises InputError for options that have no meaning.

    columns: {what an entry needs: heading}; match: the userfield identifies the user, so that names may change, unless
    columns of match do; empty: what an empty cell does with the value on the server, "keep" or "remove", or {heading:
    one of the two}; separator: between several values in a cell; name_order: of full names without comma; values:
    {key of a column: {cell: what it means}}; patterns: {key of a column: regular expression of its cells}.
    """
    columns = dict(columns or COLUMNS)
    has_match = any(key.startswith(MATCH) for key in columns)
    by_userfield = match and not has_match
    _check_columns(columns, by_userfield, has_match)
    if not isinstance(separator, str) or not separator.strip() or separator.isalnum():
        raise InputError(f"separator is {separator!r}, but must be a character such as ; or |.")
    if name_order not in NAME_ORDERS:
        raise InputError(f"name_order is {name_order!r}, but must be {' or '.join(NAME_ORDERS)}.")
    meanings = _meanings(columns, values or {})
    contexts = {"exten": context, "incall": incall_context}
    sheet = Sheet(name, columns, contexts, by_userfield, separator, name_order == "last_first", meanings)
    sheet.patterns = _patterns(columns, patterns or {})
    sheet.removing = _removing(sheet, empty)
    return sheet


def _check_columns(columns: Mapping[str, str], match: bool, has_match: bool) -> None:
    unknown = sorted(map(str, set(columns) - KEYS))
    if unknown:
        near = [key for each in unknown for key in _similar(each)]
        hint = f"Did you mean {', '.join(near)}?" if near else f"It takes {', '.join((*FIELDS, *OTHERS))}."
        raise InputError(f"columns has unknown keys: {', '.join(unknown)}.", hint)
    unnamed = sorted(key for key, heading in columns.items() if not isinstance(heading, str))
    if unnamed:
        raise InputError(f"columns has no heading for {', '.join(unnamed)}.", "Leave out what the file does not have.")
    if {"firstname", "name"}.isdisjoint(columns) and not (match or has_match):
        raise InputError("columns has neither firstname nor name.", "Every user needs one of them.")
    if "name" in columns and not {"firstname", "lastname"}.isdisjoint(columns):
        raise InputError(
            "columns has name, and firstname or lastname as well.",
            "Give name for the full name in one column, or firstname and lastname.",
        )
    if match and "userfield" not in columns:
        raise InputError("columns has no userfield, and match needs it.", "Name its column, or set match to false.")


def _similar(key: str) -> list[str]:
    """Return the keys of columns that may be meant: those with the same last part, or the one that looks alike."""
    same = [each for each in (*OTHERS, *FIELDS) if each.rpartition(".")[2] == key and not each.startswith(MATCH)]
    return same or difflib.get_close_matches(key, sorted(KEYS), n=1)


def _meanings(columns: Mapping[str, str], values: Any) -> dict[str, dict[str, str]]:
    """Return the option ``values`` in the form in which cells are looked up. Raises InputError."""
    if not isinstance(values, Mapping):
        raise InputError(
            f"values is {type_label(values)}, but must be a dictionary.", "Example: {'enabled': {'locked': 'false'}}."
        )
    _check_keys("values", values, columns)
    structures = {key for key in values if key in FIELDS and FIELDS[key].field.type in STRUCTURES}
    return {key: _meaning(f"values of {key}", cells, key in structures) for key, cells in values.items()}


def _check_keys(option: str, given: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    unknown = sorted(str(key) for key in given if key not in columns)
    if unknown:
        raise InputError(f"{option} has keys that columns does not have: {', '.join(unknown)}.", "Add them to columns.")


def _patterns(columns: Mapping[str, str], patterns: Any) -> dict[str, re.Pattern[str]]:
    """Return the option ``patterns``, compiled. Raises InputError."""
    if not isinstance(patterns, Mapping):
        raise InputError(
            f"patterns is {type_label(patterns)}, but must be a dictionary.", "Example: {'exten': '.*([0-9]{4})'}."
        )
    _check_keys("patterns", patterns, columns)
    return {key: _pattern(f"patterns of {key}", source) for key, source in patterns.items()}


def _pattern(where: str, source: Any) -> re.Pattern[str]:
    if not isinstance(source, str):
        raise InputError(f"{where} is {type_label(source)}, but must be a text.", "Write it in single quotes.")
    try:
        return re.compile(source)
    except (re.error, RecursionError, OverflowError) as error:
        raise InputError(f"{where} is not a regular expression: {error}.", f"It is {source!r}.") from None


def _meaning(where: str, cells: Any, has_structure: bool) -> dict[str, str]:
    if not isinstance(cells, Mapping):
        raise InputError(f"{where} is {type_label(cells)}, but must be a dictionary.", "Example: {'locked': 'false'}.")
    meaning = {}
    for cell, value in cells.items():
        if isinstance(cell, bool):
            raise InputError(
                f"{where} has the key {str(cell).lower()}, which is not a text.",
                "Enclose the key in quotation marks, because YAML reads words such as yes and no as truth values.",
            )
        if isinstance(value, (list, tuple)) or (isinstance(value, Mapping) and not has_structure):
            raise InputError(f"{where} has {type_label(value)} for the cell {cell!r}.", "Give a text.")
        meaning[normal_heading(str(cell))] = _as_cell(value)
    return meaning


def _as_cell(value: Any) -> str:
    """Return a value of YAML as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _removing(sheet: Sheet, empty: str | Mapping[str, str]) -> frozenset[str]:
    """Return the keys whose empty cells remove the value. Raises InputError where that is not possible."""
    of_column = empty if isinstance(empty, Mapping) else {}
    wrong = sorted({str(each) for each in (of_column.values() if of_column else [empty or KEEP])} - {KEEP, REMOVE})
    if wrong:
        raise InputError(f"empty is {wrong[0]!r}, but must be {KEEP} or {REMOVE}.")
    kept = {*(set(sheet.columns) - REMOVABLE), *sheet.identifying}
    if not isinstance(empty, Mapping):
        return frozenset(set(sheet.columns) - kept) if empty == REMOVE else frozenset()
    known = {normal_heading(heading) for heading in sheet.columns.values()}
    unknown = sorted(str(heading) for heading in empty if normal_heading(str(heading)) not in known)
    if unknown:
        raise InputError(f"empty has unknown columns: {', '.join(unknown)}.", f"It takes {', '.join(sorted(known))}.")
    named = {normal_heading(str(heading)) for heading, what in empty.items() if what == REMOVE}
    wanted = {key for key, heading in sheet.columns.items() if normal_heading(heading) in named}
    if wanted & kept:
        heading = sheet.columns[min(wanted & kept)]
        raise InputError(f"An empty cell of the column {heading!r} cannot remove anything.", "Set it to keep.")
    return frozenset(wanted)
