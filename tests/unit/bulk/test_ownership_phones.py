# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephones that several people want: a key of a telephone is one person's (design.md, rule 14)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.helpers import Options, apply_list, leaver, line_row, person
from support.ownership import STRATEGIES, assert_applied, assert_refused, belongings, fail_at_each_write, run

pytestmark = [pytest.mark.on("xivo16", "wazo"), STRATEGIES]
FIRST, SECOND = "00:08:5d:00:00:01", "00:08:5d:00:00:02"
DEVICES = {FIRST: "dev1", SECOND: "dev2"}


def with_phone(name: str, exten: int, mac: str, slot: int | None = None, **more: Any) -> Options:
    return person(name, exten, device={"mac": mac}, **({"line": {"device_slot": slot}} if slot else {}), **more)


def phones(sim: Simulator, *names: str) -> list[tuple[str | None, int]]:
    """Return (device id, slot) of everybody."""
    rows = [line_row(sim, name) for name in names]
    return [(row.device_id, row.device_slot) for row in rows]


def test_two_entries_cannot_have_one_key(sim: Simulator, strategy: str) -> None:
    wanted = [with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, FIRST)]
    assert_refused(sim, *wanted, words=["entry 2", FIRST, "is also in entry 1", "Ann A"], strategy=strategy)


def test_however_its_address_is_written(sim: Simulator, strategy: str) -> None:
    wanted = [with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, "0008.5D00.0001", slot=1)]
    assert_refused(sim, *wanted, words=["entry 2", "is also in entry 1", "Ann A"], strategy=strategy)


def test_the_first_one_gets_the_key(sim: Simulator, strategy: str) -> None:
    wanted = [with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, FIRST), person("Cleo C", 1202)]
    expected = ["created", "failed", "created"]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy, continue_on_error=True)
    assert phones(sim, "Ann A") == [("dev1", 1)]


def test_two_keys_of_one_telephone_are_two(sim: Simulator, strategy: str) -> None:
    wanted = [with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, FIRST, slot=2)]
    assert_applied(sim, *wanted, expected=["created", "created"], strategy=strategy)
    assert phones(sim, "Ann A", "Bob B") == [("dev1", 1), ("dev1", 2)]


def test_what_somebody_has_is_theirs(sim: Simulator, strategy: str) -> None:
    apply_list(sim, with_phone("Ann A", 1200, FIRST))
    wanted = [person("Ann A", 1200, user={"userfield": "HR-1"}), with_phone("Bob B", 1201, FIRST)]
    assert_refused(sim, wanted[1], words=["Ann A", "slot 1"], strategy=strategy)
    assert_refused(sim, *wanted, words=["Ann A", "slot 1"], strategy=strategy)


@pytest.mark.parametrize("in_order", [True, False])
def test_who_gets_another_telephone_frees_the_old(sim: Simulator, strategy: str, in_order: bool) -> None:
    apply_list(sim, with_phone("Ann A", 1200, FIRST))
    wanted, expected = [with_phone("Ann A", 1200, SECOND), with_phone("Bob B", 1201, FIRST)], ["updated", "created"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy)
    assert phones(sim, "Ann A", "Bob B") == [("dev2", 1), ("dev1", 1)]


@pytest.mark.parametrize("in_order", [True, False])
def test_also_where_the_other_one_is_there(sim: Simulator, strategy: str, in_order: bool) -> None:
    apply_list(sim, with_phone("Ann A", 1200, FIRST), person("Bob B", 1201))
    wanted = [with_phone("Ann A", 1200, SECOND), with_phone("Bob B", 1201, FIRST)]
    assert_applied(sim, *(wanted if in_order else wanted[::-1]), expected=["updated"] * 2, strategy=strategy)
    assert phones(sim, "Ann A", "Bob B") == [("dev2", 1), ("dev1", 1)]


@pytest.mark.parametrize("in_order", [True, False])
def test_who_goes_to_another_key_frees_the_old(sim: Simulator, strategy: str, in_order: bool) -> None:
    apply_list(sim, with_phone("Ann A", 1200, FIRST))
    wanted = [person("Ann A", 1200, line={"device_slot": 2}), with_phone("Bob B", 1201, FIRST)]
    expected = ["updated", "created"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy)
    assert phones(sim, "Ann A", "Bob B") == [("dev1", 2), ("dev1", 1)]


