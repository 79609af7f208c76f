# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Function keys in lists: planned, written after everybody is there, undone, exported, step by step."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._reports.profiles import with_profiles
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from simulator import Fault, Simulator
from support.func_keys import custom, keys_of, make_template, to_user
from support.helpers import (
    EVERYWHERE,
    Options,
    apply_list,
    asked,
    backend_of,
    changes,
    leaver,
    perform,
    person,
    statuses,
    unchanged_after,
    written,
)
from support.role import Role


def ann(keys: Options | None = None, **more: Any) -> Options:
    return person("Ann Archer", 1301, **({"func_keys": {"keys": keys}} if keys is not None else {}), **more)


def bob(keys: Options | None = None, **more: Any) -> Options:
    return person("Bob Burton", 1302, **({"func_keys": {"keys": keys}} if keys is not None else {}), **more)


CIRCLE = [ann({1: to_user("Bob Burton", label="Bob"), 2: custom("12")}), bob({1: to_user("Ann Archer")})]


@EVERYWHERE
def test_keys_that_lead_to_each_other(sim: Simulator) -> None:
    planned = apply_list(sim, *CIRCLE, check=True)
    assert written(sim) == []
    done = apply_list(sim, *CIRCLE)

    assert statuses(planned) == statuses(done) == ["created"] * 2
    assert changes(planned) == changes(done)
    assert (keys_of(sim, 1), keys_of(sim, 2)) == ({"1": "Bob", "2": "12"}, {"1": "Ann"})
    assert unchanged_after(sim, *CIRCLE)
    assert unchanged_after(sim, ann(), bob())


@EVERYWHERE
def test_a_target_by_its_number(sim: Simulator) -> None:
    keys = {1: {"destination": {"user": {"exten": "1302", "context": "default"}}}}
    apply_list(sim, ann(keys), bob())
    assert keys_of(sim, 1) == {"1": "Bob"}
    assert unchanged_after(sim, ann({1: to_user("Bob Burton")}), bob())


@EVERYWHERE
def test_step_by_step_does_the_same(sim: Simulator) -> None:
    make_template(sim, "Desk", {"9": "900"})
    circle = [{**CIRCLE[0], "func_keys": {**CIRCLE[0]["func_keys"], "template": "Desk"}}, CIRCLE[1]]
    role = Role(sim, provision_users=circle, provision_strategy="stepwise").run()
    assert role.error == ""
    assert (keys_of(sim, 1), keys_of(sim, 2)) == ({"1": "Bob", "2": "12"}, {"1": "Ann"})
    assert unchanged_after(sim, *circle)

    other = [ann({1: custom("12"), 2: to_user("Bob Burton")}), person("Bob Burton", 1302, func_keys={"keys": {}})]
    other[0]["func_keys"]["template"] = ""
    role = Role(sim, provision_users=other, provision_strategy="stepwise").run()
    assert role.error == ""
    assert (keys_of(sim, 1), keys_of(sim, 2)) == ({"1": "12", "2": "Bob"}, {})
    again = Role(sim, provision_users=other, provision_strategy="stepwise").run()
    assert statuses({"results": again.results}) == ["unchanged"] * 2


@EVERYWHERE
@pytest.mark.parametrize("before", [{1: custom("11"), 2: to_user("Bob Burton")}, {}])
def test_a_failed_step_puts_the_others_back(sim: Simulator, before: Options) -> None:
    make_template(sim, "Desk", {"9": "900"})
    old = [ann(before), bob()]
    apply_list(sim, *old)
    sim.faults.add(Fault("500_before", "PUT", "/users/1/funckeys/templates/*", times=4))
    wanted = ann({1: to_user("Bob Burton"), 2: custom("11")})
    wanted["func_keys"]["template"] = "Desk"
    role = Role(sim, provision_users=[wanted, bob()], provision_strategy="stepwise").run()
    assert "Could not update function keys of user Ann Archer" in role.error
    sim.faults.clear()
    assert unchanged_after(sim, *old)


@EVERYWHERE
def test_a_failure_puts_the_old_set_back(sim: Simulator) -> None:
    make_template(sim, "Desk", {"9": "900"})
    old = [ann({1: custom("11"), 2: to_user("Bob Burton")}), bob()]
    apply_list(sim, *old)
    sim.faults.add(Fault("500_before", "PUT", "/users/1/funckeys/templates/*", times=4))
    wanted = ann({1: to_user("Bob Burton"), 2: custom("11")})
    wanted["func_keys"]["template"] = "Desk"
    with pytest.raises(ProvisionError, match="Could not update function keys of user Ann Archer"):
        apply_list(sim, wanted, bob())
    sim.faults.clear()
    assert unchanged_after(sim, *old)


@EVERYWHERE
def test_an_audit_has_a_row_for_each_position(sim: Simulator) -> None:
    apply_list(sim, ann({1: custom("11"), 2: custom("12")}), bob())
    result = apply_list(sim, ann({1: custom("11"), 2: to_user("Bob Burton", label="Bob"), 3: custom("12")}), check=True)
    found = {row["field"]: (row["wanted"], row["found"]) for row in result["results"][0]["differences"]}
    twelve = {"destination": {"custom": "12"}, "label": None, "blf": True}
    assert found == {
        "keys.2": ({**to_user("Bob Burton"), "label": "Bob", "blf": True}, twelve),
        "keys.3": (twelve, None),
    }


