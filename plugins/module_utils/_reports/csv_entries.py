# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a table of a personnel system or a spreadsheet as entries. Errors name the line and the column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import InputError, InputListError
from .._model.printable import printable
from .._model.texts import counted
from .csv_cells import decoded_again, explain_mark, meant
from .csv_columns import FIELDS, SEPARATOR, name_of
from .csv_table import MisreadError, Reader, Row, normal_heading

Entry = dict[str, Any]

COLUMNS = {
    "firstname": "firstname",
    "lastname": "lastname",
    "exten": "number",
    "incall": "direct number",
    "userfield": "id",
}
"""{what an entry needs: default heading of its column}."""
NUMBERS = ("exten", "incall")
RANGES = {"range": "exten", "incall_range": "incall"}
"""{column: the column of numbers that it may stand in for}. Its cells are ranges to choose a free number from."""
CONTEXTS = {"context": "exten", "incall_context": "incall"}
"""{column: the column of numbers whose context its cells are}."""
OTHERS = (*NUMBERS, *RANGES, *CONTEXTS, "name", "state")
STATES = ("present", "absent")
KEEP, REMOVE = "keep", "remove"
REMOVABLE = frozenset({"incall", *(key for key, column in FIELDS.items() if column.removable)})
"""Columns whose empty cells can remove something. For the others, an entry has no way to say so."""
SHOWN_PROBLEMS = 20


@dataclass
class CsvTable:
    """What the columns of a file mean. contexts: of exten and incall. match: whether userfield identifies the user.

    removing: the keys whose empty cells remove the value on the server. places: {key: index of its cell}.
    """

    name: str
    columns: Mapping[str, str]
    contexts: Mapping[str, str]
    match: bool
    removing: frozenset[str] = frozenset()
    headings: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def identifying(self) -> tuple[str, ...]:
        """Return the keys whose cells must not be empty."""
        named = "name" if "name" in self.columns else "firstname"
        return (named, "userfield") if self.match else (named,)

    def complain(self, line: int, key: str, text: str) -> None:
        """Add a problem of a cell."""
        self.problems.append(self._said(line, self.columns[key], text))

    def complain_of_place(self, line: int, place: int, text: str) -> None:
        """Add a problem of the cell with an index, which may be beyond the headings."""
        named = self.headings[place : place + 1] or [""]
        self.problems.append(self._said(line, named[0] or place + 1, text))

    def warn(self, line: int, key: str, text: str) -> None:
        """Add a warning about a cell."""
        self.warnings.append(self._said(line, self.columns[key], text))

    def _said(self, line: int, column: str | int, text: str) -> str:
        return f"{self.name}, line {line}, column {column!r}: {text}"


def entries_of_csv(
    text: str,
    columns: Mapping[str, str] | None = None,
    context: str = "default",
    incall_context: str = "from-extern",
    match: bool = True,
    name: str = "CSV",
    empty: str | Mapping[str, str] = KEEP,
    warn: Callable[[str], Any] | None = None,
) -> list[Entry]:
    """Return the entries of a table whose first row has the headings.

    columns: {what an entry needs: heading}; match: the userfield identifies the user, so that names may change; empty:
    what an empty cell does with the value on the server, "keep" or "remove", or {heading: one of the two}; warn: called
    with each warning.
    Raises InputError with all problems of the file, each with its line and column.
    """
    if any("\ud800" <= character <= "\udfff" or character == "\ufffd" for character in text):
        raise InputError(f"{name} is not UTF-8.", "Save it as 'CSV UTF-8'.")
    table = CsvTable(name, dict(columns or COLUMNS), {"exten": context, "incall": incall_context}, match)
    _check_columns(table)
    table.removing = _removing(table, empty)
    reader = Reader(text.lstrip("\ufeff"), table.columns.values())
    entries: list[Entry] = []
    try:
        rows = reader.rows()
        _find_columns(table, next(rows, Row(1, ())))
        reader.width = len(table.headings)
        entries = [] if table.problems else [_entry(table, line, row) for line, row in _records(table, rows)]
    except MisreadError as error:
        table.complain_of_place(error.line, error.place, error.problem)
    if table.problems:
        raise InputListError(_shortened(table.problems))
    if warn:
        for warning in _shortened(table.warnings):
            warn(printable(warning))
    return entries


