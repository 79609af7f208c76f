# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confd_line_device, and entries with a device through the single modules."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AmbiguousError,
    ConflictError,
    InputError,
    ServerError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.device import ensure_line_device
from simulator import Fault, Simulator
from support.helpers import Options, apply_list, counts, leaver, line_row, number, perform, person, written
from support.role import Role

pytestmark = pytest.mark.on("xivo16", "wazo")
MAC, OTHER_MAC = "00:08:5d:00:00:01", "00:08:5d:00:00:02"
ADA = person("Ada A", 1100)


def put(sim: Simulator, line: Options, device: Options, check: bool = False, **options: Any) -> Options:
    return perform(sim, ensure_line_device, check, line=line, device=device, **{"synchronize": True, **options})


def phone_of(sim: Simulator, name: str) -> str | None:
    device: str | None = line_row(sim, name).device_id
    return device


def test_present_again_absent_again_each_predicted(sim: Simulator) -> None:
    apply_list(sim, ADA)
    for options, device in (({}, "dev1"), ({"state": "absent"}, None)):
        before = phone_of(sim, "Ada A")
        sim.clear_log()
        predicted = put(sim, number(1100), {"mac": "0008.5d00.0001"}, check=True, **options)
        assert (written(sim), phone_of(sim, "Ada A")) == ([], before)
        done = put(sim, number(1100), {"mac": "0008.5d00.0001"}, **options)
        assert done["changed"]
        assert (predicted["changed"], predicted["diff"]) == (done["changed"], done["diff"])
        assert done["line_device"] == {"line_id": line_row(sim, "Ada A").id, "device_id": "dev1"}
        assert phone_of(sim, "Ada A") == device
        sim.clear_log()
        assert not put(sim, number(1100), {"mac": "0008.5d00.0001"}, **options)["changed"]
        assert written(sim) == []


def test_the_phone_reads_it_unless_told_not_to(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.clear_log()
    put(sim, number(1100), {"id": "dev1"}, synchronize=False)
    assert not [request for request in sim.requests if request.path.endswith("/synchronize")]
    put(sim, number(1100), {"id": "dev2"})
    assert [request.path for request in sim.requests if request.path.endswith("/synchronize")] == [
        "/devices/dev2/synchronize"
    ]


def test_the_former_phone_goes_back_into_autoprov(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    result = put(sim, number(1100), {"mac": OTHER_MAC})
    assert any("is reset to autoprov" in warning for warning in result["warnings"])
    assert sim.database.devices.get("dev1").status == "autoprov"
    assert phone_of(sim, "Ada A") == "dev2"


def test_what_other_tasks_returned_is_a_reference(sim: Simulator) -> None:
    apply_list(sim, ADA)
    row = line_row(sim, "Ada A")
    line = {"id": row.id, "username": "whatever", "secret": None}
    assert put(sim, line, {"id": "dev1", "mac": MAC, "ip": "10.0.0.11", "status": "autoprov"})["changed"]


def test_a_key_of_somebody_else_is_not_taken(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}), person("Bob B", 1101))
    with pytest.raises(ConflictError, match="already has line .* of user Ada A .*in slot 1"):
        put(sim, number(1101), {"mac": MAC})


def test_a_line_without_number_and_user_gets_none(sim: Simulator) -> None:
    apply_list(sim, {"user": {"firstname": "Ada"}, "line": {"username": "ada", "context": "default"}})
    with pytest.raises(ConflictError, match="has no extension. A phone needs a line with an extension and a user"):
        put(sim, {"username": "ada"}, {"mac": MAC})
    assert put(sim, {"username": "ada"}, {"mac": MAC}, check=True)["changed"]


