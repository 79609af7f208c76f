# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of numbers: one document, tables for spreadsheets, a sheet for the staff, and lines for the output."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers import (
    number_lines,
    report_of,
    staff_lines,
    verdict,
)
from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers_csv import (
    CsvStyle,
    numbers_csv,
    phones_csv,
    staff_csv,
)
from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers_report import numbers_report
from ansible_collections.xivo.confd.plugins.module_utils._reports.sheet_cells import meant, safe_cell
from ansible_collections.xivo.confd.plugins.module_utils._tasks.numbers import read_numbers
from ansible_collections.xivo.confd.plugins.plugin_utils._numbers_page import numbers_page, staff_page
from ansible_collections.xivo.confd.plugins.plugin_utils._page import TEMPLATES
from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, perform, person
from support.number_rows import HOSTILE, TIME, free, number_row, numbers, phone
from support.paths import ROOT

SCHEMA = json.loads((ROOT / "docs" / "numbers-report.schema.json").read_text(encoding="utf-8"))


def report(*servers: dict[str, Any]) -> dict[str, Any]:
    made = report_of(servers, "Numbers", TIME)
    jsonschema.validate(made, SCHEMA)
    return made


def table(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


@EVERYWHERE
def test_every_generation_agrees_with_the_schema(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200, 2200), person("Bob B", 1201))
    read = perform(sim, read_numbers)

    made = report({"name": "pbx", "url": "https://u:p@pbx:9486", "result": read})

    assert made["servers"][0]["url"] == "https://pbx:9486"
    assert made["summary"]["person"] == 3
    known = sim.generation.name != "xivo15"
    assert (made["summary"]["free"] is not None) is known
    assert ("free numbers not told" in verdict(made)) is not known


def test_a_server_that_was_not_read_hides_no_other() -> None:
    made = report(numbers("a", number_row("1200", "Ada A")), {"name": "b", "result": {"msg": "No connection"}})

    assert [each["error"] for each in made["servers"]] == [None, "No connection"]
    assert (made["summary"]["servers_failed"], made["summary"]["numbers"]) == (1, 1)
    assert verdict(made).endswith("1 of 2 servers could not be read")
    assert "<strong>Not complete:</strong> the numbers of b could not be read." in staff_page(made)
    assert "No connection" not in staff_page(made)
    assert "Not complete" not in staff_page(report(numbers("a", number_row("1200", "Ada A"))))


@pytest.mark.parametrize("render", [numbers_csv, phones_csv, staff_csv])
def test_a_table_says_which_server_is_missing(render: Callable[[dict[str, Any], CsvStyle], str]) -> None:
    read, down = numbers("a", number_row("1200", "Ada A")), {"name": "b", "result": {"msg": "No connection"}}

    text = render(report(read, down), CsvStyle())
    assert "No connection" not in text
    last = table(text)[-1]
    assert "Not complete: b could not be read." in last
    assert "b" in last
    assert len(last) == len(table(text)[0])
    assert "Not complete: b could not be read." in table(render(report(down), CsvStyle()))[-1]
    assert "Not complete" not in render(report(read), CsvStyle())


def test_free_numbers_are_one_line_a_range() -> None:
    server = report(numbers("a", number_row("1200", "Ada A"), number_row("*98"), contexts=[free("1201", "1999")]))
    lines = number_lines(server["servers"][0])

    assert [(line.shown, line.used_by, line.name or line.note) for line in lines] == [
        ("1200", "person", "Ada A"),
        ("1201\u20131999", "free", "799 numbers"),
        ("*98", "feature code", ""),
    ]


def test_numbers_are_sorted_as_numbers() -> None:
    rows = [number_row(exten, "A") for exten in ("10000", "0312", "999", "1200")]
    (server,) = report(numbers("a", *rows))["servers"]
    assert [line.first for line in number_lines(server)] == ["0312", "999", "1200", "10000"]


def test_the_staff_gets_names_and_numbers_alone() -> None:
    group = {"used_by": "group", "object_id": "7", "people": []}
    made = report(
        numbers(
            "a",
            number_row("1200", "Zoé Åberg"),
            number_row("2200", "Zoé Åberg", type="incall"),
            number_row("1201", "Bob Burton"),
            number_row("1300", "Sales", **group),
            number_row("2300", "Sales", type="incall", **group),
            number_row("1400", "Off", disabled=True),
            number_row("1500", "", used_by="line", people=[]),
            devices=[phone("00:08:5d:00:00:01", "1200", "Zoé Åberg")],
        )
    )

    assert [(line.name, line.numbers, line.direct_numbers) for line in staff_lines(made)] == [
        ("Åberg, Zoé", ("1200",), ("2200",)),
        ("Burton, Bob", ("1201",), ()),
        ("Sales", ("1300",), ("2300",)),
    ]
    assert table(staff_csv(made, CsvStyle()))[0] == ["name", "number", "direct number"]
    assert "00:08" not in staff_csv(made, CsvStyle())


