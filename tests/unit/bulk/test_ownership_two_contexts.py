# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One number in two contexts (XiVO 15): whose it is, the server is asked; its lists show it in the wrong one.

A line that moves to another context keeps its SIP account's old one, and shows it once the user is changed
(xivo-15.12.md, "Renaming, renumbering").
"""

from __future__ import annotations

import pytest

from simulator import Simulator
from support.helpers import (
    apply_list,
    backend_of,
    extension_row,
    line_row,
    number,
    own_extensions,
    person,
    phone_book,
    user_row,
    world_of,
)
from support.ownership import STRATEGIES, assert_applied, assert_unchanged, belongings, run

pytestmark = pytest.mark.on("xivo15")
PURGE = {"purge": True, "purge_limit": 10}


@pytest.fixture
def moved(sim: Simulator) -> Simulator:
    """Bob has 1201@sales, on a line whose account has the context default."""
    apply_list(sim, person("Bob B", 1201))
    apply_list(sim, person("Bob B", extension=number(1201, "sales")))
    line_row(sim, "Bob B").sip_context = "default"
    backend_of(sim).client.put(f"/users/{user_row(sim, 'Bob B').id}", {"userfield": "HR-1"})
    sim.clear_log()
    return sim


@pytest.fixture
def bob(moved: Simulator) -> Simulator:
    """The same, and Ann has 1201@default, and Cleo has 2201."""
    apply_list(moved, person("Ann A", 1205), person("Cleo C", 1202, 2201))
    extension_row(moved, 1205).exten = "1201"
    line_row(moved, "Ann A").callerid = '"Ann A" <1201>'
    moved.clear_log()
    return moved


def number_of(sim: Simulator, name: str) -> tuple[str, str]:
    extension = sim.database.internal_extension_of(line_row(sim, name).id)
    return extension.exten, extension.context


def test_the_state_knows_who_has_which(bob: Simulator) -> None:
    world = world_of(bob)
    for name, key in (("Bob", "1201@sales"), ("Ann", "1201@default")):
        (user,) = [each for each in world.users() if each["firstname"] == name]
        assert str(world.extension_of_user(user)) == key
        assert world.incalls_of(user) == []


@STRATEGIES
def test_somebody_else_gets_the_old_number(moved: Simulator, strategy: str) -> None:
    before = belongings(moved, "Bob B")
    assert_applied(moved, person("Ann A", 1201), expected=["created"], strategy=strategy)
    assert (number_of(moved, "Bob B"), number_of(moved, "Ann A")) == (("1201", "sales"), ("1201", "default"))
    assert belongings(moved, "Bob B") == before


@STRATEGIES
def test_a_stranger_is_not_renumbered(bob: Simulator, strategy: str) -> None:
    before = belongings(bob, "Ann A", "Cleo C")
    assert_applied(bob, person("Bob B", 1210), expected=["updated"], strategy=strategy)
    assert (number_of(bob, "Bob B"), number_of(bob, "Ann A")) == (("1210", "default"), ("1201", "default"))
    assert belongings(bob, "Ann A", "Cleo C") == before


@STRATEGIES
def test_a_number_changes_in_its_own_context(bob: Simulator, strategy: str) -> None:
    before = belongings(bob, "Ann A", "Cleo C")
    wanted = person("Bob B", extension=number(4001, "sales"))
    assert_applied(bob, wanted, expected=["updated"], strategy=strategy)
    assert number_of(bob, "Bob B") == ("4001", "sales")
    assert belongings(bob, "Ann A", "Cleo C") == before


@STRATEGIES
def test_an_internal_number_is_no_incall(bob: Simulator, strategy: str) -> None:
    before = belongings(bob, "Ann A", "Bob B", "Cleo C")
    assert_applied(bob, person("Bob B", incalls=[]), expected=["unchanged"], strategy=strategy)
    wanted = person("Bob B", extension=number(1201, "sales"), incalls=[])
    assert_applied(bob, wanted, expected=["unchanged"], strategy=strategy)
    assert belongings(bob, "Ann A", "Bob B", "Cleo C") == before


@STRATEGIES
def test_direct_numbers_of_the_moved_line_are_known(bob: Simulator, strategy: str) -> None:
    wanted = person("Bob B", extension=number(1201, "sales"), incalls=[number(2205)])
    assert_applied(bob, wanted, expected=["updated"], strategy=strategy)
    assert phone_book(bob)["Bob B"] == ("1201", ["2205"])
    assert_applied(bob, {**wanted, "incalls": []}, expected=["updated"], strategy=strategy)
    assert phone_book(bob)["Bob B"] == ("1201", [])
    assert number_of(bob, "Bob B") == ("1201", "sales")


def test_a_purge_of_one_context_leaves_the_other(bob: Simulator) -> None:
    before = belongings(bob, "Ann A", "Bob B")
    scope = {"purge_scope": {"context": "default"}, **PURGE}
    listed = [person("Ann A", 1201), person("Cleo C", 1202, 2201)]
    assert_unchanged(bob, *listed, **scope)
    assert belongings(bob, "Ann A", "Bob B") == before


def test_a_purge_of_the_right_context_finds_him(bob: Simulator) -> None:
    before = belongings(bob, "Ann A", "Cleo C")
    done = run(bob, person("Ann A", 1201), purge_scope={"context": "sales"}, **PURGE)
    assert not done.error
    assert set(phone_book(bob)) == {"Ann A", "Cleo C"}
    assert belongings(bob, "Ann A", "Cleo C") == before
    assert own_extensions(bob) == ["1201", "1202", "2201"]
    assert_unchanged(bob, person("Ann A", 1201))


@STRATEGIES
def test_who_leaves_takes_the_own_number_along(bob: Simulator, strategy: str) -> None:
    before = belongings(bob, "Ann A", "Cleo C")
    wanted = {"match": {"id": user_row(bob, "Bob B").id}, "state": "absent"}
    assert_applied(bob, wanted, expected=["removed"], strategy=strategy)
    assert belongings(bob, "Ann A", "Cleo C") == before
    assert extension_row(bob, 1201, "sales") is None


@STRATEGIES
def test_a_move_takes_the_account_along(sim: Simulator, strategy: str) -> None:
    """Whatever changes the user later, the line stays in the context of its number."""
    apply_list(sim, person("Bob B", 1201))
    wanted = person("Bob B", extension=number(1201, "sales"))
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    apply_list(sim, person("Bob B", user={"userfield": "HR-1"}))
    line = line_row(sim, "Bob B")
    assert (line.context, line.sip_context) == ("sales", "sales")
    assert_unchanged(sim, wanted, strategy=strategy)