@EVERYWHERE
def test_who_leaves_disappears_from_the_keys(sim: Simulator) -> None:
    apply_list(sim, *CIRCLE)
    leaving = [ann({2: custom("12")}), leaver("Bob Burton", 1302)]
    planned = apply_list(sim, *leaving, check=True)
    assert statuses(planned) == ["unchanged", "removed"]
    assert statuses(apply_list(sim, *leaving)) == ["unchanged", "removed"]
    assert keys_of(sim, 1) == {"2": "12"}
    with pytest.raises(PlanError, match="There is no user with firstname 'Bob'"):
        apply_list(sim, CIRCLE[0])


@EVERYWHERE
def test_a_target_that_leaves_in_the_same_run(sim: Simulator) -> None:
    apply_list(sim, *CIRCLE)
    sim.clear_log()
    with pytest.raises(PlanError, match="Ann Archer.*func_keys.keys.1.*Bob"):
        apply_list(sim, CIRCLE[0], leaver("Bob Burton", 1302))
    assert written(sim) == []


@EVERYWHERE
def test_planning_costs_one_request_a_person(sim: Simulator) -> None:
    names = [f"P{index} Q" for index in range(12)]
    keyed = [
        person(name, 1100 + index, func_keys={"keys": {1: to_user(names[index - 1]), 2: custom("12")}})
        for index, name in enumerate(names)
    ]
    apply_list(sim, *keyed)
    bare = [person(name, 1100 + index) for index, name in enumerate(names)]
    sim.clear_log()
    apply_list(sim, *bare, check=True)
    without = len(asked(sim))
    sim.clear_log()
    assert not apply_list(sim, *keyed[:5], *bare[5:], check=True)["changed"]
    assert len(asked(sim)) == without + 5


@EVERYWHERE
def test_several_workers_lose_nothing(sim: Simulator) -> None:
    names = [f"P{index} Q" for index in range(8)]
    people = [
        person(
            name,
            1100 + index,
            func_keys={"keys": {at: to_user(names[(index + at) % 8]) for at in range(1, 5)}},
        )
        for index, name in enumerate(names)
    ]
    apply_list(sim, *people, max_workers=4)
    assert unchanged_after(sim, *people)


@EVERYWHERE
def test_bad_keys_of_all_entries_are_said_at_once(sim: Simulator) -> None:
    with pytest.raises(PlanError) as caught:
        apply_list(
            sim,
            ann({"x": custom("1"), 2: {"label": "nothing"}}),
            bob({3: {"destination": {"user": {"firstname": "Nobody"}}}}),
            person("Cleo C", 1303, func_keys={"keys": {1: custom("1"), 2: custom("1")}}),
            person("Dora D", 1304, func_keys={"template": "Nosuch"}),
        )
    for said in (
        "entry 1, Ann Archer (1301@default): func_keys.keys has the position 'x'.",
        "func_keys.keys.2.destination is missing.",
        "entry 2, Bob Burton (1302@default): func_keys.keys.3.destination.user: There is no user with firstname",
        "entry 3, Cleo C (1303@default): func_keys.keys.1 and func_keys.keys.2 have the same destination.",
        "entry 4, Dora D (1304@default): function keys: the server has no template 'Nosuch'.",
    ):
        assert said in str(caught.value)
    assert written(sim) == []


@EVERYWHERE
def test_an_export_has_the_keys(sim: Simulator) -> None:
    make_template(sim, "Desk", {"9": "900"})
    keys = {
        "1": to_user("Bob Burton", label="Bob"),
        "2": custom("12", blf=False),
        "3": {"destination": {"parking": True}},
    }
    if sim.generation.name == "wazo":
        del keys["3"]
    wanted = ann(keys)
    wanted["func_keys"]["template"] = "Desk"
    apply_list(sim, wanted, bob())
    exported = perform(sim, export)["entries"]
    by_name = {entry["user"]["firstname"]: entry for entry in exported}
    assert by_name["Ann"]["func_keys"] == {"template": "Desk", "keys": keys}
    assert "func_keys" not in by_name["Bob"]
    assert unchanged_after(sim, *exported)

    sim.clear_log()
    assert all("func_keys" not in entry for entry in perform(sim, export, func_keys=False)["entries"])
    assert [each for each in asked(sim) if "funckeys" in each] == []


@EVERYWHERE
def test_an_export_reports_its_progress(sim: Simulator) -> None:
    apply_list(sim, ann({1: custom("12")}), bob())
    said: list[str] = []
    task = Task(backend_of(sim), {}, report_progress=said.append)
    assert len(export(task)["entries"]) == 2
    assert (said[0], said[-1]) == ("0 of 2 users read", "2 of 2 users read")


@EVERYWHERE
def test_a_profile_with_keys(sim: Simulator) -> None:
    profiles = {"sales": {"func_keys": {"keys": {1: to_user("Bob Burton"), 2: custom("12")}}}}
    entries = [ann({2: custom("13")}, profile="sales"), bob()]
    expanded = with_profiles(entries, profiles)
    apply_list(sim, *expanded)
    assert keys_of(sim, 1) == {"1": "Bob", "2": "13"}
    assert unchanged_after(sim, *expanded)
