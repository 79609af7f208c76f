# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confd_voicemail and confd_device from playbooks: every change is predicted, made once, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import Simulator
from support.playbooks import Result

Task = dict[str, Any]
PASSWORD = "58203941"


def task(title: str, module: str, **options: Any) -> Task:
    return {"name": title, f"xivo.confd.{module}": options, "register": title.replace(" ", "_")}


def predicted_first(tasks: list[Task]) -> list[Task]:
    """Every task is tried in check mode before it is run."""
    return [each for one in tasks for each in ({**one, "name": f"{one['name']} (check)", "check_mode": True}, one)]


def predictions_that_came_true(run: Result, tasks: list[Task]) -> list[str]:
    """The names of the tasks whose check mode said what the real run did."""
    pairs = [(each["name"], run.task(f"{each['name']} (check)"), run.task(each["name"])) for each in tasks]
    return [name for name, check, real in pairs if (check.changed, check.diff) == (real.changed, real.diff)]


def written(sim: Simulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in sim.writes]


def person_with_line(name: str, exten: str) -> Task:
    first, last = name.split()
    entry = {"user": {"firstname": first, "lastname": last}, "extension": {"exten": exten, "context": "default"}}
    return task(name, "confd_provisioned_users", users=[entry])


CHANGE = ("PUT /voicemails/1",)
LENT = (*CHANGE, "DELETE /users/1/voicemail", *CHANGE, "POST /users/1/voicemail")
"""How a voicemail changes that XiVO 15.12 does not let change while somebody has it."""
REMOVAL = ("DELETE /voicemails/1", "DELETE /users/1/voicemail", "DELETE /voicemails/1")
LIVES = {
    "xivo15": ["POST /voicemails", "POST /users/1/voicemail", *LENT, *LENT, *REMOVAL],
    "xivo16": ["POST /voicemails", "POST /users/1/voicemail", *CHANGE, *CHANGE, *REMOVAL],
    "wazo": [
        *("POST /voicemails", "PUT /users/1/voicemails/1", *CHANGE, *CHANGE),
        *("DELETE /voicemails/1", "DELETE /users/1/voicemails", "DELETE /voicemails/1"),
    ],
}


def test_the_life_of_a_voicemail(sim: Simulator, play: Callable[..., Result]) -> None:
    play([person_with_line("Johnny Depp", "1200")]).succeeded()
    key = {"number": "1200", "context": "default"}
    user = {"firstname": "Johnny", "lastname": "Depp"}
    tasks = [
        task("create", "confd_voicemail", **key, user=user, password=PASSWORD),
        task("same", "confd_voicemail", **key, user=user, password=PASSWORD),
        task("change", "confd_voicemail", **key, email="johnny@example.org", ask_password=False),
        task("changed already", "confd_voicemail", **key, email="johnny@example.org", ask_password=False),
        task("renumber", "confd_voicemail", id="{{ create.voicemail.id }}", number="1300"),
        task("renumbered already", "confd_voicemail", id="{{ create.voicemail.id }}", number="1300"),
        task("remove", "confd_voicemail", number="1300", context="default", state="absent"),
        task("removed already", "confd_voicemail", number="1300", context="default", state="absent"),
    ]
    sim.clear_log()

    run = play(predicted_first(tasks), diff=True, args=["-vvv"]).succeeded()

    assert [each["name"] for each in tasks if run.task(each["name"]).changed] == [
        "create",
        "change",
        "renumber",
        "remove",
    ]
    # The association of a new voicemail has no id to show in check mode.
    assert set(predictions_that_came_true(run, tasks)) == {each["name"] for each in tasks} - {"create"}
    assert written(sim) == LIVES[sim.generation.name]
    assert run.task("create")["voicemail"]["password"] == "********"
    assert run.task("create (check)")["voicemail"]["predicted"] is True
    assert run.task("change").diff[0]["after"] == {"email": "johnny@example.org", "ask_password": False}
    assert run.task("removed already")["voicemail"] is None
    assert PASSWORD not in run.output


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


def test_the_life_of_a_phone(sim: Simulator, play: Callable[..., Result]) -> None:
    tasks = [
        task("look", "confd_device", mac="00085D-000002"),
        task("reset", "confd_device", mac="00:08:5D:00:00:02", state="autoprov", wait_timeout=5),
        task("reset already", "confd_device", ip="10.0.0.12", state="autoprov"),
        task("change", "confd_device", id="dev2", description="hall", options={"switchboard": True}),
        task("changed already", "confd_device", id="dev2", description="hall", options={"switchboard": True}),
        task("synchronize", "confd_device", id="dev2", synchronize=True),
    ]

    run = play(predicted_first(tasks), diff=True).succeeded()

    assert [each["name"] for each in tasks if run.task(each["name"]).changed] == ["reset", "change", "synchronize"]
    assert predictions_that_came_true(run, tasks) == [each["name"] for each in tasks]
    assert written(sim) == ["GET /devices/dev2/autoprov", "PUT /devices/dev2", "GET /devices/dev2/synchronize"]
    assert run.task("look")["device"]["status"] == "configured"
    assert run.task("synchronize")["device"]["status"] == "autoprov"


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
