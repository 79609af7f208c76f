# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fallbacks of one user: a PUT replaces all of them, and XiVO does not check what it stores."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    ConflictError,
    InputError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import FALLBACKS
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user_parts import ensure_user_part
from simulator import Simulator
from support.helpers import (
    Options,
    apply_list,
    asked,
    backend_of,
    make_user,
    perform,
    person,
    statuses,
    unchanged_after,
    written,
)
from support.role import Role
from support.user_parts import make_names
from support.voicemails import ANNA, JOHNNY

pytestmark = pytest.mark.on("xivo16", "wazo")
TO_ANNA = {"user": ANNA}


def ensure(sim: Simulator, check: bool = False, **options: Any) -> Options:
    return perform(sim, partial(ensure_user_part, resource=FALLBACKS), check, **{"user": JOHNNY, **options})


def found(result: Options) -> Options:
    return {name: value for name, value in result["user_fallbacks"].items() if value and name != "user_id"}


def put(sim: Simulator, **fallbacks: Any) -> None:
    body = {f"{name}_destination": value for name, value in fallbacks.items()}
    backend_of(sim).client.put("/users/1/fallbacks", body)
    sim.clear_log()


def shown(sim: Simulator, name: str) -> Any:
    return backend_of(sim).client.get("/users/1/fallbacks")[f"{name}_destination"]


def test_what_is_left_out_stays(people: Simulator) -> None:
    ensure(people, noanswer=TO_ANNA, busy={"hangup": "busy", "timeout": 4})
    result = ensure(people, congestion={"sound": "closed"})
    assert found(result) == {
        "noanswer": TO_ANNA,
        "busy": {"hangup": "busy", "timeout": 4},
        "congestion": {"sound": "closed"},
    }
    assert ensure(people, busy="")["user_fallbacks"]["busy"] is None
    assert shown(people, "noanswer")["user_firstname"] == "Anna"


def test_seconds_of_servers_are_no_difference(people: Simulator) -> None:
    put(people, noanswer={"type": "user", "user_id": 2, "ring_time": 20.0}, busy={"type": "none"})
    anna = backend_of(people).client.get("/users/2")
    wish = {"user": {"firstname": anna["firstname"], "lastname": anna["lastname"]}, "ring_seconds": 20}
    assert ensure(people, noanswer=wish, busy="")["changed"] is False
    assert ensure(people, noanswer={**wish, "ring_seconds": 21})["changed"]
    assert written(people) == [("PUT", "/users/1/fallbacks")] or len(written(people)) == 1


def test_own_voicemail_requires_one(people: Simulator) -> None:
    for check in (True, False):
        with pytest.raises(ConflictError, match=r"fallbacks.busy leads to the voicemail of user Johnny.*who has none"):
            ensure(people, check=check, busy={"voicemail": "own"})
    assert written(people) == []


def test_a_voicemail_by_number(people: Simulator) -> None:
    apply_list(people, person("Vera", 1280, voicemail={"number": "1281"}))
    wish = {"voicemail": {"number": "1281", "context": "default"}, "greeting": "busy"}
    assert found(ensure(people, busy=wish)) == {"busy": wish}
    with pytest.raises(InputError, match="fallbacks.busy: there is no voicemail 1282@default"):
        ensure(people, busy={"voicemail": {"number": "1282", "context": "default"}})


def test_a_group_by_name(people: Simulator) -> None:
    make_names(people)
    assert found(ensure(people, fail={"group": "sales", "ring_seconds": 30})) == {
        "fail": {"group": "sales", "ring_seconds": 30}
    }
    with pytest.raises(InputError, match="fallbacks.fail.group: the server has no 'slaes'. The server has night, sa"):
        ensure(people, fail={"group": "slaes"})


