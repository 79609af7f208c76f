# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the cells of a row that is a dictionary, as directories, interfaces and databases return them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from .._model.errors import InputError
from .._model.texts import plain_text
from .sheet_cells import Cell, normal_heading

LARGEST_NUMBER = 10**100
"""Longer than every number and id. Python refuses to write numbers of thousands of digits."""
LARGEST_EXACT = 2**53
"""Up to here, every whole number has a float of its own."""


def values_at(value: Any, path: str) -> list[Any]:
    """Return what a heading leads to in a row: a key, or keys with dots between them; [] if there is no such key.

    Of a list, a number is one element, from 0, and a key is that of all elements. A value that is no list counts as a
    list of one: where an attribute has one value, directories return it without a list. Raises InputError.
    """
    step, dot, rest = path.partition(".")
    if isinstance(value, Mapping):
        keys = _keys_called(value, path)
        if keys or not dot:
            return [value[key] for key in keys]
        return [found for key in _keys_called(value, step) for found in values_at(value[key], rest)]
    elements = value if isinstance(value, (list, tuple)) else [value]
    if not (step.isascii() and step.isdigit()):
        return [found for each in elements if isinstance(each, Mapping) for found in values_at(each, path)]
    chosen = elements[int(step) :][:1]
    return [found for each in chosen for found in values_at(each, rest)] if dot else list(chosen)


def cell_of(values: list[Any], takes_dictionary: bool = False) -> Cell:
    """Return the cell that has some values. Null and empty texts count as missing."""
    try:
        texts = [text for text in (_text_of(each, takes_dictionary) for each in _flat(values)) if text]
    except InputError as error:
        return Cell("", str(error))
    return Cell(texts[0], more=tuple(texts[1:])) if texts else Cell("")


def _keys_called(row: Mapping[Any, Any], wanted: str) -> list[Any]:
    """Return the key with a name, in a list: the name itself, or the same one in another case. Raises InputError."""
    if wanted in row:
        return [wanted]
    keys = [key for key in row if normal_heading(str(key)) == normal_heading(wanted)]
    if len(keys) > 1:
        raise InputError(f"the row has {', '.join(map(repr, keys))}.", "Write the name of the column as one of them.")
    return keys


def _flat(values: list[Any]) -> Iterator[Any]:
    for each in values:
        if isinstance(each, (list, tuple)):
            yield from _flat(list(each))
        else:
            yield each


def _text_of(value: Any, takes_dictionary: bool) -> str:
    """Return a value as the text of a cell. Raises InputError for a value that has none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        return _digits(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _of_dictionary(value, takes_dictionary)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        raise InputError(f"the value is of the type {type(value).__name__}, but must be a text.")
    if "\0" in value or any("\ud800" <= sign <= "\udfff" or sign == "\ufffd" for sign in value):
        raise InputError(
            "the value is not a text in UTF-8.", "Read binary attributes in Base64: ldap_search has base64_attributes."
        )
    return plain_text(value.strip())


def _digits(number: float | Decimal) -> str:
    """Return a number as it is written. Databases have whole numbers with a decimal point as well: 1201.0."""
    is_finite = number.is_finite() if isinstance(number, Decimal) else isinstance(number, int) or math.isfinite(number)
    if not is_finite:
        return "nan"
    if isinstance(number, float) and abs(number) >= LARGEST_EXACT:
        raise InputError(f"{number!r} is not exact.", "Read the number as a text.")
    if not -LARGEST_NUMBER < number < LARGEST_NUMBER:
        raise InputError("the number has too many digits.", "Read the number as a text.")
    return str(int(number)) if number == int(number) else str(number)


def _of_dictionary(value: Mapping[Any, Any], takes_dictionary: bool) -> str:
    if takes_dictionary:
        return json.dumps(dict(value))
    keys = ", ".join(map(repr, map(str, value))) or "none"
    raise InputError(f"the value is a dictionary with the keys {keys}.", "Add a dot and the key to the column.")
