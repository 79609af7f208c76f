# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check which of several users of one name an entry of a list identifies."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    leaver,
    make_user,
    person,
    phone_book,
    statuses,
    user_row,
    written,
)
from support.homonyms import homonyms, johnny
from support.role import Role

pytestmark = EVERYWHERE


@pytest.mark.parametrize(
    ("existing", "entries", "expected"),
    [
        # by their numbers first
        ([1200, 1201], [1201, 1200], ["unchanged", "unchanged"]),
        # one left over is a new user if no existing one is left over
        ([1200], [1200, 1201], ["unchanged", "created"]),
        ([], [1200, 1201], ["created", "created"]),
        # one entry and one user without any line belong together
        ([None], [1200], ["updated"]),
        ([1200, None], [1200, 1201], ["unchanged", "updated"]),
        # one entry, one user: the number changes
        ([1200], [1201], ["updated"]),
    ],
)
def test_homonyms_are_told_apart_by_their_numbers(
    sim: Simulator, existing: list[int | None], entries: list[int], expected: list[str]
) -> None:
    homonyms(sim, *existing)
    wanted = [johnny(exten) for exten in entries]
    assert statuses(apply_list(sim, *wanted)) == expected
    assert sorted(exten for exten, _incalls in phone_book(sim).values() if exten) == sorted(map(str, entries))
    assert set(statuses(apply_list(sim, *wanted))) == {"unchanged"}


@pytest.mark.parametrize(
    ("existing", "entries"),
    [
        ([1200, 1201], [1202]),
        ([1200, None], [1202]),
        ([None, None], [1200]),
        ([1200], [1201, 1202]),
        ([None], [1200, 1201]),
        ([1200, 1201], [None]),
        ([], [None, None]),
    ],
)
def test_anything_else_asks_for_match(sim: Simulator, existing: list[int | None], entries: list[int | None]) -> None:
    homonyms(sim, *existing)
    with pytest.raises(PlanError, match="match"):
        apply_list(sim, *(johnny(exten) for exten in entries))
    assert written(sim) == []


def test_the_error_lists_who_fits(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201)
    with pytest.raises(PlanError, match=r"2 existing users have this name: .*id 1\), 1200@default; .*id 2\), 1201@"):
        apply_list(sim, johnny(1202))


def test_the_error_says_what_to_do(sim: Simulator) -> None:
    homonyms(sim, 1200)
    with pytest.raises(PlanError) as caught:
        apply_list(sim, johnny(1201), johnny(1202))
    assert caught.value.problems[0] == (
        "entry 1, Johnny Depp (1201@default): an existing user has this name: user Johnny Depp (id 1), "
        "1200@default. Identify the user with match, for example match: {id: ...} or match: {exten: ..., context: ...}."
    )


def test_people_who_share_one_of_their_names_are_no_homonyms(sim: Simulator) -> None:
    entries = [person(name) for name in ("Johnny Depp", "Johnny Lee", "Ann Depp", "Johnny")]
    assert statuses(apply_list(sim, *entries)) == ["created"] * 4
    by_name = [johnny(match={"firstname": "Johnny", "lastname": "Depp"}), *entries[1:]]
    assert statuses(apply_list(sim, *by_name)) == ["unchanged"] * 4


def test_two_new_ones_of_one_name_need_numbers_of_their_own(sim: Simulator) -> None:
    anywhere = johnny(extension={"range": "1200-1209", "context": "default"})
    for entries in ([anywhere, anywhere], [johnny(), anywhere], [johnny(), johnny()]):
        with pytest.raises(PlanError) as caught:
            apply_list(sim, *entries)
        assert len(caught.value.problems) == 2
        assert caught.value.problems[1].endswith(
            ": several entries have this name, and nothing else distinguishes them. "
            "Add extension to each of them, or match: {id: ...} if the user exists already."
        )


def test_match_settles_it(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201)
    entries = [johnny(1202, match={"id": 1}), johnny(1201, match={"id": 2})]
    assert statuses(apply_list(sim, *entries)) == ["updated", "unchanged"]


def test_two_entries_for_one_user(sim: Simulator) -> None:
    homonyms(sim, 1200)
    with pytest.raises(PlanError, match="entry 4, Johnny Depp: identifies the same user as entry 3"):
        apply_list(sim, leaver("Nobody Here"), person("Ann Lee", 1201), johnny(1200), johnny(match={"id": 1}))
    with pytest.raises(PlanError, match="entry 2, Johnny Depp: identifies the same user as entry 1"):
        apply_list(sim, leaver("Johnny Depp", match={"id": 1}), johnny(match={"firstname": "Johnny"}))
    with pytest.raises(PlanError, match="entry 2, Johnny Depp: identifies the same user as entry 1"):
        apply_list(sim, johnny(1200), johnny(match={"id": 1}))
    with pytest.raises(PlanError, match="identifies the same user"):
        apply_list(sim, *(person(name, match={"userfield": "HR-1"}) for name in ("New One", "New Two")))


