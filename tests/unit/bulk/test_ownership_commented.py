# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A number that is switched off stays off, whatever becomes of it (design.md, rule 2)."""

from __future__ import annotations

import pytest

from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, extension_row, leaver, number, person, phone_book
from support.ownership import STRATEGIES, assert_applied, belongings, fail_at_each_write

pytestmark = [EVERYWHERE, STRATEGIES]
OFF: Options = {"commented": True}


def off(sim: Simulator) -> dict[str, bool]:
    """Return {number: whether it is switched off} of the internal and direct numbers."""
    return {row.exten: row.commented for row in sim.database.extensions if row.context != "xivo-features"}


@pytest.mark.parametrize("who", ["Ann A", "Bob B", "Cleo C"])
def test_it_stays_off_in_a_circle(sim: Simulator, strategy: str, who: str) -> None:
    """Whichever of the three is parked."""
    names = ("Ann A", "Bob B", "Cleo C")
    apply_list(sim, *(person(name, 1200 + index) for index, name in enumerate(names)))
    extension_row(sim, 1200 + names.index(who)).commented = True
    wanted = [person(name, 1200 + (index + 1) % 3) for index, name in enumerate(names)]
    assert_applied(sim, *wanted, expected=["updated"] * 3, strategy=strategy)
    numbers = {name: exten for name, (exten, _incalls) in phone_book(sim).items()}
    assert numbers == {"Ann A": "1201", "Bob B": "1202", "Cleo C": "1200"}
    assert {name: off(sim)[str(numbers[name])] for name in names} == {name: name == who for name in names}


@pytest.mark.parametrize("who", ["Ann A", "Bob B"])
def test_it_stays_off_in_a_swap(sim: Simulator, strategy: str, who: str) -> None:
    apply_list(sim, person("Ann A", 1200), person("Bob B", 1201), person("Cleo C", 1202))
    extension_row(sim, {"Ann A": 1200, "Bob B": 1201}[who]).commented = True
    before = belongings(sim, "Cleo C")
    wanted = [person("Ann A", 1201), person("Bob B", 1200)]
    assert_applied(sim, *wanted, expected=["updated"] * 2, strategy=strategy)
    assert off(sim) == {"1200": who == "Bob B", "1201": who == "Ann A", "1202": False}
    assert belongings(sim, "Cleo C") == before


def test_it_stays_off_in_another_context(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    extension_row(sim, 1200).commented = True
    wanted = person("Ann A", extension=number(4001, "sales"))
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert off(sim) == {"4001": True}


def test_it_stays_off_in_its_context(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    extension_row(sim, 1200).commented = True
    assert_applied(sim, person("Ann A", 1210), expected=["updated"], strategy=strategy)
    assert off(sim) == {"1210": True}


def test_it_stays_off_where_a_free_number_was(sim: Simulator, strategy: str) -> None:
    """The free number is on; the one that moves there is not."""
    apply_list(sim, person("Ann A", 1200))
    extension_row(sim, 1200).commented = True
    sim.database.extensions.insert(exten="1210", context="default")
    assert_applied(sim, person("Ann A", 1210), expected=["updated"], strategy=strategy)
    assert off(sim) == {"1210": True}


def test_a_successors_number_is_on(sim: Simulator, strategy: str) -> None:
    """What Ann's number was does not come with it."""
    apply_list(sim, person("Ann A", 1200))
    extension_row(sim, 1200).commented = True
    wanted = [person("Ann A", 1210), person("Bob B", 1200)]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)
    assert off(sim) == {"1210": True, "1200": False}


@pytest.mark.parametrize("moves", [False, True])
def test_an_entry_switches_it_on(sim: Simulator, strategy: str, moves: bool) -> None:
    """commented: false is a value, and no omission (point 13)."""
    apply_list(sim, person("Ann A", 1200))
    extension_row(sim, 1200).commented = True
    key = number(4001, "sales") if moves else number(1200)
    wanted = person("Ann A", extension={**key, "commented": False})
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert off(sim) == {key["exten"]: False}


def test_an_entry_switches_direct_numbers_on_and_off(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200, 2200, 2201))
    extension_row(sim, 2200).commented = True
    wanted = person("Ann A", 1200, incalls=[{**number(2200), "commented": False}, {**number(2201), **OFF}])
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert off(sim) == {"1200": False, "2200": False, "2201": True}


def test_a_direct_number_that_stays_is_left_alone(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200, 2200))
    extension_row(sim, 2200).commented = True
    assert_applied(sim, person("Ann A", 1210, 2200), expected=["updated"], strategy=strategy)
    assert off(sim) == {"1210": False, "2200": True}


def test_it_stays_off_when_a_removal_fails(sim: Simulator, strategy: str) -> None:
    """What a removal has deleted before it fails is made again as it was; a deleted voicemail is listed as lost."""
    apply_list(sim, person("Ann A", 1200, 2200, voicemail={}))
    for exten in (1200, 2200):
        extension_row(sim, exten).commented = True
    before = belongings(sim, "Ann A")["Ann A"]
    for where, failed in fail_at_each_write(sim, leaver("Ann A"), strategy=strategy):
        if sim.database.users.first(firstname="Ann") and "Run again to remove the rest" not in failed.error:
            after = belongings(sim, "Ann A")["Ann A"]
            changed = [name for name in before if before[name] != after[name]]
            assert changed == [] or "Not put back: " in failed.error and "delete voicemail" in failed.error, where
            assert off(sim) == {"1200": True, "2200": True}, where
