# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries are filled from profiles, and behave as if everything stood in them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.xivo.confd.plugins.filter.with_profiles import with_profiles
from simulator import Simulator
from support.helpers import apply_list, statuses, unchanged_after

PROFILES: dict[str, Any] = {
    "sales": {
        "user": {"language": "en_US", "ring_seconds": 20},
        "extension": {"range": "1200-1299", "context": "default"},
        "groups": ["sales"],
        "services": {"dnd": True},
    },
    "quiet": {"services": {"dnd": False, "incallfilter": True}, "groups": ["quiet"]},
}
ANN = {"user": {"firstname": "Ann", "ring_seconds": 40}, "profile": "sales"}


def test_dictionaries_merge_lists_replace_and_the_entry_wins() -> None:
    (entry,) = with_profiles([{**ANN, "groups": ["other"]}], PROFILES)
    assert entry == {
        "user": {"firstname": "Ann", "language": "en_US", "ring_seconds": 40},
        "extension": {"range": "1200-1299", "context": "default"},
        "groups": ["other"],
        "services": {"dnd": True},
    }


def test_the_last_of_several_profiles_wins() -> None:
    (entry,) = with_profiles([{**ANN, "profile": ["sales", "quiet"]}], PROFILES)
    assert (entry["services"], entry["groups"]) == ({"dnd": False, "incallfilter": True}, ["quiet"])


def test_null_counts_as_omitted() -> None:
    (entry,) = with_profiles([{**ANN, "groups": None, "services": {"dnd": None}}], PROFILES)
    assert (entry["services"], entry["groups"]) == ({"dnd": True}, ["sales"])


def test_a_number_takes_the_place_of_a_range() -> None:
    (entry,) = with_profiles([{**ANN, "extension": {"exten": "1300"}}], PROFILES)
    assert entry["extension"] == {"exten": "1300", "context": "default"}
    profiles = {"all": {"incalls": []}}
    (entry,) = with_profiles([{"user": {"firstname": "Ann"}, "profile": "all", "incall": {"exten": "1"}}], profiles)
    assert entry == {"user": {"firstname": "Ann"}, "incall": {"exten": "1"}}


def test_keys_merge_by_position_and_destinations_are_replaced() -> None:
    boss = {"destination": {"user": {"firstname": "Ann", "lastname": "Archer"}}, "label": "Boss"}
    profiles = {"all": {"func_keys": {"template": "Desk", "keys": {1: boss, 2: boss}}}}
    own = {2: {"destination": {"forward": "busy", "exten": "1300"}}, 3: {"destination": {"custom": "12"}}}
    (entry,) = with_profiles([{"profile": "all", "func_keys": {"keys": own}}], profiles)
    assert entry["func_keys"] == {"template": "Desk", "keys": {1: boss, 2: {**own[2], "label": "Boss"}, 3: own[3]}}

    profiles = {"all": {"fallbacks": {"busy": boss["destination"], "noanswer": {"hangup": "busy"}}}}
    (entry,) = with_profiles([{"profile": "all", "fallbacks": {"noanswer": {"voicemail": "own"}}}], profiles)
    assert entry["fallbacks"] == {"busy": boss["destination"], "noanswer": {"voicemail": "own"}}


@pytest.mark.parametrize("users", [None, "text", 7, [], [None, "text", 7], [{"user": {"firstname": "Ann"}}], [{}]])
def test_what_has_no_profile_stays_as_it_is(users: Any) -> None:
    assert with_profiles(users, PROFILES) == users
    assert with_profiles(users) == users


