# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of docs/guides show what the code does."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from simulator import Simulator
from support.audit_picture import PICTURES as AUDIT_PICTURES
from support.audit_picture import example, hash_of
from support.helpers import apply_list, person, written
from support.layer_docs import documents
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


def test_numbers_change_hands_in_the_order_of_the_picture(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1301), person("Bob B", 1302))
    chain = [person("Cleo C", 1302), person("Bob B", 1301), person("Ann A", 1310)]
    swap = [person("Ann A", 1302), person("Bob B", 1301)]
    plans = [apply_list(sim, *entries, check=True)["plan"] for entries in (chain, swap)]
    planned = [step["text"] for plan in plans for batch in plan for step in batch["steps"]]
    assert [text for text in planned if " extension " in text] == texts("ownership.svg", "request")


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_documents_show_the_layers_as_they_are(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == documents()[path], "run make generate"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_the_audit_show_its_page(theme: str) -> None:
    assert hash_of(example()).encode() in AUDIT_PICTURES[theme].read_bytes(), "run make pictures"
