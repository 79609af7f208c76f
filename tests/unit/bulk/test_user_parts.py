# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of users that have requests of their own, in lists: planned, written, undone, exported."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import CALL_PERMISSIONS, FORWARDS, SERVICES
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from simulator import Fault, Simulator
from support.helpers import (
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
from support.user_parts import make_names, members_of

HAVE_THEM = pytest.mark.on("xivo16", "wazo")
FORWARD = {"noanswer": {"enabled": True, "destination": "1300"}}


def ann(**more: Any) -> Options:
    return person("Ann Archer", 1301, **more)


@HAVE_THEM
def test_a_new_person_gets_them(sim: Simulator) -> None:
    entry = ann(forwards=FORWARD, services={"dnd": True})
    planned = apply_list(sim, entry, check=True)
    assert written(sim) == []
    done = apply_list(sim, entry)

    assert statuses(planned) == statuses(done) == ["created"]
    assert changes(planned) == changes(done)
    user_id = done["results"][0]["user_id"]
    assert backend_of(sim).get(SERVICES, user_id) == {"dnd": True, "incallfilter": False}
    assert (backend_of(sim).get(FORWARDS, user_id) or {})["noanswer.destination"] == "1300"
    assert unchanged_after(sim, entry)


@HAVE_THEM
def test_an_audit_names_each_of_them(sim: Simulator) -> None:
    apply_list(sim, ann())
    result = apply_list(sim, ann(forwards=FORWARD, services={"dnd": True}), check=True)

    found = [(row["object"], row["field"], row["wanted"], row["found"]) for row in result["results"][0]["differences"]]
    assert found == [
        ("services of user Ann Archer (id 1)", "dnd", True, False),
        ("forwards of user Ann Archer (id 1)", "noanswer.enabled", True, False),
        ("forwards of user Ann Archer (id 1)", "noanswer.destination", "1300", None),
    ]


@HAVE_THEM
def test_to_plan_them_costs_no_request(sim: Simulator) -> None:
    names = [f"P{index} Q" for index in range(30)]
    people = [person(name, 1100 + index, forwards=FORWARD) for index, name in enumerate(names)]
    apply_list(sim, *people)
    sim.clear_log()
    apply_list(sim, *[person(name, 1100 + index) for index, name in enumerate(names)], check=True)
    without = len(asked(sim))
    sim.clear_log()
    assert not apply_list(sim, *people, check=True)["changed"]
    assert len(asked(sim)) == without


@HAVE_THEM
def test_null_and_nothing_leave_them_alone(sim: Simulator) -> None:
    apply_list(sim, ann(forwards=FORWARD))
    assert unchanged_after(sim, ann())
    assert unchanged_after(sim, ann(forwards={"noanswer": {"enabled": None, "destination": None}, "busy": None}))


@HAVE_THEM
@pytest.mark.parametrize("check", [True, False])
def test_a_forward_without_destination_stops_the_list(sim: Simulator, check: bool) -> None:
    with pytest.raises((PlanError, ProvisionError), match="forwards.busy is enabled, but has no destination"):
        apply_list(sim, ann(forwards={"busy": {"enabled": True}}), person("Bob", 1302), check=check)
    assert written(sim) == []


def test_an_old_server_refuses_the_entry(sim: Simulator) -> None:
    with pytest.raises(PlanError, match="Ann Archer .*services cannot be set on a server of generation xivo15"):
        apply_list(sim, ann(services={"dnd": True}))
    assert written(sim) == []


@HAVE_THEM
def test_they_are_put_back_if_the_entry_fails(sim: Simulator) -> None:
    apply_list(sim, ann(forwards={"busy": {"destination": "1310"}}))
    sim.clear_log()
    sim.faults.add(Fault("500_before", "PUT", "/users/1/forwards", times=2))
    with pytest.raises(ProvisionError, match="Could not update forwards of user Ann Archer"):
        apply_list(sim, ann(services={"dnd": True}, forwards={"busy": {"destination": "1311"}}))

    assert backend_of(sim).get(SERVICES, 1) == {"dnd": False, "incallfilter": False}
    assert (backend_of(sim).get(FORWARDS, 1) or {})["busy.destination"] == "1310"


@HAVE_THEM
def test_who_leaves_leaves_nothing(sim: Simulator) -> None:
    apply_list(sim, ann(forwards=FORWARD))
    apply_list(sim, leaver("Ann Archer", 1301))
    assert sim.state()["users"] == []


@HAVE_THEM
def test_an_export_has_what_is_not_the_default(sim: Simulator) -> None:
    entries = [ann(forwards=FORWARD, services={"dnd": True}), person("Bob", 1302)]
    apply_list(sim, *entries)
    exported = perform(sim, export)["entries"]

    by_name = {entry["user"]["firstname"]: entry for entry in exported}
    assert by_name["Ann"]["services"] == {"dnd": True}
    assert by_name["Ann"]["forwards"] == FORWARD
    assert by_name["Bob"].keys().isdisjoint({"services", "forwards"})
    assert unchanged_after(sim, *exported)


# Call permissions and groups

SETS = {"call_permissions": ["international", "mobile"], "groups": ["sales"]}


@HAVE_THEM
def test_permissions_and_groups_of_a_list(sim: Simulator) -> None:
    make_names(sim)
    entry = ann(**SETS)
    planned = apply_list(sim, entry, check=True)
    done = apply_list(sim, entry)

    assert changes(planned) == changes(done)
    assert backend_of(sim).get(CALL_PERMISSIONS, 1) == {"call_permissions": ("international", "mobile")}
    assert members_of(sim, "sales") == ["Ann Archer"]
    assert unchanged_after(sim, entry)
    assert unchanged_after(sim, ann())
    assert statuses(apply_list(sim, ann(call_permissions=[], groups=[]))) == ["updated"]
    assert members_of(sim, "sales") == []


@HAVE_THEM
def test_an_unknown_name_stops_the_list(sim: Simulator) -> None:
    make_names(sim)
    with pytest.raises(PlanError, match="the server has no 'slaes'") as caught:
        apply_list(sim, ann(groups=["slaes"]), person("Bob", 1302, call_permissions=["nosuch"]))
    assert "the server has no 'nosuch'" in str(caught.value)
    assert written(sim) == []


@HAVE_THEM
def test_to_plan_sets_costs_at_most_two_requests(sim: Simulator) -> None:
    make_names(sim)
    names = [f"P{index} Q" for index in range(30)]
    people = [person(name, 1100 + index, **SETS) for index, name in enumerate(names)]
    apply_list(sim, *people)
    sim.clear_log()
    apply_list(sim, *[person(name, 1100 + index) for index, name in enumerate(names)], check=True)
    without = len(asked(sim))
    sim.clear_log()
    assert not apply_list(sim, *people, check=True)["changed"]
    assert len(asked(sim)) <= without + 2


@HAVE_THEM
def test_a_leaver_leaves_the_groups_and_a_failure_puts_back(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, ann(**SETS))
    line_id = sim.state()["lines"][0]["id"] if "lines" in sim.state() else 1
    sim.faults.add(Fault("500_before", "DELETE", f"/lines*/{line_id}", times=6))
    with pytest.raises(ProvisionError):
        apply_list(sim, leaver("Ann Archer", 1301))
    assert members_of(sim, "sales") == ["Ann Archer"]
    sim.faults.clear()
    apply_list(sim, leaver("Ann Archer", 1301))
    assert (members_of(sim, "sales"), sim.state()["users"]) == ([], [])


@pytest.mark.on("xivo16")
@pytest.mark.parametrize("kind", ["500_after", "html"])
def test_of_several_requests_one_answer_is_lost(sim: Simulator, kind: str) -> None:
    """The rest is written all the same: a PUT can be repeated."""
    make_names(sim)
    apply_list(sim, ann(groups=["sales", "support"]))
    sim.faults.add(Fault(kind, "PUT", "/groups/*/members/users"))
    assert statuses(apply_list(sim, ann(groups=[]))) == ["updated"]
    assert (members_of(sim, "sales"), members_of(sim, "support")) == ([], [])


@HAVE_THEM
def test_stepwise_a_failure_puts_back_permissions_and_groups(sim: Simulator) -> None:
    """The names in the plan are lists, those that are read are not."""
    make_names(sim)
    apply_list(sim, ann(**SETS))
    sim.faults.add(Fault("500_before", "PUT", "/users/*/services*", times=9))
    wanted = ann(call_permissions=[], groups=["support"], services={"dnd": True})
    failed = Role(sim, provision_users=[wanted], provision_strategy="stepwise").run()
    sim.faults.clear()
    assert "Nothing stays changed for the failed entries." in failed.error
    assert unchanged_after(sim, ann(**SETS))


@HAVE_THEM
def test_an_export_has_permissions_and_groups(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, ann(**SETS))
    (entry,) = perform(sim, export)["entries"]
    assert {key: entry[key] for key in SETS} == SETS
    assert unchanged_after(sim, entry)


# Step by step

EVERYTHING = {**SETS, "services": {"dnd": True}, "forwards": FORWARD}


@HAVE_THEM
def test_step_by_step_does_the_same(sim: Simulator) -> None:
    make_names(sim)
    role = Role(sim, provision_users=[ann(**EVERYTHING)], provision_strategy="stepwise").run()
    assert role.error == ""
    assert unchanged_after(sim, ann(**EVERYTHING))
    assert members_of(sim, "sales") == ["Ann Archer"]

    other = ann(services={"dnd": False}, forwards={"noanswer": {"enabled": False}}, groups=[])
    role = Role(sim, provision_users=[other], provision_strategy="stepwise").run()
    assert role.error == ""
    assert unchanged_after(sim, other)
    again = Role(sim, provision_users=[other], provision_strategy="stepwise").run()
    assert statuses({"results": again.results}) == ["unchanged"]


@HAVE_THEM
def test_a_failed_step_puts_the_others_back(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, ann(groups=["support"], forwards={"busy": {"destination": "1310"}}))
    sim.faults.add(Fault("500_before", "PUT", "/users/1/forwards", times=2))
    wanted = ann(**{**EVERYTHING, "forwards": {"busy": {"destination": "1311"}}})
    role = Role(sim, provision_users=[wanted], provision_strategy="stepwise").run()

    assert "Could not update forwards of user Ann Archer" in role.error
    assert (members_of(sim, "sales"), members_of(sim, "support")) == ([], ["Ann Archer"])
    assert backend_of(sim).get(SERVICES, 1) == {"dnd": False, "incallfilter": False}
    assert unchanged_after(
        sim, ann(groups=["support"], call_permissions=[], forwards={"busy": {"destination": "1310"}})
    )


@HAVE_THEM
def test_a_leaver_leaves_the_groups_step_by_step(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, ann(**EVERYTHING))
    role = Role(sim, provision_users=[leaver("Ann Archer", 1301)], provision_strategy="stepwise").run()
    assert role.error == ""
    assert (members_of(sim, "sales"), sim.state()["users"]) == ([], [])
