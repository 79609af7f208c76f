# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export drops nothing unsaid: what an entry cannot describe is listed with the user."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.filter.export_files import files_of_export
from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo.rows import undescribed
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from simulator import Simulator
from support.helpers import EVERYWHERE, Options, apply_list, backend_of, line_row, perform, person, user_row

ADA, BOB = person("Ada A", 1201), person("Bob B", 1202)
SCHEDULE = {"name": "office", "timezone": "Europe/Paris", "closed_destination": {"type": "none"}}


def missing(sim: Simulator) -> dict[str, list[str]]:
    """{name of a user: what is missing in the entry}."""
    found = perform(sim, export)
    assert {each["name"] for each in found["incomplete"]} <= {_name(each) for each in found["entries"]}
    return {each["name"]: each["missing"] for each in found["incomplete"]}


def _name(entry: Options) -> str:
    return " ".join(filter(None, (entry["user"].get("firstname"), entry["user"].get("lastname"))))


@EVERYWHERE
def test_nothing_is_missing_of_who_was_provisioned(sim: Simulator) -> None:
    apply_list(sim, {**ADA, "voicemail": {"email": "ada@example.org"}}, {"user": {"firstname": "Zed"}})
    assert missing(sim) == {}


@pytest.mark.on("wazo")
def test_what_only_wazo_knows_is_named(sim: Simulator) -> None:
    apply_list(sim, ADA, BOB)
    client, ada, bob = backend_of(sim).client, user_row(sim, "Ada A"), user_row(sim, "Bob B")
    agent, schedule = client.post("/agents", {"number": "4001"}), client.post("/schedules", SCHEDULE)
    client.put(f"/users/{ada.id}/agents/{agent['id']}", {})
    client.put(f"/users/{ada.id}/schedules/{schedule['id']}", {})
    pickup = client.post("/callpickups", {"name": "desk"})
    client.put(f"/callpickups/{pickup['id']}/interceptors/users", {"users": [{"uuid": bob.uuid}]})
    client.put(f"/callpickups/{pickup['id']}/targets/users", {"users": [{"uuid": ada.uuid}]})

    assert missing(sim) == {"Ada A": ["agent: 4001", "schedules: office"], "Bob B": ["call pickup: Ada A"]}


@pytest.mark.on("wazo")
def test_templates_and_options_of_sip_are_named(sim: Simulator) -> None:
    apply_list(sim, ADA)
    client = backend_of(sim).client
    (endpoint,) = client.get_items("/endpoints/sip")
    sim.database.templates.insert("fax-uuid", name="fax", label="fax", tenant_uuid=endpoint["tenant_uuid"])
    uuids = [*(each["uuid"] for each in endpoint["templates"]), "fax-uuid"]
    options = [*endpoint["endpoint_section_options"], ["set_var", "PIN=7391"]]
    body = {"templates": [{"uuid": uuid} for uuid in uuids], "endpoint_section_options": options}
    client.put(f"/endpoints/sip/{endpoint['uuid']}", body)

    assert missing(sim) == {"Ada A": ["SIP templates: fax", "SIP options: set_var"]}


@pytest.mark.on("xivo15")
def test_a_phone_and_an_agent_on_the_oldest_servers(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.database.put_device_on_line(line_row(sim, "Ada A").id, "dev1")
    user_row(sim, "Ada A").agent_id = 3

    assert missing(sim) == {"Ada A": ["agent: id 3", "phone: device dev1"]}


@pytest.mark.on("xivo16", "wazo")
def test_settings_of_a_phone_are_named(sim: Simulator) -> None:
    apply_list(sim, ADA)
    sim.database.put_device_on_line(line_row(sim, "Ada A").id, "dev1")
    assert missing(sim) == {}
    device = sim.database.devices.get("dev1")
    device.template_id, device.options, device.description = "mockup", {"switchboard": True}, "in the lobby"

    assert missing(sim) == {
        "Ada A": [
            "description of the phone: in the lobby",
            "template of the phone: mockup",
            "options of the phone: set",
        ]
    }


def test_keys_of_later_releases_are_named_without_values() -> None:
    user = {"id": 1, "firstname": "Ada", "links": [], "lines": [{"id": 1}], "magic_pin": "1234", "agent": None}

    assert undescribed(user) == {"magic_pin": "set"}
    assert undescribed({"agent": {"id": 3, "number": "4001"}, "country": "FR", "mobile_fallback_enabled": True}) == {
        "agent": "4001",
        "country": "FR",
        "mobile fallback": "yes",
    }
    assert undescribed({"agent": {"id": 3, "number": None}, "schedules": [], "queues": [{"id": 2, "name": "q"}]}) == {
        "agent": "3",
        "queues": "q",
    }


def test_the_files_say_it_at_the_top() -> None:
    row = {"user_id": 3, "name": "Ada\nA", "exten": "1201", "context": "default", "missing": ["agent: 4001", "x: y"]}
    exported = {"entries": [ADA], "left_out": [], "incomplete": [row]}

    for layout in ("single", "letter"):
        lines = files_of_export(exported, layout)["users.yml"].splitlines()
        assert lines[2:4] == [
            "# Missing in the entries, because an entry cannot describe it (1 user):",
            r"# - Ada\nA (id 3): agent: 4001; x: y",
        ]
