# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some rounds of two runs at once; `make faults` runs more of them."""

from __future__ import annotations

import pytest

from faults.matrix import APIS, Bench
from faults.races import LISTS, OVERLAPPING, Round, Track, judge


@pytest.fixture(scope="session")
def tracks(bench: Bench) -> dict[str, Track]:
    return {api: Track(bench.sim(api)) for api in APIS}


@pytest.mark.one_of(3)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("api", APIS)
def test_in_bulk(tracks: dict[str, Track], api: str, name: str, seed: int) -> None:
    outcome = judge(tracks[api], Round(api, "bulk", name, seed))
    assert not outcome.problem, outcome.case


@pytest.mark.one_of(3)
@pytest.mark.parametrize("seed", [1, 2, 16])
@pytest.mark.parametrize("strategy", ["bulk", "mixed"])
@pytest.mark.parametrize("name", OVERLAPPING)
@pytest.mark.parametrize("api", APIS)
def test_in_the_middle(tracks: dict[str, Track], api: str, name: str, strategy: str, seed: int) -> None:
    """The second run begins after the first writes of the first one, as when the first one waits for an answer."""
    outcome = judge(tracks[api], Round(api, strategy, name, seed, nested=True))
    assert not outcome.problem, outcome.case


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("api", APIS)
def test_step_by_step(tracks: dict[str, Track], api: str, name: str) -> None:
    outcome = judge(tracks[api], Round(api, "stepwise", name, 1))
    assert not outcome.problem, outcome.case


@pytest.mark.parametrize("api", ["xivo16", "wazo"])
def test_the_other_run_keeps_what_it_reports(tracks: dict[str, Track], api: str) -> None:
    """The second run gives a direct number to a person of the first run, and fails when the first one has ended."""
    outcome = judge(tracks[api], Round(api, "stepwise", "same", 19, nested=True))
    assert not outcome.problem, outcome.case
