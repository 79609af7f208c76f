# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check what `make demo` shows: commands that can be typed again, with the files that they name."""

from __future__ import annotations

import re
import shlex
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from demo import demo
from demo.server import address, exports, options_of
from simulator import Simulator

from .conftest import GENERATIONS

pytestmark = pytest.mark.simulator_only

CONNECTION = ("CONFD_PASSWORD", "CONFD_CA_PATH")


@pytest.mark.parametrize("api", GENERATIONS)
def test_its_commands_can_be_typed_again(api: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A command needs its files, which differ from chapter to chapter, and the variables printed at the end."""
    typed: dict[str, str] = {}

    def run(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        assert folder == tmp_path
        files = [word.removeprefix("@") for word in command if word.endswith(".yml")]
        contents = "".join((tmp_path / name).read_text(encoding="utf-8") for name in files)
        assert typed.setdefault(shlex.join(command), contents) == contents
        known = {name: variables[name] for name in CONNECTION}
        assert shlex.split(exports(server))[1::2] == [f"{name}={value}" for name, value in known.items()]

    with Simulator(api=api) as server:
        demo.Tour(server, tmp_path, run).run()
        hosts = yaml.safe_load((tmp_path / "inventory.yml").read_text(encoding="utf-8"))["confd"]["hosts"]
        assert hosts["pbx"]["confd_url"] == address(server)
    shown = capsys.readouterr().out
    commands = re.findall(r"^  \$ (.*)$", shown, re.MULTILINE)
    assert list(dict.fromkeys(commands)) == list(typed)
    assert [command.split()[1] for command in commands[-2:]] == ["xivo.confd.audit", "xivo.confd.numbers"]
    assert f"Its page, for a browser: {tmp_path / 'audit' / 'audit.html'}\n" in shown


def test_it_says_which_server_its_commands_need(tmp_path: Path) -> None:
    """The files name the address of the demo's server."""
    with Simulator(api="wazo") as server:
        said = demo.again(server, tmp_path)
        (command,) = re.findall(r"^    make simulator API=wazo SIMULATOR_ARGS='(.*)'$", said, re.MULTILINE)
        assert f"https://127.0.0.1:{options_of(command.split()).port}" == server.url
        assert f"    cd {tmp_path}\n" in said
        assert exports(server).splitlines()[0] in said


def test_it_runs_beside_another_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "AUTHORITY", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(demo, "PORT", other.getsockname()[1])
        with demo.started("xivo15") as server:
            assert server.url != f"https://127.0.0.1:{demo.PORT}"
    with demo.started("xivo15") as server:
        assert server.url == f"https://127.0.0.1:{demo.PORT}"
        assert demo.again(server, tmp_path).count("SIMULATOR_ARGS") == 0
