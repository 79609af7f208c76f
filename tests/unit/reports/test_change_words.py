# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same words and one row a change: in the output of a run and of an audit, in its files, and in diffs."""

from __future__ import annotations

from xml.etree import ElementTree

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_console import console
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_junit import junit
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_markdown import markdown
from ansible_collections.xivo.confd.plugins.module_utils._reports.change_words import shown
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.audits import audit, report, rows_of
from support.helpers import EVERYWHERE, Options, apply_list, number, perform, person


@EVERYWHERE
def test_one_row_for_each_change(sim: Simulator) -> None:
    """Direct numbers that come, go and stay; a voicemail that is new; a username that two users swap."""
    ann = person("Ann", 1201, 2201, 2202, user={"username": "ann"})
    apply_list(sim, ann, person("Bob", 1202, user={"username": "bob"}))
    swapped = [
        person("Ann", 1201, 2202, 2203, 2204, user={"username": "bob"}, voicemail={"email": "ann@example.org"}),
        person("Bob", 1202, user={"username": "ann"}),
    ]

    results = audit(sim, *swapped)["results"]

    rows = [row for each in results for row in rows_of(each)]
    assert sorted(rows, key=str) == [
        ("user Ann", "direct number", "2203@from-extern", "2201@from-extern"),
        ("user Ann", "direct number", "2204@from-extern", None),
        ("user Ann", "username", "bob", "ann"),
        ("user Ann", "voicemail", "voicemail 1201@default", None),
        ("user Bob", "username", "ann", "bob"),
    ]
    assert [each["differences"] for each in apply_list(sim, *swapped)["results"]] == [
        each["differences"] for each in results
    ]


# The words of the output, of JUnit and of the tables


def test_the_output_shows_what_the_files_show(drift: Options) -> None:
    lines = console(drift, ["audit.html"])

    code = next(word for line in lines for word in line.split() if word.startswith("523a"))
    assert [" ".join(line.split()) for line in lines] == [
        "pbx1 drift 1 of 5 entries conform, 1 unmanaged user, 1 orphan",
        "different Ada Lovelace (1211@default) number 1201 -> 1211",
        "different Ada Lovelace (1211@default) language nothing -> fr_FR",
        "different Ada Lovelace (1211@default) direct number 2201@from-extern -> 2202@from-extern",
        f"different Ada Lovelace (1211@default) line {code} (id 1): secret",
        "surplus Cher user Cher (id 3): present -> absent",
        "missing Eve New (1205@default) user Eve New: absent -> present",
        f"conflict Thief (1204@default) {drift['servers'][0]['entries'][4]['error']}",
        "unmanaged Dan Dare user id 4, 1204@default",
        f"orphan {drift['servers'][0]['orphans'][0]['kind']} spare@default (id 5)",
        "pbx2 failed No connection.",
        "audit.html",
    ]
    failures = [case[0].text or "" for case in ElementTree.fromstring(junit(drift))[0] if len(case)]
    assert failures[0].split("\n")[0] == "number 1201 -> 1211"
    assert "| different | user Ada Lovelace | language | fr\\_FR | nothing |" in markdown(drift)


def test_the_output_is_short() -> None:
    """The findings of entries come before the unmanaged users of other servers."""
    row = {"object": "user x", "field": "email", "wanted": "y" * 100, "found": None}
    entry = {"index": 0, "label": "x", "name": "x", "status": "updated", "changes": [], "differences": [row]}
    user = {"user_id": 1, "name": "u", "userfield": None, "exten": None, "context": None}
    made = report(("a", {"results": [entry], "unmanaged": [user] * 30}), ("b", {"results": [entry] * 2}))

    lines = console(made)

    of_a, of_b = ["different", *["unmanaged"] * 17], ["different"] * 2
    assert [line.split()[0] for line in lines] == ["a", *of_a, "b", *of_b, "..."]
    assert lines[1].endswith(f"email nothing -> {'y' * 80}...")
    assert lines[-1] == "... and 13 more findings"


def test_values_are_shown_as_people_read_them() -> None:
    assert [shown(each) for each in (True, False, None, 0, "a")] == ["yes", "no", "", "0", "a"]


# Diffs


@EVERYWHERE
def test_a_random_username_is_not_shown_before_it_is_chosen(sim: Simulator) -> None:
    purpose: Options = {"match": {"extension": number(1200)}}

    predicted = perform(sim, ensure_line_sip, True, **purpose)
    done = perform(sim, ensure_line_sip, **purpose)

    chosen = done["line_sip"]["username"]
    assert predicted["line_sip"]["username"] == predicted["diff"][0]["after"]["username"] == "chosen when it is made"
    assert done["diff"][0]["after"]["username"] == chosen
    assert sim.database.sip_line(done["line_sip"]["id"]).username == chosen


@EVERYWHERE
def test_a_removed_object_is_shown_without_what_it_has_not(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ann", description="Sales")

    (diff,) = perform(sim, ensure_user, firstname="Ann", state="absent")["diff"]

    assert diff["after"] == {}
    assert None not in diff["before"].values()
    assert diff["before"]["description"] == "Sales"
