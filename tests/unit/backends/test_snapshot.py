# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists are read one after the other: what belongs to nothing that was read means that somebody wrote meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError
from ansible_collections.xivo.confd.plugins.module_utils._model.records import Line, User
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import USER
from ansible_collections.xivo.confd.plugins.module_utils._model.snapshot import Snapshot
from ansible_collections.xivo.confd.plugins.module_utils._state.tables import READINGS, Index, read_consistently
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Simulator
from support.helpers import apply_list, line_row, make_user, perform, person, world_of

ONE = [{"id": 1}]


def reading(**parts: Any) -> Snapshot:
    whole: dict[str, Any] = {
        "users": ONE,
        "lines": ONE,
        "extensions": ONE,
        "users_of_line": {},
        "extension_of_line": {},
    }
    return Snapshot(**{**whole, **parts})


@pytest.mark.parametrize(
    "parts",
    [
        {"users_of_line": {2: [1]}},
        {"users_of_line": {1: [1, 2]}},
        {"extension_of_line": {2: None}},
        {"extension_of_line": {1: 2}},
        {"incalls_of_user": {2: []}},
        {"incalls_of_user": {1: [2]}},
    ],
)
def test_lists_that_do_not_fit_together_are_read_again(parts: dict[str, Any]) -> None:
    readings = iter([reading(**parts), reading()])
    assert read_consistently(lambda: next(readings)).is_consistent
    assert list(readings) == []


def test_it_is_not_tried_for_ever() -> None:
    read = []

    def never() -> Snapshot:
        read.append(1)
        return reading(extension_of_line={1: 2})

    with pytest.raises(
        ConflictError, match=r"contradicted each other 5 times.*Run again when the other changes are finished"
    ):
        read_consistently(never)
    assert len(read) == READINGS


def test_a_line_without_number_fits() -> None:
    assert reading(extension_of_line={1: None}, users_of_line={1: [1]}, incalls_of_user={1: [1]}).is_consistent


def test_a_planned_line_is_removed_without_a_trace(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200))
    world = world_of(sim)
    new = Line(fields={"username": "new"})
    world.add_line(new)
    assert (world.lines()[0], world.line_named("new")) == (new, new)
    world.remove_line(new)
    assert [line.id for line in world.lines()] == [line_row(sim, "Ada A").id]
    assert world.line_named("new") is None


@pytest.mark.on("xivo16")
def test_the_device_of_a_new_line_is_not_mixed_up(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1200), person("Bob B", 1201))
    world = world_of(sim)
    ada, _bob = world.lines()
    sim.database.put_device_on_line(line_row(sim, "Ada A").id, "dev1")
    new = perform(sim, ensure_line_sip, username="new", context="default")["line_sip"]
    sim.database.put_device_on_line(new["id"], "dev2")
    world.read_devices()
    assert [world.device_of(line) for line in world.lines()] == ["dev1", None]
    assert world.device_of(ada) == "dev1"


# Users by what is in their fields


def test_a_list_of_matches_looks_the_users_through_once() -> None:
    """A comparison of each entry with each user takes minutes where both are ten thousand."""
    looks = 0
    users = [User(id, {"userfield": f"HR-{id % 2}", "username": f"user{id}"}) for id in range(1, 5)]

    def everybody() -> list[User]:
        nonlocal looks
        looks += 1
        return users

    index = Index(USER, everybody)
    assert index.find({"userfield": "HR-1"}) == [users[0], users[2]]
    assert index.find({"userfield": "HR-0", "username": "user2"}) == [users[1]]
    assert index.find({"userfield": "HR-7"}) == []
    index.discard(users[3])
    assert index.find({"userfield": "HR-0"}) == [users[1]]
    users[3].fields["userfield"] = "HR-7"
    index.add(users[3])
    assert index.find({"userfield": "HR-7"}) == [users[3]]
    assert looks == 1


def test_a_change_in_the_plan_is_found(sim: Simulator) -> None:
    for name in ("Ann", "Bob", "Cleo"):
        make_user(sim, name, userfield="HR-1")
    world = world_of(sim).read_snapshot()
    ann, bob, cleo = world.users_with(userfield="HR-1")
    world.change(ann, {"userfield": "HR-2"})
    world.remove_user(bob)
    assert world.users_with(userfield="HR-1") == [cleo]
    assert world.users_with(userfield="HR-2") == [ann]
