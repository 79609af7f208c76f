# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several servers in one play: each gets what is its own, whatever becomes of the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.playbooks import Result, run_playbook

GENERATIONS = ("xivo15", "xivo15", "xivo15", "xivo15", "xivo16", "xivo16", "wazo", "wazo")
FORKS = ("--forks", str(len(GENERATIONS)))
IN_BULK = {"provision_strategy": "bulk"}
"""One module a server, where the lists are so short that the role would take many."""
Fleet = dict[str, Simulator]


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    """Servers by the names of their hosts, each with a password that no other takes."""
    with ExitStack() as stack:
        yield {
            f"site{index}": stack.enter_context(Simulator(api=api, password=f"password of site{index}"))
            for index, api in enumerate(GENERATIONS)
        }


def connection_of(sim: Simulator) -> dict[str, Any]:
    """What an inventory says of a server, to which other playbooks connect."""
    return {
        "ansible_connection": "ssh",
        "ansible_become": True,
        "confd_url": sim.url,
        "confd_username": sim.username,
        "confd_password": sim.password,
        "confd_ca_path": sim.ca_path,
    }


def people_of(site: str) -> list[dict[str, Any]]:
    """Somebody of everywhere, whose name and number are the same on all servers; and somebody of this site alone."""
    position = int(site.removeprefix("site"))
    return [
        {"user": {"firstname": "Same", "userfield": site}, "extension": {"exten": "1200", "context": "default"}},
        {
            "user": {"firstname": f"Only-{site}"},
            "extension": {"exten": str(1300 + position), "context": "default"},
            "incall": {"exten": str(2300 + position), "context": "from-extern"},
        },
    ]


def run(fleet: Fleet, broken: str = "") -> Result:
    """One play over all of them; broken is a server for which the inventory has a wrong password."""
    hosts = {site: {**connection_of(sim), "provision_users": people_of(site)} for site, sim in fleet.items()}
    if broken:
        hosts[broken]["confd_password"] = "that of another server"
    return run_playbook(
        None, "xivo.confd.provision", inventory={"confd": {"hosts": hosts}}, args=FORKS, extra_vars=IN_BULK
    )


def phone_book(sim: Simulator) -> set[tuple[str, str]]:
    """(name, internal number) of everybody, as the database holds them."""
    return {
        (user.firstname, sim.database.internal_extension_of(association.line_id).exten)
        for user in sim.database.users
        for association in sim.database.user_lines.where(user_id=user.id)
    }


def expected(site: str) -> set[tuple[str, str]]:
    return {(entry["user"]["firstname"], entry["extension"]["exten"]) for entry in people_of(site)}


def test_eight_servers_at_once_stay_independent(fleet: Fleet) -> None:
    most = run(fleet, broken="site3")

    assert most.rc != 0
    assert {task.host for task in most.failed} == {"site3"}
    assert fleet["site3"].writes == []
    others = {site: sim for site, sim in fleet.items() if site != "site3"}
    assert {site: phone_book(sim) for site, sim in others.items()} == {site: expected(site) for site in others}
    assert kept_results(most) == {site: ["Same", f"Only-{site}"] for site in others}

    for sim in others.values():
        sim.clear_log()
    rest = run(fleet).succeeded()

    assert {site for site, stats in rest.stats.items() if stats["changed"]} == {"site3"}
    assert {site for site, sim in fleet.items() if sim.writes} == {"site3"}
    assert kept_results(rest) == {site: ["Same", f"Only-{site}"] for site in fleet}
    for site, sim in fleet.items():
        assert phone_book(sim) == expected(site)
        assert {user.userfield for user in sim.database.users} - {"", None} == {site}
        assert [incall.exten for incall in sim.database.incalls] == [people_of(site)[1]["incall"]["exten"]]


WITH_JOURNAL = {
    "provision_journal": "journal",
    "awx_job_id": 77,
    "awx_user_name": "carla",
    "awx_job_template_name": "Nightly",
}
"""The journal of a job, with the variables of AWX that say who launched it."""


def test_variables_and_paths_of_an_inventory(tmp_path: Path) -> None:
    with Simulator(api="xivo16", password="password of a site") as sim:
        assert sim.ca_path
        (tmp_path / "ca.pem").write_bytes(Path(sim.ca_path).read_bytes())
        of_host = {**connection_of(sim), "confd_ca_path": "ca.pem", "provision_users": people_of("site0")}
        unread = {**of_host, "validate_certs": False}
        no_vault = {**of_host, "confd_password": "{{ vault_confd_password }}"}
        misspelt = {"confd_timout": 3, "provision_reset_devices": True}
        run = run_playbook(
            None,
            "xivo.confd.provision",
            inventory={"confd": {"hosts": {"site0": {**of_host, **misspelt}, "site1": unread, "site2": no_vault}}},
            extra_vars={**IN_BULK, "provision_progress_file": "progress.log", **WITH_JOURNAL},
            cwd=tmp_path,
        )
        assert len(sim.database.users) == 2
    failed, other = sorted(run.failed, key=lambda task: task.host)
    assert (failed.host, other.host) == ("site1", "site2")
    assert "vault_confd_password" in other.msg
    assert "The variable validate_certs is not read. Call it confd_validate_certs." in failed.msg
    warned = " ".join(run.output.split())
    for name, meant in (("confd_timout", "confd_timeout"), ("provision_reset_devices", "provision_reset_device")):
        assert f"The variable {name} of site0 is not read. Did you mean {meant}?" in warned
    # The progress shows every few seconds only, so the file of a short list is empty.
    assert (tmp_path / "progress.log").exists()
    (journal,) = (tmp_path / "journal").glob("*.jsonl")
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["start", "person", "person", *["write"] * (len(lines) - 4), "end"]
    assert {line["host"] for line in lines} == {"site0"}
    who = {"awx_job_id": "77", "awx_user": "carla", "awx_job_template": "Nightly"}
    assert all(who.items() <= line["ran_by"].items() for line in lines)


def kept_results(result: Result) -> dict[str, list[str]]:
    """The names in provision_results of each host."""
    return {
        task.host: [each["name"] for each in task["ansible_facts"]["provision_results"]]
        for task in result.tasks
        if task.name.endswith("Keep the results")
    }
