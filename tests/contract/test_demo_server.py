# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the server of `make simulator`: what it says, how it is stopped, and what it says instead of starting."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from demo.server import PORT, address, exports, inventory, main, numbers, options_of
from simulator import Simulator
from support.people import fill

from .target import Target

pytestmark = pytest.mark.simulator_only

TESTS = Path(__file__).resolve().parents[1]
ANNA = {"user": {"firstname": "Anna"}}

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a server on a free port, and read what it says until it listens."""
    with ExitStack() as stack:

        def started(*options: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "demo.server", "--port", "0", "--authority", str(tmp_path), *options]
            environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), os.environ["PYTHONPATH"]])}
            process = stack.enter_context(
                subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            return process

        yield started


def said_until(process: subprocess.Popen[str], last: str) -> str:
    """Return what a process prints up to a line that has these words."""
    lines: list[str] = []
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if last in line:
            break
    return "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_a_signal_stops_it_and_the_state_is_kept(number: signal.Signals, start: Start, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = start("--state", str(state))
    said = said_until(process, "This terminal is busy")
    assert f"It keeps its users in {state}." in said
    url = re.search(r"https://127\.0\.0\.1:\d+", said)
    assert url
    target = Target(url[0], "admin", "proformatique", str(tmp_path / "ca.pem"))
    assert target.ask("POST", "/users", '{"firstname": "Anna"}', {}).status_code == 201
    process.send_signal(number)
    assert process.wait(timeout=120) == 0
    assert process.stdout and process.stderr
    assert process.stdout.read().strip() == f"The simulated server is stopped. Its users are in {state}."
    assert process.stderr.read() == ""
    with Simulator(api="xivo16", state_file=state) as server:
        assert [user["firstname"] for user in server.state()["users"]] == ["Anna"]


def test_a_port_that_is_taken_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["--port", str(port), "--authority", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"Port {port} of 127.0.0.1 is in use, perhaps by another simulated server. Stop that program, or choose "
        f"another port, for example SIMULATOR_ARGS='--port {port + 1}'.\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--api", "xivo17"], "'xivo17' is not a generation of the API. Use one of API=xivo15, API=xivo16, API=wazo."),
        (["--port", "many"], "'many' is not a port. Use a number up to 65535; 0 is any free port."),
        (["--port", "65536"], "'65536' is not a port."),
        (["--range", "default:1000-1999"], "'default:1000-1999' is not a range. Write context, type"),
        (["--range", "default:internal:2-1"], "'default:internal:2-1' is not a range."),
    ],
)
def test_a_wrong_option_is_one_line(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert message in said
    assert said.count("\n") == 1


def test_a_state_file_of_another_kind_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "users.yml"
    file.write_text("provision_users: []\n", encoding="utf-8")
    assert main(["--port", "0", "--authority", str(tmp_path), "--state", str(file)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{file} is not a state file of a simulated server")
    assert said.count("\n") == 1
    assert file.read_text(encoding="utf-8") == "provision_users: []\n"


def test_the_address_is_the_same_each_time() -> None:
    """The guides name it."""
    assert (options_of([]).host, options_of([]).port, options_of([]).api) == ("127.0.0.1", PORT, "xivo16")


def test_a_wazo_has_both_services_at_its_address() -> None:
    """Without its path, port 9486 would be that of confd alone, and wazo-auth would be looked for at port 443."""
    with Simulator(api="wazo") as server:
        at_the_port = address(server).replace(server.url, f"https://127.0.0.1:{PORT}")
        assert Connection(at_the_port).auth_base_url == f"https://127.0.0.1:{PORT}/api/auth/0.1"
        client = Client(Connection(address(server), server.username, server.password, ca_path=server.ca_path))
        assert choose_backend("auto", client).api == "wazo"


def test_what_it_prints_can_be_pasted() -> None:
    with Simulator(api="wazo", password="it's secret") as server:
        words = shlex.split(exports(server))
        given = dict(word.split("=", 1) for word in words if word != "export")
        assert given == {"CONFD_PASSWORD": "it's secret", "CONFD_CA_PATH": server.ca_path}
        host = yaml.safe_load(inventory(server))["confd"]["hosts"]["pbx"]
        assert host == {"confd_url": address(server), "confd_username": "admin"}
        assert numbers(server).splitlines()[0].split() == ["default", "internal", "1000-1999"]


def test_odd_values_can_be_pasted_too() -> None:
    """An address of IPv6 has brackets, and YAML would take some usernames for something else."""
    for username in ("yes", "a: b", "#1", "1200", "'", "ada"):
        with Simulator(username=username, host="::1") as server:
            host = yaml.safe_load(inventory(server))["confd"]["hosts"]["pbx"]
            assert host == {"confd_url": f"https://[::1]:{urlsplit(server.url).port}", "confd_username": username}
    with Simulator(api="wazo", host="::1") as server:
        client = Client(Connection(address(server), server.username, server.password, ca_path=server.ca_path))
        assert choose_backend("auto", client).api == "wazo"


@pytest.mark.parametrize("path", ["loop", "~nobody-has-this-name/state.json"])
def test_a_state_that_cannot_be_is_one_line(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(SystemExit) as ended:
        main(["--port", "0", "--authority", str(tmp_path), "--state", path])
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    assert path in said


def test_behind_a_proxy_its_address_is_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    with Simulator() as server:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
        assert 'export NO_PROXY="127.0.0.1,$NO_PROXY"' in exports(server)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert "NO_PROXY" not in exports(server)


def test_servers_of_one_authority_trust_each_other(tmp_path: Path) -> None:
    """A client goes on after a restart. A damaged authority is replaced."""
    paths = []
    for _each in range(2):
        with Simulator(api="xivo16", authority_folder=tmp_path) as server:
            fill(server, [ANNA])
            paths.append(Path(str(server.ca_path)).read_bytes())
    assert paths[0] == paths[1]
    (tmp_path / "authority.pem").write_text("damaged", encoding="utf-8")
    with Simulator(api="xivo16", authority_folder=tmp_path) as server:
        fill(server, [ANNA])
        assert Path(str(server.ca_path)).read_bytes() != paths[0]
