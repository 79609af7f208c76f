# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook of the survey: answers in every shape that AWX has sent them in, and one person is provisioned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.helpers import user_row
from support.people import fill
from support.playbooks import Result

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


def person(firstname: str, exten: str, **more: Any) -> dict[str, Any]:
    """An entry."""
    return {"user": {"firstname": firstname}, "extension": {"exten": exten, "context": "default"}, **more}


def results(run: Result) -> list[dict[str, Any]]:
    """The results of the module."""
    found: list[dict[str, Any]] = run.task("Provision the new employee")["results"]
    return found


@pytest.fixture
def hire(play: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run the playbook with answers as AWX hands them on: in a file, every text of it marked as no template."""

    def run(answers: dict[str, Any], **options: Any) -> Result:
        lines = [
            f"{name}: {'!unsafe ' if value and isinstance(value, str) else ''}{json.dumps(value)}\n"
            for name, value in answers.items()
        ]
        file = tmp_path / "extravars"
        file.write_text("".join(lines), encoding="utf-8")
        return play(PLAYBOOK, args=["-e", f"@{file}"], **options)

    return run


def test_all_answers_make_a_telephone_user(sim: Simulator, hire: Callable[..., Result]) -> None:
    predicted = hire(ANSWERS, check=True, diff=True).succeeded()
    assert sim.writes == []
    assert predicted.changed

    (found,) = results(hire(ANSWERS).succeeded())
    assert (found["status"], found["label"]) == ("created", "Johnny Depp (1200@default)")
    assert [incall["exten"] for incall in found["incalls"]] == ["2200"]

    sim.clear_log()
    again = hire(ANSWERS).succeeded()
    assert (again.changed, sim.writes) == (0, [])
    # The name may be that of somebody else.
    assert "this user exists, with 1200. If it is about another person, give that one an employee_id." in again.output


def test_null_is_as_if_not_given_and_numbers_may_be_integers(hire: Callable[..., Result]) -> None:
    nothing = dict.fromkeys(("employee_lastname", "employee_direct_number", "confd_hosts"))

    (found,) = results(hire({**ANSWERS, **nothing, "employee_number": 1200}).succeeded())

    assert found["label"] == "Johnny (1200@default)"
    assert not found["incalls"]


def test_without_numbers_it_is_somebody_without_a_telephone(hire: Callable[..., Result]) -> None:
    empty = dict.fromkeys(("employee_number", "employee_direct_number", "confd_hosts"), "")

    (found,) = results(hire({**ANSWERS, **empty}).succeeded())

    assert (found["status"], found["label"], found["exten"]) == ("created", "Johnny Depp", None)


def test_ranges_give_free_numbers_and_names_are_no_templates(sim: Simulator, hire: Callable[..., Result]) -> None:
    fill(sim, [person("Vanessa", "1200", incall={"exten": "2200", "context": "from-extern"})])
    answers = {
        "employee_firstname": "Lily-Rose",
        "employee_lastname": HOSTILE,
        # ansible-core 2.19 and later read it as an integer.
        "employee_id": "007",
        "employee_number": "1200-1299",
        "employee_direct_number": "2200 - 2299",
    }

    (found,) = results(hire(answers).succeeded())

    assert found["label"].startswith(f"Lily-Rose {HOSTILE}")
    assert found["exten"] == "1201"
    assert [incall["exten"] for incall in found["incalls"]] == ["2201"]
    assert user_row(sim, f"Lily-Rose {HOSTILE}").userfield == "007"


def test_without_a_first_name_nothing_is_written(sim: Simulator, hire: Callable[..., Result]) -> None:
    run = hire({**ANSWERS, "employee_firstname": ""})

    assert run.rc != 0
    assert "firstname" in run.output
    assert sim.writes == []
