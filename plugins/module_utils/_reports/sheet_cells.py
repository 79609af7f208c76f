# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knows what rows are made of: cells with their texts, and the marks that spreadsheets and exports leave in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .._model.printable import printable
from .._model.texts import plain_text

MARKED_TEXT = re.compile(r"""="(?P<formula>[^"]*)"|'(?P<digits>[+-]?[0-9].*)""")
"""Texts of digits as spreadsheets mark them: ="0042" and '0042. A name may begin with an apostrophe ('t Hooft)."""
FAILED_FORMULA = re.compile(r"#(?:N/A|N/V|NV|[A-Z\u00c0-\u00de0-9/_]{3,}[!?])|#{3,}|Err:[0-9]{3}")
"""What spreadsheets show in place of a value: #N/A, #REF!, #DIV/0!, #NAME?, in their languages."""
NO_VALUES = frozenset({"null", "(null)", "nil", "nan", "none", "undefined", "n/a", "-", "--"})
"""What programs write in place of a value that is missing, in lower case."""
SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+")
"""A long number as a spreadsheet shows it in a narrow column: 3.36123E+10."""
MAY_BE_REAL = frozenset({"firstname", "lastname", "caller_id", "description"})
"""The fields that may have such a text: there are people whose name is Null."""
FORMULA_SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""With these, and their wide forms, a spreadsheet lets a formula begin."""
WRONG_ENCODINGS = ("cp1252", "latin-1")


@dataclass(frozen=True)
class Cell:
    """A cell. text: without blanks at its ends; problem: why it cannot be read, in a sentence; '' if it can.

    more: the texts after the first one, where the cell is a list, as the attributes of a directory can be.
    """

    text: str
    problem: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row. place: where it is, for messages, such as "line 3"."""

    place: str
    cells: tuple[Cell, ...]

    @property
    def texts(self) -> list[str]:
        """Return the texts of the cells."""
        return [cell.text for cell in self.cells]


def meant(text: str) -> str:
    """Return the text that a cell means, without the mark of a spreadsheet."""
    marked = MARKED_TEXT.fullmatch(text)
    if marked is None:
        return text
    return (marked["formula"] if marked["formula"] is not None else marked["digits"]).strip()


def safe_cell(text: str) -> str:
    """Return what to write into a cell for a text, so that no spreadsheet takes it for a formula.

    It has an apostrophe before it then, which ``meant`` removes from numbers, and is one line of printable characters.
    """
    shown = printable(text)
    return f"'{shown}" if shown.lstrip()[:1] in FORMULA_SIGNS else shown


def explain_mark(key: str, text: str, is_secret: bool = False) -> str:
    """Return why a text is no value of a field, to follow its column; '' if it may be one. A secret is not shown."""
    if is_secret:
        return "the cell has an error of a formula. Write the value." if FAILED_FORMULA.fullmatch(text) else ""
    if FAILED_FORMULA.fullmatch(text):
        return f"{text!r} is an error of a formula. Correct the formula, or write the value."
    if key not in MAY_BE_REAL and SCIENTIFIC.fullmatch(text):
        return f"{text!r} is how a spreadsheet shortens a long number. Format the column as text, and write the number."
    if key not in MAY_BE_REAL and text.casefold() in NO_VALUES:
        return f"{text!r} stands for a missing value. Leave the cell empty, or write the value."
    return ""


def decoded_again(text: str) -> str:
    """Return what a text should be that was read in a wrong encoding and saved; '' if it was not."""
    for encoding in () if text.isascii() else WRONG_ENCODINGS:
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def normal_heading(text: str) -> str:
    """Return a heading without regard to case, and to blanks and line breaks in it."""
    return " ".join(plain_text(text).casefold().split())