@pytest.mark.parametrize(
    ("line", "device", "problem"),
    [
        (number(1100), {"mac": "zz"}, "is not a MAC address"),
        (number(1100), {"mac": "00:00:00:00:00:00"}, "There is no phone with mac"),
        (number(1100), {}, "exactly one of"),
        (number(1100), {"mac": MAC, "ip": "10.0.0.11"}, "exactly one of"),
        (number(1100), {"macc": MAC}, "unknown keys: macc"),
        (number(1999), {"mac": MAC}, "There is no SIP line with"),
    ],
)
def test_bad_references(line: Options, device: Options, problem: str, sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.clear_log()
    with pytest.raises((InputError, AmbiguousError), match=problem):
        put(sim, line, device)
    assert written(sim) == []


def test_a_line_that_does_not_exist_is_on_no_phone(sim: Simulator) -> None:
    result = put(sim, number(1999), {"mac": MAC}, state="absent")
    assert (result["changed"], result["line_device"]) == (False, None)


@pytest.mark.parametrize("kind", ["drop_after", "500_after", "502"])
def test_a_lost_answer_is_looked_up(kind: str, sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.faults.add(Fault(kind, method="PUT", path="/lines/*/devices/*"))
    assert put(sim, number(1100), {"mac": MAC})["changed"]
    assert phone_of(sim, "Ada A") == "dev1"


@pytest.mark.on("xivo16")
def test_a_phone_has_room_for_a_line_on_another_key(sim: Simulator) -> None:
    slots = [person("Ada A", 1100), person("Bob B", 1101, line={"device_slot": 2})]
    entries = [{**entry, "device": {"mac": MAC}} for entry in slots]
    apply_list(sim, *entries)
    assert (phone_of(sim, "Ada A"), phone_of(sim, "Bob B")) == ("dev1", "dev1")
    assert not apply_list(sim, *entries)["changed"]


@pytest.mark.on("xivo16")
def test_a_line_is_not_taken_off_a_phone_that_it_is_not_on(sim: Simulator) -> None:
    apply_list(sim, person("Ada A", 1100, device={"mac": MAC}))
    sim.clear_log()
    assert not put(sim, number(1100), {"mac": OTHER_MAC}, state="absent")["changed"]
    assert (phone_of(sim, "Ada A"), written(sim)) == ("dev1", [])


@pytest.mark.on("xivo16")
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_server_error_is_reported_if_nothing_was_done(sim: Simulator, state: str) -> None:
    apply_list(sim, ADA if state == "present" else {**ADA, "device": {"mac": MAC}})
    before = phone_of(sim, "Ada A")
    sim.faults.add(Fault("500_before", path="/lines/*/devices/*", times=9))
    with pytest.raises(ServerError, match="simulated fault"):
        put(sim, number(1100), {"mac": MAC}, state=state)
    assert phone_of(sim, "Ada A") == before


@pytest.mark.on("xivo15")
def test_the_oldest_generation_says_why_not(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.clear_log()
    with pytest.raises(
        UnsupportedError, match="this server does not allow API clients to associate a line with a phone"
    ):
        put(sim, number(1100), {"mac": MAC})
    assert written(sim) == []


# The role, step by step


def stepwise(sim: Simulator, *entries: Options, check: bool = False) -> Role:
    return Role(sim, check, provision_users=list(entries), provision_strategy="stepwise").run()


def test_step_by_step_entries_get_their_phones(sim: Simulator) -> None:
    entry = {**ADA, "device": {"mac": MAC}}
    assert [each["status"] for each in stepwise(sim, entry, check=True).results] == ["created"]
    assert [each["status"] for each in stepwise(sim, entry).results] == ["created"]
    assert phone_of(sim, "Ada A") == "dev1"
    sim.clear_log()
    assert [each["status"] for each in stepwise(sim, entry).results] == ["unchanged"]
    assert written(sim) == []
    moved = {**ADA, "device": {"mac": OTHER_MAC}}
    assert [each["status"] for each in stepwise(sim, moved).results] == ["updated"]
    assert (phone_of(sim, "Ada A"), sim.database.devices.get("dev1").status) == ("dev2", "autoprov")


def test_stepwise_a_failure_takes_the_line_off_the_device(sim: Simulator) -> None:
    before = counts(sim)
    sim.faults.add(Fault("500_before", method="GET", path="/devices/*/synchronize", times=9))
    role = stepwise(sim, {**ADA, "device": {"mac": MAC}})
    assert role.error
    assert counts(sim) == before
    assert sim.database.devices.get("dev1").status == "autoprov"


def test_a_shared_phone_keeps_template_and_options(sim: Simulator) -> None:
    """A phone loses them in autoprov, into which it is reset to take one of its lines off."""
    people = [
        person("Ann A", 1200, device={"mac": "00:08:5d:00:00:01"}),
        person("Bob B", 1201, line={"device_slot": 2}, device={"mac": "00:08:5d:00:00:01"}),
    ]
    apply_list(sim, *people)
    device = sim.database.devices.get("dev1")
    device.options = {"switchboard": True}

    apply_list(sim, leaver("Bob B", 1201))
    assert (line_row(sim, "Ann A").device_id, device.status) == ("dev1", "configured")
    assert (device.template_id, device.options) == ("defaultconfigdevice", {"switchboard": True})
