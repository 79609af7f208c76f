# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confd_voicemail and confd_device from playbooks; test_modules.py has the life of a voicemail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import Simulator
from support.playbooks import Result
from support.targets import run_targets

Task = dict[str, Any]


def task(title: str, module: str, **options: Any) -> Task:
    return {"name": title, f"xivo.confd.{module}": options, "register": title.replace(" ", "_")}


def written(sim: Simulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in sim.writes]


def test_a_voicemail_for_somebody_whom_the_playbook_makes(sim: Simulator, play: Callable[..., Result]) -> None:
    tasks = [
        task("user", "confd_user", firstname="Johnny", lastname="Depp"),
        task("number", "confd_extension", exten="1200", context="default"),
        task("line", "confd_line_sip", match={"extension": "{{ number.extension }}"}),
        task("number of line", "confd_line_extension", line="{{ line.line_sip }}", extension="{{ number.extension }}"),
        task("line of user", "confd_user_line", user="{{ user.user }}", line="{{ line.line_sip }}"),
        task("voicemail", "confd_voicemail", number="1200", context="default", user="{{ user.user }}"),
    ]

    assert play(tasks, check=True).succeeded().changed == len(tasks)
    assert sim.writes == []

    assert play(tasks).succeeded().changed == len(tasks)
    assert play(tasks).succeeded().changed == 0
    assert [(row.user_id, row.voicemail_id) for row in sim.database.user_voicemails] == [(1, 1)]


def test_target_of_a_phone(sim: Simulator, play: Callable[..., Result]) -> None:
    run = run_targets(play, sim, "confd_device").succeeded()

    for title in ("Reset the phone to autoprov", "Change the phone"):
        predicted, done = (run.task(f"confd_device : {title}{suffix}") for suffix in (", in check mode", ""))
        assert (predicted.changed, predicted.diff) == (done.changed, done.diff)
    assert written(sim) == ["GET /devices/dev2/autoprov", "PUT /devices/dev2", "GET /devices/dev2/synchronize"]
    assert run.task("confd_device : Find the phone")["device"]["status"] == "configured"
    assert run.task("confd_device : Synchronise the phone")["device"]["status"] == "autoprov"


def test_bad_input_is_one_clear_message(sim: Simulator, play: Callable[..., Result]) -> None:
    no_context = "Context was not found" if sim.generation.name == "xivo15" else "There is no context 'nope'"
    bad = {
        "exactly one of": ("confd_device", {"mac": "x", "ip": "10.0.0.12"}),
        "is not a MAC address": ("confd_device", {"mac": "x"}),
        "There is no phone with sn": ("confd_device", {"sn": "x"}),
        "state is 'present', but must be autoprov.": ("confd_device", {"id": "dev2", "state": "present"}),
        "number and context are required to identify a voicemail": ("confd_voicemail", {"number": "1200"}),
        "one of the following is required: id, number": ("confd_voicemail", {"context": "default"}),
        "needs name": ("confd_voicemail", {"number": "1200", "context": "default"}),
        no_context: ("confd_voicemail", {"number": "1200", "context": "nope", "name": "x"}),
        "There is no user with firstname": (
            "confd_voicemail",
            {"number": "1200", "context": "default", "user": {"firstname": "Nobody"}},
        ),
    }
    tasks = [
        {"name": message, f"xivo.confd.{module}": options, "ignore_errors": True}
        for message, (module, options) in bad.items()
    ]

    run = play(tasks).succeeded()

    wrong = {message: run.task(message).msg for message in bad if message not in run.task(message).msg}
    assert wrong.pop("exactly one of") == "parameters are mutually exclusive: id|mac|ip|sn"
    assert wrong == {}
    assert "Traceback" not in run.output
    assert sim.state()["voicemails"] == []
