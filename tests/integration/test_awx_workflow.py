# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow of playbooks/awx/controller.yml: a plan, somebody who approves it, what is applied, an audit."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import Simulator
from support.awx_jobs import Project, WorkflowJob, wrong_answers
from support.awx_project import controller
from support.helpers import phone_book, user_row
from support.people import fill, person

ANSWERS = {"confd_hosts": "localhost"}
HOSTILE = "{{ lookup('pipe', 'id') }}"
PASSWORD = "c4nary-of-the-user"
ANN = person("Ann", HOSTILE, "1200", user={"userfield": "HR-1"})
LIST = [
    {**person("Ann", "Lee", "1300"), "match": {"userfield": "HR-1"}},
    person("Bob", "Lee", "1201", user={"username": "bob", "password": PASSWORD}),
]

pytestmark = pytest.mark.on("xivo16")


@pytest.fixture
def workflow_job(sim: Simulator, tmp_path: Path) -> WorkflowJob:
    """A workflow to launch, in an AWX with one server. Ann is on it, with a name that is a template, and Bob is not."""
    fill(sim, [ANN])
    project = Project(tmp_path, sim)
    project.host_vars["provision_users"] = LIST
    return WorkflowJob(controller("localhost"), project)


def test_an_approved_plan_is_applied(workflow_job: WorkflowJob, sim: Simulator) -> None:
    seen = {}

    def approve(so_far: WorkflowJob) -> bool:
        """As somebody who reads the output of the plan."""
        seen.update(output=so_far.jobs["plan"].output, writes=list(sim.writes))
        return True

    done = workflow_job.launch(ANSWERS, approve)

    assert f"lastname {HOSTILE} -> Lee" in seen["output"]
    assert "would create Bob Lee " in seen["output"]
    assert seen["writes"] == []
    assert {name: job.status for name, job in done.jobs.items()} == dict.fromkeys(
        ("plan", "approval", "apply", "audit"), "successful"
    )
    assert done.status == "successful"
    assert [exten for exten, _incalls in phone_book(sim).values()] == ["1300", "1201"]
    handed_on = done.jobs["audit"].ancestor_artifacts
    assert handed_on["confd_plan"]["changes"] is True
    assert PASSWORD not in str([(job.output, job.artifacts) for job in done.jobs.values()])


def test_a_foreign_change_refuses_the_plan(workflow_job: WorkflowJob, sim: Simulator) -> None:
    def approve(_so_far: WorkflowJob) -> bool:
        """While somebody else works on the server."""
        user_row(sim, f"Ann {HOSTILE}").lastname = "Poe"
        sim.clear_log()
        return True

    done = workflow_job.launch(ANSWERS, approve)

    assert (done.jobs["apply"].status, sim.writes) == ("failed", [])
    assert "Ann Lee (1300@default): The entry is the same, but something on the server" in done.jobs["apply"].output
    assert (list(done.jobs), done.status) == (["plan", "approval", "apply"], "failed")


def test_a_denied_plan_is_not_applied(workflow_job: WorkflowJob, sim: Simulator) -> None:
    done = workflow_job.launch(ANSWERS, lambda _so_far: False)

    assert (list(done.jobs), done.status, sim.writes) == (["plan", "approval"], "failed", [])


def test_only_known_servers_are_accepted() -> None:
    data = controller("paris", "rome")
    (workflow,), (person_template, *_others) = data["controller_workflows"], data["controller_templates"]
    assert wrong_answers(workflow, {}) == []
    assert wrong_answers(workflow, {"confd_hosts": "all"}) == ["confd_hosts"]
    assert wrong_answers(person_template, {"employee_firstname": "Ann"}) == ["confd_hosts"]
    assert wrong_answers(person_template, {"employee_firstname": "Ann", "confd_hosts": "rome"}) == []