def test_all_problems_are_reported_at_once() -> None:
    users = [{**ANN, "profile": "salse"}, {"user": {"firstname": "Bob"}, "profile": ["nosuch", 7]}]
    wrong = {"bad": "text", "one": {"match": {}, "user": {"username": "x"}, "extension": {"exten": "1200"}}}
    with pytest.raises(AnsibleFilterError) as caught:
        with_profiles(users, {**PROFILES, **wrong})
    assert str(caught.value).splitlines() == [
        "The profile 'bad' is a string, but must be a dictionary.",
        "The profile 'one' has match, which belongs to one person. Move it to the entry.",
        "The profile 'one' has user.username, which belongs to one person. Move it to the entry.",
        "The profile 'one' has extension.exten, which belongs to one person. Move it to the entry.",
        "entry 1, Ann: there is no profile 'salse'. Did you mean 'sales'?",
        "entry 2, Bob: there is no profile 'nosuch'. There are 'sales', 'quiet', 'bad', 'one'.",
        "entry 2, Bob: there is no profile 7. There are 'sales', 'quiet', 'bad', 'one'.",
    ]


def test_a_mistake_of_a_profile_is_one_message() -> None:
    people = [{"user": {"firstname": f"P{index}"}, "profile": "sales"} for index in range(30)]
    wrong = {"sales": {"user": {"langage": "fr_FR", "ring_seconds": "ten"}}}
    with pytest.raises(AnsibleFilterError) as caught:
        with_profiles(people, wrong)
    assert str(caught.value).splitlines() == [
        "The profile 'sales': user.langage is not a valid key. Did you mean language?",
        "The profile 'sales': user.ring_seconds is 'ten', but must be an integer.",
    ]


@pytest.mark.parametrize("profiles", ["text", [1], 7])
def test_profiles_are_a_dictionary(profiles: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="provision_profiles is .*, but must be a dictionary"):
        with_profiles([], profiles)


SETTINGS = st.dictionaries(st.sampled_from(["description", "language", "timezone"]), st.text("ab", max_size=2))


@given(SETTINGS, SETTINGS)
def test_an_entry_with_a_profile_is_the_expanded_one(below: dict[str, str], above: dict[str, str]) -> None:
    (filled,) = with_profiles([{"user": {"firstname": "Ann", **above}, "profile": "p"}], {"p": {"user": below}})
    assert filled == {"user": {**below, "firstname": "Ann", **above}}


@pytest.mark.on("xivo16", "wazo")
def test_a_list_with_profiles(sim: Simulator) -> None:
    profiles = {"sales": {**PROFILES["sales"], "groups": None}}
    people = [{"user": {"firstname": name}, "profile": "sales"} for name in ("Ann", "Bob")]
    assert statuses(apply_list(sim, *with_profiles(people, profiles))) == ["created", "created"]
    assert [user.ring_seconds for user in sim.database.users] == [20, 20]
    assert unchanged_after(sim, *with_profiles(people, profiles))


def test_null_removes_a_fallback_of_the_profile() -> None:
    """Elsewhere a null counts as omitted, but a fallback is a destination or null."""
    profiles = {"sales": {"fallbacks": {"busy": {"hangup": "busy"}, "fail": {"voicemail": "own"}}}}
    users = [{"user": {"firstname": "Ann"}, "profile": "sales", "fallbacks": {"busy": None}}]
    (entry,) = with_profiles(users, profiles)
    assert entry["fallbacks"] == {"busy": "", "fail": {"voicemail": "own"}}


def test_positions_are_numbers_or_texts() -> None:
    profiles = {"sales": {"func_keys": {"keys": {1: {"label": "a", "blf": False}, "2": {"label": "b"}}}}}
    keys = {"1": {"label": "c"}, 2: {"label": "d"}}
    (entry,) = with_profiles([{"profile": "sales", "func_keys": {"keys": keys}}], profiles)
    assert entry["func_keys"]["keys"] == {"1": {"label": "c", "blf": False}, 2: {"label": "d"}}


def test_a_position_twice_in_an_entry_stays_a_mistake() -> None:
    keys = {1: {"label": "c"}, "1": {"label": "d"}}
    profiles = {"sales": {"func_keys": {"keys": {"1": {"label": "a"}}}}}
    (entry,) = with_profiles([{"profile": "sales", "func_keys": {"keys": keys}}], profiles)
    assert entry["func_keys"]["keys"] == keys
