# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check which of several users of one name an absent entry of a list removes."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    leaver,
    person,
    phone_book,
    statuses,
    user_row,
    written,
)
from support.homonyms import homonyms, johnny

pytestmark = EVERYWHERE


@pytest.mark.parametrize(
    ("existing", "entry", "left"),
    [
        ([1200], leaver("Johnny Depp"), []),
        ([1200], leaver("Johnny Depp", 1200), []),
        ([None], leaver("Johnny Depp", 1200), []),
        ([1200, 1201], leaver("Johnny Depp", 1201), ["1200"]),
        ([], leaver("Johnny Depp", 1200), []),
    ],
)
def test_who_leaves(sim: Simulator, existing: list[int | None], entry: Options, left: list[str]) -> None:
    homonyms(sim, *existing)
    result = apply_list(sim, entry)
    assert statuses(result) == (["removed"] if existing else ["unchanged"])
    assert [exten for exten, _incalls in phone_book(sim).values()] == left
    assert statuses(apply_list(sim, entry)) == ["unchanged"]


def test_a_homonym_hired_since_is_left_alone_with_a_warning(sim: Simulator) -> None:
    homonyms(sim, 1201)
    result = apply_list(sim, leaver("Johnny Depp", 1200))
    assert statuses(result) == ["unchanged"]
    assert result["warnings"] == [
        "entry 1, Johnny Depp (1200@default): no user is removed, "
        "because user Johnny Depp (id 1), 1201@default has another number."
    ]
    assert phone_book(sim) == {"Johnny Depp": ("1201", [])}


def test_two_leavers_of_one_name(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201)
    with pytest.raises(
        PlanError,
        match="2 users have this name: .*; .*, 1201@default. Identify the user to remove with extension or match",
    ):
        apply_list(sim, leaver("Johnny Depp"))
    assert statuses(apply_list(sim, leaver("Johnny Depp", 1200), leaver("Johnny Depp", 1201))) == ["removed"] * 2


@pytest.mark.parametrize("more", [{}, {"match": {"firstname": "Johnny"}}])
def test_a_leaver_by_name_is_not_a_user_another_entry_means(sim: Simulator, more: Options) -> None:
    homonyms(sim, 1200)
    result = apply_list(sim, leaver("Johnny Depp", **more), johnny(match={"id": 1}))
    assert statuses(result) == ["unchanged", "unchanged"]
    assert result["warnings"] == [
        "entry 1, Johnny Depp: no user is removed, "
        "because another entry identifies user Johnny Depp (id 1), 1200@default."
    ]


@pytest.mark.parametrize("match", [{"id": 1}, {"userfield": "HR-1"}, {"exten": "1200", "context": "default"}])
def test_one_cannot_leave_by_match_and_stay(sim: Simulator, match: Options) -> None:
    homonyms(sim, 1200)
    user_row(sim, "Johnny Depp").userfield = "HR-1"
    with pytest.raises(PlanError, match="entry 2, Johnny Depp: identifies the same user as entry 1"):
        apply_list(sim, leaver("Johnny Depp", match=match), johnny(match={"id": 1}))


def test_a_leaver_by_match_who_fits_twice(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201)
    with pytest.raises(PlanError, match="entry 1, Johnny: 2 users have firstname 'Johnny'"):
        apply_list(sim, {"match": {"firstname": "Johnny"}, "state": "absent"})
    assert written(sim) == []


def test_one_leaves_and_one_of_the_name_stays(sim: Simulator) -> None:
    homonyms(sim, 1200, 1201)
    assert statuses(apply_list(sim, leaver("Johnny Depp", 1200), johnny(1201))) == ["removed", "unchanged"]


def test_one_cannot_leave_and_stay(sim: Simulator) -> None:
    """Every run would remove the user whom the one before made."""
    by_range = person("Johnny Depp", extension={"range": "1200-1209", "context": "default"})
    for entries in (
        [leaver("Johnny Depp"), johnny()],
        [johnny(), leaver("Johnny Depp", 1200)],
        [leaver("Johnny Depp", 1200), johnny(1200)],
        [leaver("Johnny Depp", 1201), by_range],
    ):
        with pytest.raises(
            PlanError, match=r"entry \d, Johnny Depp.* has the same name and state absent\. Distinguish"
        ):
            apply_list(sim, *entries)


def test_the_user_in_the_range_stays_and_the_homonym_leaves(sim: Simulator) -> None:
    homonyms(sim, None)
    entries = [leaver("Johnny Depp"), johnny(extension={"range": "1200-1209", "context": "default"})]
    assert statuses(apply_list(sim, *entries)) == ["removed", "created"]
    assert statuses(apply_list(sim, *entries)) == ["unchanged", "unchanged"]


def test_the_first_of_two_successors_keeps_the_extension(sim: Simulator) -> None:
    homonyms(sim, 1200)
    leaving = {"match": {"exten": "1200", "context": "default"}, "state": "absent"}
    entries = [leaving, person("New One", 1200), person("New One", 1200)]
    for expected in (["removed", "created", "failed"], ["unchanged", "unchanged", "failed"]):
        with pytest.raises(ProvisionError, match="entry 3, New One .*: 1200@default is also in entry 2") as failure:
            apply_list(sim, *entries, continue_on_error=True)
        assert statuses(failure.value.results) == expected


@pytest.mark.parametrize("name", ["Old One", "Old", "New", "Other One"])
def test_a_successor_is_not_taken_for_a_leaver_of_another_name(sim: Simulator, name: str) -> None:
    apply_list(sim, person(name, 1200))
    leaving = leaver(name, match={"exten": "1200", "context": "default"})
    entries = [leaving, person("New One", 1200)]
    assert statuses(apply_list(sim, *entries)) == ["removed", "created"]
    assert statuses(apply_list(sim, *entries)) == ["unchanged", "unchanged"]


def test_a_leaver_by_number_is_no_successor_of_the_same_name(sim: Simulator) -> None:
    homonyms(sim, 1200)
    with pytest.raises(PlanError, match="entry 2, Johnny Depp .*: identifies the same user as entry 1"):
        apply_list(sim, leaver("Johnny Depp", match={"exten": "1200", "context": "default"}), johnny(1200))


def test_a_leaver_by_match_needs_no_user(sim: Simulator) -> None:
    homonyms(sim, 1200)
    entry = {"match": {"exten": "1200", "context": "default"}, "state": "absent"}
    assert statuses(apply_list(sim, entry)) == ["removed"]
    assert statuses(apply_list(sim, entry)) == ["unchanged"]
