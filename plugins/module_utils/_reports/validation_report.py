# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what a check without a server has found: as lines for the output of Ansible, and as JUnit XML.

A source is a host of the inventory, a file, or the list of a task: {name, labels: how messages call each entry,
problems: [{entry: position from 1 or null, label, file, line, message}], unchecked: sentences}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._model.printable import printable
from .._model.texts import counted
from .junit import Suite, add_problem, document

Source = Mapping[str, Any]
TITLE = "Check of telephone users without a server"
MOST = 100
"""Number of problems that are shown; the JUnit file has all of them."""


def lines_of(sources: Sequence[Source]) -> list[str]:
    """Return a line for each source, one for each problem of it, and what was not checked."""
    lines: list[str] = []
    shown = 0
    for source in sources:
        count = len(source["problems"])
        verdict = counted(count, "problem", "problems") if count else "no problem"
        lines.append(printable(f"{source['name']}: {counted(len(source['labels']), 'entry', 'entries')}, {verdict}"))
        lines += [f"  {_line(each)}" for each in source["problems"][: max(0, MOST - shown)]]
        shown += count
        lines += [printable(f"  not checked: {sentence}") for sentence in source["unchecked"]]
    if shown > MOST:
        lines.append(f"... and {counted(shown - MOST, 'more problem', 'more problems')}")
    return lines


def problems_of(source: Source) -> list[str]:
    """Return the problems of a source, a line each."""
    return [_line(each) for each in source["problems"]]


def junit(sources: Sequence[Source]) -> str:
    """Return a document <testsuites> with one suite for each source, in which each entry is a test case."""
    return document(TITLE, map(_suite, sources))


def _suite(source: Source) -> Suite:
    suite = Suite(source["name"])
    by_entry: dict[int | None, list[Mapping[str, Any]]] = {}
    for problem in source["problems"]:
        by_entry.setdefault(problem["entry"], []).append(problem)
    _add(suite, "variables", by_entry.get(None, ()))
    for position, label in enumerate(source["labels"], start=1):
        _add(suite, label, by_entry.get(position, ()))
    return suite


def _add(suite: Suite, name: str, problems: Sequence[Mapping[str, Any]]) -> None:
    case = suite.case(name)
    if problems:
        add_problem(case, "failure", "invalid", "\n".join(map(_line, problems)))


def _line(problem: Mapping[str, Any]) -> str:
    """Return a problem as compilers show theirs, so that editors find the place: file, line, message."""
    return printable(": ".join(_parts(problem)))


def _parts(problem: Mapping[str, Any]) -> Iterator[str]:
    if problem["file"]:
        yield f"{problem['file']}:{problem['line']}" if problem["line"] else str(problem["file"])
    if problem["entry"]:
        yield f"entry {problem['entry']}, {problem['label']}" if problem["label"] else f"entry {problem['entry']}"
    yield str(problem["message"])
