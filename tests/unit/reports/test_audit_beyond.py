# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users have beyond the file, in each format of an audit report: information, or a finding if strict."""

from __future__ import annotations

import copy
import json
from xml.etree import ElementTree

import jsonschema

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import findings, merged, verdict_of_server
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_console import console
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_junit import junit
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_formats import RENDERERS
from ansible_collections.xivo.confd.plugins.plugin_utils._audit_page import html
from simulator import Simulator
from support.audits import SCHEMA, audit, report
from support.helpers import EVERYWHERE, Options, apply_list, person
from support.logins import SECRET, enabling

NUMBER = {"object": "user Ada A", "field": "direct number", "found": "2201@from-extern"}
GROUPS = {"object": "groups", "field": "groups", "found": ["sales", "support"]}
ADA = {"index": 0, "label": "Ada A (1201@default)", "name": "Ada A", "status": "unchanged", "beyond": [NUMBER, GROUPS]}
BOB = {"index": 1, "label": "Bob", "name": "Bob", "status": "unchanged", "beyond": []}
DIFFERENT = {"object": "user Cyd", "field": "language", "wanted": "fr_FR", "found": None}
CYD = {"index": 2, "label": "Cyd", "name": "Cyd", "status": "updated", "differences": [DIFFERENT], "beyond": [NUMBER]}
EVE = {"user_id": 7, "name": "Eve", "userfield": None, "exten": None, "context": None}


def made(*entries: Options, strict: bool = False) -> Options:
    return report(("pbx", {"results": list(entries)}), strict=strict)


def test_it_is_information() -> None:
    found = made(ADA, BOB)

    (server,) = found["servers"]
    assert (server["status"], found["drift"], found["summary"]["beyond"]) == ("conforming", False, 1)
    assert found["summary"]["conforming_percent"] == 100
    assert verdict_of_server(server) == (
        "2 of 2 entries conform, 0 unmanaged users, 1 user with something beyond the file"
    )
    (suite,) = ElementTree.fromstring(junit(found))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "1")


def test_it_is_a_finding_if_strict() -> None:
    found = made(ADA, BOB, strict=True)

    assert (found["servers"][0]["status"], found["drift"]) == ("drift", True)
    (suite,) = ElementTree.fromstring(junit(found))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "0")
    (failure,) = suite.iter("failure")
    assert (failure.get("type"), failure.text) == (
        "beyond the file",
        "direct number 2201@from-extern\ngroups sales, support\nWhat to do: Add the setting to the entry, or remove it "
        "from the server.",
    )
    assert made(BOB, strict=True)["drift"] is False


def test_each_format_says_it_person_by_person() -> None:
    found = made(ADA, BOB)

    text, page = markdown(found), html(found)
    assert "| unclear | beyond the file |" in text
    assert r"| Ada A (1201@default) | beyond the file | user Ada A | direct number | not mentioned | 2201@from-" in text
    assert "<dt>beyond the file</dt><dd>1</dd>" in page
    assert '<span class="badge beyond-the-file">beyond the file</span>' in page
    assert page.count('<span class="empty">not mentioned</span>') == 2
    assert json.loads(RENDERERS["json"](found))["servers"][0]["entries"][0]["beyond"] == [NUMBER, GROUPS]
    assert console(found)[1:] == [
        "  beyond the file    Ada A (1201@default)             direct number 2201@from-extern",
        "  beyond the file    Ada A (1201@default)             groups sales, support",
    ]


def test_what_is_wrong_comes_first() -> None:
    found = report(("pbx", {"results": [ADA, CYD], "unmanaged": [EVE]}))

    assert [each.kind for each in findings(found)] == ["different", *["beyond the file"] * 3, "unmanaged"]
    assert [line.split()[0] for line in console(found)[1:]] == ["different", "unmanaged", *["beyond"] * 3]


def test_a_report_of_an_earlier_release_has_nothing_beyond() -> None:
    earlier = made(ADA)
    for counts in (earlier["summary"], earlier["servers"][0]["summary"]):
        del counts["beyond"]
    older = copy.deepcopy(earlier)
    del older["servers"][0]["entries"][0]["beyond"]

    jsonschema.validate(older, SCHEMA)
    assert merged([older])["summary"]["beyond"] == 0
    assert merged([earlier])["summary"]["beyond"] == 1


@EVERYWHERE
def test_secrets_of_a_login_are_in_no_file(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1201, 2201, login=enabling(sim)))

    found = report(("pbx", audit(sim, person("Ada A", 1201))), strict=True)

    fields = [row["field"] for row in found["servers"][0]["entries"][0]["beyond"]]
    assert {"direct number", "username"} <= set(fields)
    for render in RENDERERS.values():
        assert "johnny" in render(found)
        assert SECRET not in render(found)
