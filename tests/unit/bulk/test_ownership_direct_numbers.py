# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Direct numbers of a range: it picks besides the numbers that the entry names (design.md, rule 1)."""

from __future__ import annotations

import pytest

from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, number, person, phone_book
from support.ownership import STRATEGIES, assert_applied

pytestmark = [EVERYWHERE, STRATEGIES]
RANGE: Options = {"range": "2500-2503", "context": "from-extern"}


@pytest.mark.parametrize("named_first", [True, False])
def test_the_second_run_removes_none(sim: Simulator, strategy: str, named_first: bool) -> None:
    incalls = [number(2500), RANGE]
    wanted = person("Ann A", 1200, incalls=incalls if named_first else incalls[::-1])
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert phone_book(sim) == {"Ann A": ("1200", ["2500", "2501"])}


def test_two_ranges_pick_two(sim: Simulator, strategy: str) -> None:
    wanted = person("Ann A", 1200, incalls=[RANGE, number(2501), RANGE])
    assert_applied(sim, wanted, expected=["created"], strategy=strategy)
    assert phone_book(sim) == {"Ann A": ("1200", ["2500", "2501", "2502"])}


def test_a_named_one_is_added_to_a_picked_one(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200, incalls=[RANGE]))
    wanted = person("Ann A", 1200, incalls=[RANGE, number(2500)])
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert phone_book(sim) == {"Ann A": ("1200", ["2500", "2501"])}
