# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes entries of the rows of a table. Mistakes become problems of the sheet, with their line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from .._model.errors import InputError
from .._model.numbers import parse_range
from .._model.texts import counted
from .csv_cells import decoded_again, explain_mark, meant
from .csv_columns import FIELDS, STATES, WHETHER, name_of, several, truth
from .csv_sheet import NUMBERS, CsvSheet
from .csv_table import Row

Entry = dict[str, Any]


def entry_of(sheet: CsvSheet, row: Row) -> Entry:
    """Return the entry of a row that has a cell for each heading."""
    values = _values(sheet, row)
    _check_row(sheet, row.line, values)
    entry: Entry = {"match": {"userfield": values.get("userfield", "")}} if sheet.match else {}
    entry["user"] = {}
    _put_parts(sheet, row.line, values, entry)
    for key, name, text in _fields(sheet, values):
        column = FIELDS[name]
        column.put(entry, _typed(sheet, row.line, key, partial(column.value_of, separator=sheet.separator), text))
    if values.get("state") == "absent":
        entry["state"] = "absent"
    else:
        for key in sheet.removing - values.keys() - {"incall"}:
            FIELDS[key].put(entry, FIELDS[key].empty)
    return {**entry, **_numbers(sheet, row.line, values)}


def _values(sheet: CsvSheet, row: Row) -> dict[str, str]:
    """Return {key: text} of the cells that are not empty. Marks of spreadsheets are removed or become problems."""
    values = {}
    for key, place in sheet.places.items():
        cell = row.cells[place]
        text = sheet.translated(key, meant(cell.text))
        is_secret = key in FIELDS and FIELDS[key].field.secret
        problem = "the quotation mark is not closed. Close or remove it." if cell.has_stray_quote else ""
        problem = problem or explain_mark(key, text, is_secret)
        if problem:
            sheet.complain(row.line, key, problem)
        if not is_secret and decoded_again(text):
            said = f"{text!r} looks like {decoded_again(text)!r} saved in the wrong encoding."
            sheet.warn(row.line, key, said)
        if text:
            values[key] = text
    return values


def _fields(sheet: CsvSheet, values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (key of the column, key in FIELDS, text) of the values of fields. A full name has two of them."""
    for key, text in values.items():
        if key == "name":
            yield from ((key, part, name) for part, name in name_of(text, sheet.last_name_first).items())
        elif key in FIELDS and not (sheet.match and key == "userfield"):
            yield key, key, text


def _put_parts(sheet: CsvSheet, line: int, values: dict[str, str], entry: Entry) -> None:
    """Put what the user has, and nothing but that, into the entry; take the values of what the user has not away."""
    for part in WHETHER:
        has_part = _typed(sheet, line, part, truth, values[part]) if part in values else None
        if has_part:
            entry[part] = {}
        elif has_part is False:
            for key in [key for key in values if key.startswith(f"{part}.")]:
                del values[key]


# Numbers


def _numbers(sheet: CsvSheet, line: int, values: Mapping[str, str]) -> Entry:
    """Return the keys of an entry about its numbers."""
    entry: Entry = {}
    internal = _chosen(sheet, line, values, "exten")
    if internal:
        # More than one was complained of.
        entry["extension"] = internal[0]
    direct = _chosen(sheet, line, values, "incall")
    if len(direct) == 1:
        entry["incall"] = direct[0]
    elif direct or ("incall" in sheet.removing and values.get("state") != "absent"):
        entry["incalls"] = direct
    return entry


def _chosen(sheet: CsvSheet, line: int, values: Mapping[str, str], key: str) -> list[Entry]:
    """Return the numbers of a row in a column, or the ranges to choose them from; none if both are empty."""
    context, chosen, commented = NUMBERS[key]
    name, source = ("exten", key) if key in values else ("range", chosen)
    texts = several(values.get(source, ""), sheet.separator)
    contexts = several(values[context], sheet.separator) if context in values else [sheet.contexts[key]]
    if texts and len(contexts) not in (1, len(texts)):
        counts = f"{counted(len(contexts), 'context')} for {counted(len(texts), 'number')}."
        sheet.complain(line, context, f"{counts} Write one context for all numbers, or one for each.")
        return []
    contexts = contexts * len(texts) if len(contexts) == 1 else contexts
    numbers: list[Entry] = [{name: text, "context": where} for text, where in zip(texts, contexts)]
    if commented in values:
        flag = _typed(sheet, line, commented, truth, values[commented])
        numbers = [{**number, "commented": flag} for number in numbers]
    for number in numbers if name == "range" else ():
        _typed(sheet, line, chosen, lambda text: parse_range(text, "", "the range"), number["range"])
    return numbers


def _typed(sheet: CsvSheet, line: int, key: str, parse: Callable[[str], Any], text: str) -> Any:
    """Return what a function makes of a cell. An InputError becomes a problem of the cell, and the value None."""
    try:
        return parse(text)
    except InputError as error:
        sheet.complain(line, key, str(error))
        return None


# Checks


def _check_row(sheet: CsvSheet, line: int, values: Mapping[str, str]) -> None:
    for key in sheet.identifying:
        if key not in values:
            sheet.complain(line, key, "the cell is empty, but a value is required.")
    if "name" in values and not name_of(values["name"]):
        sheet.complain(line, "name", f"{values['name']!r} contains no name.")
    for key in NUMBERS:
        _check_numbers(sheet, line, values, key)
    if values.get("state", "present") not in STATES:
        sheet.complain(line, "state", f"{values['state']!r} is neither {' nor '.join(STATES)}.")
    _refuse_repeated(sheet, line, values)


def _check_numbers(sheet: CsvSheet, line: int, values: Mapping[str, str], key: str) -> None:
    context, chosen, _commented = NUMBERS[key]
    found = {each: several(values[each], sheet.separator) for each in (key, chosen, context) if each in values}
    for each, texts in found.items():
        if not texts:
            sheet.complain(line, each, f"{values[each]!r} has no value. Leave the cell empty, or write the values.")
        elif len(texts) > 1 and each in ("exten", "range"):
            what = "number" if each == "exten" else "range"
            said = f"{values[each]!r} is more than one {what}. A user has one internal number."
            sheet.complain(line, each, said)
    for number in found.get(key, ()):
        if not (number.isascii() and number.isdigit()):
            sheet.complain(line, key, f"{number!r} is not a number. {_advice_on_number(number, key, sheet.separator)}")


def _advice_on_number(number: str, key: str, separator: str) -> str:
    """Return what to write in place of a text that is not a number, which can be several in one cell."""
    other = next((sign for sign in ";,|/" if sign in number), "")
    if key != "incall" or not other or not all(each.strip().isdigit() for each in number.split(other)):
        return "Write digits only."
    return f"Separate several numbers by {separator!r}, or set separator to {other!r}."


def _refuse_repeated(sheet: CsvSheet, line: int, values: Mapping[str, str]) -> None:
    for key, (context, _range, _commented) in NUMBERS.items():
        if values.get("state") != "absent":
            # The same number may exist in several contexts.
            where = values.get(context, sheet.contexts[key])
            for number in several(values.get(key, ""), sheet.separator):
                _refuse_second(sheet, line, key, number, where)
    if sheet.match and "userfield" in values:
        _refuse_second(sheet, line, "userfield", values["userfield"])


def _refuse_second(sheet: CsvSheet, line: int, key: str, value: str, where: str = "") -> None:
    first = sheet.seen.setdefault((key, value, where), line)
    if first != line:
        sheet.complain(line, key, f"line {first} has the same value {value!r}. Give each value once.")
