# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second line of somebody, and its number, are theirs (design.md, rule 14)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.helpers import (
    Options,
    apply_list,
    extension_row,
    leaver,
    own_extensions,
    person,
    phone_book,
)
from support.ownership import STRATEGIES, assert_applied, assert_refused, belongings, make_second_line

# On XiVO 15 a user has one line.
pytestmark = [pytest.mark.on("xivo16", "wazo"), STRATEGIES]


@pytest.fixture
def ann(sim: Simulator) -> int:
    """Ann has 1200, and a second line with 1201, of which this is the id."""
    apply_list(sim, person("Ann A", 1200))
    line = make_second_line(sim, "Ann A", 1201)
    sim.clear_log()
    return line


def by_range(name: str, numbers: str, **more: Any) -> Options:
    return person(name, extension={"range": numbers, "context": "default"}, **more)


def test_nobody_gets_one(sim: Simulator, ann: int, strategy: str) -> None:
    assert_refused(sim, person("Cleo C", 1201), words=["1201@default", "Ann A"], strategy=strategy)


@pytest.mark.parametrize("in_order", [True, False])
def test_nor_where_the_first_one_moves(sim: Simulator, ann: int, strategy: str, in_order: bool) -> None:
    wanted = [person("Ann A", 1210, incalls=[]), person("Cleo C", 1201)]
    assert_refused(sim, *(wanted if in_order else wanted[::-1]), words=["1201@default", "Ann A"], strategy=strategy)


def test_it_stays_when_the_first_one_moves(sim: Simulator, ann: int, strategy: str) -> None:
    wanted = [person("Ann A", 1210, incalls=[]), person("Cleo C", 1200)]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)
    assert phone_book(sim) == {"Ann A": ("1210", []), "Cleo C": ("1200", [])}
    (association,) = sim.database.line_extensions.where(extension_id=extension_row(sim, 1201).id)
    assert association.line_id == ann
    assert [row.user_id for row in sim.database.user_lines.where(line_id=ann)] == [1]


def test_a_range_does_not_move_the_first_line(sim: Simulator, ann: int, strategy: str) -> None:
    words = ["1201", "another line", "Ann A", "exten"]
    assert_refused(sim, by_range("Ann A", "1201-1209"), words=words, strategy=strategy)
    assert_refused(sim, by_range("Ann A", "1201-1201"), words=words, strategy=strategy)


def test_a_range_that_holds_the_first_number_is_met(sim: Simulator, ann: int, strategy: str) -> None:
    assert_applied(sim, by_range("Ann A", "1200-1209"), expected=["unchanged"], strategy=strategy)


def test_a_range_does_not_choose_one(sim: Simulator, ann: int, strategy: str) -> None:
    assert_applied(sim, by_range("Cleo C", "1200-1209"), expected=["created"], strategy=strategy)
    assert phone_book(sim)["Cleo C"] == ("1202", [])


def test_a_number_of_the_same_person_does_not_change_lines(sim: Simulator, ann: int, strategy: str) -> None:
    before = belongings(sim, "Ann A")
    assert_refused(sim, person("Ann A", 1201), words=["1201@default", "line"], strategy=strategy)
    assert belongings(sim, "Ann A") == before


@pytest.mark.parametrize("in_order", [True, False])
def test_who_leaves_frees_both_numbers(sim: Simulator, ann: int, strategy: str, in_order: bool) -> None:
    wanted, expected = [leaver("Ann A"), person("Cleo C", 1201)], ["removed", "created"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy)
    assert phone_book(sim) == {"Cleo C": ("1201", [])}
    assert own_extensions(sim) == ["1201"]
