# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes entries of rows that are dictionaries. Errors name the row and the column, as those of a file do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from .._model.errors import InputError
from .._model.printable import one_line
from .._model.texts import type_label
from .row_cells import cell_of, values_at
from .sheet import Sheet, sheet_of
from .sheet_cells import Cell, Row, normal_heading
from .sheet_columns import FIELDS, MATCH, STRUCTURES
from .sheet_rows import Entry, entry_of

DISTINGUISHED_NAMES = ("dn", "DistinguishedName", "distinguishedName")
"""The keys that say where a row is in a directory."""
LONGEST_PLACE = 60


def entries_of_rows(
    rows: Any,
    columns: Mapping[str, str] | None = None,
    *,
    name: str = "rows",
    optional: Collection[str] = (),
    warn: Callable[[str], Any] | None = None,
    tell: Callable[[str], Any] | None = None,
    **options: Any,
) -> list[Entry]:
    """Return the entries of a list of dictionaries, whose keys are the headings.

    optional: headings that no row needs to have; columns, options: those of ``sheet_of``; warn: called with each
    warning; tell: called with what is not read. Raises InputError with all problems, each with its row and column.
    """
    sheet = sheet_of(name, columns, **options)
    rows = _checked_rows(name, rows)
    needed = _needed(sheet, optional)
    sheet.headings = [*sheet.columns.values(), *_other_keys(sheet, rows)]
    sheet.places = {key: index for index, key in enumerate(sheet.columns)}
    read = [_row_of(sheet, number, row, needed) for number, row in enumerate(rows, start=1)]
    if rows and needed:
        _complain_of_missing(sheet, needed, rows)
    entries = [] if sheet.problems else [entry_of(sheet, row) for row in read]
    sheet.check(warn, tell)
    return entries


def _checked_rows(name: str, rows: Any) -> list[Mapping[Any, Any]]:
    """Return the rows as a list. Filters such as selectattr return an iterator. Raises InputError for no rows."""
    if isinstance(rows, Mapping):
        keys = [str(key) for key, value in rows.items() if isinstance(value, (list, tuple))]
        hint = f"It has lists in the keys {', '.join(map(repr, keys))}." if keys else "Put a single row into a list."
        raise InputError(f"{name} is a dictionary, but must be a list of dictionaries.", hint)
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        hint = "Use csv_entries for the text of a CSV file, and from_json for JSON." if isinstance(rows, str) else ""
        raise InputError(f"{name} is {type_label(rows)}, but must be a list of dictionaries.", hint)
    read: list[Mapping[Any, Any]] = list(rows)
    for number, row in enumerate(read, start=1):
        if not isinstance(row, Mapping):
            hint = "Choose the list in it that has the rows, for example with first." if isinstance(row, list) else ""
            raise InputError(f"{name}, row {number} is {type_label(row)}, but must be a dictionary.", hint)
    return read


def _needed(sheet: Sheet, optional: Collection[str]) -> set[str]:
    """Return the columns that at least one row must have. Raises InputError for an unknown optional one."""
    named = {normal_heading(str(each)) for each in ([optional] if isinstance(optional, str) else optional)}
    known = {normal_heading(heading) for heading in sheet.columns.values()}
    if named - known:
        unknown = ", ".join(sorted(named - known))
        raise InputError(f"optional has unknown columns: {unknown}.", f"It takes {', '.join(sorted(known))}.")
    return {heading for heading in sheet.columns.values() if normal_heading(heading) not in named}


def _other_keys(sheet: Sheet, rows: Iterable[Mapping[Any, Any]]) -> list[str]:
    """Return the keys of all rows that no column begins with."""
    used = {normal_heading(each) for heading in sheet.columns.values() for each in (heading, heading.split(".")[0])}
    keys = dict.fromkeys(str(key) for row in rows for key in row)
    return [key for key in keys if normal_heading(key) not in used]


def _row_of(sheet: Sheet, number: int, row: Mapping[Any, Any], needed: set[str]) -> Row:
    """Return a row with a cell for each column. The columns that it has are no longer needed."""
    cells = {}
    for key, heading in sheet.columns.items():
        try:
            values = values_at(row, heading)
        except InputError as error:
            values, cells[key] = [], Cell("", str(error))
        if values or key in cells:
            needed.discard(heading)
        takes_dictionary = key in FIELDS and FIELDS[key].field.type in STRUCTURES
        cells.setdefault(key, cell_of(values, takes_dictionary))
    named = _name_of(row, cells)
    return Row(f"row {number}{f' ({named})' if named else ''}", tuple(cells.values()))


def _name_of(row: Mapping[Any, Any], cells: Mapping[str, Cell]) -> str:
    """Return what people recognise a row by: its id, its place in the directory or a name; '' if it has none."""
    ids = [cell.text for key, cell in cells.items() if key == "userfield" or key.startswith(MATCH)]
    places = [row[key] for key in DISTINGUISHED_NAMES if isinstance(row.get(key), str)]
    names = [cells[key].text for key in ("name", "lastname", "firstname") if key in cells]
    return one_line(next(filter(None, [*ids, *places, *names]), ""), LONGEST_PLACE)


def _complain_of_missing(sheet: Sheet, needed: set[str], rows: Iterable[Mapping[Any, Any]]) -> None:
    """Add a problem for each column that no row has: its name may be wrong, or the source was not asked for it."""
    # Once, because the list can be long.
    only = f", only {', '.join(dict.fromkeys(str(key) for row in rows for key in row)) or 'none'}"
    for heading in dict.fromkeys(each for each in sheet.columns.values() if each in needed):
        advice = "Correct its name, ask the source for it, or add it to the option optional."
        sheet.problems.append(f"{sheet.name}, column {heading!r}: no row has it{only}. {advice}")
        only = ""
