# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a run has a line for each request that writes, and says of each what it was for."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, Options, apply_list, leaver, make_user, perform, person, share_line, written
from support.role import Role

TEAM = [person("Ann Archer", 1200, 2200, voicemail={"password": "471147"}), person("Bob Baker", 1201)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def lines(file: Path, event: str = "") -> list[dict[str, Any]]:
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in found if event in ("", line["event"])]


def requests_in(file: Path) -> list[str]:
    """The recorded requests that were carried out, as ``written`` shows those of the simulator."""
    return [
        f"{line['request']['method']} {line['request']['path'].partition('?')[0]}"
        for line in lines(file, "write")
        if line["outcome"] == "done"
    ]


def operations_in(file: Path) -> list[dict[str, Any]]:
    return [each for line in lines(file, "write") for each in line.get("operations", [line])]


def run(sim: Simulator, file: Path, *entries: Options, **options: Any) -> None:
    """A run with a journal of its own, successful or not."""
    file.unlink(missing_ok=True)
    sim.clear_log()
    with suppress(ProvisionError):
        apply_list(sim, *entries, journal=str(file), **options)


def stepwise(sim: Simulator, file: Path, *entries: Options) -> Role:
    file.unlink(missing_ok=True)
    sim.clear_log()
    return Role(sim, provision_users=list(entries), provision_strategy="stepwise", provision_journal=str(file)).run()


# Every write has a line, and every line is a write


@EVERYWHERE
def test_every_write_has_a_line_and_every_line_is_one(sim: Simulator, file: Path) -> None:
    run(sim, file, *TEAM)
    assert requests_in(file) == written(sim) != []
    links = {"fallbacks": {"busy": {"user": {"firstname": "Bob", "lastname": "Baker"}}}}
    run(sim, file, person("Ann Archer", 1210, 2201, **({} if sim.generation.name == "xivo15" else links)), TEAM[1])
    assert requests_in(file) == written(sim) != []
    run(sim, file, person("Ann Archer", 1201), person("Bob Baker", 1200))
    assert requests_in(file) == written(sim) != []
    scope = {
        "purge": True,
        "orphans": "remove",
        "purge_limit": 9,
        "purge_allow_empty": True,
        "purge_scope": {"context": "default"},
    }
    run(sim, file, leaver("Ann Archer", 1201), **scope)
    assert requests_in(file) == written(sim) != []
    assert [(line["item"], line["planned"]) for line in lines(file, "person")] == [(1, "removed"), (2, "removed")]
    assert [line["sequence"] for line in lines(file)] == list(range(1, len(lines(file)) + 1))


@EVERYWHERE
def test_the_lines_of_a_run_say_who_and_what(sim: Simulator, file: Path) -> None:
    run(sim, file, *TEAM)
    start, ann, bob = lines(file)[:3]
    assert (start["event"], start["strategy"], start["entries"]) == ("start", "bulk", 2)
    assert {line["run"] for line in lines(file)} == {start["run"]}
    assert start["server"] == sim.url
    assert start["api"] == sim.generation.name
    assert start["ran_by"]["user"]
    assert (ann["event"], ann["item"], ann["person"], ann["planned"]) == (
        "person",
        1,
        "Ann Archer (1200@default)",
        "created",
    )
    assert (ann["found"], ann["user_id"], bob["item"]) == (None, None, 2)
    creation = next(each for each in operations_in(file) if each["text"] == "create user Ann Archer")
    assert creation["id"] == sim.database.users.first(firstname="Ann").id
    assert (creation["item"], creation["resource"], creation["before"]) == (1, "user", {})
    assert creation["after"]["firstname"] == "Ann"
    end = lines(file)[-1]
    assert (end["event"], end["changed"], end["failed"], end["summary"]["created"]) == ("end", True, [], 2)


def test_check_mode_writes_no_journal(sim: Simulator, file: Path) -> None:
    apply_list(sim, *TEAM, journal=str(file), check=True)
    assert not file.exists()


@EVERYWHERE
def test_what_a_run_found_is_an_entry_of_an_export(sim: Simulator, file: Path) -> None:
    run(sim, file, *TEAM)
    (entry,) = (each for each in perform(sim, export)["entries"] if each["user"]["firstname"] == "Ann")
    run(sim, file, leaver("Ann Archer", 1200))
    (line,) = lines(file, "person")
    assert (line["found"], line["planned"], line["missing"]) == (entry, "removed", [])


@EVERYWHERE
def test_unchanged_people_cost_no_request(sim: Simulator, file: Path) -> None:
    many = [person(f"P{each}", 1300 + each) for each in range(6)]
    apply_list(sim, *TEAM, *many)
    sim.clear_log()
    apply_list(sim, *TEAM, *many)
    without = len(sim.requests)
    run(sim, file, *TEAM, *many)
    assert len(sim.requests) == without
    assert [line["event"] for line in lines(file)] == ["start", "end"]