@pytest.mark.parametrize("in_order", [True, False])
def test_who_leaves_frees_the_telephone(sim: Simulator, strategy: str, in_order: bool) -> None:
    apply_list(sim, with_phone("Ann A", 1200, FIRST), person("Cleo C", 1202))
    before = belongings(sim, "Cleo C")
    wanted, expected = [leaver("Ann A"), with_phone("Bob B", 1201, FIRST)], ["removed", "created"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy, reset_device=True)
    assert phones(sim, "Bob B") == [("dev1", 1)]
    assert belongings(sim, "Cleo C") == before


def test_a_key_on_the_telephone_is_somebody_elses(sim: Simulator, strategy: str) -> None:
    """A line that goes to a key that another line of the telephone has."""
    apply_list(sim, with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, FIRST, slot=2))
    assert_refused(sim, person("Ann A", 1200, line={"device_slot": 2}), words=["Bob B", "slot 2"], strategy=strategy)


def test_a_swap_of_telephones_works_or_is_refused(sim: Simulator, strategy: str) -> None:
    apply_list(sim, with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, SECOND))
    assert phones(sim, "Ann A", "Bob B") == [("dev1", 1), ("dev2", 1)]
    wanted = [with_phone("Ann A", 1200, SECOND), with_phone("Bob B", 1201, FIRST)]
    if run(sim, *wanted, strategy=strategy, check=True).error:
        assert_refused(sim, *wanted, words=["Ann A", "Bob B", "slot 1"], strategy=strategy)
        return
    assert_applied(sim, *wanted, expected=["updated", "updated"], strategy=strategy)
    assert phones(sim, "Ann A", "Bob B") == [("dev2", 1), ("dev1", 1)]


def test_the_telephone_of_another_line_is_put_back(sim: Simulator, strategy: str) -> None:
    """A reset takes every line off a telephone (xivo-16.16.md, "devices"), also that of somebody who is not listed."""
    apply_list(sim, with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, FIRST, slot=2))
    before = belongings(sim, "Ann A", "Bob B")
    for where, _failed in fail_at_each_write(sim, with_phone("Ann A", 1200, SECOND), strategy=strategy):
        assert belongings(sim, "Ann A", "Bob B") == before, where


def test_a_line_that_cannot_be_put_back_is_an_error(sim: Simulator, strategy: str) -> None:
    """A line without a number cannot be associated with a telephone."""
    apply_list(sim, with_phone("Ann A", 1200, FIRST), with_phone("Bob B", 1201, FIRST, slot=2))
    sim.database.line_extensions.delete(sim.database.line_extensions.first(line_id=line_row(sim, "Bob B").id))
    assert_refused(sim, leaver("Ann A"), words=["also on it", "no number"], strategy=strategy, reset_device=True)


def test_who_gets_a_key_waits_for_who_leaves_the_telephone(sim: Simulator, strategy: str) -> None:
    """A telephone that one line leaves is reset, which takes all other lines off it (xivo-16.16.md, "devices")."""
    apply_list(sim, with_phone("Ann A", 1200, FIRST, slot=2))
    wanted = [with_phone("Ann A", 1200, SECOND), with_phone("Newer N", 1205, FIRST)]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)
    assert phones(sim, "Ann A", "Newer N") == [("dev2", 2), ("dev1", 1)]


def test_nobody_waits_for_who_stays_on_the_telephone(sim: Simulator, strategy: str) -> None:
    """An entry that fails does not leave its telephone, so nothing is reset."""
    apply_list(sim, with_phone("Ann A", 1200, FIRST, slot=2), person("Cleo C", 1202))
    wanted = [with_phone("Ann A", 1202, SECOND), with_phone("Newer N", 1205, FIRST)]
    assert_applied(sim, *wanted, expected=["failed", "created"], strategy=strategy, continue_on_error=True)
    assert phones(sim, "Ann A", "Newer N") == [("dev1", 2), ("dev1", 1)]