def test_homonyms_are_told_apart_by_number(people: Simulator) -> None:
    make_user(people, "Zoe")
    apply_list(people, person("Zoe", 1290, match={"exten": "1290", "context": "default"}) | {"match": None})
    by_number = {"user": {"exten": "1290", "context": "default"}}
    twins = [row["id"] for row in backend_of(people).client.get_items("/users") if row["firstname"] == "Zoe"]
    if len(twins) == 1:
        make_user(people, "Zoe")
    with pytest.raises(InputError, match="2 users have firstname 'Zoe'"):
        ensure(people, noanswer={"user": {"firstname": "Zoe"}})
    assert found(ensure(people, noanswer=by_number)) == {"noanswer": by_number}


def test_what_nobody_can_write_stays_and_shows_no_pin(people: Simulator) -> None:
    disa = {"type": "application", "application": "disa", "context": "default", "pin": "98761234"}
    if people.generation.name == "wazo":
        disa = {"type": "application", "application": "98761234"}
    put(people, busy=disa)
    result = ensure(people, noanswer=TO_ANNA)
    assert shown(people, "busy") == disa
    assert "98761234" not in str(result)
    assert "98761234" not in str(ensure(people, busy=""))
    assert shown(people, "busy") is None


@pytest.mark.on("xivo16")
def test_xivo_gets_no_id_that_cannot_be_checked(people: Simulator) -> None:
    for check in (True, False):
        with pytest.raises(InputError, match=r"fallbacks.busy: queue cannot be set.*xivo16.*number as extension"):
            ensure(people, check=check, busy={"queue": {"id": 3}})
    assert written(people) == []
    people.database.queues.insert(3, name="support")
    put(people, busy={"type": "queue", "queue_id": 3})
    assert ensure(people, busy={"queue": {"id": 3}})["changed"] is False


@pytest.mark.on("xivo16")
@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"custom": "system(reboot)"}, "custom 'system(reboot)' cannot be stored: it must be an application"),
        ({"custom": "closed"}, "custom 'closed' cannot be stored"),
        ({"extension": {"exten": "*97", "context": "default"}}, "extension '*97' cannot be stored: it must be 1 to 39"),
    ],
)
def test_what_xivo_refuses_stops_the_plan(people: Simulator, wish: Options, said: str) -> None:
    for check in (True, False):
        with pytest.raises(InputError) as caught:
            ensure(people, check=check, busy=wish)
        assert f"fallbacks.busy: {said}" in str(caught.value)
    assert written(people) == []


@pytest.mark.on("wazo")
def test_wazo_checks_ids_itself(people: Simulator) -> None:
    predicted = ensure(people, check=True, busy={"queue": {"id": 3}})
    assert "whether the server has the queue of a fallback" in predicted["unchecked"]
    with pytest.raises(ConfdError, match="Queue was not found"):
        ensure(people, busy={"queue": {"id": 3}})
    with pytest.raises(InputError, match="meetme cannot be set on a server of generation wazo"):
        ensure(people, busy={"meetme": {"id": 3}})


def test_a_target_of_the_task_before_in_check_mode(people: Simulator) -> None:
    new = {"id": None, "predicted": True, "firstname": "New", "lastname": "One"}
    assert ensure(people, check=True, noanswer={"user": new})["changed"]
    anna = {**backend_of(people).client.get("/users/2"), "links": []}
    known = {name: anna[name] for name in ("id", "firstname", "lastname", "links")}
    assert found(ensure(people, noanswer={"user": known})) == {"noanswer": TO_ANNA}
    with pytest.raises(InputError, match="fallbacks.noanswer.user has unknown keys: name"):
        ensure(people, noanswer={"user": {"name": "Anna"}})
    with pytest.raises(InputError, match="fallbacks.noanswer.user does not exist: it was predicted"):
        ensure(people, noanswer={"user": new})


# Lists


def to(name: str, **more: Any) -> Options:
    return {"user": {"firstname": name}, **more}


def test_people_exchange_their_fallbacks(sim: Simulator) -> None:
    names = ("Ann", "Bob", "Cleo")

    def everybody(ann: str, bob: str) -> list[Options]:
        wishes = {"Ann": {"noanswer": to(ann)}, "Bob": {"noanswer": to(bob)}}
        return [person(each, 1301 + at, fallbacks=wishes.get(each)) for at, each in enumerate(names)]

    apply_list(sim, *everybody("Bob", "Cleo"))
    assert statuses(apply_list(sim, *everybody("Cleo", "Ann"))) == ["updated", "updated", "unchanged"]
    assert unchanged_after(sim, *everybody("Cleo", "Ann"))
    role = Role(sim, provision_users=everybody("Bob", "Cleo"), provision_strategy="stepwise").run()
    assert role.error == ""
    assert unchanged_after(sim, *everybody("Bob", "Cleo"))


