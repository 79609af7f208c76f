# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the report of confd_numbers_report. Its action plugin writes the files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._model.errors import InputError
from .._model.printable import one_line, printable
from .file_modes import modes_of, read_mode
from .numbers import RANGES, context_labels, report_of, verdict, verdict_of_server
from .numbers_csv import DELIMITERS
from .report_text import as_utf8, time_of_report, with_missing_servers

FORMATS = {
    "json": {"json": "numbers.json"},
    "csv": {"csv": "numbers.csv", "phones_csv": "phones.csv", "staff_csv": "staff.csv"},
    "html": {"html": "numbers.html", "staff_html": "staff.html"},
}
"""{format: {key of a file in the results: its name}}."""
TITLE = "Telephone numbers"
LONGEST = 300
"""Number of characters of a message after which it is cut; the files have all of it."""


def numbers_report(options: Mapping[str, Any], _check_mode: bool) -> dict[str, Any]:
    """Return the results of confd_numbers_report: ``verdict``, ``summary``, ``servers``, ``lines``, ``files``.

    ``report`` and ``modes`` are for the action plugin. Raises InputError for a wrong mode or separator.
    """
    mode = read_mode(options["mode"])
    if not options["separator"].strip() or options["separator"].strip().isalnum():
        raise InputError(f"separator is {options['separator']!r}, but must be a character such as ; or |.")
    servers = with_missing_servers(options["servers"], options["expected"])
    report = as_utf8(report_of(servers, options["title"], options["time"] or time_of_report()))
    names = {key: name for each in options["formats"] for key, name in FORMATS[each].items()}
    files = {key: os.path.join(options["directory"], name) for key, name in names.items()}
    return {
        "changed": False,
        "verdict": verdict(report),
        "summary": report["summary"],
        "servers": [
            {**{key: each[key] for key in ("name", "error", "summary", "not_told")}, "verdict": verdict_of_server(each)}
            for each in report["servers"]
        ],
        "lines": list(console(report, files.values())),
        "files": files,
        "modes": modes_of(files, mode),
        "report": {
            "report": report,
            "delimiter": DELIMITERS[options["delimiter"]],
            "separator": options["separator"],
        },
    }


def console(report: Mapping[str, Any], files: Iterable[str]) -> Iterator[str]:
    """Yield a line for each server, one for the next free number of each of its ranges, and one with the files."""
    for server in report["servers"]:
        yield _line(f"{server['name']:<20}", verdict_of_server(server))
        labels = context_labels(server)
        for context in server["contexts"]:
            for each in context["ranges"] or ():
                free = each["next_free"] or "none"
                place = (
                    f"{labels[context['name']]} {each['first']}-{each['last']} ({RANGES.get(each['use'], each['use'])})"
                )
                yield _line(f"  next free {free:<12}", f"{place}: {each['free']:,} free")
        for text in server["not_told"]:
            yield _line("  not told  ", text)
    if files:
        yield ", ".join(files)


def _line(*cells: str) -> str:
    return " ".join([*map(printable, cells[:-1]), one_line(cells[-1], LONGEST)]).rstrip()
