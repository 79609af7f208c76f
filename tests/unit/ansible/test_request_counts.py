# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests one person costs. A step that gets dearer fails here; one that gets cheaper lowers its limit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from simulator import Simulator
from support import role
from support.helpers import EVERYWHERE, person
from support.paths import ROOT
from support.role import Role
from support.tasks import Tasks

MODULES_TAKE = {"xivo15": (30, 17), "xivo16": (29, 15), "wazo": (27, 15)}
"""{generation: (the requests of the five modules that create somebody with a line, a number and an incall; those of the
same tasks afterwards)}. They begin one session, and go on with it."""
LIST_TAKES = {"xivo15": (17, 7), "xivo16": (9, 4), "wazo": (10, 6)}
"""The same for one entry of confd_provisioned_users, each time in a session of its own."""

STEPWISE_TAKES = {"xivo15": (23, 7), "xivo16": (21, 4), "wazo": (22, 6)}
"""The same for one entry of the role, step by step."""


def counted(sim: Simulator, run: Callable[[], bool]) -> tuple[int, int]:
    """Return the requests of a run that changes something, and of the same run again, which changes nothing."""
    before = len(sim.requests)
    assert run()
    between = len(sim.requests)
    assert not run()
    return between - before, len(sim.requests) - between


def test_the_guide_has_these_numbers() -> None:
    guide = (ROOT / "docs" / "guides" / "how_it_works.md").read_text(encoding="utf-8")
    for way, takes in (
        ("bulk", LIST_TAKES),
        ("the role, stepwise", STEPWISE_TAKES),
        ("the five modules", MODULES_TAKE),
    ):
        cells = " | ".join(f"{create} / {again}" for create, again in takes.values())
        assert re.search(rf"^\| {way}[^|]* \| {cells} \|$", guide, re.MULTILINE), way


@EVERYWHERE
@pytest.mark.always
def test_the_five_modules(sim: Simulator) -> None:
    assert counted(sim, Tasks(sim).make_somebody) == MODULES_TAKE[sim.generation.name]


@EVERYWHERE
@pytest.mark.always
def test_an_entry_of_a_list(sim: Simulator) -> None:
    def run() -> bool:
        entries = [person("Johnny Depp", 1200, 2200)]
        return bool(Tasks(sim).run("confd_provisioned_users", users=entries)["changed"])

    assert counted(sim, run) == LIST_TAKES[sim.generation.name]


@EVERYWHERE
@pytest.mark.always
def test_an_entry_step_by_step(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> bool:
        tasks = Tasks(sim)
        monkeypatch.setattr(role, "run_module", lambda _sim, *given: tasks.result(*given))
        provisioned = Role(
            sim, provision_strategy="stepwise", provision_users=[person("Johnny Depp", 1200, 2200)]
        ).run()
        assert provisioned.error == ""
        return bool(provisioned.results[0]["status"] != "unchanged")

    assert counted(sim, run) == STEPWISE_TAKES[sim.generation.name]