def test_to_plan_them_costs_no_request(sim: Simulator) -> None:
    make_names(sim)
    names = [f"P{index}" for index in range(30)]
    wishes = {"noanswer": to("P3", ring_seconds=20), "busy": {"voicemail": "own"}, "fail": {"hangup": "busy"}}
    people = [person(name, 1100 + at, voicemail={}, fallbacks=wishes) for at, name in enumerate(names)]
    apply_list(sim, *people)
    sim.clear_log()
    apply_list(sim, *[person(name, 1100 + at, voicemail={}) for at, name in enumerate(names)], check=True)
    without = len(asked(sim))
    sim.clear_log()
    assert not apply_list(sim, *people, check=True)["changed"]
    assert len(asked(sim)) == without
    named = [{**each, "fallbacks": {**wishes, "congestion": {"group": "sales"}}} for each in people]
    sim.clear_log()
    apply_list(sim, *named, check=True)
    assert len(asked(sim)) <= without + 1


def test_an_export_has_what_an_entry_can_name(sim: Simulator) -> None:
    make_names(sim)
    wishes = {"noanswer": to("Bob", ring_seconds=20), "busy": {"voicemail": "own"}, "fail": {"group": "sales"}}
    entries = [person("Ann", 1301, voicemail={}, fallbacks=wishes), person("Bob", 1302)]
    apply_list(sim, *entries)
    exported = perform(sim, export)["entries"]
    by_name = {entry["user"]["firstname"]: entry for entry in exported}
    assert by_name["Ann"]["fallbacks"] == wishes
    assert "fallbacks" not in by_name["Bob"]
    assert unchanged_after(sim, *exported)


def test_an_export_lists_what_no_entry_can_name(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1301, fallbacks={"noanswer": {"hangup": "busy"}}))
    put(sim, busy={"type": "application", "application": "voicemail", "context": "default"})
    if sim.generation.name == "wazo":
        put(sim, busy={"type": "application", "application": "voicemail"})
    result = perform(sim, export)
    assert "fallbacks" not in result["entries"][0]
    (warning,) = [each for each in result["warnings"] if "fallbacks" in each]
    assert warning.startswith("fallbacks.busy leads to application, which no entry can describe.")
    assert warning.endswith("It is left out of the entry of user Ann (id 1).")


@pytest.mark.on("xivo16")
def test_an_export_lists_dead_destinations(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1301, fallbacks={"noanswer": to("Bob")}), person("Bob"))
    backend_of(sim).client.delete("/users/2")
    warnings = perform(sim, export)["warnings"]
    assert any("fallbacks.noanswer leads to user 2, which was deleted" in each for each in warnings)


def test_an_audit_names_them_as_people_do(sim: Simulator) -> None:
    apply_list(sim, person("Ann", 1301), person("Bob", 1302))
    entry = person("Ann", 1301, fallbacks={"noanswer": to("Bob")})
    (row,) = apply_list(sim, entry, check=True)["results"][0]["differences"]
    assert (row["field"], row["wanted"], row["found"]) == ("noanswer", to("Bob"), None)


def test_a_new_homonym_without_number_is_a_target(sim: Simulator) -> None:
    """Stepwise, the target is found again by what tells the two apart."""
    make_user(sim, "Zoe", userfield="HR-1")
    zoe = {"user": {"firstname": "Zoe", "userfield": "HR-2"}, "match": {"userfield": "HR-2"}}
    entries = [person("Ann", 1301, fallbacks={"fail": {"user": {"userfield": "HR-2"}}}), zoe]
    assert Role(sim, provision_users=entries, provision_strategy="stepwise").run().error == ""
    assert unchanged_after(sim, *entries)
