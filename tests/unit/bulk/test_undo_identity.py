# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An undo never touches somebody else: ids mean other people once a server was installed again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from simulator import Simulator
from support.helpers import EVERYWHERE, apply_list, backend_of, leaver, person, written
from support.undoing import ANN, BOB, exported, run, undone


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "journal.jsonl")


ZOE = person("Zoe Zimmer", 1210, user={"language": "fr_FR"})


def changed_by(sim: Simulator, file: str, kind: str) -> None:
    """A run that has done something to Ann Archer, who is user 1."""
    if kind == "created":
        run(sim, file, ANN)
        return
    links = {"fallbacks": {"busy": {"user": {"firstname": "Bob", "lastname": "Baker"}}}} if kind == "linked" else {}
    apply_list(sim, person("Ann Archer", 1200, **links), BOB)
    entries = {
        "language": person("Ann Archer", 1200, user={"language": "fr_FR"}),
        "number": person("Ann Archer", 1210),
        "linked": leaver("Bob Baker"),
    }
    run(sim, file, entries[kind])


@EVERYWHERE
@pytest.mark.parametrize("wish", ["fail", "overwrite", "skip"])
@pytest.mark.parametrize("kind", ["language", "number", "created", "linked"])
def test_whoever_has_the_id_now_is_left_alone(sim: Simulator, file: str, wish: str, kind: str) -> None:
    if kind == "linked" and sim.generation.name == "xivo15":
        kind = "language"
    changed_by(sim, file, kind)
    sim.reset()
    apply_list(sim, ZOE)
    before = exported(sim)
    sim.clear_log()
    if wish == "skip":
        assert "Ann Archer" in " ".join(undone(sim, file, changed_since=wish)["left_alone"])
    else:
        with pytest.raises(PlanError, match=r"Ann Archer.*: the id is now that of user Zoe Zimmer"):
            undone(sim, file, changed_since=wish)
        assert written(sim) == []
    assert [each for each in exported(sim) if each["user"]["firstname"] == "Zoe"] == before


@EVERYWHERE
def test_what_nobody_has_is_not_that_of_another_server(sim: Simulator, file: str) -> None:
    run(sim, file, ANN)
    sim.reset()
    backend = backend_of(sim)
    backend.client.post("/extensions", {"exten": "1299", "context": "default"})
    before = sim.state()
    undone(sim, file, changed_since="overwrite")
    assert sim.state() == before


@pytest.mark.on("xivo16", "wazo")
def test_who_was_renamed_since_is_the_same_person(sim: Simulator, file: str) -> None:
    apply_list(sim, ANN)
    run(sim, file, person("Ann Archer", 1210))
    apply_list(sim, {**person("Ann Baker"), "match": {"exten": "1210", "context": "default"}})
    undone(sim, file)
    (entry,) = exported(sim)
    assert (entry["user"]["lastname"], entry["extension"]["exten"]) == ("Baker", "1200")
