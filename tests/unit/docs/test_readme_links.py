# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The links of README.md also work where Ansible Galaxy shows it, and lead to what exists."""

from __future__ import annotations

import re

import yaml

from support.paths import ROOT

REPOSITORY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["repository"]
HERE = f"{REPOSITORY}/blob/main/"
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)\s]+)\)", README)


def anchors_of(path: str) -> set[str]:
    """Return the anchors of the headings of a Markdown page, as the forge makes them."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_links_are_absolute() -> None:
    assert [link for link in LINKS if not link.startswith(("https://", "#"))] == []


def test_links_to_the_repository_lead_to_files() -> None:
    paths = [link.removeprefix(HERE).partition("#") for link in LINKS if link.startswith(HERE)]

    assert len(paths) > 20
    assert [path for path, _mark, _anchor in paths if not (ROOT / path).exists()] == []
    assert [f"{path}#{anchor}" for path, _mark, anchor in paths if anchor and anchor not in anchors_of(path)] == []


def test_links_within_the_page() -> None:
    assert [link for link in LINKS if link.startswith("#") and link[1:] not in anchors_of("README.md")] == []


def test_the_chapters_are_those_that_certification_asks_for() -> None:
    """The collection comes from a hub or a file. An execution environment has Ansible already."""
    chapters = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL))

    assert {"Requirements", "Install the collection", "Releases", "Communication", "Licence"} <= chapters.keys()
    assert "pip install" not in chapters["Install the collection"]
    assert "/CHANGELOG.md)" in chapters["Releases"]
