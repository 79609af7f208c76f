# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contenders of the benchmark: the programs and playbooks that provision the same list of users."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmark import dataset
from benchmark.server import HERE

LIST = "users.json"


@dataclass(frozen=True)
class Contender:
    """A way to provision users, as a command that finds its list in users.json; slow ones get a short list.

    Empty ones have the tasks of another one with nothing in them, and create nobody.
    """

    key: str
    name: str
    command: Callable[[], list[str]]
    slow: bool = False
    empty: bool = False

    def created_by(self, size: int) -> int:
        """Return how many users there are after it has run with a list of so many."""
        return 0 if self.empty else size


def _playbook(name: str, *options: str) -> list[str]:
    inventory = ("-i", "localhost,", "-e", f"ansible_python_interpreter={sys.executable}", "-e", f"@{LIST}")
    return [
        str(Path(sys.executable).with_name("ansible-playbook")),
        name,
        *inventory,
        "-e",
        "confd_hosts=localhost",
        *options,
    ]


def _own_playbook(name: str) -> list[str]:
    return _playbook(str(HERE / "playbooks" / f"{name}.yml"))


def _role(strategy: str) -> list[str]:
    return _playbook("xivo.confd.provision", "-e", f"provision_strategy={strategy}")


def _script(name: str) -> list[str]:
    return [sys.executable, str(HERE / name), LIST]


TUTORIAL = Contender("tutorial", "the tutorial's script", lambda: _script("tutorial.py"))
BULK = Contender("bulk", "role, bulk", lambda: _role("bulk"))
CONTENDERS = (
    TUTORIAL,
    BULK,
    Contender("stepwise", "role, stepwise", lambda: _role("stepwise"), slow=True),
    Contender("empty-steps", "its tasks, empty", lambda: _own_playbook("empty_steps"), slow=True, empty=True),
    Contender("modules", "loops of the five modules", lambda: _own_playbook("modules"), slow=True),
    Contender("empty-loops", "their loops, empty", lambda: _own_playbook("empty_loops"), slow=True, empty=True),
    Contender("uri", "loops of ansible.builtin.uri", lambda: _own_playbook("uri"), slow=True),
)
PING = Contender("ping", "ansible.builtin.ping", lambda: _own_playbook("ping"))
IDLE = (
    PING,
    Contender("list", "confd_provisioned_users", lambda: _own_playbook("list")),
    Contender("bulk", "xivo.confd.provision, bulk", lambda: _role("bulk")),
)
"""With nothing to do. The first one is what the others are compared with."""
TUTORIAL_ON_WAZO = Contender("tutorial-wazo", "a step-by-step script", lambda: _script("tutorial_wazo.py"))
ON_WAZO = (TUTORIAL_ON_WAZO, BULK)


def write_list(folder: Path, size: int, with_incall: bool = True, by_userfield: bool = False) -> None:
    """The list as variables of the role."""
    users = dataset.entries(size, with_incall, by_userfield)
    (folder / LIST).write_text(json.dumps({"provision_users": users}), encoding="utf-8")
