# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of docs/guides: every file is saved, every command typed, every output seen, in their order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from integration.playbooks import ROOT
from integration.reader import Reader
from simulator import Simulator

GUIDES = ROOT / "docs" / "guides"


def text_of(name: str) -> str:
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "api"), [("first_user", "xivo16")])
def test_a_guide_is_as_it_says(name: str, api: str, shared_sims: Callable[[str], Simulator], tmp_path: Path) -> None:
    sim = shared_sims(api)
    sim.reset()
    Reader(tmp_path, sim).read(text_of(name))
