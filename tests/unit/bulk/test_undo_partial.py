# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo puts back no text of which the journal has a part only."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, leaver, person, user_row
from support.undoing import BOB, exported, run, undone


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "journal.jsonl")


SECRET = "Sunny-Day-99"


@EVERYWHERE
def test_a_part_of_a_text_is_not_put_back(sim: Simulator, file: str) -> None:
    """A journal cuts long texts, and masks secrets in texts."""
    long = "x" * 2500
    apply_list(sim, person("Ann Archer", 1200, user={"description": long}), person("Bob Baker", 1201))
    run(
        sim,
        file,
        person("Ann Archer", 1200, user={"description": "short", "language": "fr_FR"}),
        person("Bob Baker", 1201, user={"description": f"has {long}"}),
    )
    result = undone(sim, file)
    assert "description of user Ann Archer" in " ".join(result["not_restored"])
    assert user_row(sim, "Ann Archer").description == "short"
    assert not user_row(sim, "Ann Archer").language
    assert not user_row(sim, "Bob Baker").description


@EVERYWHERE
def test_a_masked_text_is_not_put_back(sim: Simulator, file: str) -> None:
    apply_list(sim, person("Ann Archer", 1200, user={"userfield": f"his is {SECRET}"}), BOB)
    secret = {"line": {"secret": SECRET}}
    run(sim, file, person("Ann Archer", 1200, user={"userfield": "gone"}), person("Bob Baker", 1201, **secret))
    assert SECRET not in Path(file).read_text(encoding="utf-8")
    assert "userfield of user Ann Archer" in " ".join(undone(sim, file)["not_restored"])
    assert user_row(sim, "Ann Archer").userfield == "gone"


@EVERYWHERE
def test_a_leaver_comes_back_without_masked_texts(sim: Simulator, file: str) -> None:
    apply_list(sim, person("Ann Archer", 1200, user={"userfield": f"his is {SECRET}"}), BOB)
    run(sim, file, leaver("Ann Archer"), person("Bob Baker", 1201, line={"secret": SECRET}))
    assert "userfield" in " ".join(undone(sim, file)["not_restored"])
    assert not user_row(sim, "Ann Archer").userfield


@EVERYWHERE
def test_who_has_a_masked_name_does_not_come_back(sim: Simulator, file: str) -> None:
    apply_list(sim, person(f"Ann {SECRET}", 1200), BOB)
    run(sim, file, leaver(f"Ann {SECRET}"), person("Bob Baker", 1201, line={"secret": SECRET}))
    assert "everything: " in " ".join(undone(sim, file)["not_restored"])
    assert len(exported(sim)) == 1
