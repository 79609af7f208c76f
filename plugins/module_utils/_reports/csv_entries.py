# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a table of a personnel system or a spreadsheet as entries. Errors name the line and the column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import InputError
from .._model.resources import USER

Entry = dict[str, Any]

COLUMNS = {
    "firstname": "firstname",
    "lastname": "lastname",
    "exten": "number",
    "incall": "direct number",
    "userfield": "id",
}
"""{what an entry needs: default heading of its column}."""
TEXTS = tuple(each.name for each in USER.fields if each.type == "str" and not each.secret)
NUMBERS = ("exten", "incall")
OTHERS = ("voicemail_email", "state")
STATES = ("present", "absent")
DELIMITERS = ",;\t|"
SHOWN_PROBLEMS = 20


@dataclass
class CsvTable:
    """What the columns of a file mean. contexts: of exten and incall. match: whether userfield identifies the user."""

    name: str
    columns: Mapping[str, str]
    contexts: Mapping[str, str]
    match: bool
    problems: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def complain(self, line: int, key: str, text: str) -> None:
        column = f", column {self.columns[key]!r}" if key else ""
        self.problems.append(f"{self.name}, line {line}{column}: {text}")


def entries_of_csv(
    text: str,
    columns: Mapping[str, str] | None = None,
    context: str = "default",
    incall_context: str = "from-extern",
    match: bool = True,
    name: str = "CSV",
) -> list[Entry]:
    """Return the entries of a table whose first line has the headings.

    columns: {what an entry needs: heading}; match: the userfield identifies the user, so that names may change.
    Raises InputError with all problems of the file, each with its line and column.
    """
    if any("\ud800" <= character <= "\udfff" or character == "\ufffd" for character in text):
        raise InputError(f"{name} is not UTF-8.", "Save it as 'CSV UTF-8'.")
    text = text.lstrip("\ufeff")
    table = CsvTable(name, dict(columns or COLUMNS), {"exten": context, "incall": incall_context}, match)
    rows = _rows(text)
    head = next(rows, (1, []))[1]
    _check_head(table, head)
    entries = [] if table.problems else [_entry(table, line, row) for line, row in _records(table, head, rows)]
    if table.problems:
        more = len(table.problems) - SHOWN_PROBLEMS
        listed = [*table.problems[:SHOWN_PROBLEMS], *([f"... and {more} more"] if more > 0 else [])]
        raise InputError("\n".join(listed))
    return entries


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) of each row that is not empty."""
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def _check_head(table: CsvTable, head: list[str]) -> None:
    known = (*TEXTS, *NUMBERS, *OTHERS)
    unknown = sorted(set(table.columns) - set(known))
    if unknown:
        raise InputError(f"columns has unknown keys: {', '.join(unknown)}.", f"It takes {', '.join(known)}.")
    if "firstname" not in table.columns:
        raise InputError("columns has no firstname.", "Every user needs one.")
    if table.match and "userfield" not in table.columns:
        raise InputError("columns has no userfield, and match needs it.", "Name its column, or set match to false.")
    for key, heading in table.columns.items():
        count = head.count(heading)
        if count != 1:
            missing = f"there is no such column, only {', '.join(head) or 'none'}."
            table.complain(1, key, f"{count} columns have this heading." if count else missing)


def _records(
    table: CsvTable, head: list[str], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, dict[str, str]]]:
    places = {key: head.index(heading) for key, heading in table.columns.items()}
    for line, cells in rows:
        if len(cells) != len(head):
            text = (
                f"{len(cells)} cells, but the first line has {len(head)}. Put cells that hold a separator into quotes."
            )
            table.complain(line, "", text)
        else:
            yield line, {key: cells[place] for key, place in places.items() if cells[place]}


def _entry(table: CsvTable, line: int, row: Mapping[str, str]) -> Entry:
    """Return the entry of a row; what an empty cell is about is left as it is on the server."""
    _check_row(table, line, row)
    user = {name: row[name] for name in TEXTS if name in row and not (table.match and name == "userfield")}
    entry: Entry = {"match": {"userfield": row.get("userfield", "")}} if table.match else {}
    entry["user"] = user
    for key, part in (("exten", "extension"), ("incall", "incall")):
        if key in row:
            entry[part] = {"exten": row[key], "context": table.contexts[key]}
    if "voicemail_email" in row:
        entry["voicemail"] = {"email": row["voicemail_email"]}
    if row.get("state") == "absent":
        entry["state"] = "absent"
    return entry


def _check_row(table: CsvTable, line: int, row: Mapping[str, str]) -> None:
    for key in ("firstname", *(("userfield",) if table.match else ())):
        if key not in row:
            table.complain(line, key, "the cell is empty, but a value is required.")
    for key in NUMBERS:
        if key in row and not (row[key].isascii() and row[key].isdigit()):
            table.complain(line, key, f"{row[key]!r} is not a number. Write digits only.")
    if row.get("state", "present") not in STATES:
        table.complain(line, "state", f"{row['state']!r} is neither {' nor '.join(STATES)}.")
    for key in (*NUMBERS, *(("userfield",) if table.match else ())):
        leaves = row.get("state") == "absent" and key in NUMBERS
        if key in row and not leaves:
            first = table.seen.setdefault((key, row[key]), line)
            if first != line:
                table.complain(line, key, f"line {first} has the same value {row[key]!r}. Give each value once.")
