# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says about each kind of finding: the same sentences in all formats and in the guide."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import COUNTED, LABELS, findings
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_junit import junit
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_kinds import KINDS, MEANINGS
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import RESULTS, html
from support.audits import SCHEMA, report
from support.helpers import Options
from support.report_docs import documents

USER = {"user_id": 1, "name": "Ann A", "userfield": None, "exten": None, "context": None}
MORE = [{"object": "forwards", "field": "busy.enabled", "found": True}]


def entry(status: str, **more: object) -> Options:
    rows = [{"object": "user x", "field": "state", "wanted": "present", "found": "absent"}]
    return {"index": 0, "label": "x", "name": "x", "status": status, "changes": [], "differences": rows, **more}


def everything() -> Options:
    """A report with findings of every kind."""
    number = {"extension_id": 5, "exten": "1998", "context": "default"}
    found = {
        "results": [
            *map(entry, ("created", "updated", "removed")),
            entry("failed", error="no"),
            entry("unchanged", differences=[], beyond=MORE),
        ],
        "unmanaged": [USER],
        "leavers": [{**USER, "since": "2026-11-01", "until": None}],
        "orphans": {"numbers": [number], "unclear": [number]},
    }
    return report(("pbx", found), ("down", {"msg": "No connection."}), strict=True)


def test_every_kind_of_finding_has_its_sentences() -> None:
    made = everything()

    assert [each["kind"] for each in made["kinds"]] == list(KINDS)
    assert {finding.kind for finding in findings(made)} == set(KINDS)
    assert SCHEMA["$defs"]["kind"]["properties"]["kind"]["enum"] == list(KINDS)
    for each in KINDS.values():
        assert all(text.endswith(".") and len(text) < 120 for text in (each.meaning, each.advice))


def test_a_report_has_the_kinds_that_were_found() -> None:
    made = report(("pbx", {"results": [entry("created"), entry("created"), entry("unchanged", differences=[])]}))

    assert made["kinds"] == [KINDS["missing"].as_row()]
    assert report(("pbx", {"results": [entry("unchanged", differences=[])]}))["kinds"] == []


def test_a_failed_test_says_what_to_do() -> None:
    cases = ElementTree.fromstring(junit(everything())).iter("testcase")
    problems = {case[0].get("type"): case[0] for case in cases if len(case) and case[0].tag != "skipped"}

    assert set(problems) == set(KINDS) - {"leaver", "unclear"}
    for kind, problem in problems.items():
        assert (problem.text or "").endswith(f"\nWhat to do: {KINDS[str(kind)].advice}")
        assert "What to do" not in (problem.get("message") or "")


def test_the_summary_in_markdown_says_what_to_do() -> None:
    text = markdown(everything()).replace("\\", "").replace("&#8203;", "")

    for each in KINDS.values():
        assert f"| {each.name} | {each.meaning} | {each.advice} |" in text
    assert "What to do" not in markdown(report(("pbx", {"results": [entry("unchanged", differences=[])]})))


def test_the_page_says_what_to_do_and_what_its_words_mean() -> None:
    page = html(everything()).replace("<wbr>", "")

    for each in KINDS.values():
        assert f"<div>{escape(each.advice)}</div>" in page
    empty = html(report(("pbx", {"results": [entry("unchanged", differences=[])]})))
    for text in (*MEANINGS.values(), *(each.meaning for each in KINDS.values())):
        assert f"<dd>{escape(text)}</dd>" in empty
    known = {*MEANINGS, *KINDS}
    assert known >= set(RESULTS.values()) | ({LABELS.get(each, each) for each in COUNTED} - {"orphans"})


def test_every_link_of_the_page_leads_somewhere() -> None:
    page = html(everything())
    names = re.findall(r' id="([^"]+)"', page)

    assert len(names) == len(set(names))
    links = re.findall(r'href="#([^"]+)"', page)
    assert set(links) <= set(names)
    assert {"server-1", "findings-2", "kind-beyond-the-file"} <= set(links)


def test_the_guides_have_the_words_of_the_reports() -> None:
    for path, text in documents().items():
        assert path.read_text(encoding="utf-8") == text, "run make generate"
        words = KINDS["missing"].meaning if "audit" in path.name else "| person | The number of a user"
        assert words in text
