# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine under AWX, ansible-runner, runs the playbooks of the AWX project."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from simulator import Fault, Simulator
from support.awx_jobs import Project

CANARIES = {"password": "c4nary-of-the-user", "secret": "c4naryofthesipline", "pin": "73914826"}
PEOPLE = [
    {
        "user": {"firstname": name, "username": name.lower(), "password": CANARIES["password"]},
        "extension": {"exten": exten, "context": "default"},
        "line": {"secret": CANARIES["secret"]},
        "voicemail": {"password": CANARIES["pin"]},
    }
    for name, exten in (("Johnny", "1200"), ("Vanessa", "1201"))
]


@pytest.fixture
def project(sim: Simulator, tmp_path: Path) -> Project:
    return Project(tmp_path, sim)


def files_with(text: str, folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_a_job_leaves_artifacts_and_no_secret(project: Project, sim: Simulator, tmp_path: Path) -> None:
    project.host_vars["provision_users"] = PEOPLE[:1]
    done = project.run("provision.yml", "first", {}, verbosity=2)

    assert (done.status, done.rc) == ("successful", 0), done.stdout.read()
    kinds = {event["event"] for event in done.events}
    assert {"playbook_on_start", "playbook_on_task_start", "runner_on_ok", "playbook_on_stats"} <= kinds
    assert done.stats["changed"]["localhost"] > 0
    assert not done.stats["failures"]
    artifacts = tmp_path / "artifacts" / "first"
    assert (artifacts / "rc").read_text() == "0"
    assert "Johnny" in (artifacts / "stdout").read_text(encoding="utf-8")
    assert len(list((artifacts / "job_events").glob("*.json"))) == len(list(done.events))
    assert {name: files_with(secret, artifacts) for name, secret in CANARIES.items()} == dict.fromkeys(CANARIES, [])
    # The environment of the job, which runner itself writes down, for its owner only.
    assert files_with(str(sim.password), artifacts) == ["command"]


def test_a_cancelled_job_is_completed_by_the_next(project: Project, sim: Simulator, tmp_path: Path) -> None:
    project.host_vars["provision_users"] = PEOPLE
    stepwise, bulk = ({"provision_strategy": strategy} for strategy in ("stepwise", "bulk"))
    held, released = Event(), Event()

    def hold(_method: str, _path: str) -> None:
        held.set()
        released.wait(60)

    # Modules outlive their job, in sessions of their own. This one has nothing left to do but to read an answer.
    sim.faults.add(Fault("callback", method="POST", nth=5, callback=hold, after=True))

    cancelled = project.run("provision.yml", "cancelled", stepwise, cancel_callback=held.is_set)
    released.set()

    assert cancelled.status == "canceled"
    assert not any(event["event"] == "playbook_on_stats" for event in cancelled.events)

    completed = project.run("provision.yml", "completed", bulk)
    assert completed.status == "successful", completed.stdout.read()
    assert completed.stats["changed"]
    sim.clear_log()
    again = project.run("provision.yml", "again", bulk)

    assert again.status == "successful"
    assert not again.stats["changed"]
    assert sim.writes == []
