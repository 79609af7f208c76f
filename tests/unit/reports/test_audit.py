# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of audits: what they count, their schema, and that nothing in them is taken for markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import InputError
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import (
    merged,
    report_of,
    verdict_of_server,
)
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_junit import junit
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_report import SUFFIXES, audit_report
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_formats import RENDERERS
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from ansible_collections.xivo.confd.plugins.plugin_utils._page import TEMPLATES
from simulator import Simulator
from support.audits import SCHEMA, THERE, TIME, WANTED, audit, report, rows_of
from support.helpers import Options, apply_list, person

HOSTILE = "<script>alert(1)</script> | **x** &amp; ]]>\x00\n# no"


def test_counts(drift: Options) -> None:
    first, second = drift["servers"]
    assert first["summary"] == {
        "entries": 5,
        "conforming": 1,
        "missing": 1,
        "different": 1,
        "surplus": 1,
        "conflict": 1,
        "unmanaged": 1,
        "orphans": 1,
        "unclear": 0,
        "beyond": 0,
        "conforming_percent": 20.0,
    }
    assert (first["status"], second["status"], second["error"]) == ("drift", "failed", "No connection.")
    assert (drift["summary"]["servers"], drift["summary"]["servers_failed"], drift["drift"]) == (2, 1, True)
    assert {server["url"] for server in drift["servers"]} == {"https://pbx:9486"}


def test_differences_field_by_field_without_secrets(drift: Options) -> None:
    """A number that changes is one row, not one for each write."""
    rows = rows_of(drift["servers"][0]["entries"][0])

    assert rows[:3] == [
        ("user Ada Lovelace", "number", "1211", "1201"),
        ("user Ada Lovelace", "language", "fr_FR", None),
        ("user Ada Lovelace", "direct number", "2202@from-extern", "2201@from-extern"),
    ]
    assert [row[1:] for row in rows[3:]] == [("secret", "********", "********")]


def test_a_user_who_is_missing_or_surplus_is_one_difference(drift: Options) -> None:
    entries = {each["status"]: each for each in drift["servers"][0]["entries"]}

    assert rows_of(entries["missing"]) == [("user Eve New", "state", "present", "absent")]
    assert rows_of(entries["surplus"]) == [("user Cher", "state", "absent", "present")]
    assert min(len(entries[status]["changes"]) for status in ("missing", "surplus")) > 1


def test_changes_beside_a_missing_user_are_differences(sim: Simulator) -> None:
    sim.database.extensions.insert(exten="1205", context="default", commented=True)
    eve = person("Eve New", extension={"exten": "1205", "context": "default", "commented": False})

    (entry,) = audit(sim, eve)["results"]

    assert rows_of(entry) == [
        ("extension 1205@default", "commented", False, True),
        ("user Eve New", "state", "present", "absent"),
    ]


def test_secrets_are_in_no_file(drift: Options) -> None:
    for render in RENDERERS.values():
        assert "newsecret" not in render(drift)
        assert "oldsecret" not in render(drift)


def test_a_server_as_it_should_be(sim: Simulator) -> None:
    apply_list(sim, *THERE)

    made = report(("pbx", audit(sim, *THERE)))

    assert not made["drift"]
    assert made["summary"]["conforming_percent"] == 100
    assert "No drift" in markdown(made)


def test_unmanaged_users_and_orphans_are_a_drift_if_wanted(sim: Simulator) -> None:
    apply_list(sim, *THERE)
    found = audit(sim, *THERE[:3])

    assert not report(("pbx", found))["drift"]
    strict = report(("pbx", found), strict=True)
    assert strict["drift"]
    assert ElementTree.fromstring(junit(strict)).get("failures") == "1"


def test_a_number_of_which_it_is_unclear_is_no_drift(sim: Simulator) -> None:
    apply_list(sim, *THERE)
    sim.database.extensions.insert(exten="1998", context="default")
    strict = report(("pbx", audit(sim, *THERE)), strict=True)

    assert not strict["drift"]
    (server,) = strict["servers"]
    assert (server["orphans"], [each["name"] for each in server["unclear"]]) == ([], ["1998"])
    assert strict["summary"]["unclear"] == 1
    for render in RENDERERS.values():
        assert "1998" in render(strict)
    assert "number 1998@default" in markdown(strict)
    assert ElementTree.fromstring(junit(strict)).get("failures") == "0"
    assert verdict_of_server(server).endswith("entries conform, 0 unmanaged users, 1 unclear number")


