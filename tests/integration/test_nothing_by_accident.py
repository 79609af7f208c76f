# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that ends well has done what it says, whatever variables, tags and servers are around."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator import Fault, Simulator
from support.people import fill
from support.playbooks import Result

pytestmark = pytest.mark.on("xivo15")


def person(firstname: str, exten: str, **more: Any) -> dict[str, Any]:
    return {"user": {"firstname": firstname}, "extension": {"exten": exten, "context": "default"}, **more}


ANN, BOB, CLEO = person("Ann", "1201"), person("Bob", "1202"), person("Cleo", "1203")
PURGE = {"provision_purge": True, "provision_purge_scope": {"context": "default"}}
PUBLIC = {
    "provision_results": [],
    **dict.fromkeys(("provision_run", "provision_planned", "provision_list", "provision_table"), {"results": []}),
    **dict.fromkeys(("audit_run", "audit_server", "audit_report", "export_run", "employee_user"), {"results": []}),
}
"""Names of this and of earlier releases, as an AWX artifact of an earlier job sets them."""


def names(sim: Simulator) -> list[str]:
    return sorted(user.firstname for user in sim.database.users)


@pytest.fixture
def people(sim: Simulator) -> Simulator:
    """Ann and Bob."""
    fill(sim, [ANN, BOB])
    sim.clear_log()
    return sim


# Verdicts and names (design.md, rule 9)


@pytest.mark.parametrize("strategy", ["stepwise", "bulk"])
def test_no_public_variable_hides_a_failure(people: Simulator, play: Callable[..., Result], strategy: str) -> None:
    """And a boolean that is a text is a boolean: the run stops at the first failure."""
    people.faults.add(Fault("500_before", method="POST", path="/users", times=9))
    options = {"provision_strategy": strategy, "provision_continue_on_error": "false"}
    entries = [person("Dan", "1204"), person("Eve", "1205")]

    run = play("xivo.confd.provision", extra_vars={**PUBLIC, **options, "provision_users": entries})

    assert run.rc != 0
    assert "entry 1, Dan (1204@default): " in run.output
    assert "entry 2" not in run.output
    assert names(people) == ["Ann", "Bob"]


def test_a_purge_names_whom_it_removes(people: Simulator, play: Callable[..., Result]) -> None:
    options = {**PUBLIC, **PURGE, "provision_users": [ANN]}

    check = play("xivo.confd.provision", extra_vars=options, check=True).succeeded()
    assert "would remove Bob                              1202" in check.output
    run = play("xivo.confd.provision", extra_vars=options).succeeded()
    assert "purged    Bob                              1202" in run.output
    assert "[WARNING]: Removed because they are not in the list (purge): Bob (1202@default)." in run.output

    people.faults.add(Fault("500_before", method="DELETE", path="/users/*", times=9))
    failed = play(
        "xivo.confd.provision", extra_vars={**options, "provision_users": [CLEO], "provision_continue_on_error": "yes"}
    )
    assert failed.rc != 0
    assert "1 of 2 entries failed:" in failed.output
    assert "- Ann (1201@default): " in failed.output
    assert "- created   Cleo " in failed.output


