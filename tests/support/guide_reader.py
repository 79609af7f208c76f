# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who does what a page of the documentation says, on simulated servers."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integration.tutorial.raw_script import PEOPLE
from simulator import Simulator
from support import warm_ansible
from support.people import fill, person
from support.playbooks import ROOT, connection_environment

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HOME_OF_THE_BOOK = "https://pbx.example.org:9486"
INSTALLING = ("python3 -m venv ", "pip install ", "ansible-galaxy collection install ")
COMMANDS = ("", "sh")
OUTPUT = "text"
TABLE = "csv"
CHANGES = "ldif"
"""Of the directory that a page is about."""
FAILURE = "fatal: "
SHELL_SIGNS = frozenset("|&;<>()$`*?[]#~!\n\\")
"""Without them and outside of quotes, a shell only divides a command into words. In quotes they do no harm."""
TIMEOUT = 300


def blocks_of(text: str) -> list[tuple[str, str]]:
    """(language, text) of the fenced blocks of a page."""
    return FENCE.findall(text)


class Reader:
    """Somebody who types what a page says, in an empty repository.

    others: servers besides the first one, by the address that the page gives them.
    """

    def __init__(self, folder: Path, sim: Simulator, others: Mapping[str, Simulator] | None = None) -> None:
        self.folder = folder
        self.sim = sim
        self.servers = {HOME_OF_THE_BOOK: sim, **(others or {})}
        self.environment: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.shell("git init -q")

    def save(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for address, server in self.servers.items():
            text = text.replace(address, server.url)
        path.write_text(text, encoding="utf-8")

    def read(self, page: str) -> None:
        """Do all that a page says: save its files, type its commands, and see the output that it shows."""
        blocks = blocks_of(page)
        for (language, text), (next_language, shown) in zip(blocks, [*blocks[1:], ("", "")]):
            if language == OUTPUT:
                self.compare(text)
            else:
                self.block(language, text, fails=next_language == OUTPUT and FAILURE in shown)

    def block(self, language: str, text: str, fails: bool = False) -> None:
        """A file, whose first line says its name, or commands, of which the last one may have to fail."""
        if language == TABLE:
            self.save("staff.csv", text)
            return
        if language not in COMMANDS:
            self.save(text.split("\n", 1)[0].removeprefix("# "), text)
            return
        commands = [each for each in text.replace("\\\n", "").splitlines() if not each.startswith(INSTALLING)]
        for command in commands:
            self.last = self.shell(command, fails=fails and command is commands[-1])
            self.outputs[command] = self.last

    def compare(self, shown: str) -> None:
        """Whether the last command printed these lines, in this order; "..." stands for anything."""
        lines = [".*".join(re.escape(part.strip()) for part in line.split("...")) for line in shown.splitlines()]
        pattern = r"[\s\S]*?".join(line.replace(r"\ ", " +") for line in lines)
        assert re.search(pattern, self.last), f"The page shows\n{shown}\nand the command printed\n{self.last}"

    def shell(self, command: str, fails: bool = False, **more: str) -> str:
        """What a command prints, which has to succeed, or to fail."""
        done = self._run(command, self._environment(more))
        assert (done.returncode != 0) is fails, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _run(self, command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a command as a shell does. A playbook that needs nothing else of a shell starts in half of the time."""
        words = shlex.split(command) if not SHELL_SIGNS & set(command) else []
        if words[:1] == ["ansible-playbook"]:
            return warm_ansible.run(["playbook", *words[1:]], str(self.folder), env, TIMEOUT)
        shell = ["sh", "-ec", command]
        return subprocess.run(
            shell, cwd=self.folder, env=env, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        git = {f"GIT_{who}_{what}": "r@e.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        known = connection_environment(self.sim) | {"CONFD_CA_PATH": str(self._authorities())}
        return {
            **{name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
            **{name: known[name] for name in ("CONFD_PASSWORD", "CONFD_CA_PATH")},
            **git,
            **self.environment,
            **more,
        }

    def _authorities(self) -> Path:
        """One file with the authorities of all servers."""
        path = self.folder / ".git" / "authorities.pem"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(Path(str(each.ca_path)).read_text("utf-8") for each in self.servers.values()), "utf-8")
        return path

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "audit" / "audit.json").read_text(encoding="utf-8"))
        return found


def fill_by_hand(sim: Simulator) -> None:
    """Put the tutorial's people on a server, as the tutorial does it: without this collection.

    Its way to an incall ended with XiVO 16.13, and that to a line with Wazo, so there they are provisioned.
    """
    if sim.generation.name != "xivo15":
        for first, last, exten, direct in PEOPLE:
            fill(sim, [person(first, last, exten, *([direct] if direct else []))])
        fill(sim, [{"user": {"firstname": "Nobody", "lastname": "Yet"}}])
        return
    script = ROOT / "tests" / "integration" / "tutorial" / "raw_script.py"
    assert sim.username and sim.password and sim.ca_path
    arguments = [f"{sim.url}/1.1", sim.username, sim.password, sim.ca_path]
    subprocess.run([sys.executable, str(script), *arguments], check=True, timeout=300)
