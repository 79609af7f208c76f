# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests one person costs. A step that gets dearer fails here; one that gets cheaper lowers its limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible.session_store import SharedMemory
from simulator import Simulator
from support import role
from support.helpers import EVERYWHERE, Options, number, person
from support.role import Role

MODULES = "ansible_collections.xivo.confd.plugins.modules"
MODULES_TAKE = {"xivo15": (31, 17), "xivo16": (34, 15), "wazo": (31, 18)}
"""{generation: (the requests of the five modules that create somebody with a line, a number and an incall; those of the
same tasks afterwards)}. They begin one session, and go on with it."""
LIST_TAKES = {"xivo15": (17, 7), "xivo16": (9, 4), "wazo": (12, 6)}
"""The same for one entry of confd_provisioned_users, each time in a session of its own."""

STEPWISE_TAKES = {"xivo15": (42, 7), "xivo16": (44, 4), "wazo": (43, 6)}
"""The same for one entry of the role, step by step."""


class Tasks:
    """The tasks of a playbook, as the action plugin runs them."""

    def __init__(self, sim: Simulator) -> None:
        self._store = SharedMemory()
        self._connection = {"confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password}

    def result(self, name: str, options: Mapping[str, Any], check: bool = False) -> Options:
        """Return the result of a task, failed or not."""
        given = {**self._connection, **options, "_ansible_check_mode": check}
        result: Options = import_module(f"{MODULES}.{name}").MODULE.result(given, self._store)
        return {"failed": False, **result}

    def run(self, name: str, **options: Any) -> Options:
        """Return the result of a task, which may not fail."""
        result = self.result(name, options)
        assert not result["failed"], result["msg"]
        return result

    def make_somebody(self) -> bool:
        """Make Johnny Depp with 1200, and 2200 from outside. Return whether anything was changed."""
        user = self.run("confd_user", firstname="Johnny", lastname="Depp")
        line = self.run("confd_line_sip", match={"extension": number(1200)})
        extension = self.run("confd_extension", **number(1200))
        incall = self.run("confd_extension", **number(2200))
        theirs = self.run("confd_user_line", user=user["user"], line=line["line_sip"])
        dialled = [
            self.run("confd_line_extension", line=line["line_sip"], extension=each["extension"])
            for each in (extension, incall)
        ]
        return any(each["changed"] for each in (user, line, extension, incall, theirs, *dialled))


def counted(sim: Simulator, run: Callable[[], bool]) -> tuple[int, int]:
    """Return the requests of a run that changes something, and of the same run again, which changes nothing."""
    before = len(sim.requests)
    assert run()
    between = len(sim.requests)
    assert not run()
    return between - before, len(sim.requests) - between


@EVERYWHERE
@pytest.mark.always
def test_the_five_modules(sim: Simulator) -> None:
    assert counted(sim, Tasks(sim).make_somebody) == MODULES_TAKE[sim.generation.name]


@EVERYWHERE
@pytest.mark.always
def test_an_entry_of_a_list(sim: Simulator) -> None:
    def run() -> bool:
        entries = [person("Johnny Depp", 1200, 2200)]
        return bool(Tasks(sim).run("confd_provisioned_users", users=entries)["changed"])

    assert counted(sim, run) == LIST_TAKES[sim.generation.name]


@EVERYWHERE
@pytest.mark.always
def test_an_entry_step_by_step(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> bool:
        tasks = Tasks(sim)
        monkeypatch.setattr(role, "run_module", lambda _sim, *given: tasks.result(*given))
        provisioned = Role(
            sim, provision_strategy="stepwise", provision_users=[person("Johnny Depp", 1200, 2200)]
        ).run()
        assert provisioned.error == ""
        return bool(provisioned.results[0]["status"] != "unchanged")

    assert counted(sim, run) == STEPWISE_TAKES[sim.generation.name]