@pytest.mark.parametrize(
    "entries",
    [
        [johnny(), johnny(match={"id": 2})],
        [johnny(1202), johnny(match={"id": 2})],
        [johnny(match={"id": 2}), johnny(extension={"range": "1200-1209", "context": "default"})],
        [johnny(match={"id": 2}), leaver("Johnny Depp")],
        [johnny(1201, match={"id": 2}), leaver("Johnny Depp", 1201), leaver("Johnny Depp", 1200)],
        [johnny(match={"id": 2}), leaver("Johnny Depp", match={"firstname": "Johnny"})],
        # Each match names somebody by what the other gets.
        [johnny(match={"firstname": "Johnny"}), johnny(match={"id": 2})],
        [johnny(match={"firstname": "Johnny"}), johnny(match={"exten": "1201", "context": "default"})],
        [person("New Name", match={"firstname": "Johnny"}), person("New Name", match={"id": 2})],
        [person("New Name", match={"id": 2}), person("New Name", match={"firstname": "Johnny", "lastname": "Depp"})],
        # Who had the name gets another one, and somebody else gets theirs.
        [person("Johnny New", match={"firstname": "Johnny"}), johnny(match={"id": 2})],
    ],
)
def test_who_gets_a_name_by_match_is_none_of_its_other_bearers(sim: Simulator, entries: list[Options]) -> None:
    """The first run knows one of that name, each later one two: the match says still who the other is."""
    homonyms(sim, 1200)
    apply_list(sim, person("Ann Lee", 1201))
    before = phone_book(sim)
    predicted = apply_list(sim, *entries, check=True)
    assert phone_book(sim) == before
    assert statuses(predicted) == statuses(apply_list(sim, *entries))
    assert "Ann Lee" not in phone_book(sim)
    sim.clear_log()
    assert set(statuses(apply_list(sim, *entries))) == {"unchanged"}
    assert written(sim) == []


@pytest.mark.parametrize(
    "entries",
    [
        [johnny(match={"firstname": "Johnny"}), johnny(1202)],
        [johnny(match={"firstname": "Johnny"}), johnny(extension={"range": "1200-1209", "context": "default"})],
    ],
)
def test_a_match_by_name_skips_users_known_by_number(sim: Simulator, entries: list[Options]) -> None:
    homonyms(sim, None)
    assert statuses(apply_list(sim, *entries)) == ["unchanged", "created"]
    assert statuses(apply_list(sim, *entries)) == ["unchanged", "unchanged"]


def test_a_renamed_user_is_found_among_users_of_the_old_name(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201, 1202)
    entries = [johnny(match={"id": 1}), person("New Name", match={"firstname": "Johnny"}), johnny(match={"id": 3})]
    assert statuses(apply_list(sim, *entries)) == ["unchanged", "updated", "unchanged"]
    assert statuses(apply_list(sim, *entries)) == ["unchanged"] * 3


def test_two_who_get_one_name_and_are_known_by_nothing_else(sim: Simulator) -> None:
    """The next run could not tell them apart."""
    homonyms(sim, 1200)
    apply_list(sim, person("Ann Lee", 1201))
    sim.clear_log()
    by_name = person("New Name", 1201, match={"firstname": "Ann", "lastname": "Lee"})
    for other in (person("New Name", match={"firstname": "Johnny"}), person("New Name")):
        with pytest.raises(PlanError, match=r"entry 1, New Name .*: several entries have this name.*match: \{id"):
            apply_list(sim, by_name, other)
    assert written(sim) == []
    assert statuses(apply_list(sim, by_name, person("New Name", 1202))) == ["updated", "created"]
    assert statuses(apply_list(sim, by_name, person("New Name", 1202))) == ["unchanged"] * 2


def test_both_strategies_agree_on_names_given_by_match(sim: Simulator) -> None:
    """Step by step reads everything again for the results, when there are two of that name already."""
    homonyms(sim, 1200)
    make_user(sim, "Ann Lee")
    role = Role(sim, provision_users=[johnny(), johnny(match={"id": 2})], provision_strategy="stepwise").run()
    assert [(each["status"], each["user_id"], each["exten"]) for each in role.results] == [
        ("unchanged", 1, "1200"),
        ("updated", 2, None),
    ]


