# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook of the survey: answers in every shape that AWX has sent them in, and one person is provisioned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from integration.playbooks import Result, TaskResult
from simulator import Simulator

PLAYBOOK = "xivo.confd.new_employee"
HOSTILE = "{{ lookup('pipe', 'id') }}"
ANSWERS = {
    "confd_hosts": "confd",
    "employee_firstname": "Johnny",
    "employee_lastname": "Depp",
    "employee_number": "1200",
    "employee_context": "default",
    "employee_direct_number": "2200",
    "employee_direct_number_context": "from-extern",
}


def results(run: Result) -> list[dict[str, Any]]:
    """provision_results, as the role left them."""
    task: TaskResult = next(
        task for task in reversed(run.tasks) if "provision_results" in task.result.get("ansible_facts", {})
    )
    found: list[dict[str, Any]] = task["ansible_facts"]["provision_results"]
    return found


@pytest.fixture
def hire(play: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run the playbook with answers as AWX hands them on: in a file, every text of it marked as no template."""

    def run(answers: dict[str, Any], **options: Any) -> Result:
        lines = [f"{name}: {'!unsafe ' if value else ''}{yaml.safe_dump(value)}" for name, value in answers.items()]
        file = tmp_path / "extravars"
        file.write_text("".join(line.replace("\n...\n", "\n") for line in lines), encoding="utf-8")
        return play(PLAYBOOK, args=["-e", f"@{file}"], **options)

    return run


def test_all_answers_make_a_telephone_user(sim: Simulator, hire: Callable[..., Result]) -> None:
    predicted = hire(ANSWERS, check=True, diff=True).succeeded()
    assert sim.writes == []
    assert predicted.changed

    (person,) = results(hire(ANSWERS).succeeded())
    assert (person["status"], person["label"]) == ("created", "Johnny Depp (1200@default)")
    assert [incall["exten"] for incall in person["incalls"]] == ["2200"]

    sim.clear_log()
    assert hire(ANSWERS).succeeded().changed == 0
    assert sim.writes == []


@pytest.mark.parametrize("empty", ["", None, "left out"], ids=repr)
@pytest.mark.on("xivo15")
def test_empty_answers_are_as_if_not_given(empty: str | None, sim: Simulator, hire: Callable[..., Result]) -> None:
    answers = {**ANSWERS, **dict.fromkeys(("employee_lastname", "employee_direct_number", "confd_hosts"), empty)}
    if empty == "left out":
        answers = {name: value for name, value in answers.items() if value != empty}

    (person,) = results(hire(answers).succeeded())

    assert person["label"] == "Johnny (1200@default)"
    assert not person["incalls"]


@pytest.mark.on("xivo15")
def test_ranges_give_the_lowest_free_numbers(hire: Callable[..., Result]) -> None:
    ranges = {"employee_number": "1200-1299", "employee_direct_number": "2200 - 2299"}
    hire(ANSWERS).succeeded()

    (person,) = results(hire({**ANSWERS, **ranges, "employee_firstname": "Lily-Rose"}).succeeded())

    assert person["exten"] == "1201"
    assert [incall["exten"] for incall in person["incalls"]] == ["2201"]


@pytest.mark.on("xivo15")
def test_numbers_may_come_as_integers(hire: Callable[..., Result]) -> None:
    (person,) = results(hire({**ANSWERS, "employee_number": 1200, "employee_direct_number": 2200}).succeeded())

    assert person["label"] == "Johnny Depp (1200@default)"


@pytest.mark.on("xivo15")
def test_without_numbers_it_is_somebody_without_a_telephone(hire: Callable[..., Result]) -> None:
    (person,) = results(hire({**ANSWERS, "employee_number": "", "employee_direct_number": ""}).succeeded())

    assert (person["status"], person["label"], person["exten"]) == ("created", "Johnny Depp", None)


@pytest.mark.on("xivo15")
def test_without_a_first_name_nothing_is_written(sim: Simulator, hire: Callable[..., Result]) -> None:
    run = hire({**ANSWERS, "employee_firstname": ""})

    assert run.rc != 0
    assert "firstname" in run.output
    assert sim.writes == []


@pytest.mark.on("xivo15")
def test_a_name_is_no_template(hire: Callable[..., Result]) -> None:
    (person,) = results(hire({**ANSWERS, "employee_lastname": HOSTILE}).succeeded())

    assert HOSTILE in person["label"]


@pytest.mark.on("xivo15")
def test_an_inventory_that_purges_its_own_list_keeps_its_people(
    sim: Simulator, play: Callable[..., Result], hire: Callable[..., Result]
) -> None:
    staff = [{"user": {"firstname": "Vanessa"}, "extension": {"exten": "1300", "context": "default"}}]
    purging = {
        "provision_users": staff,
        "provision_purge": True,
        "provision_purge_scope": {"context": "default"},
        "provision_orphans": "remove",
    }
    inventory = {"confd": {"hosts": {"localhost": purging}}}
    play("xivo.confd.provision", inventory=inventory).succeeded()

    run = hire(ANSWERS, inventory=inventory).succeeded()

    assert [person["status"] for person in results(run)] == ["created"]
    assert [request for request in sim.writes if request.method == "DELETE"] == []
