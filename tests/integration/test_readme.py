# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the playbooks of README.md and compare the results with what it says of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from simulator import Simulator
from support.playbooks import ROOT, Result

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED_YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def playbooks() -> dict[str, str]:
    """Return {name of the first play: text} of the YAML blocks that are playbooks."""
    found = {}
    for text in FENCED_YAML.findall(README):
        content = yaml.safe_load(text)
        if isinstance(content, list) and "hosts" in content[0]:
            found[content[0]["name"]] = text
    return found


PLAYBOOKS = playbooks()
STEPS = "Provision Johnny Depp step by step"
ROLE = "Provision a list of users"


def variables(sim: Simulator) -> Mapping[str, Any]:
    """Return the variables that a reader has in an inventory and a vault."""
    return {"confd_url": sim.url, "confd_username": sim.username, "vault_confd_password": sim.password}


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_playbooks_are_idempotent_and_check_mode_writes_nothing(
    name: str, sim: Simulator, play: Callable[..., Result]
) -> None:
    before = sim.state()

    predicted = play(PLAYBOOKS[name], extra_vars=variables(sim), check=True, diff=True).succeeded()
    assert sim.writes == []
    assert sim.state() == before

    real = play(PLAYBOOKS[name], extra_vars=variables(sim)).succeeded()
    assert predicted.changed
    assert real.changed

    sim.clear_log()
    again = play(PLAYBOOKS[name], extra_vars=variables(sim)).succeeded()
    assert again.changed == 0
    assert sim.writes == []


def test_the_steps_are_seven_changes_as_predicted(play: Callable[..., Result]) -> None:
    assert play(PLAYBOOKS[STEPS], check=True).succeeded().changed == 7
    assert play(PLAYBOOKS[STEPS]).succeeded().changed == 7


def test_the_role_completes_what_single_modules_began(play: Callable[..., Result]) -> None:
    play(PLAYBOOKS[STEPS]).succeeded()

    run = play([*yaml.safe_load(PLAYBOOKS[ROLE])]).succeeded()

    results = next(
        task["ansible_facts"]["provision_results"]
        for task in reversed(run.tasks)
        if "provision_results" in task.result.get("ansible_facts", {})
    )
    assert [(each["label"], each["status"]) for each in results] == [
        ("Johnny Depp (1200@default)", "unchanged"),
        ("Vanessa Paradis (1201@default)", "created"),
    ]


def test_every_module_is_listed() -> None:
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}

    assert modules == set(re.findall(r"^\| `xivo\.confd\.(\w+)` \|", README, re.MULTILINE))
