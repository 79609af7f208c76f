# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of docs: every file is saved, every command typed, every shown output seen, in their order."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import Simulator
from support.guide_reader import CHANGES, COMMANDS, OUTPUT, TABLE, Reader, blocks_of, fill_by_hand
from support.newcomer import CLONE, Newcomer
from support.playbooks import ROOT

DOCS = ROOT / "docs"
PLAYED = {
    "awx": "xivo16",
    "check_and_audit": "xivo15",
    "directory": "xivo16",
    "journal": "xivo16",
    "leavers": "wazo",
    "numbers": "xivo16",
    "ownership": "xivo16",
    "people": "xivo15",
    "person": "wazo",
    "plan": "xivo16",
    "sheets": "xivo16",
    "undo": "xivo16",
    "validate": "xivo16",
    "wazo": "wazo",
}
"""The guides that are one story, with the generation of the server that each is played on."""
FOR_NEWCOMERS = ("first_user", "try_it")
"""The guides that begin with `make simulator`."""
PLAYED_ELSEWHERE = ("fleet", "ldap", *FOR_NEWCOMERS)
"""The other guides that are a story: with several servers, with a directory (test_ldap_guide.py), or from nothing."""
FLEET = {"https://paris.example.org:9486": "xivo16", "https://rome.example.org:9486": "wazo"}
NAME_OF_A_FILE = re.compile(r"# [\w./-]+\.\w+\n")
INCLUDED = re.compile(r"^:::\{include\} .*?^:::$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PLAYED)
def test_a_guide_is_as_it_says(name: str, shared_sims: Callable[[str], Simulator], tmp_path: Path) -> None:
    sim = shared_sims(PLAYED[name])
    sim.reset()
    Reader(tmp_path, sim).read(page(f"guides/{name}"))


def test_the_guide_of_the_fleet(shared_sims: Callable[[str], Simulator], tmp_path: Path) -> None:
    london, others = shared_sims("xivo15"), {address: shared_sims(api) for address, api in FLEET.items()}
    for server in (london, *others.values()):
        server.reset()
    Reader(tmp_path, london, others).read(page("guides/fleet"))


def test_newcomers_need_only_a_clone(tmp_path: Path) -> None:
    """As install.md and the first guides say, one after the other, in one home."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    chapters = re.search(r"\n## Install Ansible\n(.*?\n## Install the collection\n.*?)\n## ", readme, re.DOTALL)
    assert chapters
    with Newcomer.at(tmp_path) as newcomer:
        for language, text in blocks_of(chapters[1]):
            if language in COMMANDS:
                newcomer.block(language, text)
        assert newcomer.folder == tmp_path / CLONE
        for name in FOR_NEWCOMERS:
            newcomer.open_terminal()
            newcomer.read(page(f"guides/{name}"))
        assert (tmp_path / "inventory" / "audit" / "audit.html").exists()
    assert json.loads((tmp_path / "pbx.json").read_text(encoding="utf-8"))["api"] == "xivo16"


def test_no_other_page_has_something_to_play() -> None:
    """test_chapters.py plays the chapters of README.md that pages include. docs/servers has records and no commands.

    playbooks.md is a reference, which test_playbook_variables.py compares with the playbooks.
    """
    paths = [path for path in DOCS.rglob("*.md") if DOCS / "servers" not in path.parents]
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in paths}
    with_blocks = {each for each in pages if blocks_of(INCLUDED.sub("", page(each)))}
    assert with_blocks - {"guides/promises", "guides/security", "playbooks"} == {
        f"guides/{name}" for name in (*PLAYED, *PLAYED_ELSEWHERE)
    } | {"index"}


@pytest.mark.parametrize("name", [*PLAYED, *PLAYED_ELSEWHERE])
def test_every_block_has_a_known_kind(name: str) -> None:
    for language, text in blocks_of(page(f"guides/{name}")):
        assert language in (*COMMANDS, OUTPUT, TABLE, CHANGES) or NAME_OF_A_FILE.match(text), text


def test_the_first_page_shows_what_the_first_guide_does() -> None:
    ((_language, shown),) = blocks_of(page("index"))
    assert f"# host_vars/pbx/users.yml\n{shown}" in page("guides/first_user")


def test_the_tutorials_script_fails_the_second_time(
    shared_sims: Callable[[str], Simulator],
) -> None:
    """As comparison.md says of it."""
    sim = shared_sims("xivo15")
    sim.reset()
    fill_by_hand(sim)
    first = [f"{request.method} {request.path}" for request in sim.writes]
    assert [path.rsplit(" ", 1)[1] for path in first].index("/users", 1) == 5 + 2
    with pytest.raises(subprocess.CalledProcessError):
        fill_by_hand(sim)
    assert len(sim.database.users.where(firstname="Johnny")) == 2
    assert len(sim.database.lines) == 3 + 1