def test_namesakes_stay_two_people() -> None:
    made = report(numbers("a", number_row("1200", "Jo A", user_id=1), number_row("1201", "Jo A", user_id=2)))
    assert [line.numbers for line in staff_lines(made)] == [("1200",), ("1201",)]


# Tables


@pytest.mark.parametrize("text", ["=1+1", "+33312345678", "-2", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    cell = safe_cell(text)

    assert cell.startswith(("'", "\\"))
    assert "\n" not in cell
    assert "\t" not in cell


def test_what_is_no_formula_stays() -> None:
    for text in ("1200", "O'Neill", "*98", "_4XXX", ""):
        assert safe_cell(text) == text
    assert meant(safe_cell("+33312345678")) == "+33312345678"


def test_tables_have_the_chosen_separators() -> None:
    made = report(
        numbers(
            "a",
            number_row("1200", "=cmd|x!A1"),
            number_row("2200", "Ada; A", type="incall"),
            number_row("2201", "Ada; A", type="incall"),
            devices=[{**phone("00:08:5d:00:00:01", "1200", "Ada"), "description": HOSTILE}],
        )
    )
    style = CsvStyle(";", "/")

    rows = table(numbers_csv(made, style), ";")
    assert rows[1][2:8] == ["1200", "1200", "1", "internal", "person", "'=cmd|x!A1"]
    assert table(staff_csv(made, style), ";")[2] == ["A, Ada;", "", "2200/2201"]
    phones = table(phones_csv(made, style), ";")
    assert dict(zip(*phones))["mac"] == "00:08:5d:00:00:01"
    assert dict(zip(*phones))["description"] == HOSTILE
    assert {len(row) for row in (*phones, *rows)} == {len(phones[0]), len(rows[0])}


# The module


def options(**more: Any) -> dict[str, Any]:
    defaults = {"formats": ["json", "csv", "html"], "delimiter": "comma", "separator": " | ", "title": "T"}
    return {"servers": [], "expected": None, "directory": "out", "mode": None, "time": TIME, **defaults, **more}


def test_the_module_names_its_files_and_missing_servers() -> None:
    given = numbers("a", number_row("1200", "Ada A"), contexts=[free("1201", "1999")])

    result = numbers_report(options(servers=[given], expected=["a", "b"]), False)

    assert [each["error"] for each in result["servers"]] == [None, "It was not read."]
    assert result["files"]["staff_html"] == "out/staff.html"
    assert result["modes"]["files"]["json"] == 0o600
    assert "  next free 1201         default 1201-1999 (persons): 799 free" in result["lines"]


def test_what_servers_say_drives_no_terminal() -> None:
    down = {"name": "a\x1b[2J", "result": {"msg": "no\nok: [b]\x1b[31m"}}
    lines = numbers_report(options(servers=[down]), False)["lines"]
    assert not [line for line in lines if "\n" in line or "\x1b" in line]


@pytest.mark.parametrize("separator", ["", " ", "a", "12"])
def test_a_separator_that_is_none_is_refused(separator: str) -> None:
    with pytest.raises(InputError, match="separator is "):
        numbers_report(options(separator=separator), False)


def test_notes_say_what_a_name_does_not() -> None:
    rows = (
        number_row("1200", used_by="unknown", people=[]),
        number_row("1201", used_by="line", people=[], left_over=True, disabled=True),
    )
    (server,) = report(numbers("a", *rows))["servers"]

    assert [line.note for line in number_lines(server)] == [
        "on no line that confd shows",
        "left over by an interrupted run, turned off",
    ]


@pytest.mark.parametrize(("render", "styles"), [(numbers_page, "numbers.css"), (staff_page, "staff.css")])
def test_pages_are_whole_and_names_are_text(render: Callable[[dict[str, Any]], str], styles: str) -> None:
    made = report(numbers("a", number_row("1200", f"Eve {HOSTILE}"), number_row("1201", "{{7*7}}\u202e Berg")))

    page = render(made)

    for name in ("page.css", styles, "page.js"):
        assert (TEMPLATES / name).read_text(encoding="utf-8") in page
    assert "<script>document" not in page
    assert "{{7*7}}" in page
    assert "\u202e" not in page
    assert render(report())
