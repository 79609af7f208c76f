# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which existing object is meant (design.md, "Identity")."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AmbiguousError,
    ConflictError,
    InputError,
    PlanError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import new_username, username_prefix
from ansible_collections.xivo.confd.plugins.module_utils._state.lookup import match_of
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_user_line
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    changes,
    make_user,
    number,
    perform,
    person,
    statuses,
    user_row,
    written,
)

pytestmark = EVERYWHERE


def test_a_number_in_match_may_be_the_one_that_changes(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200))
    entry = {"match": {"exten": "1200", "context": "default"}, **person("Ada A", 1201)}
    assert statuses(apply_list(sim, entry)) == ["updated"]
    assert statuses(apply_list(sim, entry)) == ["unchanged"]


def ensure(sim: Simulator, **options: Any) -> Options:
    return perform(sim, ensure_user, **options)


# Users by name


@pytest.mark.parametrize("name", ["Zoé Müller", "100% Sure", "A_B C_D", "Back\\slash O'Hara", 'Quo"te X', "Ünï ÇØÐÉ"])
def test_a_name_means_exactly_this_name(sim: Simulator, name: str) -> None:
    first, _space, last = name.partition(" ")
    for near in (f"{first}x {last}", f"{first.upper()}Y {last}", "AxB CxD", "1000 Sure", "Back/slash O'Hara"):
        make_user(sim, near)
    made = ensure(sim, firstname=first, lastname=last)
    again = ensure(sim, firstname=first, lastname=last)
    assert (made["changed"], again["changed"]) == (True, False)
    assert made["user"]["id"] == again["user"]["id"]


def test_an_omitted_lastname_is_an_empty_one(sim: Simulator) -> None:
    other = make_user(sim, "Johnny Depp")
    made = ensure(sim, firstname="Johnny")
    assert made["user"]["id"] != other
    assert not ensure(sim, firstname="Johnny", lastname="")["changed"]


def test_two_of_one_name_are_listed_with_ids_and_numbers(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200))
    second = make_user(sim, "Johnny Depp")
    with pytest.raises(AmbiguousError) as caught:
        ensure(sim, firstname="Johnny", lastname="Depp")
    message = str(caught.value)
    assert f"(id {second})" in message
    assert f"(id {user_row_id(sim, 1200)})" in message
    assert "1200@default" in message
    assert "match: {id: ...}" in message


def user_row_id(sim: Simulator, exten: int) -> int:
    row = sim.database.extensions.first(**number(exten))
    line = sim.database.line_extensions.first(extension_id=row.id)
    return int(sim.database.user_lines.first(line_id=line.line_id).user_id)


def test_without_a_name_nobody_is_made(sim: Simulator) -> None:
    with pytest.raises(InputError, match="A user needs a firstname"):
        ensure(sim, lastname="Depp")
    with pytest.raises(InputError, match="A user needs a firstname"):
        ensure(sim, match={"userfield": "HR-1"}, lastname="Depp")


# match


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ({}, "match is empty, so it would match every user"),
        ({"userfield": ""}, "match.userfield is empty"),
        ({"userfield": None, "id": None}, "match is empty"),
        ({"userfield": "HR-1", "username": ""}, "match.username is empty"),
        ({"exten": "1200"}, "needs exten and context together"),
        ({"context": "default"}, "needs exten and context together"),
        ({"extension": "1200"}, "match has unknown keys: extension. Valid keys: id, uuid"),
        ({"exten": 50331648, "context": "default"}, "match.exten is the integer"),
        ({"id": "x"}, "match.id is 'x', which is not an id"),
    ],
)
def test_bad_match(match: Options, words: str) -> None:
    with pytest.raises(InputError, match=words):
        match_of(match)


def test_no_match_is_none() -> None:
    assert match_of(None) is None


@pytest.mark.parametrize(
    "match",
    [
        {"userfield": "HR-0042"},
        {"username": "jdepp"},
        {"firstname": "Johnny", "lastname": "Depp"},
        {"firstname": "Johnny", "userfield": "HR-0042"},
        {"lastname": "Depp"},
        {"id": 1},
        {"id": 1, "userfield": "HR-0042"},
        {"exten": 1200, "context": "default"},
        {"exten": "1200", "context": "default", "firstname": "Johnny"},
    ],
)
def test_match_renames_and_is_idempotent(sim: Simulator, match: Options) -> None:
    apply_list(sim, person("Johnny Depp", 1200, user={"userfield": "HR-0042", "username": "jdepp"}))
    make_user(sim, "Someone Else", userfield="HR-00420", username="jdepp2")
    wanted = {"firstname": "John", "lastname": "Christopher"}
    first = ensure(sim, match=match, **wanted)
    assert first["changed"]
    assert first["user"]["id"] == user_row(sim, "John Christopher").id == 1
    assert not ensure(sim, match=match, **wanted)["changed"]


