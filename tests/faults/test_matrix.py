# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fixed sample of the fault matrix; `make faults` runs all of it."""

from __future__ import annotations

import zlib

import pytest

from faults.matrix import APIS, KINDS, READING, Bench, Case
from faults.run import Server, run_list
from faults.scenario import GIVEN, SCENARIOS
from support.normalise_state import differences, meaning

STEPWISE = {"provision": ("kill_after", "drop_after"), "change": ("kill_before",), "remove": ("kill_after",)}


def chosen(bench: Bench, api: str, strategy: str, scenario: str, kind: str) -> Case:
    """One of the requests, always the same: a write unless only reads are left."""
    cases = [case for case in bench.cases(api, strategy, scenario, every=True) if case.kind == kind]
    writes = [case for case in cases if not case.request.startswith(READING)] or cases
    return writes[zlib.crc32(f"{api} {scenario} {kind}".encode()) % len(writes)]


@pytest.mark.one_of(len(SCENARIOS))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("api", APIS)
def test_in_bulk(bench: Bench, api: str, scenario: str, kind: str) -> None:
    case = chosen(bench, api, "bulk", scenario, kind)
    assert not bench.judge(case).problem, case


@pytest.mark.parametrize(("scenario", "kind"), [(name, kind) for name, kinds in STEPWISE.items() for kind in kinds])
@pytest.mark.parametrize("api", APIS)
def test_step_by_step(bench: Bench, api: str, scenario: str, kind: str) -> None:
    case = chosen(bench, api, "stepwise", scenario, kind)
    assert not bench.judge(case).problem, case


@pytest.mark.parametrize("api", APIS)
def test_both_strategies_leave_the_same(bench: Bench, api: str) -> None:
    sim = bench.sim(api)
    for scenario in SCENARIOS.values():
        bulk = bench.reference(api, "bulk", scenario.name)
        sim.database.load(bulk.before)
        outcome = run_list(Server.of(sim), "stepwise", scenario.users_of(api))
        assert not outcome["failed"], outcome["msg"]
        assert differences(meaning(sim.state(), bulk.before, GIVEN), bulk.wanted) == []


# The judge itself: it must find what is wrong


def test_what_is_left_or_doubled_is_found(bench: Bench) -> None:
    reference = bench.reference("xivo15", "bulk", "provision")
    sim = bench.sim("xivo15")
    sim.database.load(reference.before)
    before = meaning(sim.state(), reference.before)
    sim.database.extensions.insert(exten="1999", context="default")
    sim.database.users.insert(firstname="Ada", lastname="Lovelace")
    found = differences(meaning(sim.state(), reference.before), before)
    # A user has function keys of their own.
    kinds = ["too much extensions", "too much func_key_templates", "too much users"]
    assert [text.split(":")[0] for text in found] == kinds


def test_a_first_run_that_fails_needlessly_is_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Case, "is_hidden", True)
    case = chosen(bench, "xivo15", "bulk", "provision", "500_before")
    assert bench.judge(case).problem.startswith("the first run failed")
