# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a table of a personnel system or a spreadsheet as entries. Errors name the line and the column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._model.errors import InputError, InputListError
from .._model.printable import printable
from .._model.texts import counted
from .csv_columns import SEPARATOR
from .csv_rows import Entry, entry_of
from .csv_sheet import COLUMNS, KEEP, NAME_ORDERS, CsvSheet, sheet_of
from .csv_table import MisreadError, Reader, Row, normal_heading

SHOWN_PROBLEMS = 20


def entries_of_csv(
    text: str,
    columns: Mapping[str, str] | None = None,
    context: str = "default",
    incall_context: str = "from-extern",
    match: bool = True,
    name: str = "CSV",
    empty: str | Mapping[str, str] = KEEP,
    warn: Callable[[str], Any] | None = None,
    *,
    separator: str = SEPARATOR,
    name_order: str = NAME_ORDERS[0],
    values: Mapping[str, Mapping[Any, Any]] | None = None,
    tell: Callable[[str], Any] | None = None,
) -> list[Entry]:
    """Return the entries of a table whose first row has the headings.

    columns: {what an entry needs: heading}; match: the userfield identifies the user, so that names may change, unless
    columns of match do; empty: what an empty cell does with the value on the server, "keep" or "remove", or {heading:
    one of the two}; separator: between several values in a cell; name_order: of full names without comma; values:
    {key of a column: {cell: what it means}}; warn: called with each warning; tell: called with what is not read.
    Raises InputError with all problems of the file, each with its line and column.
    """
    contexts = {"exten": context, "incall": incall_context}
    sheet = sheet_of(dict(columns or COLUMNS), name, contexts, match, empty, separator, name_order, values or {})
    entries = _read(sheet, text)
    if warn:
        for warning in _shortened(sheet.warnings):
            warn(printable(warning))
    if tell and sheet.unused:
        tell(printable(f"{name}: columns that are not read: {', '.join(sheet.unused)}."))
    return entries


def _read(sheet: CsvSheet, text: str) -> list[Entry]:
    """Return the entries of a table. Raises InputError with all problems of the file."""
    if any("\ud800" <= character <= "\udfff" or character == "\ufffd" for character in text):
        raise InputError(f"{sheet.name} is not UTF-8.", "Save it as 'CSV UTF-8'.")
    reader = Reader(text.lstrip("\ufeff"), sheet.columns.values())
    entries: list[Entry] = []
    try:
        rows = reader.rows()
        _find_columns(sheet, next(rows, Row(1, ())))
        reader.width = len(sheet.headings)
        entries = [] if sheet.problems else [entry_of(sheet, row) for row in _complete(sheet, rows)]
    except MisreadError as error:
        sheet.complain_of_place(error.line, error.place, error.problem)
    if sheet.problems:
        raise InputListError(_shortened(sheet.problems))
    return entries


def _shortened(texts: list[str]) -> list[str]:
    more = len(texts) - SHOWN_PROBLEMS
    return [*texts[:SHOWN_PROBLEMS], *([f"... and {more} more"] if more > 0 else [])]


def _find_columns(sheet: CsvSheet, head: Row) -> None:
    """Find the column of each heading: the heading itself, or the same one in another case."""
    sheet.headings = head.texts
    normal = [normal_heading(each) for each in sheet.headings]
    # Once, because the list can be long.
    only = f", only {', '.join(filter(None, sheet.headings)) or 'none'}"
    for key, heading in sheet.columns.items():
        found = [place for place, each in enumerate(sheet.headings) if each == heading] or [
            place for place, each in enumerate(normal) if each == normal_heading(heading)
        ]
        if len(found) == 1:
            sheet.places[key] = found[0]
        elif found:
            sheet.complain(head.line, key, f"{len(found)} columns have this heading.")
        else:
            sheet.complain(head.line, key, f"there is no such column{only}.")
            only = ""


def _complete(sheet: CsvSheet, rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows that have a cell for each heading."""
    width = len(sheet.headings)
    for row in rows:
        count = len(row.cells)
        if count < width:
            text = f"{counted(count, 'cell')}, but there are {width} headings. Add the missing cells."
            sheet.complain_of_place(row.line, count, text)
        elif any(row.texts[width:]):
            text = f"{count} cells, but there are {width} headings. Enclose a cell with a separator in quotation marks."
            sheet.complain_of_place(row.line, width, text)
        else:
            yield row