def test_who_was_disabled_by_a_purge_is_no_drift(sim: Simulator) -> None:
    apply_list(sim, *THERE)
    scope = {"purge": True, "purge_scope": {"context": "default"}, "purge_limit": 1}
    apply_list(sim, *THERE[:3], **scope, purge_grace=30)
    strict = report(("pbx", audit(sim, *THERE[:3], purge_grace=30)), strict=True)

    assert not strict["drift"]
    (server,) = strict["servers"]
    (leaver,) = server["leavers"]
    words = f"disabled since {leaver['since']}, to be removed on {leaver['until']}"
    assert server["unmanaged"] == []
    for render in RENDERERS.values():
        assert leaver["name"] in render(strict)
    assert words in markdown(strict)
    assert ElementTree.fromstring(junit(strict)).get("failures") == "0"
    assert verdict_of_server(server).endswith("0 unmanaged users, 1 leaver")
    assert merged([strict])["servers"][0]["leavers"] == [leaver]


@pytest.mark.no_cover
def test_all_but_one_of_many_is_not_a_hundred_percent() -> None:
    entry = {"index": 0, "label": "x", "name": "x", "status": "unchanged", "changes": [], "differences": []}
    many = [entry] * 9999 + [{**entry, "status": "failed", "error": "no"}]

    assert report(("pbx", {"results": many}))["summary"]["conforming_percent"] == 99.9


def test_an_audit_of_an_empty_list_is_not_green() -> None:
    empty = report(("pbx", {"results": []}))

    assert empty["summary"]["conforming_percent"] is None
    assert empty["drift"]
    assert empty["servers"][0]["error"] == "The list of entries is empty, so nothing was compared."
    assert html(empty)


# JUnit


def test_each_entry_is_a_test_case(drift: Options) -> None:
    first, second = ElementTree.fromstring(junit(drift))

    assert dict(first.attrib)["tests"] == "7"
    assert (first.get("failures"), first.get("skipped"), first.get("errors")) == ("4", "2", "0")
    assert second.get("errors") == "1"
    cases = {case.get("name"): [(each.tag, each.get("type")) for each in case] for case in first}
    assert cases["Bob Burton (1202@default)"] == []
    assert cases["Thief (1204@default)"] == [("failure", "conflict")]
    assert cases["unmanaged: Dan Dare"] == [("skipped", None)]


def test_names_of_test_cases_are_unique() -> None:
    entry = {"index": 0, "label": "x", "name": "x", "status": "unchanged", "changes": [], "differences": []}
    (suite,) = ElementTree.fromstring(junit(report(("pbx", {"results": [entry, entry]}))))

    assert [case.get("name") for case in suite] == ["x", "x [2]"]


# Hostile texts


@given(name=st.text() | st.just(HOSTILE), message=st.text() | st.just(HOSTILE))
@example(name="x", message=" ")
def test_any_text_is_only_text(name: str, message: str) -> None:
    difference = {"object": name, "field": "language", "wanted": message, "found": name}
    entries = [
        {"index": 0, "label": name, "name": name, "status": "updated", "changes": [], "differences": [difference]},
        {
            "index": 1,
            "label": name,
            "name": name,
            "status": "failed",
            "changes": [],
            "differences": [],
            "error": message,
        },
    ]
    user = {"user_id": 1, "name": name, "userfield": message, "exten": None, "context": None}
    made = report(
        (name, {"results": entries, "unmanaged": [user], "unchecked": [message]}), (f"{name}2", {"msg": message})
    )

    suites = ElementTree.fromstring(junit(made))
    assert len(suites) == 2
    page = html(made)
    assert page.count("<script") == 1
    assert page.count("<tr") == len(("servers", "kinds", "findings")) + 2 + 4 + 4
    tables = [line for line in markdown(made).split("\n") if line.startswith("|")]
    columns = {line.replace("\\|", "").count("|") for line in tables}
    assert columns <= {13, 7, 4}
    assert json.loads(RENDERERS["json"](made)) == made


