# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the first guides as a person who has only a clone, and who starts the simulated server as the guides say."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.guide_reader import TIMEOUT, Reader
from support.paths import ROOT

CLONE = "ansible-collection-confd"
ADDRESS = "https://127.0.0.1:9486"
"""Of the simulated server, in the guides. Tests use a free port."""
SERVER = "make simulator"
READY = "This terminal is busy now."
DONE_ALREADY = ("git clone ", ". ~/ansible/bin/activate", "make install")
"""The clone is the repository of the tests, and what is installed is in their virtual environment."""
STAYING = ("cd ", "export ")
"""Commands that change the shell in which they are typed."""


class Newcomer(Reader):
    """Types commands in terminals that begin in an empty home. ``servers`` ends the server in its terminal."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = ADDRESS
        self.process: subprocess.Popen[str] | None = None
        home.joinpath(CLONE).symlink_to(ROOT)
        self.open_terminal()
        self.outputs: dict[str, str] = {}

    @classmethod
    @contextmanager
    def at(cls, home: Path) -> Iterator[Newcomer]:
        """Yield a newcomer, whose server is stopped at the end."""
        newcomer = cls(home)
        try:
            yield newcomer
        finally:
            newcomer.stop_server()

    def open_terminal(self) -> None:
        self.folder = self.home
        self.environment: dict[str, str] = {}

    def save(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(ADDRESS, self.url), encoding="utf-8")

    def shell(self, command: str, fails: bool = False, **more: str) -> str:
        if command.startswith(DONE_ALREADY):
            return ""
        if command.startswith(SERVER):
            return self.start_server(command)
        command = command.replace(ADDRESS, self.url)
        return self.stay(command) if command.startswith(STAYING) else super().shell(command, fails, **more)

    def stay(self, command: str) -> str:
        """Type a command that changes the folder or the environment of the terminal."""
        script = f"{command}\npwd\nenv -0"
        environment = self._environment({})
        done = subprocess.run(
            ["sh", "-ec", script], cwd=self.folder, env=environment, capture_output=True, text=True, check=True
        )
        folder, variables = done.stdout.split("\n", 1)
        known = dict(each.split("=", 1) for each in variables.split("\0") if each)
        self.folder = Path(folder)
        self.environment = {name: known[name] for name in known if name not in environment or name in self.environment}
        self.environment.pop("PWD", None)
        return ""

    def start_server(self, command: str) -> str:
        """Start the server, and return what it says, with the address of the guides. Another terminal is open then."""
        self.stop_server()
        extra = {"SIMULATOR_ARGS": "--port 0"}
        if "SIMULATOR_ARGS='" in command:
            command = command.replace("SIMULATOR_ARGS='", "SIMULATOR_ARGS='--port 0 ")
        self.process = subprocess.Popen(
            ["sh", "-ec", f"exec {command}"],
            cwd=self.folder,
            env=self._environment(extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if READY in line:
                break
        found = re.search(r"https://127\.0\.0\.1:\d+", said)
        assert found and READY in said, said
        self.url = found[0]
        self.open_terminal()
        return said.replace(self.url, ADDRESS)

    def stop_server(self) -> None:
        """End make, as `kill` does; it ends the server. Ctrl-C would reach both."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            said, _nothing = self.process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        assert "The simulated server is stopped." in said, said
        self.process = None

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"),
            **self.environment,
            **more,
        }
