# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The info modules from playbooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import Simulator
from support.playbooks import Result

RESULTS = {
    "confd_user_info": "users",
    "confd_line_sip_info": "lines_sip",
    "confd_extension_info": "extensions",
    "confd_device_info": "devices",
    "confd_voicemail_info": "voicemails",
}
PASSWORD = "jack-sparrow"
RECOGNITION = {"/incalls"}
"""What is asked to recognise the generation of the API, before a module asks for anything of its own."""


def task(name: str, module: str, **options: Any) -> dict[str, Any]:
    return {"name": name, f"xivo.confd.{module}": options}


def populate(sim: Simulator, play: Callable[..., Result]) -> str:
    """Johnny at 1200 and 2200 with a voicemail. Returns the secret of the line."""
    entry = {
        "user": {"firstname": "Johnny", "lastname": "Depp", "password": PASSWORD},
        "extension": {"exten": "1200", "context": "default"},
        "incall": {"exten": "2200", "context": "from-extern"},
    }
    play([task("somebody", "confd_provisioned_users", users=[entry])]).succeeded()
    sim.database.voicemails.insert(name="House", number="1999", context="default", password="58203941")
    sim.clear_log()
    return str(sim.database.sip_line(1).secret)


def test_the_tutorial_s_two_manipulations_are_one_task_each(sim: Simulator, play: Callable[..., Result]) -> None:
    populate(sim, play)

    run = play(
        [
            {**task("phones", "confd_device_info", filters={"status": "autoprov"}), "register": "phones"},
            {**task("numbers", "confd_extension_info", filters={"context": "from-extern"}), "register": "numbers"},
            {"name": "macs", "ansible.builtin.debug": {"msg": "{{ phones.devices | map(attribute='mac') }}"}},
            {"name": "extens", "ansible.builtin.debug": {"msg": "{{ numbers.extensions | map(attribute='exten') }}"}},
        ]
    ).succeeded()

    assert run.task("macs")["msg"] == ["00:08:5d:00:00:01"]
    assert run.task("extens")["msg"] == ["2200"]


def test_secrets_are_shown_on_request_only(sim: Simulator, play: Callable[..., Result]) -> None:
    secret = populate(sim, play)
    asking = [
        *(task(module, module) for module in RESULTS),
        task("line by id", "confd_line_sip_info", id=1),
        task("by password", "confd_user_info", filters={"password": PASSWORD}),
        task("by secret", "confd_line_sip_info", filters={"secret": secret}),
    ]

    quiet = play(asking, args=["-vvv"], check=True).succeeded()

    assert not [each for each in (secret, PASSWORD, "58203941", str(sim.password)) if each in quiet.output]
    assert quiet.task("confd_user_info")["users"][0]["password"] == "********"
    assert quiet.task("confd_voicemail_info")["voicemails"][0]["password"] == "********"
    assert quiet.task("line by id")["lines_sip"][0]["secret"] == "********"
    assert [quiet.task(name)["total"] for name in ("by password", "by secret")] == [1, 1]
    assert quiet.changed == 0 and sim.writes == []

    frank = play(
        [
            task(module, module, return_secrets=True)
            for module in ("confd_user_info", "confd_line_sip_info", "confd_voicemail_info")
        ],
        shows_secrets=True,
    ).succeeded()

    assert frank.task("confd_user_info")["users"][0]["password"] == PASSWORD
    assert frank.task("confd_line_sip_info")["lines_sip"][0]["secret"] == secret
    assert frank.task("confd_voicemail_info")["voicemails"][0]["password"] == "58203941"
    assert str(sim.password) not in frank.output


def test_2000_users_300_of_one_name_are_read_complete(sim: Simulator, play: Callable[..., Result]) -> None:
    for index in range(2000):
        sim.database.users.insert(firstname=f"F{index}", lastname="Martin" if index % 20 < 3 else f"L{index}")

    run = play(
        [
            task("all", "confd_user_info", order="lastname"),
            task("martins", "confd_user_info", filters={"lastname": "Martin"}),
            task("page", "confd_user_info", filters={"lastname": "Martin"}, order="lastname", skip=290, limit=50),
        ]
    ).succeeded()

    assert len({user["id"] for user in run.task("all")["users"]}) == 2000
    assert len({user["id"] for user in run.task("martins")["users"]}) == 300
    assert (len(run.task("page")["users"]), run.task("page")["total"]) == (10, 300)
    asked = [request.path for request in sim.requests if request.status == 200]
    assert [path for path in asked if not path.startswith("/api/auth/")] == ["/users"] * 3


def test_bad_questions_are_one_clear_message(sim: Simulator, play: Callable[..., Result]) -> None:
    bad = {
        "limit is 0": {"limit": 0},
        "order is 'nope', but must be id or exten or context or commented.": {"order": "nope"},
        "filters has unknown keys: nope. Valid keys: id, exten, context, commented.": {"filters": {"nope": 1}},
        "search cannot be combined": {"id": 1, "search": "x"},
        "Write the number in quotes": {"filters": {"exten": 50331648}},
    }

    run = play(
        [{**task(name, "confd_extension_info", **options), "ignore_errors": True} for name, options in bad.items()]
    ).succeeded()

    assert {name: run.task(name).msg for name in bad if name not in run.task(name).msg} == {}
    assert {request.path for request in sim.requests} <= RECOGNITION
