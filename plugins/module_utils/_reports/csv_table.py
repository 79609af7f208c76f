# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the rows of a table in CSV as it is meant, or says in which line and column that is not certain.

Not with Python's csv: it takes everything after a stray quotation mark for one cell, and quotation marks after a blank
for text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .._model.texts import plain_text
from .sheet_cells import Cell, Row, normal_heading

DELIMITERS = ",;\t|"
MANY = 3
"""So many separators in a line of a quoted cell are hardly text."""
SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?\1*[^\S\n]*(?:\n|\Z)', re.IGNORECASE)
"""A first line by which spreadsheets are told the separator."""
NOT_CLOSED = "the quotation mark is not closed. Close or remove it."


class MisreadError(Exception):
    """What a part of the text means is not certain. line: from 1; index: of the cell in its row."""

    def __init__(self, line: int, index: int, problem: str) -> None:
        super().__init__(problem)
        self.place = _place(line)
        self.index = index
        self.problem = problem


def _place(line: int) -> str:
    return f"line {line}"


NO_ROW = Row(_place(1), ())
"""The head of a text without rows."""


class Reader:
    """Reads the rows of a text that are not empty. width: the number of cells that a row should have, 0 if unknown."""

    def __init__(self, text: str, wanted: Iterable[str]) -> None:
        """Find the separator. wanted: the headings that are needed. Line ends of all systems are read."""
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.width = 0
        self._at, self._line = 0, 1
        named = SEPARATOR_LINE.match(self.text)
        if named:
            self._line += named[0].count("\n")
            self._at = named.end()
        self.delimiter = named[1] if named else self._likely_delimiter({normal_heading(each) for each in wanted})

    def rows(self) -> Iterator[Row]:
        """Yield the rows. Raises MisreadError."""
        while self._at < len(self.text):
            row = self._row()
            if any(row.texts):
                yield row

    def _likely_delimiter(self, wanted: set[str]) -> str:
        """Return the separator with which the first row has most of the wanted headings, then most cells."""
        scores = {}
        for self.delimiter in DELIMITERS:
            try:
                head = next(self.rows(), NO_ROW).texts
            except MisreadError:
                head = self.text.lstrip().split("\n")[0].split(self.delimiter)
            scores[self.delimiter] = (len(wanted & set(map(normal_heading, head))), len(head))
            self._at, self._line = 0, 1
        return max(scores, key=lambda each: scores[each])

    def _row(self) -> Row:
        line = self._line
        cells: list[Cell] = []
        while True:
            cells.append(self._cell(len(cells)))
            ended = self.text[self._at : self._at + 1] != self.delimiter
            self._at += 1
            if ended:
                self._line += 1
                return Row(_place(line), tuple(cells))

    def _cell(self, place: int) -> Cell:
        """Read a cell up to the separator or line end behind it."""
        begin = self._behind_blanks(self._at)
        # Spreadsheets write a text of digits as ="0042".
        opening = begin + 1 if self.text.startswith('="', begin) else begin
        if self.text.startswith('"', opening):
            return self._quoted(opening, place)
        ends = (self.text.find(sign, self._at) for sign in (self.delimiter, "\n"))
        end = min((each for each in ends if each >= 0), default=len(self.text))
        text, self._at = self.text[self._at : end], end
        return Cell(self._stripped(text, place), NOT_CLOSED if text.count('"') % 2 == 1 else "")

    def _quoted(self, opening: int, place: int) -> Cell:
        """Read a cell in quotation marks, in which two of them stand for one."""
        closing = self._closing(opening, place)
        raw = self.text[opening + 1 : closing]
        end = self._behind_blanks(closing + 1)
        last = self._line + raw.count("\n")
        if end < len(self.text) and self.text[end] not in (self.delimiter, "\n"):
            where = f" in line {last}" if last > self._line else ""
            problem = (
                f"text follows the closing quotation mark{where}. Double each quotation mark that is part of the text."
            )
            raise MisreadError(self._line, place, problem)
        if self._holds_rows(raw.split("\n"), place):
            problem = f"the cell contains whole rows up to line {last}. Close or remove its first quotation mark."
            raise MisreadError(self._line, place, problem)
        self._line, self._at = last, end
        return Cell(self._stripped(raw.replace('""', '"'), place))

    def _holds_rows(self, lines: list[str], place: int) -> bool:
        """Return whether the lines of a quoted cell look like the rest of a row and more rows. place: of the cell.

        Of the heading, the width is not known yet: its cells so far are one row, and the others are at least as long.
        """
        counts = [line.count(self.delimiter) for line in lines]
        if len(lines) == 1:
            return False
        if not self.width:
            return any(count >= max(place, MANY) for count in counts[1:])
        # A row may lack its last cell, which the swallowed one would have been refused for.
        is_row = any(count + 1 >= max(self.width - 1, MANY) or count + 1 == self.width > 1 for count in counts[1:])
        return is_row or (counts[0] > 0 and place + counts[0] + 1 == self.width)

    def _closing(self, opening: int, place: int) -> int:
        at = self.text.find('"', opening + 1)
        while at >= 0 and self.text.startswith('""', at):
            at = self.text.find('"', at + 2)
        if at < 0:
            raise MisreadError(self._line, place, NOT_CLOSED)
        return at

    def _stripped(self, text: str, place: int) -> str:
        if "\0" in text:
            raise MisreadError(
                self._line, place, "the cell contains a NUL character. Save the file as 'CSV UTF-8', not as UTF-16."
            )
        return plain_text(text.strip())

    def _behind_blanks(self, at: int) -> int:
        blanks = " \t\u00a0".replace(self.delimiter, "")
        while at < len(self.text) and self.text[at] in blanks:
            at += 1
        return at