def _shortened(texts: list[str]) -> list[str]:
    more = len(texts) - SHOWN_PROBLEMS
    return [*texts[:SHOWN_PROBLEMS], *([f"... and {more} more"] if more > 0 else [])]


# Columns


def _check_columns(table: CsvTable) -> None:
    known = (*FIELDS, *OTHERS)
    unknown = sorted(set(table.columns) - set(known))
    if unknown:
        raise InputError(f"columns has unknown keys: {', '.join(unknown)}.", f"It takes {', '.join(known)}.")
    unnamed = sorted(key for key, heading in table.columns.items() if not isinstance(heading, str))
    if unnamed:
        raise InputError(f"columns has no heading for {', '.join(unnamed)}.", "Leave out what the file does not have.")
    if {"firstname", "name"}.isdisjoint(table.columns):
        raise InputError("columns has neither firstname nor name.", "Every user needs one of them.")
    if "name" in table.columns and not {"firstname", "lastname"}.isdisjoint(table.columns):
        raise InputError(
            "columns has name, and firstname or lastname as well.",
            "Give name for the full name in one column, or firstname and lastname.",
        )
    if table.match and "userfield" not in table.columns:
        raise InputError("columns has no userfield, and match needs it.", "Name its column, or set match to false.")


def _removing(table: CsvTable, empty: str | Mapping[str, str]) -> frozenset[str]:
    """Return the keys whose empty cells remove the value. Raises InputError where that is not possible."""
    of_column = empty if isinstance(empty, Mapping) else {}
    wrong = sorted({str(each) for each in (of_column.values() if of_column else [empty or KEEP])} - {KEEP, REMOVE})
    if wrong:
        raise InputError(f"empty is {wrong[0]!r}, but must be {KEEP} or {REMOVE}.")
    kept = {*(set(table.columns) - REMOVABLE), *table.identifying}
    if not isinstance(empty, Mapping):
        return frozenset(set(table.columns) - kept) if empty == REMOVE else frozenset()
    keys = {normal_heading(heading): key for key, heading in table.columns.items()}
    unknown = sorted(str(heading) for heading in empty if normal_heading(str(heading)) not in keys)
    if unknown:
        raise InputError(f"empty has unknown columns: {', '.join(unknown)}.", f"It takes {', '.join(keys)}.")
    wanted = {keys[normal_heading(heading)] for heading, what in empty.items() if what == REMOVE}
    if wanted & kept:
        heading = table.columns[min(wanted & kept)]
        raise InputError(f"An empty cell of the column {heading!r} cannot remove anything.", "Set it to keep.")
    return frozenset(wanted)


def _find_columns(table: CsvTable, head: Row) -> None:
    """Find the column of each heading: the heading itself, or the same one in another case."""
    table.headings = head.texts
    normal = [normal_heading(each) for each in table.headings]
    for key, heading in table.columns.items():
        found = [place for place, each in enumerate(table.headings) if each == heading] or [
            place for place, each in enumerate(normal) if each == normal_heading(heading)
        ]
        if len(found) == 1:
            table.places[key] = found[0]
        else:
            missing = f"there is no such column, only {', '.join(table.headings) or 'none'}."
            table.complain(head.line, key, f"{len(found)} columns have this heading." if found else missing)


# Rows


def _records(table: CsvTable, rows: Iterator[Row]) -> Iterator[tuple[int, dict[str, str]]]:
    width = len(table.headings)
    for row in rows:
        count = len(row.cells)
        if count < width:
            text = f"{counted(count, 'cell')}, but there are {width} headings. Add the missing cells."
            table.complain_of_place(row.line, count, text)
        elif any(row.texts[width:]):
            text = f"{count} cells, but there are {width} headings. Enclose a cell with a separator in quotation marks."
            table.complain_of_place(row.line, width, text)
        else:
            yield row.line, _values(table, row)


