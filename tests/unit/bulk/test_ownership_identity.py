# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that would mean somebody else the next time is an error now (design.md, rule 15)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, leaver, line_row, number, person, phone_book, share_line
from support.ownership import STRATEGIES, assert_applied, assert_refused, belongings, run

pytestmark = [EVERYWHERE, STRATEGIES]
HR = {"user": {"userfield": "HR-1"}}


def by_number(exten: int, name: str, **more: Any) -> Options:
    return person(name, match=number(exten), **more)


def by_range(name: str, numbers: str, **more: Any) -> Options:
    return person(name, extension={"range": numbers, "context": "default"}, **more)


def absent(**match: Any) -> Options:
    return {"match": match, "state": "absent"}


def both_fail(sim: Simulator, *entries: Options, words: list[str], strategy: str) -> None:
    """Both entries are errors in either order, and with continue_on_error as well; nobody is touched."""
    people = {name: belongings(sim, name) for name in phone_book(sim)}
    for wanted in (entries, entries[::-1]):
        assert_refused(sim, *wanted, words=[*words, "entry 1", "entry 2"], strategy=strategy)
        assert_applied(sim, *wanted, expected=["failed"] * 2, strategy=strategy, continue_on_error=True)
    assert {name: belongings(sim, name) for name in phone_book(sim)} == people


# Matched by a number that changes (point 5)


def test_who_is_matched_by_number_stays_in_the_range(sim: Simulator, strategy: str) -> None:
    """Whoever has 1300 the next time would be Ann."""
    apply_list(sim, person("Ann A", 1300))
    words = ["match", "1300"]
    assert_refused(sim, by_number(1300, "Ann A", **by_range_only("1200-1209")), words=words, strategy=strategy)


def by_range_only(numbers: str) -> Options:
    return {"extension": {"range": numbers, "context": "default"}}


def test_a_number_inside_the_range_stays(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1205), person("Bob B", 1203))
    wanted = by_number(1205, "Ann Z", **by_range_only("1200-1209"))
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    assert phone_book(sim) == {"Ann Z": ("1205", []), "Bob B": ("1203", [])}


def test_nobody_is_found_by_a_number_that_is_free(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    words = ["1300"]
    assert_refused(sim, by_number(1300, "Ann A", **by_range_only("1200-1209")), words=words, strategy=strategy)


def test_a_number_may_change_to_one_that_is_given(sim: Simulator, strategy: str) -> None:
    """The next run finds Ann by the new number, and a stranger at the old one is an error."""
    apply_list(sim, person("Ann A", 1300))
    wanted = by_number(1300, "Ann A", extension=number(1200))
    assert_applied(sim, wanted, expected=["updated"], strategy=strategy)
    apply_list(sim, person("Cleo C", 1300))
    assert_refused(sim, wanted, words=["Ann A", "Cleo C"], strategy=strategy)


def test_a_swap_of_matched_numbers_is_an_error(sim: Simulator, strategy: str) -> None:
    """The next run would find the other one by each number."""
    apply_list(sim, person("Ann A", 1200), person("Bob B", 1201))
    wanted = [by_number(1200, "Ann A", extension=number(1201)), by_number(1201, "Bob B", extension=number(1200))]
    both_fail(sim, *wanted, words=["match"], strategy=strategy)


@pytest.mark.parametrize("in_order", [True, False])
def test_one_line_has_one_number_of_a_range(sim: Simulator, strategy: str, in_order: bool) -> None:
    """Ann and Bob share a line. Both have its number, and only one entry can have it."""
    apply_list(sim, person("Ann A", 1200), person("Bob B"))
    share_line(sim, 2, 1)
    wanted = [by_range("Ann A", "1200-1209"), by_range("Bob B", "1200-1209")]
    assert_refused(sim, *(wanted if in_order else wanted[::-1]), words=["Bob B"], strategy=strategy)


# Contradictions (point 6)


def test_who_stays_and_leaves_does_neither(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200, 2200, **HR, voicemail={}))
    both_fail(sim, absent(userfield="HR-1"), person("Ann A", 1200), words=["Ann A"], strategy=strategy)


def test_however_the_two_entries_mean_somebody(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200, **HR))
    both_fail(sim, absent(**number(1200)), person("Ann Z", match={"userfield": "HR-1"}), words=[], strategy=strategy)


def test_two_entries_of_one_person_fail_both(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200, **HR))
    wanted = [person("Ann A", 1200, user={"description": "first"}), person("Ann Z", match={"userfield": "HR-1"})]
    both_fail(sim, *wanted, words=[], strategy=strategy)


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("somebody_has_it", [True, False])
def test_a_leavers_number_is_in_no_range(sim: Simulator, strategy: str, in_order: bool, somebody_has_it: bool) -> None:
    """Else the list would remove the successor the next night, and make them again."""
    apply_list(sim, person("Zoe Z", 1202), *([person("Ann A", 1200)] if somebody_has_it else []))
    wanted = [absent(**number(1200)), by_range("Cleo C", "1200-1209")]
    expected = ["removed" if somebody_has_it else "unchanged", "created"]
    if not in_order:
        wanted, expected = wanted[::-1], expected[::-1]
    assert_applied(sim, *wanted, expected=expected, strategy=strategy)
    assert phone_book(sim) == {"Zoe Z": ("1202", []), "Cleo C": ("1201", [])}


