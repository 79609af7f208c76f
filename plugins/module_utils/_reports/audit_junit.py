# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders audit reports as JUnit XML: each entry is a test case, and drift is a failed test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree

from .._model.printable import printable_lines
from .audit import NO_DRIFT, Finding, findings_beyond_entry, findings_in_no_entry, findings_of_entry


def junit(report: Mapping[str, Any]) -> str:
    """Return the report as a document <testsuites> with one suite for each server."""
    suites = [_suite(server, report["strict"]) for server in report["servers"]]
    root = ElementTree.Element("testsuites", {"name": _text(report["title"]), **_counts(suites)})
    root.extend(suites)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(server: Mapping[str, Any], strict: bool) -> ElementTree.Element:
    names: Counter[str] = Counter()
    cases = ElementTree.Element("testsuite")

    def case(name: str) -> ElementTree.Element:
        names[name] += 1
        unique = f"{name} [{names[name]}]" if names[name] > 1 else name
        element = ElementTree.SubElement(cases, "testcase")
        element.attrib.update(classname=_text(server["name"]), name=_text(unique), time="0")
        return element

    if server["error"]:
        _problem(case("audit"), "error", "not audited", server["error"])
    for entry in server["entries"]:
        element = case(entry["label"])
        found = findings_of_entry(server["name"], entry)
        if found:
            _problem(element, "failure", entry["status"], _lines(found))
    for entry in server["entries"]:
        found = findings_beyond_entry(server["name"], entry)
        if found:
            kind = found[0].kind
            _problem(case(f"{kind}: {entry['label']}"), "failure" if strict else "skipped", kind, _lines(found))
    for each in findings_in_no_entry(server):
        name = f"{each.kind}: {each.who or each.what}"
        _problem(case(name), "failure" if strict and each.kind not in NO_DRIFT else "skipped", each.kind, each.what)
    cases.attrib.update(name=_text(server["name"]), timestamp=_text(server["time"]), **_counts([cases]))
    return cases


def _lines(found: Iterable[Finding]) -> str:
    return "\n".join(printable_lines(each.words) for each in found)


def _problem(case: ElementTree.Element, tag: str, kind: str, text: str) -> None:
    first, _newline, more = text.partition("\n")
    summary = f"{kind}: {first} ..." if more else f"{kind}: {first}"
    problem = ElementTree.SubElement(case, tag, {"message": _text(summary)})
    if tag != "skipped":
        problem.set("type", kind)
        problem.text = _text(text)


def _counts(elements: list[ElementTree.Element]) -> dict[str, str]:
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    return {name: str(sum(len(list(each.iter(tag))) for each in elements)) for name, tag in tags.items()}


def _text(value: Any) -> str:
    """Return any text with printable characters and line breaks only. XML 1.0 cannot hold some others, even escaped."""
    return printable_lines(str(value))
