# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voicemails: whose they are, also while they change, and that nobody loses one by a failure."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.base import Backend
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    ConflictError,
    InUseError,
    NotAppliedError,
    RefusedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._operations.apply import apply, rollback
from ansible_collections.xivo.confd.plugins.module_utils._plan.planner import Planner
from ansible_collections.xivo.confd.plugins.module_utils._state.state import ServerState
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, apply_list, asked, leaver, written
from support.voicemails import ANNA, JOHNNY, KEY, ensure, owners

pytestmark = EVERYWHERE
LENT = pytest.mark.on("xivo15")
"""XiVO 15 changes a voicemail only while nobody has it, so its users lend it. The others have no such moment."""


# Whose it is


def test_a_user_with_another_voicemail_is_an_error(johnny: Simulator) -> None:
    with pytest.raises(ConflictError, match=r"Johnny Depp \(id 1\) already has voicemail 1200@default \(id 1\)"):
        ensure(johnny, number="1300", context="default", user=JOHNNY)
    assert written(johnny) == []


def test_a_user_without_line_is_an_error_or_a_warning(people: Simulator) -> None:
    with pytest.raises(ConflictError, match="Bob .* has no line"):
        ensure(people, **KEY, user={"firstname": "Bob"})
    assert written(people) == []

    assert "has no line" in ensure(people, check=True, **KEY, user={"firstname": "Bob"})["warnings"][0]


def test_a_second_user_shares_the_voicemail(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)

    assert owners(johnny) == {1: (1, True), 2: (1, True)}


def test_absent_with_its_user(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=JOHNNY, state="absent")

    assert johnny.state()["voicemails"] == []


def test_absent_takes_the_voicemail_from_that_user_only(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)
    johnny.clear_log()

    result = ensure(johnny, **KEY, user=JOHNNY, state="absent")

    assert (result["changed"], result["warnings"]) == (True, [])
    assert not [words for words in asked(johnny) if words.startswith("DELETE /voicemails")]
    assert owners(johnny) == {2: (1, True)}


@pytest.mark.parametrize("user", [ANNA, {"firstname": "Gone"}], ids=["another", "nobody"])
def test_absent_with_somebody_else_leaves_it_alone(johnny: Simulator, user: dict[str, str]) -> None:
    result = ensure(johnny, **KEY, user=user, state="absent")

    assert result["changed"] is False
    assert "belongs to user Johnny Depp (id 1)" in result["warnings"][0]
    assert written(johnny) == []


def test_absent_with_a_missing_user_removes_what_is_unused(people: Simulator) -> None:
    ensure(people, **KEY, name="House")

    assert ensure(people, **KEY, user={"firstname": "Gone"}, state="absent")["changed"] is True
    assert people.state()["voicemails"] == []


# While somebody has it


def test_the_given_user_is_asked_first(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=JOHNNY, pager="p")

    assert "GET /users" not in asked(johnny)[asked(johnny).index("PUT /voicemails/1") :]


@pytest.mark.on("xivo15")
def test_who_has_its_number_is_asked_before_all_others(people: Simulator) -> None:
    ensure(people, number="1201", context="default", user=ANNA)
    for index in range(100):
        people.database.users.insert(firstname=f"F{index}", lastname="L")
    people.clear_log()

    ensure(people, number="1201", context="default", pager="p")

    assert [words for words in asked(people) if words.endswith("/voicemail")] == [
        "GET /users/2/voicemail",
        "DELETE /users/2/voicemail",
        "GET /users/2/voicemail",
        "POST /users/2/voicemail",
    ]


@pytest.mark.on("xivo15")
def test_all_users_have_it_again_enabled_as_before(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)
    johnny.database.user_voicemails.first(user_id=2).enabled = False

    ensure(johnny, **KEY, pager="p")

    assert owners(johnny) == {1: (1, True), 2: (1, False)}