def test_nor_one_that_a_present_entry_matches(sim: Simulator, strategy: str) -> None:
    """1200 is named by a match that is renumbered: the newcomer would be Ann the next time."""
    apply_list(sim, person("Ann A", 1200))
    wanted = [by_number(1200, "Ann A", extension=number(1300)), by_range("Cleo C", "1200-1209")]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)
    assert phone_book(sim) == {"Ann A": ("1300", []), "Cleo C": ("1201", [])}


@pytest.mark.parametrize("somebody_is_there", [True, False])
def test_a_newcomer_is_no_leaver(sim: Simulator, strategy: str, somebody_is_there: bool) -> None:
    """The next run would remove the new Bob."""
    apply_list(sim, person("Zoe Z", 1202), *([person("Bob Old", 1300)] if somebody_is_there else []))
    both_fail(sim, absent(firstname="Bob"), by_range("Bob B", "1200-1209"), words=["Bob"], strategy=strategy)


# Ambiguous the next time (point 11)


def test_a_rename_makes_no_homonym_of_a_newcomer(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Bob B", 1300))
    renamed = person("Ann A", match={"firstname": "Bob", "lastname": "B"})
    wanted = [renamed, by_range("Ann A", "1200-1209")]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)


def test_a_newcomer_makes_no_match_ambiguous(sim: Simulator, strategy: str) -> None:
    """Two people called Ann would fit the match the next time."""
    apply_list(sim, person("Ann A", 1300))
    matched = {"match": {"firstname": "Ann"}, "user": {"firstname": "Ann", "userfield": "HR-7"}}
    wanted = [matched, by_range("Ann B", "1200-1209")]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)


def test_a_rename_makes_no_homonym_of_a_stranger(sim: Simulator, strategy: str) -> None:
    """Matched by the old name, and then one of two of the new name."""
    apply_list(sim, person("Bob B", 1300), person("Ann A", 1200))
    before = belongings(sim, "Bob B", "Ann A")
    renamed = person("Ann A", match={"firstname": "Bob", "lastname": "B"})
    assert_refused(sim, renamed, words=["Ann A"], strategy=strategy)
    assert belongings(sim, "Bob B", "Ann A") == before


def test_who_is_known_by_id_may_have_any_name(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Bob B", 1300))
    user = sim.database.users.first(firstname="Bob").id
    wanted = [person("Ann A", match={"id": user}), person("Ann A", 1200)]
    assert_applied(sim, *wanted, expected=["updated", "created"], strategy=strategy)


def test_results_name_the_persons_that_were_meant(sim: Simulator, strategy: str) -> None:
    apply_list(sim, person("Ann A", 1200))
    wanted = [leaver("Ann A", 1200), person("Cleo C", 1200)]
    leaving = sim.database.users.first(firstname="Ann").id
    done = assert_applied(sim, *wanted, expected=["removed", "created"], strategy=strategy)
    assert done.results[0]["user_id"] == leaving
    assert done.results[1]["user_id"] == sim.database.users.first(firstname="Cleo").id


# Entries that have failed


def test_who_failed_is_not_taken_by_another_entry(sim: Simulator, strategy: str) -> None:
    """The entry that means Ann by her id cannot be planned. She still belongs to no other entry."""
    apply_list(sim, {"user": {"firstname": "Ann"}})
    ann = sim.database.users.first(firstname="Ann").id
    no_line = {"match": {"id": ann}, "user": {"firstname": "Dan"}, "incalls": [number(2200, "from-extern")]}
    wanted = [{"user": {"firstname": "Ann"}, "extension": number(1200)}, no_line]
    done = assert_applied(sim, *wanted, expected=["created", "failed"], strategy=strategy, continue_on_error=True)
    assert done.results[0]["user_id"] != ann


def test_a_namesake_of_a_failed_entry_is_an_error(sim: Simulator, strategy: str) -> None:
    """The next run could not tell the new user from the user of the entry that failed."""
    apply_list(sim, person("Zoe Z", 1200))
    wanted = [person("Bob C", 1200), {"user": {"firstname": "Bob", "lastname": "C"}}]
    assert_applied(sim, *wanted, expected=["failed", "failed"], strategy=strategy, continue_on_error=True)


def test_a_failed_entry_still_wants_what_it_says(sim: Simulator, strategy: str) -> None:
    """The next run finds the only Cleo that is left, and would want the number for her."""
    apply_list(sim, person("Cleo A", 1200), person("Cleo B", 1201))
    leaving = sim.database.users.first(lastname="B").id
    unclear = {"match": {"firstname": "Cleo"}, "user": {"userfield": "HR-1"}, "incalls": [number(2200, "from-extern")]}
    wanted = [unclear, person("Newer N", 1202, 2200), absent(id=leaving)]
    before = belongings(sim, "Cleo A")
    role = run(sim, *wanted, strategy=strategy, continue_on_error=True)
    assert [each["status"] for each in role.results] == ["failed", "failed", "removed"]
    assert "2200@from-extern is also in entry 1" in role.error
    assert belongings(sim, "Cleo A") == before


def test_results_of_a_failed_run_are_true(sim: Simulator, strategy: str) -> None:
    """Bob is a second user of the line whose number could not change. Nobody else is said to have another name."""
    apply_list(sim, person("Ann A", 1200), {"user": {"firstname": "Bob", "lastname": "B"}})
    share_line(sim, sim.database.users.first(firstname="Bob").id, line_row(sim, "Ann A").id)
    wanted = [person("Ann C", 9999, match={"firstname": "Ann"}), {"user": {"firstname": "Bob", "lastname": "B"}}]
    role = run(sim, *wanted, strategy=strategy)
    assert role.error
    assert [(each["name"], each["exten"]) for each in role.results] in ([], [("Ann C", "1200"), ("Bob B", "1200")])
