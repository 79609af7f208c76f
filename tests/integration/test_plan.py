# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that somebody approves, from the playbook that makes it to the run that carries it out."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simulator import Simulator
from support.paths import ROOT
from support.people import fill, person
from support.playbooks import Result
from support.secrecy import files_in, leaks

SCHEMA = json.loads((ROOT / "docs" / "plan.schema.json").read_text(encoding="utf-8"))
SECRET = "canaryLine3Vx7"
HOSTILE = "<b>Dan</b> {{ 7 * 7 }} [x](http://x.org)"
PEOPLE = [
    person("Ada", "A", "1200"),
    person("Bob", "B", "1206", user={"description": "Sales"}),
    person(HOSTILE, "D", "1205", "2205", line={"secret": SECRET}),
]
INVENTORY: dict[str, Any] = {
    "confd": {"hosts": {"pbx": {"provision_users": "{{ lookup('file', people) | from_json }}"}}},
}


@pytest.fixture
def staff(sim: Simulator) -> Simulator:
    """Ada at 1200, Bob at 1201."""
    fill(sim, [person("Ada", "A", "1200"), person("Bob", "B", "1201")])
    return sim


@pytest.mark.on("xivo16")
def test_plan_foreign_change_and_apply(staff: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    ada, bob, dan = PEOPLE
    # Older releases of Ansible make a text of a template that is true.
    lines = {"bob": {"webrtc": "unique"}, "dan": {**dan["line"], "webrtc": "True"}}
    listed = tmp_path / "people.json"
    listed.write_text(json.dumps([ada, {**bob, "line": lines["bob"]}, {**dan, "line": lines["dan"]}]), encoding="utf-8")
    options: dict[str, Any] = {"inventory": INVENTORY, "cwd": tmp_path}
    given = {"people": str(listed)}

    planned = play("xivo.confd.plan", extra_vars=given, args=("-vvv",), **options)
    assert planned.rc == 0, planned.stdout
    assert staff.writes == []
    names = [tmp_path / "plan" / f"pbx.{suffix}" for suffix in ("json", "md", "html")]
    assert [stat.S_IMODE(name.stat().st_mode) for name in names] == [0o600] * 3
    assert stat.S_IMODE(names[0].parent.stat().st_mode) == 0o700
    document = json.loads(names[0].read_text(encoding="utf-8"))
    jsonschema.validate(document, SCHEMA)
    assert document["server"]["name"] == "pbx"
    assert "pbx: 1 to create, 1 to change, 1 entry unchanged" in planned.stdout
    assert leaks([SECRET], [("stdout", planned.stdout), *files_in(tmp_path / "plan")]) == []
    assert "<b>Dan" not in names[2].read_text(encoding="utf-8")
    assert "49" not in document["people"][1]["label"]

    fill(staff, [person("Bob", "B", "1201", user={"description": "hers"})])
    approved = {**given, "provision_approved_plan": "plan"}
    for strategy in ("stepwise", "bulk"):
        refused = play("xivo.confd.provision", extra_vars={**approved, "provision_strategy": strategy}, **options)
        assert refused.rc
        assert "user Bob B, description: approved nothing -> Sales, now hers -> Sales" in refused.stdout
    assert staff.writes == []

    fill(staff, [person("Bob", "B", "1201", user={"description": ""})])
    done = play("xivo.confd.provision", extra_vars={**approved, "provision_strategy": "stepwise"}, **options)
    assert done.rc == 0, done.stdout
    assert f"This is the approved plan of {document['time']}." in done.stdout
    webrtc = [[value for name, value in line.options if name == "webrtc"] for line in staff.database.lines]
    assert sorted(webrtc) == [[], ["ua"], ["yes"]]
    again = play("xivo.confd.provision", extra_vars=approved, **options)
    assert again.rc == 0
    assert f"Nothing is left to do: the changes of the approved plan of {document['time']} are made." in again.stdout


@pytest.mark.on("wazo")
def test_the_plan_of_an_earlier_job(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    """As AWX passes it on: what set_stats said in one job are extra variables of the next one."""
    listed = tmp_path / "people.json"
    listed.write_text(json.dumps(PEOPLE), encoding="utf-8")
    options: dict[str, Any] = {"inventory": INVENTORY, "cwd": tmp_path}
    given = {"people": str(listed)}

    planned = play(
        "xivo.confd.plan", extra_vars={**given, "provision_plan_artifact": "plan", "awx_job_id": 17}, **options
    )
    (passed_on,) = (task.result["ansible_stats"]["data"] for task in planned.tasks if "ansible_stats" in task.result)
    assert passed_on["confd_plan"]["changes"] is True
    assert passed_on["confd_plan"]["failed"] == []
    assert passed_on["confd_plan"]["summary"]["pbx"]["created"] == 3

    without = play("xivo.confd.provision", extra_vars={**given, "provision_approved_plan": "artifact"}, **options)
    assert "have passed on no plans of pbx. Let the workflow run xivo.confd.plan" in without.stdout
    real = play("xivo.confd.provision", extra_vars={**given, "provision_plan_file": "plan"}, **options)
    assert "provision_plan_file needs check mode: run with --check" in real.stdout
    empty = {"confd_plan_document_17": {"pbx": ""}, "provision_approved_plan": "artifact"}
    nothing = play("xivo.confd.provision", extra_vars={**given, **empty}, **options)
    assert "The approved plan that was passed on is empty." in nothing.stdout
    assert sim.writes == []

    done = play(
        "xivo.confd.provision", extra_vars={**given, **passed_on, "provision_approved_plan": "artifact"}, **options
    )
    assert done.rc == 0, done.stdout
    assert "This is the approved plan of" in done.stdout


@pytest.mark.on("xivo15")
def test_a_plan_with_errors_is_written_and_fails(staff: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    listed = tmp_path / "people.json"
    listed.write_text(json.dumps([person("Eve", "E", "1200")]), encoding="utf-8")
    given = {"people": str(listed), "provision_plan_file": "here/new.json"}
    for playbook, check in (("xivo.confd.plan", False), ("xivo.confd.provision", True)):
        run = play(playbook, extra_vars=given, inventory=INVENTORY, cwd=tmp_path, check=check)
        assert run.rc
        assert "1200@default already belongs to" in run.stdout
        document = json.loads((tmp_path / "here" / "new.json").read_text(encoding="utf-8"))
        jsonschema.validate(document, SCHEMA)
        assert "1200@default already belongs to" in document["errors"][0]
        (tmp_path / "here" / "new.json").unlink()


@pytest.mark.on("xivo16")
def test_the_plans_of_a_fleet(staff: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    """One server cannot be planned: the plans of the others are written and passed on, and the job fails."""
    lists = {"good": [person("Eve", "E", "1209")], "bad": [person("Eve", "E", "1200")]}
    inventory = {"confd": {"hosts": {name: {"provision_users": people} for name, people in lists.items()}}}
    variables = {"provision_plan_file": "plans", "provision_plan_artifact": "plan"}
    run = play("xivo.confd.plan", inventory=inventory, cwd=tmp_path, extra_vars=variables)
    assert {name: stats["failures"] for name, stats in run.stats.items()} == {"good": 0, "bad": 1}
    assert sorted(path.name for path in (tmp_path / "plans").glob("*.json")) == ["bad.json", "good.json"]
    (passed_on,) = (task.result["ansible_stats"]["data"] for task in run.tasks if "ansible_stats" in task.result)
    assert passed_on["confd_plan"]["failed"] == ["bad"]
    assert passed_on["confd_plan"]["summary"]["good"]["created"] == 1
    assert sorted(passed_on["confd_plan_document_0"]) == ["bad", "good"]

    # Nobody has approved a plan of a server for which the variable says none.
    (tmp_path / "plans" / "bad.json").unlink()
    hosts: dict[str, Any] = inventory["confd"]["hosts"]
    plans = {"bad": "plans", "empty": "", "null": None, "typo": "{{ plan_foldr }}", "blank": " "}
    hosts = {name: {**hosts["good"], "provision_approved_plan": plan} for name, plan in plans.items()}
    run = play("xivo.confd.provision", inventory={"confd": {"hosts": hosts}}, cwd=tmp_path)
    assert {name: stats["failures"] for name, stats in run.stats.items()} == dict.fromkeys(plans, 1)
    assert run.stdout.count("provision_approved_plan is empty, so this run is not the one that somebody approved.") >= 2
    assert staff.writes == []

    variables["provision_plan_file"] = "plans/one.json"
    run = play("xivo.confd.plan", inventory=inventory, cwd=tmp_path, extra_vars=variables)
    assert "provision_plan_file is one file, but this run has 2 servers. Give a folder." in run.stdout
    assert not (tmp_path / "plans" / "one.json").exists()
    assert staff.writes == []