def test_no_list_purges_nothing(people: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    """A file with its headings alone, a misspelt variable: nothing is removed, and no audit is green."""
    empty = {**PURGE, "provision_users": []}
    for given, words in (
        (empty, "set purge_allow_empty to true"),
        ({**PURGE, "provision_usres": [ANN]}, "provision_users is not defined for "),
    ):
        run = play("xivo.confd.provision", extra_vars=given)
        assert run.rc != 0
        assert words in run.output

    without = play("xivo.confd.audit", extra_vars={"audit_directory": str(tmp_path)})
    assert without.rc != 0
    assert "provision_users is not defined for " in without.output

    audit = play("xivo.confd.audit", extra_vars={**empty, "audit_directory": str(tmp_path)})
    assert audit.rc != 0
    (server,) = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["servers"]
    assert server["status"] == "failed"
    assert names(people) == ["Ann", "Bob"]


# Runs that would do nothing


def test_nothing_done_is_not_green(people: Simulator, play: Callable[..., Result]) -> None:
    """Tags that nothing has, and servers that do not exist."""
    users = {"provision_users": [ANN]}
    role = {"ansible.builtin.include_role": {"name": "xivo.confd.provision"}, "vars": users, "tags": "people"}

    for run, words in (
        (play("xivo.confd.audit", extra_vars=users, args=["-t", "nightly"]), "select none of these tasks"),
        (play([role], args=["-t", "people"]), "include_role with apply"),
        (play("xivo.confd.provision", extra_vars={**users, "confd_hosts": "site9"}), "No server of the inventory"),
    ):
        assert run.rc != 0
        assert words in run.output
    assert people.requests == []


def test_tags_of_the_user_select_plays(people: Simulator, play: Callable[..., Result]) -> None:
    """What was imported with other tags is left out, and so is the role of a play with roles of other tags."""
    site = [
        {"import_playbook": "xivo.confd.provision", "tags": ["telephones"]},
        {
            "hosts": "localhost",
            "gather_facts": False,
            "roles": [{"role": "xivo.confd.provision"}],
            "tasks": [{"name": "Something else", "ansible.builtin.debug": {}, "tags": "network"}],
        },
    ]
    run = play(site, extra_vars={"provision_users": [CLEO]}, args=["-t", "network"]).succeeded()

    assert run.task("Something else").status == "ok"
    assert people.requests == []


# Playbooks about one person


def test_a_new_employee_is_alone(people: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    """Whatever a site's variables say of lists, this person is provisioned, and nobody else is touched."""
    site = tmp_path / "site.yml"
    site.write_text(
        json.dumps({**PUBLIC, **PURGE, "provision_users": [CLEO], "provision_orphans": "remove"}), encoding="utf-8"
    )
    answers = {"employee_firstname": "Dan", "employee_number": "1204"}

    run = play("xivo.confd.new_employee", extra_vars=answers, args=["-e", f"@{site}"]).succeeded()

    assert "created   Dan " in run.output
    assert names(people) == ["Ann", "Bob", "Dan"]


def test_a_namesake_keeps_the_numbers(people: Simulator, play: Callable[..., Result]) -> None:
    answers = {"employee_firstname": "Ann", "employee_number": "1299"}

    run = play("xivo.confd.new_employee", extra_vars=answers)
    assert run.rc != 0
    assert "user Ann (id 1) exists, with 1201@default, and would be changed" in run.output
    assert "employee_id" in run.output
    assert people.writes == []

    play("xivo.confd.new_employee", extra_vars={**answers, "employee_id": "HR-2"}).succeeded()
    assert names(people) == ["Ann", "Ann", "Bob"]
    moved = {"employee_firstname": "Bob", "employee_number": "1298", "employee_same_person": "true"}
    play("xivo.confd.new_employee", extra_vars=moved).succeeded()
    assert names(people) == ["Ann", "Ann", "Bob"]
    leaver = {"employee_firstname": "Ann", "employee_id": "HR-2"}
    play("xivo.confd.leaving_employee", extra_vars=leaver).succeeded()
    assert names(people) == ["Ann", "Bob"]


def test_who_leaves_is_removed_alone(people: Simulator, play: Callable[..., Result]) -> None:
    answers = {**PUBLIC, **PURGE, "employee_firstname": "Bob", "employee_number": "1202", "provision_users": [CLEO]}

    run = play("xivo.confd.leaving_employee", extra_vars=answers).succeeded()
    assert "removed   Bob                              1202" in run.output
    assert names(people) == ["Ann"]

    # With an id as well, and without a last name, which Bob does not have.
    again = play("xivo.confd.leaving_employee", extra_vars={**answers, "employee_id": "HR-3"})
    assert again.rc != 0
    assert "The server has no such user" in again.output


def test_one_person_on_one_server(people: Simulator, play: Callable[..., Result]) -> None:
    two = {"confd": {"hosts": {"a": {}, "b": {}}}}
    run = play("xivo.confd.new_employee", inventory=two, extra_vars={"employee_firstname": "Bob"})
    assert run.rc != 0
    assert "confd_hosts selects 2 servers: a, b" in run.output
    assert people.requests == []


# Audits and exports


def test_an_audit_reports_every_server(people: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    """One server's variable cannot be evaluated: the others are audited, and the report says why."""
    broken = {"confd_url": "{{ lookup('ansible.builtin.file', '/nonexistent') }}"}
    hosts = {"confd": {"hosts": {"a": broken, "b": {}, "c": {}}}}
    options = {**PUBLIC, "provision_users": [ANN], "audit_directory": str(tmp_path)}

    def audit(**more: Any) -> dict[str, str]:
        run = play("xivo.confd.audit", inventory=hosts, extra_vars=options, shows_secrets=True, **more)
        assert run.rc != 0
        report = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
        assert all(server["error"] for server in report["servers"] if server["status"] == "failed")
        return {server["name"]: server["status"] for server in report["servers"]}

    conforming = {"a": "failed", "b": "conforming", "c": "conforming"}
    assert audit(env={"ANSIBLE_STRATEGY": "free"}) == conforming
    assert "/nonexistent" in (tmp_path / "audit.json").read_text(encoding="utf-8")
    # With --start-at-task, Ansible gathers facts, which show the environment.
    assert audit(args=["--start-at-task", "Compare the server with its entries"]) == conforming


def test_an_export_mixes_no_servers(people: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    two = {"confd": {"hosts": {"a": {}, "b": {}}}}
    options = {**PUBLIC, "export_directory": str(tmp_path / "exports")}

    run = play("xivo.confd.export", inventory=two, extra_vars=options)

    assert run.rc != 0
    assert len(run.failed) == 1
    assert "Give each server its own folder" in run.output

    # An edited file is replaced only if somebody says so, and a backup is kept.
    users = tmp_path / "exports" / "users.yml"
    users.write_text("---\nprovision_users: []\n", encoding="utf-8")
    options["confd_hosts"] = "a"
    assert (
        "was edited, or was not written by an export"
        in play("xivo.confd.export", inventory=two, extra_vars=options).output
    )
    run = play("xivo.confd.export", inventory=two, extra_vars={**options, "export_overwrite": "true"}).succeeded()
    assert f"backup of the file that was replaced: {users}.~1~" in run.output
    assert Path(f"{users}.~1~").read_text(encoding="utf-8") == "---\nprovision_users: []\n"
