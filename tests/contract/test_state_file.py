# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that a server goes on with the state in its file, and that other files are refused and left as they are."""

from __future__ import annotations

import json
import re
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator
from simulator.server import ListenError
from simulator.state_file import StateFileError
from support.people import fill, person

from .conftest import GENERATIONS

pytestmark = pytest.mark.simulator_only

OF_ALL = [person("Ada", "Lovelace", "1201", "2201", voicemail={"password": "4711"}), {"user": {"firstname": "Bob"}}]
KEYS = {"keys": {"1": {"destination": {"custom": "1234"}}}}
LOGINS = {
    "xivo15": {"username": "ada", "password": "pass1234", "profile": "Client"},
    "xivo16": {"username": "ada", "password": "pass1234", "profile": "Client"},
    "wazo": {"username": "ada", "password": "pass1234"},
}


def people(api: str) -> list[dict[str, Any]]:
    """Return entries with all that has tables of its own on a generation."""
    return [OF_ALL[0] | {"login": LOGINS[api], "func_keys": KEYS}, *OF_ALL[1:]]


def kept_by(file: Path, api: str) -> Simulator:
    return Simulator(api=api, tls=False, state_file=file)


@pytest.mark.parametrize("api", GENERATIONS)
def test_a_server_goes_on_with_its_state(api: str, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with kept_by(file, api) as server:
        fill(server, people(api))
        before = server.state()
        assert json.loads(file.read_text(encoding="utf-8"))["state"] == json.loads(json.dumps(before))
    with kept_by(file, api) as server:
        assert server.state() == before
        fill(server, [*people(api), person("Cleo", "Müller", "1203")])
        assert [user["firstname"] for user in server.state()["users"]] == ["Ada", "Bob", "Cleo"]


def test_only_the_owner_reads_a_state_file(tmp_path: Path) -> None:
    """It has passwords. What a link leads to is replaced, and not the link."""
    target, link = tmp_path / "target.json", tmp_path / "state.json"
    link.symlink_to(target)
    with kept_by(link, "xivo16"):
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state.json", "target.json"]


def test_the_state_of_another_generation_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with kept_by(file, "wazo"):
        pass
    before = file.read_bytes()
    with pytest.raises(StateFileError, match="API=wazo, and this server has API=xivo16. Start with API=wazo, or"):
        kept_by(file, "xivo16")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    ["", "confd:\n  hosts:\n", '{"users": []}', "[]", "\ufffe", "half", "rows"],
    ids=["empty", "yaml", "other", "list", "binary", "half", "rows"],
)
def test_a_file_that_is_no_state_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    if content in ("half", "rows"):
        with kept_by(file, "xivo16"):
            pass
        whole = file.read_text(encoding="utf-8")
        content = whole[: len(whole) // 2] if content == "half" else whole.replace('"users": [', '"users": [{"a": 1}')
    encoded = content.encode("utf-16" if content == "\ufffe" else "utf-8")
    file.write_bytes(encoded)
    with pytest.raises(StateFileError, match=r"state\.json is .*It was not changed\. Choose another file, or remove"):
        kept_by(file, "xivo16")
    assert file.read_bytes() == encoded


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match=r"cannot be saved in .*state\.json: No such file or directory\."):
        kept_by(tmp_path / "missing" / "state.json", "xivo16")
    with pytest.raises(StateFileError, match="cannot be read: Is a directory"):
        kept_by(tmp_path, "xivo16")


@pytest.mark.parametrize("name", ["loop", "~nobody-has-this-name/state.json", "x" * 300], ids=["loop", "home", "long"])
def test_a_path_that_cannot_be_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(StateFileError, match=re.escape(name)):
        kept_by(Path(name), "xivo16")


def test_a_deep_value_is_damage(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(StateFileError, match="It was not changed"):
        kept_by(file, "xivo16")


def test_two_servers_do_not_share_a_file(tmp_path: Path) -> None:
    """The one that saves last would take away the users of the other."""
    file, link = tmp_path / "state.json", tmp_path / "link.json"
    link.symlink_to(file)
    with kept_by(file, "xivo16") as first:
        for path in (file, link):
            with pytest.raises(
                StateFileError, match=r"state\.json is the state of a server that is running\. Stop that"
            ):
                kept_by(path, "xivo16")
        fill(first, OF_ALL[1:])
        with pytest.raises(StateFileError, match="is running"):
            kept_by(file, "xivo16")
    with kept_by(file, "xivo16") as second:
        assert [user["firstname"] for user in second.state()["users"]] == ["Bob"]


def test_a_port_in_use_leaves_the_file_free(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Simulator(api="xivo16", tls=False, state_file=file, port=other.getsockname()[1])
        with pytest.raises(ListenError), taken:
            pass
    with kept_by(file, "xivo16"):
        pass


def test_a_server_outlives_a_folder_that_is_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The request was carried out, so it is answered. Whoever started the server reads that nothing is kept."""
    folder = tmp_path / "folder"
    folder.mkdir()
    with kept_by(folder / "state.json", "xivo16") as server:
        (folder / "state.json").unlink()
        folder.rmdir()
        fill(server, OF_ALL[1:])
        assert "The state cannot be saved in" in capsys.readouterr().err
