# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of docs/guides are drawn by hand, and true all the same."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from simulator import Simulator
from support.helpers import apply_list, person, written
from support.paths import ROOT

DOCS = ROOT / "docs"
PICTURES = DOCS / "guides" / "pictures"
TEXT = "{http://www.w3.org/2000/svg}text"


def texts(picture: str, kind: str) -> list[str]:
    root = ElementTree.fromstring((PICTURES / picture).read_text(encoding="utf-8"))
    return ["".join(each.itertext()) for each in root.iter(TEXT) if each.get("class") == kind]


def test_one_user_is_made_by_the_requests_of_the_picture(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, 2200))
    assert written(sim) == texts("sequence.svg", "request")


def test_the_layers_of_the_picture_are_those_of_the_map_of_the_code() -> None:
    contributing = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    layers = set(re.findall(r"^\| (\w+) \| `_", contributing, re.MULTILINE))
    drawn = {word for text in texts("architecture.svg", "title") for word in text.split()}
    assert layers - drawn == {"input", "resources"}  # rules and tables that all layers read
