# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the report of numbers as CSV tables, for spreadsheets. No cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .numbers import FREE, context_labels, number_lines, staff_lines
from .sheet_cells import safe_cell

BYTE_ORDER_MARK = "\ufeff"
"""Without it, spreadsheets read names in the encoding of the computer."""
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
SEPARATOR = " | "
NUMBERS = ("server", "context", "number", "last number", "numbers", "type", "used by", "name", "note")
PHONES = (
    *("server", "mac", "vendor", "model", "plugin", "version", "ip", "status", "description"),
    *("persons", "numbers", "context"),
)
STAFF = ("name", "number", "direct number", "server")


@dataclass(frozen=True)
class CsvStyle:
    """How a table is written. delimiter: between cells; separator: between several values in a cell."""

    delimiter: str = ","
    separator: str = SEPARATOR

    def table(self, headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
        """Return a table as text."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([safe_cell("" if each is None else str(each)) for each in row] for row in rows)
        return BYTE_ORDER_MARK + text.getvalue()

    def cell(self, values: Iterable[str | None]) -> str:
        """Return several values as one cell, without empty and repeated ones."""
        return self.separator.join(dict.fromkeys(value for value in values if value))


def numbers_csv(report: Mapping[str, Any], style: CsvStyle) -> str:
    """Return the table of all numbers. Free numbers are ranges."""
    lines = (line for server in report["servers"] for line in number_lines(server))
    rows = (
        (
            *(line.server, line.context, line.first, line.last, line.numbers, line.type, line.used_by),
            *(line.name, "" if line.kind == FREE else line.note),
        )
        for line in lines
    )
    return style.table(NUMBERS, (*rows, *_unread(report, NUMBERS, "note")))


def phones_csv(report: Mapping[str, Any], style: CsvStyle) -> str:
    """Return the table of all phones."""
    rows = (row for server in report["servers"] for row in _phones(server, style))
    return style.table(PHONES, (*rows, *_unread(report, PHONES, "description")))


def _phones(server: Mapping[str, Any], style: CsvStyle) -> Iterable[tuple[Any, ...]]:
    labels = context_labels(server)
    for each in server["devices"]:
        lines = each["lines"]
        yield (
            server["name"],
            *(each[name] for name in PHONES[1:9]),
            style.cell(line["name"] for line in lines),
            style.cell(line["exten"] for line in lines),
            style.cell(labels.get(line["context"], line["context"]) for line in lines),
        )


def staff_csv(report: Mapping[str, Any], style: CsvStyle) -> str:
    """Return the sheet for the staff: names and numbers, and the servers where there are several."""
    columns = STAFF if len(report["servers"]) > 1 else STAFF[:-1]
    rows = (
        (line.name, style.cell(line.numbers), style.cell(line.direct_numbers), line.server)[: len(columns)]
        for line in staff_lines(report)
    )
    return style.table(columns, (*rows, *_unread(report, columns, "name")))


def _unread(report: Mapping[str, Any], columns: Iterable[str], said_in: str) -> Iterable[tuple[str, ...]]:
    """Yield a row for each server that could not be read. Without it, nobody would see that the table is not complete.

    said_in: the column that says it.
    """
    for server in report["servers"]:
        if server["error"]:
            known = {"server": server["name"], said_in: f"Not complete: {server['name']} could not be read."}
            yield tuple(known.get(column, "") for column in columns)
