# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every step of confd's own tutorial, as a playbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import Simulator
from support.playbooks import Result

TUTORIAL = Path(__file__).parent / "tutorial"


def add_users(sim: Simulator, *names: str) -> None:
    for name in names:
        first, _space, last = name.partition(" ")
        sim.database.users.insert(firstname=first, lastname=last, caller_id=f'"{first} {last}"')


def test_reading(sim: Simulator, play: Callable[..., Result]) -> None:
    add_users(sim, "Alice Smith", "Johnny Depp", "Zoé Müller", "Bob Johnson")
    for exten, context in (("1200", "default"), ("2200", "from-extern"), ("2201", "from-extern")):
        sim.database.extensions.insert(exten=exten, context=context)
    run = play(TUTORIAL / "reading.yml", check=True).succeeded()
    assert run.task("Show what was read").result["msg"] == {
        "all": ["Alice", "Johnny", "Zoé", "Bob"],
        "found": ["Johnny", "Bob"],
        "page": ["Johnny", "Bob"],
        "one": '"Johnny Depp"',
        "macs": ["00:08:5d:00:00:01"],
        "incalls": ["2200", "2201"],
    }
    assert run.changed == 0
    assert sim.writes == []


def test_john_doe(sim: Simulator, play: Callable[..., Result]) -> None:
    run = play(TUTORIAL / "john_doe.yml", diff=True).succeeded()
    for step in ("Create John Doe", "Rename him", "Delete him"):
        assert run.task(step).changed
        assert not run.task(f"{step} again").changed
    # A caller ID that somebody chose does not follow the name.
    assert run.task("Rename him")["user"]["caller_id"] == '"Johnny from accounting"'
    assert run.task("Rename him").diff[0]["after"] == {"firstname": "Johnny"}
    assert run.task("Show what was wrong").msg == "one of the following is required: firstname, match"
    assert list(sim.database.users) == []


@pytest.mark.always
def test_complete_user(sim: Simulator, play: Callable[..., Result]) -> None:
    playbook = TUTORIAL / "provisioned_user.yml"
    before = {**sim.state(), "sequences": None}

    predicted = play(playbook, check=True).succeeded()
    assert sim.writes == []

    done = play(playbook).succeeded()
    assert [task.changed for task in done.tasks] == [task.changed for task in predicted.tasks] == [True] * 7
    # Since 16.13 an incall is an object of its own, made and then given its number.
    assert len(sim.writes) == (7 if sim.generation.name == "xivo15" else 8)
    (user,) = sim.database.users
    line = sim.database.sip_line(1)
    assert line.callerid == '"Johnny Depp" <1200>'
    assert sim.database.main_user_of(line.id) is user
    assert sim.database.internal_extension_of(line.id).exten == "1200"
    assert [(incall.exten, incall.user_id) for incall in sim.database.incalls] == [("2200", user.id)]

    sim.clear_log()
    assert play(playbook).succeeded().changed == 0
    assert sim.writes == []

    leaver = {"user": {"firstname": "Johnny", "lastname": "Depp"}, "state": "absent"}
    remove = {"name": "Remove him", "xivo.confd.confd_provisioned_users": {"users": [leaver]}}
    assert play([remove]).succeeded().task("Remove him").changed
    assert {**sim.state(), "sequences": None} == before


@pytest.mark.on("xivo15", "xivo16")  # digest, which Wazo has no more
def test_get_one_user_with_the_uri_module(sim: Simulator, play: Callable[..., Result]) -> None:
    """It can do digest as confd wants it: without force_basic_auth it keeps the cookie of the challenge."""
    add_users(sim, "Johnny Depp")
    uri = {
        "url": "{{ lookup('env', 'CONFD_URL') }}/1.1/users/1",
        "url_username": sim.username,
        "url_password": sim.password,
        "ca_path": "{{ lookup('env', 'CONFD_CA_PATH') }}",
        "headers": {"Accept": "application/json"},
    }
    run = play([{"name": "get one", "ansible.builtin.uri": uri}]).succeeded()
    assert run.task("get one")["json"]["lastname"] == "Depp"
    assert [request.status for request in sim.requests] == [401, 200]
