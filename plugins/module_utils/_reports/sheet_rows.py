# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes entries of the rows of a table. Mistakes become problems of the sheet, with their place and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from .._model.errors import InputError
from .._model.numbers import parse_range
from .._model.texts import counted
from .sheet import NUMBERS, SEVERAL, Sheet
from .sheet_cells import Row, decoded_again, explain_mark, meant
from .sheet_columns import FIELDS, STATES, WHETHER, name_of, several, truth

Entry = dict[str, Any]
SHOWN_TEXTS = 3


def entry_of(sheet: Sheet, row: Row) -> Entry:
    """Return the entry of a row that has a cell for each heading."""
    values = _values(sheet, row)
    _check_row(sheet, row.place, values)
    entry: Entry = {"match": {"userfield": values.get("userfield", "")}} if sheet.match else {}
    entry["user"] = {}
    _put_parts(sheet, row.place, values, entry)
    for key, name, text in _fields(sheet, values):
        column = FIELDS[name]
        column.put(entry, _typed(sheet, row.place, key, partial(column.value_of, separator=sheet.separator), text))
    if values.get("state") == "absent":
        entry["state"] = "absent"
    else:
        for key in sheet.removing - values.keys() - {"incall"}:
            FIELDS[key].put(entry, FIELDS[key].empty)
    return {**entry, **_numbers(sheet, row.place, values)}


def _values(sheet: Sheet, row: Row) -> dict[str, str]:
    """Return {key: text} of the cells that are not empty. Several values of a cell are joined by the separator."""
    values = {}
    for key, index in sheet.places.items():
        cell = row.cells[index]
        if cell.problem:
            sheet.complain(row.place, key, cell.problem)
        texts = [_text(sheet, row.place, key, meant(each)) for each in (cell.text, *cell.more)]
        kept = [each for each in texts if each]
        if len(kept) > 1 and key not in SEVERAL:
            sheet.complain(row.place, key, _too_many(sheet, key, kept))
        elif kept:
            values[key] = sheet.separator.join(kept)
    return values


def _text(sheet: Sheet, place: str, key: str, cell: str) -> str:
    """Return what a text of a cell means. Marks of spreadsheets and other mistakes become problems."""
    text, is_secret = sheet.translated(key, cell), _is_secret(key)
    if text is None:
        shown = "the text" if is_secret else repr(cell)
        pattern = sheet.patterns[key].pattern
        sheet.complain(place, key, f"{shown} does not match the pattern {pattern!r}. Correct the text or the pattern.")
        return cell
    problem = explain_mark(key, text, is_secret)
    if problem:
        sheet.complain(place, key, problem)
    if not is_secret and decoded_again(text):
        sheet.warn(place, key, f"{text!r} looks like {decoded_again(text)!r} saved in the wrong encoding.")
    return text


def _is_secret(key: str) -> bool:
    return key in FIELDS and FIELDS[key].field.secret


def _too_many(sheet: Sheet, key: str, texts: list[str]) -> str:
    """Return what is wrong with several texts in a column that takes one, to follow the column."""
    shown = "" if _is_secret(key) else f" ({', '.join(map(repr, texts[:SHOWN_TEXTS]))})"
    advice = f"Choose one, for example with the column {sheet.columns[key] + '.0'!r} for the first one."
    return f"{len(texts)} values{shown}, but the user has one. {advice}"


