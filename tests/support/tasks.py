# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of one playbook, which share a session, without Ansible."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._ansible.session_store import SharedMemory
from simulator import Simulator
from support.helpers import Options, number

MODULES = "ansible_collections.xivo.confd.plugins.modules"


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