@LENT
def test_a_refused_change_leaves_everybody_the_voicemail(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)
    johnny.faults.add(Fault("500_before", "PUT", "/voicemails/1", nth=3, times=2))

    with pytest.raises(ConfdError, match="Could not update voicemail 1200@default: pager"):
        ensure(johnny, **KEY, pager="p")
    assert owners(johnny) == {1: (1, True), 2: (1, True)}


def test_a_refused_value_takes_nothing_away(johnny: Simulator) -> None:
    with pytest.raises(RefusedError, match="Timezone was not found"):
        ensure(johnny, **KEY, timezone="nowhere")
    assert written(johnny) == ["PUT /voicemails/1"]


@LENT
def test_a_user_who_could_not_get_it_back_keeps_it(johnny: Simulator) -> None:
    apply_list(johnny, {"match": {"id": 3}, "user": {"description": "x"}})
    johnny.database.user_lines.delete(johnny.database.user_lines.first(user_id=1))
    johnny.clear_log()

    with pytest.raises(ConflictError, match="cannot be changed: user 1 has it and has no line"):
        ensure(johnny, **KEY, pager="p")
    assert written(johnny) == ["PUT /voicemails/1"]


@LENT
def test_who_lost_it_is_said(johnny: Simulator) -> None:
    johnny.faults.add(Fault("500_before", "POST", "/users/1/voicemail", times=2))

    with pytest.raises(
        ConfdError, match="voicemail 1200@default was changed, but .* User 1 no longer has voicemail 1200@default"
    ):
        ensure(johnny, **KEY, pager="p")
    ensure(johnny, **KEY, pager="p", user=JOHNNY)
    assert owners(johnny) == {1: (1, True)}


@LENT
def test_a_lost_answer_to_the_association_does_not_double_it(johnny: Simulator) -> None:
    johnny.faults.add(Fault("drop_after", "POST", "/users/1/voicemail"))

    ensure(johnny, **KEY, pager="p")

    assert owners(johnny) == {1: (1, True)}


def test_a_lost_answer_to_the_creation_does_not_double_it(people: Simulator) -> None:
    people.faults.add(Fault("drop_after", "POST", "/voicemails"))

    assert ensure(people, **KEY, name="House")["voicemail"]["id"] == 1
    assert len(people.state()["voicemails"]) == 1


def test_what_confd_drops_is_an_error_that_names_the_field(people: Simulator) -> None:
    ensure(people, **KEY, name="House")
    row = people.database.voicemails.get(1)
    people.faults.add(
        Fault("callback", "PUT", "/voicemails/1", after=True, callback=lambda *_: setattr(row, "pager", None))
    )

    with pytest.raises(NotAppliedError, match="pager"):
        ensure(people, **KEY, pager="p")


@pytest.mark.on("xivo15")
def test_in_use_by_nobody_who_shows_it(johnny: Simulator) -> None:
    johnny.database.user_voicemails.first(user_id=1).user_id = 4711

    with pytest.raises(InUseError, match="No user was found who has this voicemail"):
        ensure(johnny, **KEY, pager="p")


@LENT
def test_who_lost_it_is_said_with_what_failed(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)
    johnny.faults.add(Fault("500_before", "PUT", "/voicemails/1", nth=2, times=9))
    johnny.faults.add(Fault("500_before", "POST", "/users/*/voicemail", times=2))

    with pytest.raises(
        ConfdError, match="simulated fault.* User 1 no longer has voicemail 1200@default; associate them again"
    ):
        ensure(johnny, **KEY, pager="p")


@LENT
def test_a_returned_voicemail_is_not_associated_twice(johnny: Simulator) -> None:
    def give(method: str, path: str) -> None:
        johnny.database.user_voicemails.insert(user_id=1, voicemail_id=1)

    johnny.faults.add(Fault("callback", "PUT", "/voicemails/1", nth=2, callback=give, after=True))
    johnny.clear_log()

    assert ensure(johnny, **KEY, pager="p")["changed"]
    assert owners(johnny) == {1: (1, True)}
    assert not [each for each in written(johnny) if each.startswith("POST")]


