# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the pictures of docs/guides, which are drawn by hand, with the code."""

from __future__ import annotations

from xml.etree import ElementTree

from simulator import Simulator
from support.helpers import apply_list, person, written
from support.layers import LAYERS
from support.paths import ROOT

PICTURES = ROOT / "docs" / "guides" / "pictures"
TEXT = "{http://www.w3.org/2000/svg}text"


def texts(picture: str, kind: str) -> list[str]:
    """Return the texts of a picture that have a CSS class, in their order in the file."""
    root = ElementTree.fromstring((PICTURES / picture).read_text(encoding="utf-8"))
    return ["".join(each.itertext()) for each in root.iter(TEXT) if each.get("class") == kind]


def test_one_user_is_made_by_the_requests_of_the_picture(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, 2200))
    assert written(sim) == texts("sequence.svg", "request")


def test_the_drawn_layers_are_those_of_the_code() -> None:
    drawn = [text for text in texts("architecture.svg", "title") if text.startswith("_")]
    assert drawn == list(LAYERS)