@pytest.mark.parametrize(
    ("name", "shown_as"),
    [
        ("https://example.org", "https:&#8203;//example.org"),
        ("WWW.example.org", "WWW&#8203;.example.org"),
        ("a@example.org", "a@&#8203;example.org"),
        ("@all", "@&#8203;all"),
        ("(@all)", "(@&#8203;all)"),
        ("_@all", "\\_@&#8203;all"),
        ("é@all", "é@&#8203;all"),
        (":warning:", ":&#8203;warning:"),
        (":+1:", ":&#8203;+1:"),
        ("x#1 !2 %3 ~4 $5 &6", r"x\#&#8203;1 !&#8203;2 %&#8203;3 \~&#8203;4 \$&#8203;5 &amp;&#8203;6"),
        ("GH-7", "GH&#8203;-7"),
        ("[issue:1] [[page]]", r"\[&#8203;issue:1\] \[&#8203;\[page\]\]"),
        ("/close", "/&#8203;close"),
        ("- x", "-&#8203; x"),
        ("1. x", "1&#8203;. x"),
        # These stay as they are, since nobody brings them to life.
        ("Ann Lee (1201@default)", "Ann Lee (1201@default)"),
        ("at 08:00:00 or 10:30", "at 08:00:00 or 10:30"),
        ("+33 1 23", "+&#8203;33 1 23"),
    ],
)
def test_nothing_in_markdown_comes_alive(name: str, shown_as: str) -> None:
    """As a message in a line of its own, as a name in a table, as a title."""
    made = report(("pbx", {"msg": name}))

    assert f"\n\n## pbx\n\n{shown_as}\n" in markdown(made)
    cell = shown_as if shown_as[:2] not in ("/&", "-&", "1&", "+&") else name
    user = {"user_id": 1, "name": name, "userfield": name, "exten": None, "context": None}
    entry = {"index": 0, "label": "x", "name": "x", "status": "unchanged"}
    lists = markdown(report_of([{"name": name, "result": {"results": [entry], "unmanaged": [user]}}], name, TIME, True))
    assert f"# {cell}\n" in lists
    assert f"| {cell} | drift |" in lists
    assert f"| {cell} | unmanaged |" in lists


def test_the_page_has_the_style_and_script_of_their_files(drift: Options) -> None:
    """They are included by Jinja2, and must hold nothing that it takes for its own."""
    page = html(drift)

    for name in ("page.css", "audit.css", "page.js"):
        assert (TEMPLATES / name).read_text(encoding="utf-8") in page


def test_a_text_is_no_template(sim: Simulator) -> None:
    text = "{{ 7 * 7 }}{% raw %}"
    entry = {
        "index": 0,
        "label": text,
        "name": text,
        "status": "failed",
        "changes": [],
        "differences": [],
        "error": "x",
    }

    assert f"<div>{text}</div>" in html(report((text, {"results": [entry]})))


# Merging


def test_slices_become_one_report(sim: Simulator) -> None:
    apply_list(sim, *THERE)
    found = audit(sim, *WANTED)
    early = report(("a", {"msg": "down"}), ("b", found), time="2026-11-23T08:00:00Z")
    late = report(("a", found), ("c", {"msg": "down"}), time="2026-11-23T09:00:00Z")

    both = merged([late, early])

    jsonschema.validate(both, SCHEMA)
    assert [(each["name"], each["status"]) for each in both["servers"]] == [
        ("a", "drift"),
        ("b", "drift"),
        ("c", "failed"),
    ]
    assert both["summary"]["entries"] == 10
    assert both["time"] == "2026-11-23T09:00:00Z"


# Files


def options(folder: Path, **more: Any) -> Options:
    given_options = {
        "servers": None,
        "expected": None,
        "merge_files": None,
        "merge_reports": None,
        "directory": str(folder),
        "name": "audit",
        "formats": list(SUFFIXES),
        "title": None,
        "time": TIME,
        "strict": False,
        "return_report": False,
        "mode": None,
    }
    return {**given_options, **more}


def test_a_server_without_result_is_in_the_report(tmp_path: Path) -> None:
    made = audit_report(options(tmp_path, servers=[{"name": "a", "result": {"msg": "x"}}], expected=["a", "b"]), False)

    assert [(each["name"], each["status"], each["error"]) for each in made["servers"]] == [
        ("a", "failed", "x"),
        ("b", "failed", "The server was not audited."),
    ]


def test_every_format_has_its_file_and_its_renderer(tmp_path: Path) -> None:
    made = audit_report(options(tmp_path, servers=[{"name": "pbx", "url": None, "result": {"results": []}}]), False)

    assert made["files"] == {
        "json": f"{tmp_path}/audit.json",
        "junit": f"{tmp_path}/audit.xml",
        "markdown": f"{tmp_path}/audit.md",
        "html": f"{tmp_path}/audit.html",
    }
    assert list(SUFFIXES) == list(RENDERERS)
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_merged_from_files_and_from_data(tmp_path: Path, drift: Options) -> None:
    path = tmp_path / "audit.json"
    path.write_text(RENDERERS["json"](drift), encoding="utf-8")

    made = audit_report(options(tmp_path, merge_files=[str(path)], merge_reports=[report(("c", {}))]), False)

    assert [each["name"] for each in made["report"]["servers"]] == ["c", "pbx1", "pbx2"]
    assert [each["status"] for each in made["servers"]] == ["failed", "drift", "failed"]


def test_a_file_that_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")

    with pytest.raises(InputError, match=r"x\.json cannot be read as a report"):
        audit_report(options(tmp_path, merge_files=[str(tmp_path / "x.json")]), False)