@pytest.mark.on("xivo15")
def test_a_voicemail_of_nobody_who_shows_it_is_not_deleted(johnny: Simulator) -> None:
    johnny.database.user_voicemails.first(user_id=1).user_id = 4711

    with pytest.raises(InUseError, match="No user was found who has this voicemail"):
        ensure(johnny, **KEY, state="absent")
    assert len(johnny.state()["voicemails"]) == 1


# Steps of a plan


@pytest.fixture
def planner(johnny: Simulator, backend: Backend) -> Planner:
    return Planner(ServerState(backend))


def test_what_was_made_and_changed_is_put_back(johnny: Simulator, backend: Backend, planner: Planner) -> None:
    new = planner.ensure_voicemail(None, {"number": "1201", "context": "default", "name": "Anna"})
    planner.associate_voicemail(planner.state.user(2), new)
    planner.ensure_voicemail(planner.state.voicemails.at("1200", "default"), {"pager": "p"})
    done: list[Any] = []
    before = johnny.state()["voicemails"]
    apply(backend, planner.operations, done)
    assert owners(johnny) == {1: (1, True), 2: (2, True)}

    assert rollback(backend, done).left == []
    assert owners(johnny) == {1: (1, True)}
    assert johnny.state()["voicemails"] == before


def test_a_user_can_lose_it_and_it_stays(johnny: Simulator, backend: Backend, planner: Planner) -> None:
    user = planner.state.user(1)
    planner.dissociate_voicemail(user)
    planner.dissociate_voicemail(user)
    apply(backend, planner.operations)

    assert owners(johnny) == {}
    assert len(johnny.state()["voicemails"]) == 1


def test_a_new_voicemail_takes_a_number_freed_in_the_plan(
    johnny: Simulator, backend: Backend, planner: Planner
) -> None:
    planner.delete_voicemail(planner.state.voicemails.at("1200", "default"), release=True)
    assert planner.state.voicemails.at("1200", "default") is None
    planner.ensure_voicemail(None, {**KEY, "name": "House"})
    apply(backend, planner.operations)

    assert [row["name"] for row in johnny.state()["voicemails"]] == ["House"]


def test_after_read_all_nothing_is_looked_up_by_number(johnny: Simulator, planner: Planner) -> None:
    voicemails = planner.state.voicemails
    voicemails.read_all()
    voicemails.read_all()
    johnny.clear_log()

    assert str(voicemails.at("1200", "default")) == "voicemail 1200@default"
    assert voicemails.at("1300", "default") is voicemails.get(4711) is None
    assert asked(johnny) == []
    assert voicemails.of(planner.state.user(1)) is voicemails.get(1)


def test_a_list_that_shows_owners_spares_asking_the_users(
    johnny: Simulator, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**row, "user_ids": [1]} for row in planner.state.backend.list_voicemails()]
    monkeypatch.setattr(planner.state.backend, "list_voicemails", lambda: rows)
    voicemails, user = planner.state.voicemails, planner.state.user(1)
    voicemails.read_all()
    johnny.clear_log()

    assert voicemails.of(user) is voicemails.get(1)
    assert asked(johnny) == []


def test_who_is_removed_leaves_a_shared_voicemail_to_the_others(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)

    planned = apply_list(johnny, leaver("Johnny Depp"), check=True)["results"][0]["changes"]
    result = apply_list(johnny, leaver("Johnny Depp"))

    assert owners(johnny) == {2: (1, True)}
    assert result["results"][0]["changes"] == planned
    assert not [text for text in planned if text.startswith("delete voicemail")]
    assert not [words for words in asked(johnny) if words.startswith("DELETE /voicemails")]


def test_both_users_of_a_shared_voicemail_are_removed(johnny: Simulator) -> None:
    ensure(johnny, **KEY, user=ANNA)

    apply_list(johnny, leaver("Johnny Depp"), leaver("Anna Karina"))

    assert johnny.state()["voicemails"] == []
