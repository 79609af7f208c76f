# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom and what a task refers to: what exists, what another task predicted, and what is said about anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AmbiguousError,
    ConfdError,
    ConflictError,
    InputError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.records import Extension, Line, User
from ansible_collections.xivo.confd.plugins.module_utils._model.sip_usernames import is_marked_for, new_username
from ansible_collections.xivo.confd.plugins.module_utils._state.lookup import (
    abandoned_line,
    describe,
    find_line,
    find_user,
    match_of,
    new_user_values,
    one_user,
    resolve_extension,
    resolve_line,
    resolve_user,
)
from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, number, person, user_row, world_of

pytestmark = EVERYWHERE

RESOLVE: dict[str, Callable[..., User | Line | Extension]] = {
    "user": resolve_user,
    "line": resolve_line,
    "extension": resolve_extension,
}
USER_KEYS = "id, uuid, username, userfield, firstname, lastname, exten, context"
LINE_KEYS = "id, username, exten, context"
EXTENSION_KEYS = "id, exten, context"
CREATE_IT = "Create it first, or use the registered result of the task that creates it."


def refusal(call: Callable[[], Any], kind: type[ConfdError] = InputError) -> tuple[str, str]:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.message, caught.value.hint


# What a task in check mode predicted


def test_a_predicted_user(sim: Simulator) -> None:
    world = world_of(sim, complete=False)
    reference = {"predicted": True, "id": None, "firstname": "Ann", "caller_id": "Ann", "email": ""}
    user = resolve_user(world, reference, predict=True)
    assert (user.id, user["firstname"], user["caller_id"], user["email"]) == (None, "Ann", '"Ann"', None)
    assert world.line_of(user) is None
    assert world.incalls_of(user) == []
    assert sim.requests == []


def test_a_predicted_line(sim: Simulator) -> None:
    world = world_of(sim, complete=False)
    line = resolve_line(world, {"predicted": True, "username": "ann", "context": "default"}, predict=True)
    assert (line.id, line["username"], line["context"], line.details_known) == (None, "ann", "default", True)
    assert world.users_of(line) == []
    assert world.extension_of(line) is None
    assert sim.requests == []


def test_a_predicted_extension(sim: Simulator) -> None:
    world = world_of(sim, complete=False)
    extension = resolve_extension(world, {"predicted": True, **number(1200)}, predict=True)
    assert (extension.id, extension["exten"], extension["context"]) == (None, "1200", number(1200)["context"])
    assert world.extension_at(**number(1200)) is extension
    assert world.owner_of(extension) is None
    assert sim.requests == []


@pytest.mark.parametrize("name", RESOLVE)
def test_what_was_predicted_does_not_exist_outside_check_mode(name: str, sim: Simulator) -> None:
    said = f"{name} does not exist: it was predicted by a task in check mode."
    assert refusal(lambda: RESOLVE[name](world_of(sim), {"predicted": True}, predict=False)) == (said, "")


@pytest.mark.parametrize("name", RESOLVE)
def test_a_predicted_change_is_of_something_that_exists(name: str, sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200))
    existing = RESOLVE[name](world_of(sim), number(1200), predict=False)
    assert RESOLVE[name](world_of(sim), {"predicted": True, "id": existing.id}, predict=True).id == existing.id
    assert RESOLVE[name](world_of(sim), {"predicted": True, "id": existing.id}, predict=False).id == existing.id


# What exists


def test_an_id_wins_over_what_else_is_returned(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200, line={"username": "ann"}))
    found = resolve_line(world_of(sim), number(1200), predict=False)
    assert found["username"] == "ann"
    assert resolve_line(world_of(sim), {"id": found.id, "username": "renamed since"}, predict=False).id == found.id
    assert resolve_line(world_of(sim), {"id": "", "username": "ann"}, predict=False).id == found.id
    assert resolve_line(world_of(sim), {"id": None, "username": "ann", **number(1999)}, predict=False).id == found.id


def test_a_lastname_left_out_is_an_empty_one(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1200), person("Ann A", 1201))
    assert resolve_user(world_of(sim), {"firstname": "Ann"}, predict=False)["lastname"] is None


def test_who_is_known_to_be_somebody_else_is_not_meant(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200), person("Bob B"))
    world = world_of(sim)
    ann, bob = world.users()
    name_of_ann, name_of_bob = ({"firstname": each["firstname"], "lastname": each["lastname"]} for each in (ann, bob))
    assert find_user(world, None, name_of_ann) is ann
    assert find_user(world, None, name_of_ann, homonyms=[ann.id]) is None
    assert find_user(world, name_of_ann, {}, homonyms=[ann.id]) is None
    assert find_user(world, {"firstname": "Nobody"}, name_of_bob) is bob
    assert find_user(world, {"firstname": "Nobody"}, name_of_bob, homonyms=[bob.id]) is None


def test_who_is_planned_already_is_found_by_name(sim: Simulator) -> None:
    world = world_of(sim)
    ann = User(fields={"firstname": "Ann", "lastname": None})
    world.add_user(ann)
    assert one_user(world, {"firstname": "Ann", "lastname": None}) is ann


def test_only_a_line_of_nobody_without_number_is_abandoned(sim: Simulator) -> None:
    marked = new_username("1200@default")
    apply_list(sim, person("Ann A", line={"username": marked, "context": number(1200)["context"]}))
    world = world_of(sim)
    (line,) = world.lines()
    assert abandoned_line(world, "1200@default") is None
    world.unlink_user(world.users()[0], line)
    assert abandoned_line(world, "1200@default") is line
    world.link_extension(line, Extension(fields=number(1200)))
    assert abandoned_line(world, "1200@default") is None


