# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""xivo.confd.numbers over a fleet: every server is in the files, whatever becomes of the others."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

from simulator import Simulator
from support.people import fill
from support.playbooks import ROOT, run_playbook

SITES = {"paris": "xivo15", "rome": "xivo16", "oslo": "wazo"}
TEMPLATE = "{{ lookup('pipe', 'id') }}"
FILES = ["numbers.csv", "numbers.html", "numbers.json", "phones.csv", "staff.csv", "staff.html"]


def entry(firstname: str, exten: str, direct: str) -> dict[str, Any]:
    return {
        "user": {"firstname": firstname, "lastname": "Berg"},
        "extension": {"exten": exten, "context": "default"},
        "incall": {"exten": direct, "context": "from-extern"},
    }


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def filled(sim: Simulator) -> dict[str, Any]:
    """Put two people on a server, one of whom has a template for a name. Return its variables in the inventory."""
    sim.reset()
    fill(sim, [entry("=Zoé", "1200", "2200"), entry("Jo", "1201", "2201")])
    for user in sim.database.users.where(firstname="Jo"):
        user.firstname = TEMPLATE
    sim.clear_log()
    return {
        "confd_url": sim.url,
        "confd_username": sim.username,
        "confd_password": sim.password,
        "confd_ca_path": sim.ca_path,
    }


def test_a_fleet_of_three_and_one_that_is_down(shared_sims: Callable[[str], Simulator], tmp_path: Path) -> None:
    hosts = {site: filled(shared_sims(api)) for site, api in SITES.items()}
    hosts["rome2"] = {**hosts["rome"], "confd_password": "another one"}

    run = run_playbook(
        None,
        "xivo.confd.numbers",
        inventory={"confd": {"hosts": hosts}},
        args=("--forks", "4"),
        extra_vars={"numbers_delimiter": "semicolon", "numbers_directory": "lists/today"},
        cwd=tmp_path,
    )

    assert {task.host for task in run.failed} == {"rome2"}
    assert [sim for sim in map(shared_sims, SITES.values()) if sim.writes] == []
    assert {site for site, stats in run.stats.items() if stats["changed"]} == set()
    folder = tmp_path / "lists" / "today"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    report = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, json.loads((ROOT / "docs" / "numbers-report.schema.json").read_text(encoding="utf-8")))
    assert [each["name"] for each in report["servers"] if each["error"]] == ["rome2"]
    assert len(report["servers"]) == 4
    assert "next free 1000         default 1000-1999 (persons): 998 free" in run.output
    people = {(row["server"], row["number"]): row["name"] for row in table(folder / "numbers.csv")}
    assert {people[site, "1201"] for site in SITES} == {f"{TEMPLATE} Berg"}
    assert {people[site, "2200"] for site in SITES} == {"'=Zoé Berg"}
    *staff, last = table(folder / "staff.csv")
    assert {row["name"] for row in staff} == {"Berg, =Zoé", f"Berg, {TEMPLATE}"}
    assert last["name"] == "Not complete: rome2 could not be read."
    *phones, last = table(folder / "phones.csv")
    assert (len(phones), list(last.values())[0]) == (3 * len(SITES), "rome2")
