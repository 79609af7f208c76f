# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entity of a user, which only XiVO from 16.13 has (person-xivo-16.16.md, "entities, users/ID/entities")."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    InputError,
    PlanError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import apply_list, asked, perform, person, statuses, unchanged_after, user_row, written
from support.ownership import assert_applied, run
from support.voicemails import JOHNNY

ON_XIVO16 = pytest.mark.on("xivo16")
BOB = {"firstname": "Bob"}


@pytest.fixture
def people(people: Simulator) -> Simulator:
    """The same people, of whom Bob has no line, on a server with two entities."""
    if people.generation.name == "xivo16":
        make_entity(people)
    return people


def make_entity(sim: Simulator, name: str = "sales") -> None:
    sim.database.entities.insert(name=name, display_name=None)


def entity_of(sim: Simulator, name: str) -> Any:
    return sim.database.entities.get(user_row(sim, name).entity_id).name


@ON_XIVO16
def test_it_is_changed_once_without_a_line(people: Simulator) -> None:
    predicted = perform(people, ensure_user, True, **BOB, entity="sales")
    assert written(people) == []
    done = perform(people, ensure_user, **BOB, entity="sales")
    assert predicted["diff"] == done["diff"]
    assert (done["changed"], done["user"]["entity"], entity_of(people, "Bob")) == (True, "sales", "sales")
    assert written(people) == ["PUT /users/3/entities/2"]
    people.clear_log()
    assert perform(people, ensure_user, **BOB, entity="sales")["changed"] is False
    assert perform(people, ensure_user, **BOB, description="x")["changed"]
    assert "entity" not in perform(people, ensure_user, **BOB)["user"]
    assert [each for each in asked(people) if "entities" in each] == ["GET /users/3/entities", "GET /entities"]


@ON_XIVO16
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_new_user_gets_it_before_the_line(sim: Simulator, strategy: str) -> None:
    make_entity(sim)
    wanted = [
        person("Ann A", 1200, user={"entity": "sales", "description": "x"}),
        person("Bob B", 1201, user={"entity": "default"}),
        person("Cleo C", 1202),
    ]
    assert_applied(sim, *wanted, expected=["created"] * 3, strategy=strategy)
    assert [entity_of(sim, name) for name in ("Ann A", "Bob B", "Cleo C")] == ["sales", "default", "default"]


@ON_XIVO16
def test_who_gets_a_line_gets_it_first(people: Simulator) -> None:
    assert statuses(apply_list(people, person("Bob", 1250, user={"entity": "sales"}))) == ["updated"]
    assert entity_of(people, "Bob") == "sales"


@ON_XIVO16
@pytest.mark.parametrize("check", [True, False])
def test_with_a_line_it_stays(people: Simulator, check: bool) -> None:
    said = r"entity of user Johnny Depp \(id 1\) cannot change from 'default' to 'sales', because the user has line"
    with pytest.raises(InputError, match=said):
        perform(people, ensure_user, check, **JOHNNY, entity="sales")
    with pytest.raises(PlanError, match=said):
        apply_list(people, person("Johnny Depp", user={"entity": "sales"}), check=check)
    assert apply_list(people, person("Johnny Depp", user={"entity": "default"}), check=check)["changed"] is False
    assert written(people) == []


@ON_XIVO16
@pytest.mark.parametrize(
    ("value", "said"), [("nope", "no such entity. It has default, sales."), ("", "entity of the user cannot be empty")]
)
def test_an_unknown_entity_is_refused(people: Simulator, value: str, said: str) -> None:
    for check in (True, False):
        with pytest.raises(InputError, match=said):
            perform(people, ensure_user, check, **BOB, entity=value)
        with pytest.raises(PlanError, match=said):
            apply_list(people, person("New N", 1255, user={"entity": value}), check=check)
    assert written(people) == []


@ON_XIVO16
def test_a_lost_answer_is_no_failure(people: Simulator) -> None:
    people.faults.add(Fault("drop_after", "PUT", "/users/3/entities/2"))
    assert perform(people, ensure_user, **BOB, entity="sales")["changed"]
    assert entity_of(people, "Bob") == "sales"


@ON_XIVO16
@pytest.mark.parametrize("strategy", ["bulk", "stepwise"])
def test_a_failure_puts_it_back(people: Simulator, strategy: str) -> None:
    people.faults.add(Fault("500_before", "POST", "/users/3/lines", times=9))
    failed = run(people, person("Bob", 1250, user={"entity": "sales"}), strategy=strategy)
    people.faults.clear()
    assert failed.error
    assert "Left behind" not in failed.error
    assert entity_of(people, "Bob") == "default"


@ON_XIVO16
def test_it_is_exported_and_listed(people: Simulator) -> None:
    perform(people, ensure_user, **BOB, entity="sales")
    people.clear_log()
    entries = {each["user"]["firstname"]: each for each in perform(people, export)["entries"]}
    assert entries["Bob"]["user"] == {"firstname": "Bob", "entity": "sales"}
    assert "entity" not in entries["Johnny"]["user"]
    assert [each for each in asked(people) if "summary" in each or "entities" in each] == ["GET /entities"]
    assert unchanged_after(people, *entries.values())

    listed = perform(people, read_users, filters={"entity": "sales"})["users"]
    assert [(each["firstname"], each["entity"]) for each in listed] == [("Bob", "sales")]
    (one,) = perform(people, read_users, id=1, with_lines=True)["users"]
    assert one["entity"] == "default"
    assert perform(people, read_users, id=3)["users"][0]["entity"] == "sales"


@ON_XIVO16
def test_only_who_names_it_pays_for_it(people: Simulator) -> None:
    apply_list(people, person("Johnny Depp", 1200), check=True)
    without = len(people.requests)
    people.clear_log()
    apply_list(people, person("Johnny Depp", 1200, user={"entity": "default"}), check=True)
    assert len(people.requests) <= without + 1


@pytest.mark.on("xivo15", "wazo")
def test_other_servers_do_not_have_it(people: Simulator) -> None:
    said = "entity cannot be set on a server of generation"
    with pytest.raises(UnsupportedError, match=said):
        perform(people, ensure_user, **JOHNNY, entity="sales")
    with pytest.raises(PlanError, match=said):
        apply_list(people, person("Johnny Depp", 1200, user={"entity": "sales"}))
    assert written(people) == []


@ON_XIVO16
def test_a_failing_move_of_a_new_user_leaves_nobody(sim: Simulator) -> None:
    make_entity(sim)
    sim.faults.add(Fault("500_before", "PUT", "/users/*/entities/*", times=9))
    with pytest.raises(ConfdError, match="Could not update user Ann A: entity"):
        apply_list(sim, person("Ann A", 1200, user={"entity": "sales"}))
    assert sim.state()["users"] == []
