# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide about a directory, on a real one: OpenLDAP's.

Without it, this test is left out, or fails if TEST_LDAP=required.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator import Simulator
from support.guide_reader import CHANGES, Reader
from support.ldap_server import COLLECTIONS, READER_PASSWORD, LdapServer, missing
from support.paths import ROOT

PAGE = ROOT / "docs" / "guides" / "ldap.md"
ADDRESS = "ldaps://ldap.example.org"


class ReaderWithDirectory(Reader):
    """Somebody who has a directory, whose LDIF the page shows. It has the address of the page."""

    def __init__(self, folder: Path, sim: Simulator, directory: LdapServer) -> None:
        super().__init__(folder, sim)
        self.directory = directory
        collections = f"{ROOT / '.cache' / 'collections'}:{COLLECTIONS}"
        self.environment = {"ANSIBLE_COLLECTIONS_PATH": collections, **directory.environment}

    def save(self, name: str, text: str) -> None:
        super().save(name, text.replace(ADDRESS, self.directory.url))

    def block(self, language: str, text: str, fails: bool = False) -> None:
        if language == CHANGES:
            self.directory.change(text)
            return
        super().block(language, text, fails)


def test_the_guide_of_the_directory(shared_sims: Callable[[str], Simulator], tmp_path: Path) -> None:
    lacking = missing()
    if lacking:
        text = f"The guide about a directory was not tried: this machine lacks {', '.join(lacking)}."
        pytest.fail(text) if os.environ.get("TEST_LDAP") == "required" else pytest.skip(text)
    sim = shared_sims("xivo16")
    sim.reset()
    page = PAGE.read_text(encoding="utf-8")
    assert f"export LDAP_PASSWORD='{READER_PASSWORD}'" in page

    with LdapServer(tmp_path / "directory") as directory:
        (tmp_path / "repository").mkdir()
        reader = ReaderWithDirectory(tmp_path / "repository", sim, directory)
        reader.environment["LDAP_PASSWORD"] = READER_PASSWORD
        reader.read(page)

        users = {user.userfield: user for user in sim.database.users}
        assert {key: f"{user.firstname} {user.lastname}" for key, user in users.items()} == {
            "HR-1": "Ann Adams",
            "HR-2": "Bob Baker",
            "HR-4": "Dan Dyer",
        }
        assert not users["HR-1"].mobile_phone_number
        assert "nothing to do for 3 users" in reader.shell("ansible-playbook staff.yml -i inventory.yml")
        sim.clear_log()
        failed = reader.shell("ansible-playbook staff.yml -i inventory.yml -e staff_filter=x", fails=True)
        assert "Bad search filter" in failed
        assert sim.requests == []