def test_what_match_and_the_wanted_values_mean_must_be_one(sim: Simulator) -> None:
    one, other = make_user(sim, "Johnny Depp"), make_user(sim, "John Christopher")
    with pytest.raises(
        ConflictError, match=rf"match finds .*\(id {one}\), but .*\(id {other}\) already has the wanted values"
    ):
        ensure(sim, match={"firstname": "Johnny", "lastname": "Depp"}, firstname="John", lastname="Christopher")
    assert written(sim) == []


@pytest.mark.parametrize(
    ("match", "made"),
    [
        ({"userfield": "HR-1"}, {"userfield": "HR-1"}),
        ({"username": "johnny"}, {"username": "johnny"}),
        ({"lastname": "Depp"}, {"lastname": "Depp"}),
    ],
)
def test_match_that_finds_nobody_is_written_into_the_new_user(sim: Simulator, match: Options, made: Options) -> None:
    ensure(sim, match=match, firstname="Johnny")
    (row,) = sim.database.users
    assert {name: getattr(row, name) for name in made} == made
    assert not ensure(sim, match=match, firstname="Johnny")["changed"]


@pytest.mark.parametrize("match", [{"id": 99}, {"exten": "1999", "context": "default"}])
def test_match_by_what_the_server_gives_never_creates(sim: Simulator, match: Options) -> None:
    with pytest.raises(
        InputError, match=r"No user was found for match: .*\. A match by id, uuid or exten never creates"
    ):
        ensure(sim, match=match, firstname="Johnny")
    assert written(sim) == []


@pytest.mark.on("xivo15")
def test_uuid_is_not_known_here(sim: Simulator) -> None:
    with pytest.raises(InputError, match="Users have no uuid on a server of generation xivo15"):
        ensure(sim, match={"uuid": "3c1e"}, firstname="Johnny")


def test_ambiguous_match(sim: Simulator) -> None:
    make_user(sim, "A B", userfield="HR"), make_user(sim, "C D", userfield="HR")
    with pytest.raises(AmbiguousError, match=r"2 users have userfield 'HR': .*\(id 1\).*\(id 2\)"):
        ensure(sim, match={"userfield": "HR"}, firstname="X")


def test_absent_takes_match(sim: Simulator) -> None:
    make_user(sim, "A B", userfield="HR-1"), make_user(sim, "A B", userfield="HR-2")
    assert ensure(sim, match={"userfield": "HR-2"}, state="absent")["changed"]
    assert [row.userfield for row in sim.database.users] == ["HR-1"]
    assert not ensure(sim, match={"userfield": "HR-2"}, state="absent")["changed"]


# Bad entries


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, "user is missing"),
        ({"match": {"id": 1}}, "user is missing"),
        ({"user": {"lastname": "X"}}, "needs a firstname"),
        ({"state": "absent"}, "user is missing"),
        (person("A", 1200, incall=number(2200), incalls=[]), "incall and incalls are mutually exclusive"),
        (person("A", 1200, 2200, 2200), "The entry has 2200@from-extern more than once"),
        (person("A", 1200, line={"context": "sales"}), "line.context is 'sales', but extension.context is 'default'"),
        (person("A", line={"secret": "x"}), "line without extension requires line.username"),
        (person("A", extension={"exten": 50331648, "context": "default"}), "extension.exten is the integer"),
        (person("A", extension={"exten": "1200", "context": ""}), "extension.context is missing"),
        (person("A", extension={"exten": "", "context": "default"}), "extension.exten is missing"),
        (person("A", 1200, match={}), "match is empty"),
    ],
)
def test_bad_entry(sim: Simulator, entry: Options, words: str) -> None:
    with pytest.raises(PlanError, match=f"1 problem found, nothing was written:\n- entry 1, .*{words}"):
        apply_list(sim, entry)
    assert written(sim) == []


def test_null_means_left_out(sim: Simulator) -> None:
    entry = person("A B", 1200, match=None, line=None, incall=None, incalls=None, device=None, voicemail=None)
    entry["user"].update(dict.fromkeys(("caller_id", "userfield", "password")))
    assert statuses(apply_list(sim, entry)) == ["created"]
    assert statuses(apply_list(sim, entry)) == ["unchanged"]


# Lines and references


def test_a_line_that_nothing_names_is_refused(sim: Simulator) -> None:
    for options in ({}, {"match": {}}, {"match": {"user": None}}):
        with pytest.raises(InputError, match="The task does not identify a SIP line"):
            perform(sim, ensure_line_sip, context="default", **options)


