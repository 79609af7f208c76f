# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones: which one is meant, back into autoprov, its settings."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AmbiguousError,
    ConflictError,
    InputError,
    NotAppliedError,
    NotReachedError,
    RefusedError,
    ServerError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.macs import canonical_mac
from ansible_collections.xivo.confd.plugins.module_utils._operations import device as _steps_device
from ansible_collections.xivo.confd.plugins.module_utils._tasks.device import ensure_device
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, apply_list, asked, leaver, perform, person, statuses, written

pytestmark = EVERYWHERE

MAC = "00:08:5d:00:00:02"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_steps_device, "FIRST_PAUSE", 0.01)


def slow_reset(sim: Simulator, looks: int) -> None:
    """dev2 gets into autoprov only after so many looks at it, the one that finds it included."""
    device = sim.database.devices.get("dev2")

    def set_status(status: str) -> Any:
        return lambda method, path: setattr(device, "status", status)

    sim.faults.add(Fault("callback", "GET", "/devices/dev2/autoprov", callback=set_status("configured"), after=True))
    sim.faults.add(Fault("callback", "GET", "/devices/dev2", nth=looks, callback=set_status("autoprov")))


@pytest.mark.parametrize("values", [{"template_id": "defaultconfigdevice"}, {"options": {"switchboard": True}}])
def test_autoprov_comes_before_the_values_that_it_drops(sim: Simulator, values: dict[str, Any]) -> None:
    device = sim.database.devices.get("dev2")
    device.options = {"switchboard": True}
    planned = perform(sim, ensure_device, check=True, mac=MAC, state="autoprov", **values)
    done = perform(sim, ensure_device, mac=MAC, state="autoprov", **values)

    assert planned["diff"] == done["diff"]
    ((name, value),) = values.items()
    assert (device.status, getattr(device, name), done["device"][name]) == ("autoprov", value, value)
    assert not perform(sim, ensure_device, mac=MAC, state="autoprov", **values)["changed"]


# Which phone?


@pytest.mark.parametrize(
    "mac", [MAC, "00:08:5D:00:00:02", "00-08-5d-00-00-02", "0008.5d00.0002", "00085d000002", "00085D-000002"]
)
def test_a_mac_in_any_notation_means_the_phone(sim: Simulator, mac: str) -> None:
    assert perform(sim, ensure_device, mac=mac)["device"]["id"] == "dev2"
    assert written(sim) == []


def test_a_mac_that_the_server_has_in_upper_case(sim: Simulator) -> None:
    sim.database.devices.get("dev2").mac = MAC.upper()

    assert perform(sim, ensure_device, mac=MAC)["device"]["mac"] == MAC


@pytest.mark.parametrize("key", [{"ip": "10.0.0.12"}, {"id": "dev2"}, {"sn": "S2"}])
def test_other_keys(sim: Simulator, key: dict[str, str]) -> None:
    sim.database.devices.get("dev2").sn = "S2"
    sim.database.devices.get("dev1").sn = "S22"

    assert perform(sim, ensure_device, **key)["device"]["id"] == "dev2"


def test_part_of_a_value_is_not_enough(sim: Simulator) -> None:
    with pytest.raises(InputError, match="There is no phone with ip '10.0.0.1'"):
        perform(sim, ensure_device, ip="10.0.0.1")


