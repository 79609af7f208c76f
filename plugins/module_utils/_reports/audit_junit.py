# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders audit reports as JUnit XML: each entry is a test case, and drift is a failed test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from .._model.printable import printable_lines
from .audit import NO_DRIFT, Finding, findings_beyond_entry, findings_in_no_entry, findings_of_entry
from .audit_kinds import KINDS
from .junit import Suite, add_problem, document


def junit(report: Mapping[str, Any]) -> str:
    """Return the report as a document <testsuites> with one suite for each server."""
    return document(report["title"], [_suite(server, report["strict"]) for server in report["servers"]])


def _suite(server: Mapping[str, Any], strict: bool) -> Suite:
    suite = Suite(server["name"], timestamp=server["time"])
    if server["error"]:
        _add(suite.case("audit"), "error", "not audited", server["error"])
    for entry in server["entries"]:
        element = suite.case(entry["label"])
        found = findings_of_entry(server["name"], entry)
        if found:
            _add(element, "failure", found[0].kind, _lines(found))
    for entry in server["entries"]:
        found = findings_beyond_entry(server["name"], entry)
        if found:
            kind = found[0].kind
            case = suite.case(f"{kind}: {entry['label']}")
            _add(case, "failure" if strict else "skipped", kind, _lines(found))
    for each in findings_in_no_entry(server):
        name = f"{each.kind}: {each.who or each.what}"
        is_failure = strict and each.kind not in NO_DRIFT
        _add(suite.case(name), "failure" if is_failure else "skipped", each.kind, each.what)
    return suite


def _add(case: Element, tag: str, kind: str, text: str) -> None:
    """Add a finding to a test case, with what to do about it."""
    add_problem(case, tag, kind, text, f"What to do: {KINDS[kind].advice}")


def _lines(found: Iterable[Finding]) -> str:
    return "\n".join(printable_lines(each.words) for each in found)