@EVERYWHERE
def test_who_changes_costs_at_most_one_request_more(sim: Simulator, file: Path) -> None:
    many = [person(f"P{each}", 1300 + each) for each in range(6)]
    apply_list(sim, *many)

    def requests_for(count: int, text: str, **options: Any) -> int:
        sim.clear_log()
        changed = [{**entry, "user": {**entry["user"], "description": text}} for entry in many[:count]]
        apply_list(sim, *changed, *many[count:], **options)
        return len(sim.requests)

    one, six = (requests_for(count, f"{count}") for count in (1, 6))
    more_for_one = requests_for(1, "a", journal=str(file)) - one
    # The number of each, which lists of users show in part. From some twenty on, it is a list.
    assert requests_for(6, "b", journal=str(file)) - six <= more_for_one + 5
    assert {line["found"]["user"]["description"] for line in lines(file, "person")[1:]} == {"6", "a"}


@EVERYWHERE
def test_what_no_entry_describes_is_said(sim: Simulator, file: Path) -> None:
    apply_list(sim, *TEAM)
    share_line(sim, make_user(sim, "Cleo"), 1)
    run(sim, file, person("Ann Archer", 1200, user={"description": "new"}))
    (line,) = lines(file, "person")
    assert line["found"]["extension"] == {"exten": "1200", "context": "default"}
    assert ["is shared with user Cleo" in text for text in line["missing"]] == [True]


@EVERYWHERE
def test_what_cannot_be_read_does_not_end_the_run(sim: Simulator, file: Path) -> None:
    apply_list(sim, TEAM[1])
    sim.faults.add(Fault("500_before", method="GET", path="/voicemails", times=9))
    run(sim, file, person("Bob Baker", 1201, user={"description": "new"}))
    (line,) = lines(file, "person")
    assert line["found"] == {}
    assert line["missing"][0].startswith("everything: GET ")
    assert (lines(file)[-1]["event"], lines(file)[-1]["failed"]) == ("end", [])


# Failures


@pytest.mark.on("xivo15", "xivo16")
@pytest.mark.usefixtures("part_by_part")
def test_the_lines_of_a_rollback_say_what_they_reverse(sim: Simulator, file: Path) -> None:
    sim.faults.add(Fault("500_before", method="POST", path="/users/*/voicemail", times=9))
    run(sim, file, TEAM[0])
    assert requests_in(file) == written(sim)
    recorded = operations_in(file)
    texts = {each["operation"]: each["text"] for each in recorded}
    reversals = [(each["text"], texts[each["reverses"]]) for each in recorded if each["reverses"]]
    assert ("delete user Ann Archer (id 1)", "create user Ann Archer") in reversals
    assert ("delete extension 1200@default", "create extension 1200@default") in reversals
    assert {each["item"] for each in recorded} == {1}
    failed = [line for line in lines(file, "write") if line["outcome"] != "done"]
    assert {(line["status"], line["outcome"]) for line in failed} == {(500, "unknown")}
    assert "HTTP 500" in failed[0]["error"]
    assert lines(file)[-1]["failed"] == ["Ann Archer (1200@default)"]


@pytest.mark.on("xivo15", "xivo16")
def test_stepwise_reversals_name_what_they_reverse(sim: Simulator, file: Path) -> None:
    sim.faults.add(Fault("500_before", method="POST", path="/users/*/voicemail", times=9))
    assert stepwise(sim, file, TEAM[0]).error
    assert requests_in(file) == written(sim)
    recorded = operations_in(file)
    texts = {each["operation"]: each["text"] for each in recorded}
    reversals = [(each["text"], texts[each["reverses"]]) for each in recorded if each["reverses"]]
    assert ("delete extension 1200@default", "create extension 1200@default") in reversals
    assert [each for each in recorded if each["action"] == "delete" and not each["reverses"]] == []
    assert lines(file)[-1]["failed"] == ["Ann Archer (1200@default)"]


def test_a_lost_answer_is_unknown(sim: Simulator, file: Path) -> None:
    sim.faults.add(Fault("drop_after", method="POST", path="/users"))
    run(sim, file, TEAM[0])
    (lost,) = (line for line in lines(file, "write") if line["outcome"] != "done")
    assert (lost["request"], lost["status"], lost["outcome"]) == ({"method": "POST", "path": "/users"}, None, "unknown")