def test_usernames_of_new_lines_are_marked_and_plain() -> None:
    made = {new_username("1200@default") for _each in range(20)}
    assert len(made) == 20
    for username in made:
        assert username.startswith(username_prefix("1200@default"))
        assert username.isalnum() and username.isascii() and username.islower()
        assert len(username) <= 40
    assert username_prefix("1200@default") != username_prefix("1201@default")


REFERENCES: list[tuple[str, Options, str]] = [
    ("user", {}, "user has no key that identifies a user"),
    ("user", {"description": "x"}, "user has no key that identifies a user"),
    ("user", {"firstname": "Nobody"}, "There is no user with firstname 'Nobody'"),
    ("user", {"id": 99}, "There is no user with id 99"),
    ("user", {"name": "x"}, "user has unknown keys: name"),
    ("user", {"exten": "1200"}, "user needs exten and context together"),
    ("user", {"id": "x"}, "user.id is 'x', which is not an id"),
    (
        "user",
        {"id": None, "predicted": True, "firstname": "X"},
        "does not exist: it was predicted by a task in check mode",
    ),
    ("line", {}, "line has no identifying key"),
    ("line", {"id": 99}, "There is no SIP line with id 99"),
    ("line", {"username": "nope"}, "There is no SIP line with username 'nope'"),
    ("line", {"exten": "1999", "context": "default"}, "There is no SIP line with exten '1999'"),
    ("line", {"id": None, "predicted": True}, "was predicted"),
]


@pytest.mark.parametrize(("name", "reference", "words"), REFERENCES)
def test_bad_reference(sim: Simulator, name: str, reference: Options, words: str) -> None:
    apply_list(sim, person("Johnny Depp", 1200))
    sim.clear_log()
    good = {"user": {"firstname": "Johnny", "lastname": "Depp"}, "line": number(1200)}
    with pytest.raises(InputError, match=words):
        perform(sim, ensure_user_line, **{**good, name: reference})
    assert written(sim) == []


@pytest.mark.parametrize("user", [{"id": 1}, {"id": "1"}, {"firstname": "Johnny", "lastname": "Depp"}, number(1200)])
@pytest.mark.parametrize("line", [{"id": 1}, {"username": "jd"}, number(1200)])
def test_good_references(sim: Simulator, user: Options, line: Options) -> None:
    apply_list(sim, person("Johnny Depp", 1200, line={"username": "jd"}))
    assert not perform(sim, ensure_user_line, user=user, line=line)["changed"]


def test_returned_objects_are_references(sim: Simulator) -> None:
    user = perform(sim, ensure_user, firstname="Johnny")["user"]
    line = perform(sim, ensure_line_sip, username="jd", context="default")["line_sip"]
    extension = perform(sim, ensure_extension, **number(1200))["extension"]
    pair = perform(sim, ensure_user_line, user=user, line=line)["user_line"]
    assert pair == {"user_id": 1, "line_id": 1, "main_user": True, "main_line": True}
    assert extension["id"]


# What goes wrong is one message


def test_all_problems_of_a_list_are_in_one_message(sim: Simulator) -> None:
    apply_list(sim, person("Bearer", 1300))
    sim.clear_log()
    entries = [
        person("Good", 1200),
        {"user": {}},
        person("Same number", 1200),
        person("Taken", 1300),
        person("Octal", extension={"exten": 50331648, "context": "default"}),
    ]
    with pytest.raises(PlanError) as caught:
        apply_list(sim, *entries)
    assert len(caught.value.problems) == 4
    assert str(caught.value).startswith("4 problems found, nothing was written:\n- entry 2, ")
    assert written(sim) == []
    assert changes(apply_list(sim, person("Bearer", 1300))) == []


def test_an_extension_is_a_number_in_a_context(sim: Simulator) -> None:
    with pytest.raises(InputError, match="exten and context are required to identify an extension"):
        perform(sim, ensure_extension, exten="1200")


def test_an_id_and_a_number_may_mean_the_same_user(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200), person("Bob B", 1201))
    bob = user_row(sim, "Bob B").id
    assert perform(sim, ensure_user, match={"id": bob, **number(1201)}, description="x")["user"]["id"] == bob
    assert not ensure(sim, match={"id": bob, **number(1201)}, description="x")["changed"]
    assert not ensure(sim, match={"id": bob, **number(1200)}, state="absent")["changed"]


@pytest.mark.always
def test_an_id_and_a_number_of_two_users_mean_nobody(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200), person("Bob B", 1201))
    sim.clear_log()
    with pytest.raises(InputError, match="No user was found for match"):
        ensure(sim, match={"id": user_row(sim, "Ada A").id, **number(1201)}, firstname="Zed")
    assert written(sim) == []