def _values(table: CsvTable, row: Row) -> dict[str, str]:
    """Return {key: text} of the cells that are not empty. Marks of spreadsheets are removed or become problems."""
    values = {}
    for key, place in table.places.items():
        cell = row.cells[place]
        text = meant(cell.text)
        is_secret = key in FIELDS and FIELDS[key].field.secret
        problem = "the quotation mark is not closed. Close or remove it." if cell.has_stray_quote else ""
        problem = problem or explain_mark(key, text, is_secret)
        if problem:
            table.complain(row.line, key, problem)
        if not is_secret and decoded_again(text):
            said = f"{text!r} looks like {decoded_again(text)!r} saved in the wrong encoding."
            table.warn(row.line, key, said)
        if text:
            values[key] = text
    return values


def _entry(table: CsvTable, line: int, row: Mapping[str, str]) -> Entry:
    """Return the entry of a row."""
    _check_row(table, line, row)
    entry: Entry = {"match": {"userfield": row.get("userfield", "")}} if table.match else {}
    entry["user"] = name_of(row["name"]) if "name" in row else {}
    for key, text in row.items():
        if key in FIELDS and not (table.match and key == "userfield"):
            try:
                FIELDS[key].put(entry, FIELDS[key].value_of(text))
            except InputError as error:
                table.complain(line, key, str(error))
    if row.get("state") == "absent":
        entry["state"] = "absent"
    else:
        for key in table.removing - row.keys() - {"incall"}:
            FIELDS[key].put(entry, FIELDS[key].empty)
    return {**entry, **_numbers(table, row)}


def _numbers(table: CsvTable, row: Mapping[str, str]) -> Entry:
    """Return the keys of an entry about its numbers."""
    entry: Entry = {}
    internal = _number(table, row, "exten", "context", "range")
    if internal:
        # More than one was complained of.
        entry["extension"] = internal[0]
    direct = _number(table, row, "incall", "incall_context", "incall_range")
    if len(direct) == 1:
        entry["incall"] = direct[0]
    elif direct or ("incall" in table.removing and row.get("state") != "absent"):
        entry["incalls"] = direct
    return entry


def _number(table: CsvTable, row: Mapping[str, str], exten: str, context: str, chosen: str) -> list[Entry]:
    """Return the numbers of a row in the column ``exten``, or the range to choose one from; none if both are empty."""
    where = {"context": row.get(context, table.contexts[exten])}
    numbers: list[Entry] = [{"exten": each, **where} for each in _several(row.get(exten, ""))]
    return numbers or ([{"range": row[chosen], **where}] if chosen in row else [])


def _several(text: str) -> list[str]:
    return [each.strip() for each in text.split(SEPARATOR) if each.strip()]


def _check_row(table: CsvTable, line: int, row: Mapping[str, str]) -> None:
    for key in table.identifying:
        if key not in row:
            table.complain(line, key, "the cell is empty, but a value is required.")
    for key in NUMBERS:
        for number in _several(row.get(key, "")):
            if not (number.isascii() and number.isdigit()):
                table.complain(line, key, f"{number!r} is not a number. Write digits only.")
    if len(_several(row.get("exten", ""))) > 1:
        table.complain(line, "exten", f"{row['exten']!r} is more than one number. A user has one internal number.")
    if row.get("state", "present") not in STATES:
        table.complain(line, "state", f"{row['state']!r} is neither {' nor '.join(STATES)}.")
    _refuse_repeated(table, line, row)


def _refuse_repeated(table: CsvTable, line: int, row: Mapping[str, str]) -> None:
    for key in (*NUMBERS, *(("userfield",) if table.match else ())):
        if row.get("state") == "absent" and key in NUMBERS:
            continue
        for value in _several(row.get(key, "")) if key in NUMBERS else filter(None, [row.get(key)]):
            # The same number may exist in several contexts.
            context = next((row[each] for each, numbers in CONTEXTS.items() if numbers == key and each in row), "")
            first = table.seen.setdefault((key, value, context), line)
            if first != line:
                table.complain(line, key, f"line {first} has the same value {value!r}. Give each value once.")