@pytest.mark.parametrize("kind", ["drop_after", "500_after"])
@pytest.mark.parametrize("nth", [1, 4, 8, 9])
def test_no_fault_hides_a_write(sim: Simulator, file: Path, kind: str, nth: int) -> None:
    sim.faults.add(Fault(kind, method="POST", nth=nth))
    run(sim, file, *TEAM, continue_on_error=True)
    found = [line for line in lines(file, "write") if line["outcome"] != "failed"]
    assert [f"{line['request']['method']} {line['request']['path']}" for line in found] == written(sim)
    assert [line["outcome"] for line in found].count("unknown") == 1
    numbers = [each["operation"] for each in operations_in(file)]
    reversed_ones = [each["reverses"] for each in operations_in(file) if each["reverses"]]
    assert set(reversed_ones) <= set(numbers)
    assert lines(file)[-1]["event"] == "end"


# Several writers


@pytest.mark.on("xivo16")
def test_a_request_for_many_is_one_line(sim: Simulator, file: Path) -> None:
    run(sim, file, *TEAM)
    assert requests_in(file)[0] == "POST /users/import"
    (line,) = (line for line in lines(file, "write") if line["request"]["path"] == "/users/import")
    assert {each["item"] for each in line["operations"]} == {1, 2}
    users = [each["id"] for each in line["operations"] if each["resource"] == "user"]
    assert users == [row.id for row in sim.database.users]


@EVERYWHERE
def test_parallel_workers_share_a_journal(sim: Simulator, file: Path) -> None:
    run(sim, file, *(person(f"P{each}", 1300 + each) for each in range(8)), max_workers=4)
    assert sorted(requests_in(file)) == sorted(written(sim))
    assert [line["sequence"] for line in lines(file)] == list(range(1, len(lines(file)) + 1))
    assert {each["item"] for each in operations_in(file)} == set(range(1, 9))
    numbers = [each["operation"] for each in operations_in(file)]
    assert None not in numbers


@EVERYWHERE
@pytest.mark.usefixtures("part_by_part")
def test_both_strategies_write_the_same_lines(sim: Simulator, file: Path) -> None:
    def shape() -> list[Any]:
        keys = ("item", "action", "resource", "operation")
        return [
            *((line["event"], line["item"], line["planned"], line["found"]) for line in lines(file, "person")),
            *(tuple(each[key] for key in keys) for each in operations_in(file)),
        ]

    changed = [person("Ann Archer", 1210, 2200), leaver("Bob Baker", 1201)]
    run(sim, file, *TEAM)
    run(sim, file, *changed)
    in_bulk = shape()
    sim.reset()
    assert not stepwise(sim, file, *TEAM).error
    assert not stepwise(sim, file, *changed).error
    assert requests_in(file) == written(sim)
    assert shape() == in_bulk
    found = lines(file)
    assert len({line["run"] for line in found}) == 1
    assert [line["sequence"] for line in found] == list(range(1, len(found) + 1))
    assert (found[0]["strategy"], found[-1]["event"], found[-1]["changed"]) == ("stepwise", "end", True)


def test_a_single_module_has_lines_of_its_own(sim: Simulator, file: Path) -> None:
    who = {"host": "pbx1", "awx_job_id": "77", "awx_user": "carla"}
    perform(sim, ensure_user, firstname="Ann", journal=str(file), journal_run=who)
    (line,) = lines(file)
    assert (line["event"], line["item"], line["text"], line["host"]) == ("write", None, "create user Ann", "pbx1")
    assert {key: line["ran_by"][key] for key in ("awx_job_id", "awx_user")} == {"awx_job_id": "77", "awx_user": "carla"}
    perform(sim, ensure_user, firstname="Ann", journal=str(file))
    assert len(lines(file)) == 1


# Secrets


@EVERYWHERE
def test_no_secret_is_in_the_journal(sim: Simulator, file: Path) -> None:
    secrets = ["CanarySip456", "CanaryNew789", "CanaryUser123"]
    entry = person("Ann CanaryUser123", 1200, user={"password": secrets[2]}, line={"secret": secrets[0]})
    run(sim, file, entry)
    text = file.read_text()
    run(sim, file, {**entry, "line": {"secret": secrets[1]}})
    text += file.read_text()
    (change,) = (each for each in operations_in(file) if each["resource"] == "line_sip")
    assert change["after"] == {"secret": "changes"}
    run(sim, file, {**entry, "state": "absent"})
    text += file.read_text()
    assert [each for each in secrets if each in text] == []


def test_provision_says_which_run_it_was(sim: Simulator, file: Path) -> None:
    result = perform(sim, provision, users=TEAM, journal=str(file))
    assert result["journal_run"] == lines(file)[0]["run"]
    assert "journal_run" not in perform(sim, provision, users=TEAM)