def test_several_candidates_are_listed(sim: Simulator) -> None:
    sim.database.devices.get("dev1").ip = "10.0.0.12"

    with pytest.raises(AmbiguousError, match=r"2 phones have .*: .*\(device dev1\), .*\(device dev2\)"):
        perform(sim, ensure_device, ip="10.0.0.12")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "exactly one of id, mac, ip, sn"),
        ({"mac": MAC, "ip": "10.0.0.12"}, "exactly one of"),
        ({"mac": "00:08:5d"}, "not a MAC address"),
        ({"mac": 37230}, "mac is 37230, but must be a string. Write it in quotes"),
        ({"ip": "10.0.0"}, "not an IP address"),
        ({"mac": MAC, "wait_timeout": -1.0}, "wait_timeout is -1"),
    ],
)
def test_bad_input_is_refused_before_any_request(sim: Simulator, keys: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        perform(sim, ensure_device, **keys)

    assert sim.requests == []


@pytest.mark.parametrize("check", [True, False])
def test_no_phone_is_an_error_in_check_mode_too(sim: Simulator, check: bool) -> None:
    with pytest.raises(InputError, match="There is no phone with id 'a/../b'"):
        perform(sim, ensure_device, check, id="a/../b", state="autoprov")


def test_what_is_no_mac_stays_as_it_is() -> None:
    assert canonical_mac("not-a-mac") == "not-a-mac"


# Autoprov


def test_reset_and_reset_again(sim: Simulator) -> None:
    predicted = perform(sim, ensure_device, check=True, mac=MAC, state="autoprov")
    assert written(sim) == []

    first = perform(sim, ensure_device, mac=MAC, state="autoprov")
    assert written(sim) == ["GET /devices/dev2/autoprov"]
    assert first["changed"] and predicted["changed"]
    assert first["diff"] == predicted["diff"]
    # XiVO from 16.13 on takes the template away as well, which is no setting of a phone that waits.
    assert {**first["device"], "template_id": None} == {**predicted["device"], "template_id": None}
    (diff,) = first["diff"]
    assert diff["before"] == {"status": "configured", "template_id": "defaultconfigdevice"}
    assert diff["after"] == {"status": "autoprov", "template_id": None}
    assert first["device"]["template_id"] is None

    sim.clear_log()
    assert perform(sim, ensure_device, mac=MAC, state="autoprov")["changed"] is False
    assert written(sim) == []


def test_without_state_a_phone_is_never_reset(sim: Simulator) -> None:
    assert perform(sim, ensure_device, mac=MAC, description="reception")["changed"] is False
    assert sim.database.devices.get("dev2").status == "configured"


def test_the_reset_is_waited_for(sim: Simulator) -> None:
    slow_reset(sim, looks=4)

    result = perform(sim, ensure_device, id="dev2", state="autoprov")

    assert result["device"]["status"] == "autoprov"
    looked = [each for each in asked(sim) if "/devices/" in each]
    assert looked[-4:] == ["GET /devices/dev2/autoprov", *["GET /devices/dev2"] * 3]


@pytest.mark.fault_may_not_happen
def test_a_reset_that_takes_too_long_is_an_error(sim: Simulator) -> None:
    slow_reset(sim, looks=1000)

    with pytest.raises(NotReachedError, match=r"did not reach autoprov within 0.1 seconds; its status is configured"):
        perform(sim, ensure_device, id="dev2", state="autoprov", wait_timeout=0.1)


def test_a_reset_that_confd_fails_to_answer_but_does_is_done(sim: Simulator) -> None:
    sim.faults.add(Fault("500_after", "GET", "/devices/dev2/autoprov"))

    assert perform(sim, ensure_device, id="dev2", state="autoprov")["device"]["status"] == "autoprov"


def test_a_reset_that_fails_is_an_error(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", "GET", "/devices/dev2/autoprov"))

    with pytest.raises(ServerError, match="Could not reset phone 00:08:5d:00:00:02"):
        perform(sim, ensure_device, id="dev2", state="autoprov")


@pytest.mark.parametrize("check", [True, False])
def test_a_phone_without_plugin_never_reaches_autoprov(sim: Simulator, check: bool) -> None:
    with pytest.raises(ConflictError, match="dev3.* has no plugin, so its status stays not_configured"):
        perform(sim, ensure_device, check, id="dev3", state="autoprov")
    assert written(sim) == []


@pytest.mark.on("xivo16")
def test_a_phone_that_is_repaired_may_still_lack_a_plugin(sim: Simulator) -> None:
    """What confd_device does for a phone without configuration is not waited for in vain."""
    sim.database.corrupt_device("dev3")
    with pytest.raises(ConflictError, match=r"has no configuration on the provisioning server.*\(state autoprov"):
        perform(sim, ensure_device, id="dev3", description="hall")
    with pytest.raises(NotReachedError, match="has no plugin, so its status stays not_configured"):
        perform(sim, ensure_device, id="dev3", state="autoprov", wait_timeout=0.0)
    assert perform(sim, ensure_device, id="dev3", description="hall")["device"]["description"] == "hall"


@pytest.mark.parametrize("check", [True, False])
def test_a_configuration_that_may_be_missing_is_said(sim: Simulator, check: bool) -> None:
    phone = sim.database.devices.get("dev2")
    phone.status, phone.template_id = "not_configured", None
    warnings = perform(sim, ensure_device, check, mac=MAC, description="hall")["warnings"]
    assert [words for words in warnings if "has no configuration on the provisioning server at all" in words] == (
        warnings if check else []
    )
    assert bool(warnings) is check


def test_who_is_removed_gives_the_phone_back(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200))
    sim.database.put_device_on_line(1, "dev2")

    result = apply_list(sim, leaver("Johnny Depp"))

    assert sim.database.devices.get("dev2").status == "autoprov"
    assert any("is reset to autoprov" in warning for warning in result["warnings"])


def test_nobody_waits_for_a_phone_without_plugin(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """It loses its line, and that is what the reset was for."""
    monkeypatch.setattr(_steps_device.time, "sleep", lambda _seconds: pytest.fail("it waits"))
    apply_list(sim, person("Johnny Depp", 1200))
    sim.database.devices.get("dev3").has_config = True
    sim.database.put_device_on_line(1, "dev3")

    result = apply_list(sim, leaver("Johnny Depp"))

    assert statuses(result) == ["removed"]
    assert any("dev3) has no plugin, so its status stays not_configured" in warning for warning in result["warnings"])
    assert not any(line.device_id for line in sim.database.lines)


# Synchronizing


def test_synchronize_is_done_every_time_but_not_in_check_mode(sim: Simulator) -> None:
    assert perform(sim, ensure_device, check=True, mac=MAC, synchronize=True)["changed"] is True
    assert written(sim) == []

    for _each in range(2):
        assert perform(sim, ensure_device, mac=MAC, synchronize=True)["changed"] is True
    assert written(sim) == ["GET /devices/dev2/synchronize"] * 2


def test_reset_settings_and_synchronize_in_this_order(sim: Simulator) -> None:
    perform(sim, ensure_device, mac=MAC, state="autoprov", description="x", synchronize=True)

    assert written(sim) == ["GET /devices/dev2/autoprov", "PUT /devices/dev2", "GET /devices/dev2/synchronize"]


# Settings


def test_settings_change_once(sim: Simulator) -> None:
    wanted = {"mac": MAC, "description": "hall", "options": {"switchboard": True}}
    predicted = perform(sim, ensure_device, check=True, **wanted)
    assert written(sim) == []

    first = perform(sim, ensure_device, **wanted)
    assert first["diff"] == predicted["diff"]
    assert first["diff"][0]["before"] == {"description": "reception", "options": None}
    assert first["device"]["options"] == {"switchboard": True}

    assert perform(sim, ensure_device, **wanted)["changed"] is False


def test_other_options_are_kept(sim: Simulator) -> None:
    sim.database.devices.get("dev2").options = {"other": 1}

    perform(sim, ensure_device, mac=MAC, options={"switchboard": True, "unsaid": None})

    assert sim.database.devices.get("dev2").options == {"other": 1, "switchboard": True}


@pytest.mark.parametrize("options", [{}, {"switchboard": None}, None])
def test_options_without_values_are_left_out(sim: Simulator, options: Any) -> None:
    assert perform(sim, ensure_device, mac=MAC, options=options)["changed"] is False


def test_an_empty_description_clears_it(sim: Simulator) -> None:
    assert perform(sim, ensure_device, mac=MAC, description="")["device"]["description"] is None
    assert perform(sim, ensure_device, mac=MAC, description="")["changed"] is False


@pytest.mark.on("xivo15", "xivo16")  # what Wazo says of it was not observed
def test_a_missing_template_is_refused_in_confds_words(sim: Simulator) -> None:
    with pytest.raises(RefusedError, match="DeviceTemplate was not found"):
        perform(sim, ensure_device, mac=MAC, template_id="nope")


def test_what_confd_drops_is_an_error_that_names_the_field(sim: Simulator) -> None:
    device = sim.database.devices.get("dev2")
    sim.faults.add(
        Fault("callback", "PUT", "/devices/dev2", after=True, callback=lambda *_: setattr(device, "options", None))
    )

    with pytest.raises(NotAppliedError, match="options"):
        perform(sim, ensure_device, mac=MAC, options={"switchboard": True})


@pytest.mark.parametrize("check", [True, False])
def test_an_unprintable_value_is_refused_before_a_write(sim: Simulator, check: bool) -> None:
    with pytest.raises(InputError, match=r"description of the phone contains the character U\+0000"):
        perform(sim, ensure_device, check, mac=MAC, description="Hall\0")
    assert written(sim) == []


def test_a_template_is_unchecked(sim: Simulator) -> None:
    text = "whether the server has the template of a phone"
    assert text in perform(sim, ensure_device, True, mac=MAC, template_id="other")["unchecked"]
    assert text not in perform(sim, ensure_device, True, mac=MAC, description="Hall")["unchecked"]
