# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines for web browsers on XiVO, where they have an option of the endpoint.

Source: person-xivo-16.16.md, "endpoints/sip: options, webrtc".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import entry_spec, fields_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.option_checks import (
    find_entry_problems,
    find_option_problems,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConflictError,
    InputError,
    NotAppliedError,
    PlanError,
    ServerError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.masking import masked
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LINE
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_lines
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Fault, Simulator
from simulator.xivo16.sip_options import ALWAYS, options_view
from support.helpers import (
    apply_list,
    asked,
    give_other_line,
    line_row,
    perform,
    person,
    statuses,
    unchanged_after,
    written,
)
from support.ownership import assert_applied, assert_refused, run
from support.undoing import undone

pytestmark = pytest.mark.on("xivo16")
STRATEGIES = pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
JOHNNY = {"match": {"user": {"firstname": "Johnny", "lastname": "Depp"}}}
ENDPOINT = "/endpoints/sip/*"


def ensure(sim: Simulator, webrtc: Any, check: bool = False, **options: Any) -> Any:
    return perform(sim, ensure_line_sip, check, **{**JOHNNY, **options}, webrtc=webrtc)


def options_of(sim: Simulator, name: str = "Johnny Depp") -> list[list[str]]:
    """Return the options that somebody chose: without those that every endpoint of a line with a user shows."""
    return [
        list(pair)
        for pair in options_view(line_row(sim, name))
        if tuple(pair) not in ALWAYS.items() and pair[0] != "callerid"
    ]


def set_options(sim: Simulator, *options: list[str], name: str = "Johnny Depp") -> None:
    line_row(sim, name).options = list(options)


def asked_of_endpoints(sim: Simulator) -> list[str]:
    return [each for each in asked(sim) if "endpoints" in each]


# Values


@pytest.mark.parametrize(
    ("value", "meant", "option"),
    [
        (True, True, "yes"),
        ("True", True, "yes"),
        ("yes", True, "yes"),
        ("unique", "unique", "ua"),
        ("Unique", "unique", "ua"),
    ],
)
def test_it_is_an_option_of_the_endpoint(people: Simulator, value: Any, meant: Any, option: str) -> None:
    predicted = ensure(people, value, check=True)
    assert written(people) == []
    done = ensure(people, value)
    assert predicted["diff"] == done["diff"]
    assert done["diff"][0]["before"] == {"webrtc": False}
    assert (done["changed"], done["line_sip"]["webrtc"], options_of(people)) == (True, meant, [["webrtc", option]])
    assert ensure(people, value)["changed"] is False


@pytest.mark.parametrize("value", [False, "false", "no"])
def test_it_can_be_taken_away(people: Simulator, value: Any) -> None:
    set_options(people, ["webrtc", "ua"])
    assert ensure(people, value)["line_sip"]["webrtc"] is False
    assert options_of(people) == []
    assert ensure(people, value)["changed"] is False


@pytest.mark.parametrize(("value", "changed"), [(False, False), (True, True), ("unique", True)])
def test_the_option_no_means_false(people: Simulator, value: Any, changed: bool) -> None:
    set_options(people, ["webrtc", "no"])
    assert ensure(people, value)["changed"] is changed


@pytest.mark.parametrize("options", [[["webrtc", "maybe"]], [["webrtc", "yes"], ["webrtc", "ua"]], [["webrtc", ""]]])
def test_an_unknown_option_is_replaced(people: Simulator, options: list[list[str]]) -> None:
    set_options(people, *options)
    assert ensure(people, True)["changed"]
    assert options_of(people) == [["webrtc", "yes"]]


@pytest.mark.parametrize("value", ["maybe", "", 2, ["unique"], {"unique": True}])
def test_other_values_are_refused_by_the_modules(value: Any) -> None:
    (problem,) = find_option_problems(fields_spec(LINE), {"webrtc": value})
    assert problem.startswith("webrtc is ")
    assert problem.endswith("but must be true, false or unique.")
    users = {"type": "list", "elements": "dict", "options": entry_spec()}
    problems = find_entry_problems(users, [person("Ann A", 1300, line={"webrtc": value}), person("Bob B")])
    assert list(problems) == [0]


@pytest.mark.parametrize("value", ["maybe", "ua"])
def test_an_unknown_word_is_not_written(people: Simulator, value: str) -> None:
    with pytest.raises(InputError, match="true, false or unique"):
        ensure(people, value)
    assert written(people) == []


# What a PUT of the options must not lose


def test_the_other_options_are_kept(people: Simulator) -> None:
    others = [
        ["setvar", "A=1"],
        ["x-made-up", "1"],
        ["setvar", "B=2"],
        ["nat", "force_rport,comedia"],
        ["call-limit", "3"],
    ]
    set_options(people, *others)
    for value, option in ((True, [["webrtc", "yes"]]), ("unique", [["webrtc", "ua"]]), (False, [])):
        assert ensure(people, value)["changed"]
        shown = options_view(line_row(people, "Johnny Depp"))
        assert sorted([*others, *option, ["amaflags", "default"], ["callerid", '"Johnny Depp" <1200>'],
                       ["subscribemwi", "no"]]) == sorted(map(list, shown))  # fmt: skip


def test_a_line_without_user_keeps_its_callerid(sim: Simulator) -> None:
    perform(sim, ensure_line_sip, username="ann", context="default", device_slot=1, callerid='"Own"')
    done = perform(sim, ensure_line_sip, username="ann", webrtc=True)
    assert [each["after"] for each in done["diff"]] == [{"webrtc": True}]
    assert next(iter(sim.database.lines)).callerid == '"Own"'


def test_the_secret_stays_and_is_not_shown(people: Simulator) -> None:
    secret = line_row(people, "Johnny Depp").secret
    done = ensure(people, "unique")
    assert (done["line_sip"]["secret"], line_row(people, "Johnny Depp").secret) == (secret, secret)
    assert secret not in str(masked(done))
    assert secret not in str(done["diff"])


def test_account_and_option_are_one_put(people: Simulator) -> None:
    ensure(people, True, username="ann-1_x", secret="s p;c", device_slot=2)
    row = line_row(people, "Johnny Depp")
    assert (row.username, row.secret, row.device_slot) == ("ann-1_x", "s p;c", 2)
    assert options_of(people) == [["webrtc", "yes"]]
    assert written(people) == ["PUT /endpoints/sip/1", "PUT /lines_sip/1"]


def test_a_failed_statement_is_not_quoted(people: Simulator) -> None:
    """An option that the database can no longer store is sent back, beside others."""
    set_options(people, ["nat", "maybe"], ["callerid", "x"], ["allow", "canary-1"], ["secret", "canary-2"])
    with pytest.raises(ServerError, match='for enum usersip_nat: "maybe"[.] See the log') as error:
        ensure(people, True)
    assert "canary" not in str(error.value)


# Two runs, lost answers


def test_a_lost_answer_is_no_failure(people: Simulator) -> None:
    people.faults.add(Fault("drop_after", "PUT", ENDPOINT))
    assert ensure(people, True)["changed"]
    assert options_of(people) == [["webrtc", "yes"]]


def test_two_runs_that_want_the_same_succeed(people: Simulator) -> None:
    def other(_method: str, _path: str) -> None:
        assert ensure(people, True)["changed"]

    people.faults.add(Fault("callback", "PUT", ENDPOINT, callback=other))
    assert ensure(people, True)["changed"]
    assert options_of(people) == [["webrtc", "yes"]]


def test_the_first_of_two_contrary_runs_says_so(people: Simulator) -> None:
    def other(_method: str, _path: str) -> None:
        assert ensure(people, "unique")["changed"]

    people.faults.add(Fault("callback", "PUT", ENDPOINT, callback=other, after=True))
    with pytest.raises(NotAppliedError, match="webrtc"):
        ensure(people, True)
    assert options_of(people) == [["webrtc", "ua"]]


def test_an_endpoint_that_is_gone_is_a_conflict(people: Simulator) -> None:
    def delete(_method: str, _path: str) -> None:
        line_row(people, "Johnny Depp").protocol = None

    people.faults.add(Fault("callback", "GET", "/lines/1", nth=2, callback=delete))
    with pytest.raises(ConflictError, match="no SIP account any more"):
        perform(people, ensure_line_sip, id=1, webrtc=True)


# Lists


@STRATEGIES
def test_new_people_get_it(sim: Simulator, strategy: str) -> None:
    wanted = [
        person("Ann A", 1300, 2300, line={"webrtc": True}),
        person("Bob B", 1301, line={"webrtc": "unique"}),
        person("Cleo C", 1302, line={"webrtc": False}),
        person("Dan D", 1303),
    ]
    assert_applied(sim, *wanted, expected=["created"] * 4, strategy=strategy)
    found = [options_of(sim, each) for each in ("Ann A", "Bob B", "Cleo C", "Dan D")]
    assert found == [[["webrtc", "yes"]], [["webrtc", "ua"]], [], []]


@STRATEGIES
def test_people_change_to_it_and_back(people: Simulator, strategy: str) -> None:
    set_options(people, ["nat", "no"])
    entry = person("Johnny Depp", 1200, line={"webrtc": "unique"})
    assert_applied(people, entry, expected=["updated"], strategy=strategy)
    assert options_of(people) == [["nat", "no"], ["webrtc", "ua"]]
    assert_applied(people, {**entry, "line": {"webrtc": False}}, expected=["updated"], strategy=strategy)
    assert options_of(people) == [["nat", "no"]]


@STRATEGIES
def test_a_failure_leaves_no_new_person(sim: Simulator, strategy: str) -> None:
    sim.faults.add(Fault("500_before", "PUT", ENDPOINT, times=9))
    failed = run(sim, person("Ann A", 1300, line={"webrtc": True}), strategy=strategy)
    sim.faults.clear()
    assert "webrtc" in failed.error
    assert (sim.state()["users"], sim.state()["lines"]) == ([], [])


@STRATEGIES
@pytest.mark.parametrize("option", [["ua"], ["maybe"], ["ua", "yes"]])
def test_a_failure_puts_the_option_back(people: Simulator, strategy: str, option: list[str]) -> None:
    before = [["nat", "no"], *(["webrtc", each] for each in option)]
    set_options(people, *before)
    people.faults.add(Fault("500_before", "POST", "/extensions", times=9))
    failed = run(people, person("Johnny Depp", 1200, 2200, line={"webrtc": False}), strategy=strategy)
    people.faults.clear()
    assert failed.error
    assert options_of(people) == before


def test_a_lost_answer_to_a_new_line_is_looked_up(sim: Simulator) -> None:
    sim.faults.add(Fault("drop_after", "POST", "/lines_sip"))
    perform(sim, ensure_line_sip, username="ann", context="default", device_slot=1, webrtc=False)
    assert len(list(sim.database.lines)) == 1


@STRATEGIES
def test_only_a_sip_line_can_have_it(sim: Simulator, strategy: str) -> None:
    give_other_line(sim, "Sue Secretary", 1302)
    assert unchanged_after(sim, person("Sue Secretary", 1302, line={"webrtc": False}))
    words = ["webrtc of SCCP line (id 1) cannot be set: only a SIP line has it"]
    assert_refused(sim, person("Sue Secretary", 1302, line={"webrtc": True}), words=words, strategy=strategy)


def test_an_undo_puts_it_back(people: Simulator, tmp_path: Path) -> None:
    file = str(tmp_path / "journal.jsonl")
    set_options(people, ["nat", "no"], ["webrtc", "ua"])
    apply_list(people, person("Johnny Depp", 1200, line={"webrtc": False}), journal=file)
    assert options_of(people) == [["nat", "no"]]
    assert statuses(undone(people, file)) == ["updated"]
    assert options_of(people) == [["nat", "no"], ["webrtc", "ua"]]


def test_an_undo_keeps_what_somebody_chose_since(people: Simulator, tmp_path: Path) -> None:
    file = str(tmp_path / "journal.jsonl")
    apply_list(people, person("Johnny Depp", 1200, line={"webrtc": True}), journal=file)
    set_options(people, ["webrtc", "ua"])
    with pytest.raises(PlanError, match="webrtc of line .* is unique, and the run left yes. Somebody else has changed"):
        undone(people, file)
    assert options_of(people) == [["webrtc", "ua"]]


# What it costs


def test_a_list_that_names_it_pays_one_request(people: Simulator) -> None:
    entries = [person("Johnny Depp", 1200), person("Anna Karina", 1201)]
    apply_list(people, *entries, check=True)
    without = len(people.requests)
    assert asked_of_endpoints(people) == []
    people.clear_log()
    apply_list(people, *({**each, "line": {"webrtc": False}} for each in entries), check=True)
    assert len(people.requests) == without + 1
    assert asked_of_endpoints(people) == ["GET /endpoints/sip"]


def test_a_task_that_does_not_name_it_reads_no_endpoint(people: Simulator) -> None:
    done = perform(people, ensure_line_sip, **JOHNNY, device_slot=2)
    assert "webrtc" not in done["line_sip"]
    assert asked_of_endpoints(people) == []


# What is read of it


def test_an_export_shows_it_and_names_other_options(people: Simulator) -> None:
    set_options(people, ["webrtc", "ua"], ["setvar", "PIN=1234"], ["nat", "no"])
    set_options(people, ["webrtc", "maybe"], name="Anna Karina")
    people.clear_log()
    result = perform(people, export)
    assert asked_of_endpoints(people) == ["GET /endpoints/sip"]
    lines = {each["user"]["firstname"]: each.get("line") for each in result["entries"]}
    assert lines == {"Johnny": {"webrtc": "unique"}, "Anna": None, "Bob": None}
    missing = {each["name"]: each["missing"] for each in result["incomplete"]}
    assert missing == {"Johnny Depp": ["SIP options: nat, setvar"], "Anna Karina": ["webrtc of the SIP line"]}
    assert any("webrtc 'maybe' of the SIP line cannot be stored" in each for each in result["warnings"])
    assert "1234" not in str(result)
    assert unchanged_after(people, *result["entries"])


@pytest.mark.parametrize(
    ("target", "lost"),
    [
        ("xivo15", "line.webrtc unique: a server of generation xivo15 does not have it"),
        ("wazo", "it must be true or false, because only XiVO has unique accounts"),
        ("xivo16", ""),
    ],
)
def test_what_another_server_lacks_is_said(people: Simulator, target: str, lost: str) -> None:
    set_options(people, ["webrtc", "ua"])
    result = perform(people, export, target=target)
    said = [each for person in result["not_moved"] for each in person["settings"] if "webrtc" in each]
    assert len(said) == bool(lost)
    assert all(lost in each for each in said)


def test_lines_are_found_by_it(people: Simulator) -> None:
    set_options(people, ["webrtc", "ua"])
    people.clear_log()
    shown = perform(people, read_lines)["lines_sip"]
    assert all("webrtc" not in each for each in shown)
    assert asked_of_endpoints(people) == []
    for value, ids in (("unique", [1]), (False, [2]), ("true", [])):
        found = perform(people, read_lines, filters={"webrtc": value})["lines_sip"]
        assert [each["id"] for each in found] == ids
    assert [each["webrtc"] for each in perform(people, read_lines, id=1)["lines_sip"]] == ["unique"]
    with pytest.raises(InputError, match=r"filters.webrtc is 'maybe', but must be true, false or unique"):
        perform(people, read_lines, filters={"webrtc": "maybe"})


# Other servers


@pytest.mark.on("wazo")
@pytest.mark.parametrize("check", [True, False])
def test_wazo_has_no_unique_accounts(people: Simulator, check: bool) -> None:
    said = "webrtc 'unique' of the SIP line cannot be stored: it must be true or false, because only XiVO"
    with pytest.raises(InputError, match=said):
        ensure(people, "unique", check)
    with pytest.raises(PlanError, match=said):
        apply_list(people, person("Johnny Depp", 1200, line={"webrtc": "unique"}), check=check)
    assert written(people) == []


@pytest.mark.on("xivo15")
@pytest.mark.parametrize("value", [True, False, "unique"])
def test_old_servers_do_not_have_it(people: Simulator, value: Any) -> None:
    said = "webrtc cannot be set on a server of generation xivo15"
    with pytest.raises(UnsupportedError, match=said):
        ensure(people, value)
    with pytest.raises(PlanError, match=said):
        apply_list(people, person("Johnny Depp", 1200, line={"webrtc": value}))
    assert written(people) == []


def test_a_changed_line_is_unchanged_by_other_changes(people: Simulator) -> None:
    ensure(people, "unique")
    assert statuses(apply_list(people, person("Johnny Depp", 1205))) == ["updated"]
    assert options_of(people) == [["webrtc", "ua"]]