def _fields(sheet: Sheet, values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (key of the column, key in FIELDS, text) of the values of fields. A full name has two of them."""
    for key, text in values.items():
        if key == "name":
            yield from ((key, part, name) for part, name in name_of(text, sheet.last_name_first).items())
        elif key in FIELDS and not (sheet.match and key == "userfield"):
            yield key, key, text


def _put_parts(sheet: Sheet, place: str, values: dict[str, str], entry: Entry) -> None:
    """Put what the user has, and nothing but that, into the entry; take the values of what the user has not away."""
    for part in WHETHER:
        has_part = _typed(sheet, place, part, truth, values[part]) if part in values else None
        if has_part:
            entry[part] = {}
        elif has_part is False:
            for key in [key for key in values if key.startswith(f"{part}.")]:
                del values[key]


# Numbers


def _numbers(sheet: Sheet, place: str, values: Mapping[str, str]) -> Entry:
    """Return the keys of an entry about its numbers."""
    entry: Entry = {}
    internal = _chosen(sheet, place, values, "exten")
    if internal:
        # More than one was complained of.
        entry["extension"] = internal[0]
    direct = _chosen(sheet, place, values, "incall")
    if len(direct) == 1:
        entry["incall"] = direct[0]
    elif direct or ("incall" in sheet.removing and values.get("state") != "absent"):
        entry["incalls"] = direct
    return entry


def _chosen(sheet: Sheet, place: str, values: Mapping[str, str], key: str) -> list[Entry]:
    """Return the numbers of a row in a column, or the ranges to choose them from; none if both are empty."""
    context, chosen, commented = NUMBERS[key]
    name, source = ("exten", key) if key in values else ("range", chosen)
    texts = several(values.get(source, ""), sheet.separator)
    contexts = several(values[context], sheet.separator) if context in values else [sheet.contexts[key]]
    if texts and len(contexts) not in (1, len(texts)):
        counts = f"{counted(len(contexts), 'context')} for {counted(len(texts), 'number')}."
        sheet.complain(place, context, f"{counts} Write one context for all numbers, or one for each.")
        return []
    contexts = contexts * len(texts) if len(contexts) == 1 else contexts
    numbers: list[Entry] = [{name: text, "context": where} for text, where in zip(texts, contexts)]
    if commented in values:
        flag = _typed(sheet, place, commented, truth, values[commented])
        numbers = [{**number, "commented": flag} for number in numbers]
    for number in numbers if name == "range" else ():
        _typed(sheet, place, chosen, lambda text: parse_range(text, "", "the range"), number["range"])
    return numbers


def _typed(sheet: Sheet, place: str, key: str, parse: Callable[[str], Any], text: str) -> Any:
    """Return what a function makes of a cell. An InputError becomes a problem of the cell, and the value None."""
    try:
        return parse(text)
    except InputError as error:
        sheet.complain(place, key, str(error))
        return None


# Checks


def _check_row(sheet: Sheet, place: str, values: Mapping[str, str]) -> None:
    for key in sheet.identifying:
        if key not in values:
            sheet.complain(place, key, "the cell is empty, but a value is required.")
    if "name" in values and not name_of(values["name"]):
        sheet.complain(place, "name", f"{values['name']!r} contains no name.")
    for key in NUMBERS:
        _check_numbers(sheet, place, values, key)
    if values.get("state", "present") not in STATES:
        sheet.complain(place, "state", f"{values['state']!r} is neither {' nor '.join(STATES)}.")
    _refuse_repeated(sheet, place, values)


def _check_numbers(sheet: Sheet, place: str, values: Mapping[str, str], key: str) -> None:
    context, chosen, _commented = NUMBERS[key]
    found = {each: several(values[each], sheet.separator) for each in (key, chosen, context) if each in values}
    for each, texts in found.items():
        if not texts:
            sheet.complain(place, each, f"{values[each]!r} has no value. Leave the cell empty, or write the values.")
        elif len(texts) > 1 and each in ("exten", "range"):
            what = "number" if each == "exten" else "range"
            said = f"{values[each]!r} is more than one {what}. A user has one internal number."
            sheet.complain(place, each, said)
    for number in found.get(key, ()):
        if not (number.isascii() and number.isdigit()):
            sheet.complain(place, key, f"{number!r} is not a number. {_advice_on_number(number, key, sheet.separator)}")


def _advice_on_number(number: str, key: str, separator: str) -> str:
    """Return what to write in place of a text that is not a number, which can be several in one cell."""
    other = next((sign for sign in ";,|/" if sign in number), "")
    if key != "incall" or not other or not all(each.strip().isdigit() for each in number.split(other)):
        return "Write digits only."
    return f"Separate several numbers by {separator!r}, or set separator to {other!r}."


def _refuse_repeated(sheet: Sheet, place: str, values: Mapping[str, str]) -> None:
    for key, (context, _range, _commented) in NUMBERS.items():
        if values.get("state") != "absent":
            # The same number may exist in several contexts.
            where = values.get(context, sheet.contexts[key])
            for number in several(values.get(key, ""), sheet.separator):
                _refuse_second(sheet, place, key, number, where)
    if sheet.match and "userfield" in values:
        _refuse_second(sheet, place, "userfield", values["userfield"])


def _refuse_second(sheet: Sheet, place: str, key: str, value: str, where: str = "") -> None:
    first = sheet.seen.setdefault((key, value, where), place)
    if first != place:
        sheet.complain(place, key, f"{first} has the same value {value!r}. Give each value once.")
