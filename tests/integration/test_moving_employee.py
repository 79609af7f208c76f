# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook for who gets another number or name: what is asked for changes, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from support.helpers import line_row, phone_book, user_row
from support.people import fill, person
from support.playbooks import Result

PLAYBOOK = "xivo.confd.moving_employee"
HOSTILE = "{{ lookup('pipe', 'id') }}"
ANN = {"employee_firstname": "Ann", "employee_lastname": "Lee"}
EMPTY = {"employee_new_firstname": "", "employee_new_number": None, "employee_new_context": "", "employee_id": ""}


@pytest.fixture
def move(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run the playbook with answers as AWX hands them on, on a server with two users, one of whom has everything."""
    fill(
        sim,
        [
            person("Ann", "Lee", "1200", "2200", user={"userfield": "007"}, voicemail={"password": "73914826"}),
            person("Bob", "Lee", "1201"),
        ],
    )

    def run(answers: Mapping[str, Any], **options: Any) -> Result:
        lines = [
            f"{name}: {'!unsafe ' if value and isinstance(value, str) else ''}{json.dumps(value)}\n"
            for name, value in answers.items()
        ]
        file = tmp_path / "extravars"
        file.write_text("".join(lines), encoding="utf-8")
        return play(PLAYBOOK, args=["-e", f"@{file}"], **options)

    return run


def test_a_move_changes_what_is_given(sim: Simulator, move: Callable[..., Result]) -> None:
    """A marriage and another office: the line, the login and the mailbox stay."""
    line = line_row(sim, "Ann Lee").id
    moved = {
        **ANN,
        "employee_number": 1200,
        "employee_id": "007",
        "employee_new_number": "1300-1399",
        "employee_new_direct_number": "2300",
        "employee_new_lastname": HOSTILE,
        "confd_hosts": "",
    }
    predicted = move(moved, check=True).succeeded()
    assert f"would change Ann {HOSTILE}" in predicted.output
    assert sim.writes == []

    move(moved).succeeded()
    assert phone_book(sim) == {f"Ann {HOSTILE}": ("1300", ["2300"]), "Bob Lee": ("1201", [])}
    assert (line_row(sim, f"Ann {HOSTILE}").id, user_row(sim, f"Ann {HOSTILE}").userfield) == (line, "007")
    (voicemail,) = sim.database.voicemails
    assert voicemail.number == "1200"

    sim.clear_log()
    again = move(moved).succeeded()
    assert (again.changed, sim.writes) == (0, [])
    assert "this user has the new values already" in again.output


@pytest.mark.on("xivo16")
def test_a_move_to_another_context_keeps_the_number(sim: Simulator, move: Callable[..., Result]) -> None:
    (associated,) = [each for each in sim.database.extensions if each.exten == "1200"]
    associated.context = "to-extern"
    known = {"employee_firstname": "Ann", "employee_number": "1200", "employee_context": "to-extern"}
    run = move({**EMPTY, **known, "employee_new_context": "default"}, check=True).succeeded()
    assert "number 1200@to-extern -> 1200@default" in run.output


@pytest.mark.on("wazo")
def test_a_move_of_nobody_or_to_nowhere_fails(sim: Simulator, move: Callable[..., Result]) -> None:
    for answers, *words in (
        (EMPTY, "Set employee_firstname", "A first name alone identifies nobody", "Nothing is to change"),
        ({**ANN, "employee_new_number": "1300"}, "or employee_new_context to the context of the new one"),
        (
            {**ANN, "employee_number": "1299", "employee_new_number": "1300"},
            "No user was found for match: firstname 'Ann', lastname 'Lee', exten '1299', context 'default'",
        ),
    ):
        run = move(answers)
        assert run.rc != 0, answers
        assert [each for each in words if each not in run.output] == []
    assert sim.writes == []
