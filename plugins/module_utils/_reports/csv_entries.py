# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a table of a personnel system or a spreadsheet as entries. Errors name the line and the column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._model.errors import InputError
from .._model.texts import counted
from .csv_table import NO_ROW, MisreadError, Reader
from .sheet import Sheet, sheet_of
from .sheet_cells import Row, normal_heading
from .sheet_rows import Entry, entry_of


def entries_of_csv(
    text: str,
    columns: Mapping[str, str] | None = None,
    *,
    name: str = "CSV",
    warn: Callable[[str], Any] | None = None,
    tell: Callable[[str], Any] | None = None,
    **options: Any,
) -> list[Entry]:
    """Return the entries of a table whose first row has the headings.

    columns, options: those of ``sheet_of``; warn: called with each warning; tell: called with what is not read.
    Raises InputError with all problems of the file, each with its line and column.
    """
    sheet = sheet_of(name, columns, **options)
    entries = _read(sheet, text)
    sheet.check(warn, tell)
    return entries


def _read(sheet: Sheet, text: str) -> list[Entry]:
    """Return the entries of a table. Its problems become problems of the sheet."""
    if any("\ud800" <= character <= "\udfff" or character == "\ufffd" for character in text):
        raise InputError(f"{sheet.name} is not UTF-8.", "Save it as 'CSV UTF-8'.")
    reader = Reader(text.lstrip("\ufeff"), sheet.columns.values())
    entries: list[Entry] = []
    try:
        rows = reader.rows()
        _find_columns(sheet, next(rows, NO_ROW))
        reader.width = len(sheet.headings)
        entries = [] if sheet.problems else [entry_of(sheet, row) for row in _complete(sheet, rows)]
    except MisreadError as error:
        sheet.complain_of_index(error.place, error.index, error.problem)
    return entries


def _find_columns(sheet: Sheet, head: Row) -> None:
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
            sheet.complain(head.place, key, f"{len(found)} columns have this heading.")
        else:
            sheet.complain(head.place, key, f"there is no such column{only}.")
            only = ""


def _complete(sheet: Sheet, rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows that have a cell for each heading."""
    width = len(sheet.headings)
    for row in rows:
        count = len(row.cells)
        if count < width:
            text = f"{counted(count, 'cell')}, but there are {width} headings. Add the missing cells."
            sheet.complain_of_index(row.place, count, text)
        elif any(row.texts[width:]):
            text = f"{count} cells, but there are {width} headings. Enclose a cell with a separator in quotation marks."
            sheet.complain_of_index(row.place, width, text)
        else:
            yield row