def test_a_line_that_nothing_names_is_none(sim: Simulator) -> None:
    assert find_line(world_of(sim), {}) is None
    assert find_line(world_of(sim), number(1999)) is None


# What is said about anything else


NO_IDS = ("x", "-1", 0, "\u0661", "1" * 11, 1.5)
REFUSALS: list[tuple[str, Options, str, str]] = [
    ("user", {}, "user has no key that identifies a user.", f"Valid keys: {USER_KEYS}."),
    ("line", {}, "line has no identifying key.", f"Valid keys: {LINE_KEYS}."),
    ("extension", {}, "extension has no identifying key.", f"Valid keys: {EXTENSION_KEYS}."),
    ("user", {"nam": 1, "ag": 2}, "user has unknown keys: ag, nam.", f"Valid keys: {USER_KEYS}."),
    (
        "extension",
        {"id": 99},
        "There is no extension with id 99.",
        f"{CREATE_IT} If another run has deleted it, run again.",
    ),
    ("line", {"username": "nope"}, "There is no SIP line with username 'nope'.", CREATE_IT),
    ("extension", {"exten": "1200"}, "extension needs exten and context together.", ""),
    (
        "extension",
        {"context": "default"},
        "extension has no identifying key.",
        f"Valid keys: {EXTENSION_KEYS}.",
    ),
    ("user", {"context": "default"}, "user needs exten and context together.", ""),
    *(("line", {"id": bad}, f"line.id is {bad!r}, which is not an id.", "") for bad in NO_IDS),
]


@pytest.mark.parametrize(("name", "reference", "said", "advice"), REFUSALS)
def test_what_is_said_of_a_bad_reference(name: str, reference: Options, said: str, advice: str, sim: Simulator) -> None:
    assert refusal(lambda: RESOLVE[name](world_of(sim), reference, predict=True)) == (said, advice)


def test_the_longest_id(sim: Simulator) -> None:
    said, _advice = refusal(lambda: resolve_user(world_of(sim), {"id": "2147483647"}, predict=False))
    assert said == "There is no user with id 2147483647."


@pytest.mark.parametrize(
    ("match", "said", "advice"),
    [
        ({}, "match is empty, so it would match every user.", "Give a value, or leave it out."),
        (
            {"userfield": ""},
            "match.userfield is empty, so it would match every user.",
            "Give a value, or leave it out.",
        ),
        ({"id": None}, "match is empty, so it would match every user.", "Give a value, or leave it out."),
        ({"b": 1, "a": 1}, "match has unknown keys: a, b.", f"Valid keys: {USER_KEYS}."),
        ({"exten": "1200"}, "match needs exten and context together.", ""),
        ({"id": "x"}, "match.id is 'x', which is not an id.", ""),
    ],
)
def test_what_is_said_of_a_bad_match(match: Mapping[str, Any], said: str, advice: str) -> None:
    assert refusal(lambda: match_of(match)) == (said, advice)
    assert refusal(lambda: match_of(match, "entry.match"))[0] == f"entry.{said}"


def test_what_is_said_of_a_user_who_cannot_be_made() -> None:
    assert refusal(lambda: new_user_values({"id": 7, "exten": None}, {"firstname": "Ann"})) == (
        "No user was found for match: id 7.",
        "A match by id, uuid or exten never creates a user.",
    )
    assert refusal(lambda: new_user_values({"userfield": "HR"}, {})) == (
        "A user needs a firstname.",
        "Give firstname, or identify an existing user by match.",
    )


@pytest.mark.on("xivo15")
def test_what_is_said_of_a_uuid_where_there_are_none(sim: Simulator) -> None:
    assert refusal(lambda: one_user(world_of(sim), {"uuid": "x"})) == (
        "Users have no uuid on a server of generation xivo15.",
        "Use match: {id: ...}.",
    )


def test_what_is_said_of_two(sim: Simulator) -> None:
    apply_list(sim, person("Ann A", 1200, user={"userfield": "HR"}), person("Bob B", user={"userfield": "HR"}))
    ann, bob = user_row(sim, "Ann A").id, user_row(sim, "Bob B").id
    world = world_of(sim)
    who = f"user Ann A (id {ann}), {number(1200)['exten']}@{number(1200)['context']}; user Bob B (id {bob}), no number"
    assert refusal(lambda: one_user(world, {"userfield": "HR", "username": None}), AmbiguousError) == (
        f"2 users have userfield 'HR': {who}.",
        "Identify one of them by match: {id: ...} or match: {exten: ..., context: ...}.",
    )
    assert one_user(world, {"userfield": "HR"}, homonyms=[bob]) is world.user(ann)
    assert describe(world.users()) == f"user Ann A (id {ann}), user Bob B (id {bob})"
    match, wanted = {"firstname": "Ann", "lastname": "A"}, {"firstname": "Bob", "lastname": "B"}
    has_it = "already has the wanted values: firstname 'Bob', lastname 'B'."
    assert refusal(lambda: find_user(world, match, wanted), ConflictError) == (
        f"match finds user Ann A (id {ann}), but user Bob B (id {bob}) {has_it}",
        "Remove or rename one of the two users first.",
    )


# Lines that this collection makes


@pytest.mark.parametrize("change", [lambda name: name[:-1], lambda name: f"{name}x", lambda name: "x" * len(name)])
def test_only_a_mark_of_its_length_is_one(change: Callable[[str], str]) -> None:
    marked = new_username("1200@default")
    assert is_marked_for(marked, "1200@default")
    assert not is_marked_for(marked, "1201@default")
    assert not is_marked_for(change(marked), "1200@default")


def test_a_line_without_a_username_is_not_marked() -> None:
    assert not is_marked_for(None, "1200@default")
