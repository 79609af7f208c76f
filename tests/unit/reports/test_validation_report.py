# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check without a server shows: lines with places, and JUnit."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from ansible_collections.xivo.confd.plugins.module_utils._reports.validation_report import MOST, junit, lines_of


def problem(entry: int | None, message: str, **place: Any) -> dict[str, Any]:
    return {"entry": entry, "label": "Ann" if entry else "", "message": message, "file": None, "line": None, **place}


def source(*problems: dict[str, Any], entries: int = 2) -> dict[str, Any]:
    labels = [f"entry {each}" for each in range(1, entries + 1)]
    return {"name": "pbx", "labels": labels, "problems": list(problems), "unchecked": ["Whether it is so."]}


def test_a_problem_begins_with_its_place() -> None:
    lines = lines_of([source(problem(2, "no", file="users.yml", line=7), problem(None, "bad", file="users.yml"))])
    assert lines == [
        "pbx: 2 entries, 2 problems",
        "  users.yml:7: entry 2, Ann: no",
        "  users.yml: bad",
        "  not checked: Whether it is so.",
    ]


def test_no_text_begins_a_line_of_its_own() -> None:
    (_head, line, _unchecked) = lines_of([source(problem(1, "a\nfatal: b\x1b[31m"))])
    assert line == "  entry 1, Ann: a\\nfatal: b\\x1b[31m"


def test_many_problems_are_counted() -> None:
    lines = lines_of([source(*(problem(1, "no") for _each in range(MOST + 5)))])
    assert lines[-1] == "... and 5 more problems"
    assert len(lines) == MOST + 3


def test_every_entry_is_a_test_case() -> None:
    root = ElementTree.fromstring(junit([source(problem(2, "no"), problem(2, "also no"), problem(None, "bad"))]))
    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("pbx", "3", "2")
    failed = {case.get("name"): failure.text for case in suite for failure in case}
    assert failed == {"variables": "bad", "entry 2": "entry 2, Ann: no\nentry 2, Ann: also no"}
