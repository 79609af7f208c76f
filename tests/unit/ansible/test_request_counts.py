# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests one person costs. A step that gets dearer fails here; one that gets cheaper lowers its limit."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible.session_store import SharedMemory
from simulator import Simulator
from support.helpers import EVERYWHERE, Options, number, person

MODULES = "ansible_collections.xivo.confd.plugins.modules"
MODULES_TAKE = {"xivo15": (34, 23), "xivo16": (36, 20), "wazo": (36, 25)}
"""{generation: (the requests of the five modules that create somebody with a line, a number and an incall; those of the
same tasks afterwards)}. They begin one session, and go on with it."""
LIST_TAKES = {"xivo15": (18, 7), "xivo16": (9, 4), "wazo": (12, 6)}
"""The same for one entry of confd_provisioned_users, each time in a session of its own."""


class Tasks:
    """The tasks of a playbook, as the action plugin runs them."""

    def __init__(self, sim: Simulator) -> None:
        self._store = SharedMemory()
        self._connection = {"confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password}

    def run(self, name: str, **options: object) -> Options:
        """Return the result of a task."""
        result: Options = import_module(f"{MODULES}.{name}").MODULE.result({**self._connection, **options}, self._store)
        assert not result.get("failed"), result["msg"]
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