@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_an_unclear_entry_may_mean_somebody_the_next_time(sim: Simulator, strategy: str) -> None:
    """Two fit the match of the first entry. When one of them has gone, it means the user of the last entry."""
    apply_list(sim, person("Bob Lee", 1200), person("Bob", 1201))
    entries = [person("Renamed", 1201, match={"firstname": "Bob"}), leaver("Bob Lee"), person("Bob")]
    role = Role(sim, provision_users=entries, provision_strategy=strategy, provision_continue_on_error=True).run()
    assert "entry 1, Renamed (1201@default): 2 users have firstname 'Bob'" in role.error
    assert [(each["status"], each["user_id"], each["exten"]) for each in role.results[1:]] == [
        ("removed", 1, "1200"),
        ("failed", 2, "1201"),
    ]
    assert "entry 3, Bob: the next run would not know whom this entry means" in role.error


@pytest.mark.parametrize("match", [{"id": 1}, {"exten": "1200", "context": "default"}, {"userfield": "HR-1"}])
def test_a_homonym_is_hired_while_a_match_says_who_was_there(sim: Simulator, match: Options) -> None:
    homonyms(sim, 1200)
    user_row(sim, "Johnny Depp").userfield = "HR-1"
    entries = [johnny(1201), johnny(match=match)]
    assert statuses(apply_list(sim, *entries)) == ["created", "unchanged"]
    assert statuses(apply_list(sim, *entries)) == ["unchanged", "unchanged"]


def test_all_who_fit_are_meant_by_others(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201)
    entries = [johnny(match={"id": 1}), johnny(match={"id": 2}), person("New Name", match={"firstname": "Johnny"})]
    with pytest.raises(PlanError, match="entry 3, New Name: 2 users have firstname 'Johnny': .*id 1.*id 2"):
        apply_list(sim, *entries)


def test_a_match_by_extension_finds_a_moved_user(sim: Simulator) -> None:
    homonyms(sim, 1200)
    entry = johnny(match={"exten": "1200", "context": "default"}, extension={"exten": "4000", "context": "sales"})
    assert statuses(apply_list(sim, entry)) == ["updated"]
    assert statuses(apply_list(sim, entry)) == ["unchanged"]


def test_a_match_by_extension_finds_who_moved_into_a_range(sim: Simulator) -> None:
    """Among users of the name; anybody can have a number of the range."""
    apply_list(sim, person("Ann Lee", 1300), person("Johnny Depp", 1200))
    match = {"firstname": "Johnny", "exten": "1200", "context": "default"}
    moved: Options = {"extension": {"range": "1300-1309", "context": "default"}}
    entry = johnny(match=match, **moved)
    assert statuses(apply_list(sim, entry)) == ["updated"]
    assert phone_book(sim)["Johnny Depp"][0] == "1301"
    assert statuses(apply_list(sim, entry)) == ["unchanged"]

    apply_list(sim, person("Johnny Cash", 1305))
    with pytest.raises(PlanError, match=r"2 users have firstname 'Johnny'.*1301@default.*1305@default"):
        apply_list(sim, entry)
    apply_list(sim, person("Bob Lee", 1205))
    with pytest.raises(PlanError, match="the next run would not know whom this entry means"):
        apply_list(sim, {**person("Bob Lee"), "match": {"exten": "1205", "context": "default"}, **moved})


def test_a_match_names_who_is_made(sim: Simulator) -> None:
    entry = {"match": {"firstname": "Johnny", "lastname": "Depp"}, "user": {"userfield": "HR-1"}}
    assert statuses(apply_list(sim, entry)) == ["created"]
    assert user_row(sim, "Johnny Depp").userfield == "HR-1"
    with pytest.raises(PlanError, match="entry 1, Depp: A user needs a firstname"):
        apply_list(sim, {"match": {"userfield": "HR-2"}, "user": {"lastname": "Depp"}})


@pytest.mark.on("xivo15")
def test_an_unsupported_match_is_a_problem_of_its_entry(sim: Simulator) -> None:
    with pytest.raises(PlanError, match="entry 2, Johnny Depp: Users have no uuid on a server of generation xivo15"):
        apply_list(sim, person("Ann Lee"), johnny(match={"uuid": "56e0a581-eb36-53c1-9ef3-f98acc69b6a6"}))


def test_an_entry_without_number_beside_a_matched_homonym(sim: Simulator) -> None:
    homonyms(sim, 1200)
    with pytest.raises(PlanError) as caught:
        apply_list(sim, johnny(), johnny(match={"id": 1}))
    assert caught.value.problems == [
        "entry 1, Johnny Depp: the match of another entry identifies user Johnny Depp (id 1), 1200@default. "
        "Add extension or match to this entry to distinguish the two."
    ]
    assert written(sim) == []


def test_a_namesake_of_the_same_list_is_no_other_run(sim: Simulator) -> None:
    """The list renames somebody who was there before to the name of a new user."""
    apply_list(sim, person("Bob B", 1201))
    renamed = person("Ada A", 1201, match={"exten": "1201", "context": "default"})
    assert statuses(apply_list(sim, person("Ada A"), renamed)) == ["created", "updated"]
