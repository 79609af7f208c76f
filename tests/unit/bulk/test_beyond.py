# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users have beyond the file: on the server, and not mentioned in their entries."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ProvisionError
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, Options, apply_list, asked, backend_of, person, user_row, written
from support.logins import SECRET, enabling
from support.user_parts import make_names

HAVE_THEM = pytest.mark.on("xivo16", "wazo")
BARE = person("Ada A", 1201)
SETTINGS: Options = {
    "call_permissions": ["mobile"],
    "groups": ["sales", "support"],
    "services": {"dnd": True},
    "forwards": {"busy": {"enabled": True, "destination": "1300"}},
}
SCHEDULE = {"name": "office", "timezone": "Europe/Paris", "closed_destination": {"type": "none"}}
MANY = [person(f"Somebody No{index}", 1210 + index) for index in range(30)]


def audited(sim: Simulator, *entries: Options, **options: Any) -> Options:
    try:
        return apply_list(sim, *entries, check=True, continue_on_error=True, report_beyond=True, **options)
    except ProvisionError as error:
        return error.results


def beyond(sim: Simulator, *entries: Options, **options: Any) -> list[list[tuple[str, Any]]]:
    """What is found of each entry, as (field, value)."""
    results = audited(sim, *entries, **options)["results"]
    return [[(row["field"], row["found"]) for row in each["beyond"]] for each in results]


@EVERYWHERE
def test_what_an_entry_does_not_mention_is_named(sim: Simulator) -> None:
    full = {**person("Ada A", 1201, 2201), "login": enabling(sim), "voicemail": {"email": "ada@example.org"}}
    apply_list(sim, full)
    sim.clear_log()

    (found,) = beyond(sim, BARE, orphans="report")

    assert written(sim) == []
    assert ("direct number", "2201@from-extern") in found
    assert ("username", "johnny") in found
    fields = {field for field, _value in found}
    assert ("voicemail" in fields) is (sim.generation.name != "xivo15")
    assert not {"password", "email", "firstname"} & fields
    assert SECRET not in str(found)
    assert beyond(sim, full, orphans="report") == [[]]


@HAVE_THEM
def test_settings_are_named_one_by_one(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, {**BARE, **SETTINGS})

    assert beyond(sim, {**BARE, **SETTINGS}) == [[]]
    assert beyond(sim, BARE) == [
        [
            ("call_permissions", ["mobile"]),
            ("groups", ["sales", "support"]),
            ("dnd", True),
            ("busy.enabled", True),
            ("busy.destination", "1300"),
        ]
    ]
    # What an entry mentions of the forwards says nothing of the others.
    assert beyond(sim, {**BARE, **SETTINGS, "forwards": {"noanswer": {"enabled": False}}}) == [
        [("busy.enabled", True), ("busy.destination", "1300")]
    ]


@HAVE_THEM
def test_many_cost_three_lists_at_most(sim: Simulator) -> None:
    make_names(sim)
    apply_list(sim, *[{**each, **SETTINGS} for each in MANY])
    sim.clear_log()
    apply_list(sim, *MANY, check=True)
    plan = asked(sim)
    sim.clear_log()

    assert all(len(found) == 5 for found in beyond(sim, *MANY))

    assert len(asked(sim)) <= len(plan) + 3


@pytest.mark.on("xivo15")
def test_nobody_is_asked_alone_and_that_is_said(sim: Simulator) -> None:
    apply_list(sim, *MANY, person("Ada A", 1201, 2201))
    sim.clear_log()
    apply_list(sim, *MANY, check=True)
    plan = asked(sim)
    sim.clear_log()

    result = audited(sim, *MANY)

    assert asked(sim) == plan
    assert (
        result["unchecked"][-1]
        == "whether users have this beyond the file: direct numbers, voicemails, login, function keys"
    )
    assert "direct numbers" not in audited(sim, *MANY, orphans="report")["unchecked"][-1]


@pytest.mark.on("wazo")
def test_a_list_that_may_not_be_read_is_unchecked(sim: Simulator) -> None:
    apply_list(sim, *MANY)
    sim.faults.add(Fault("401", "GET", "/api/auth/0.1/users", times=99))

    result = audited(sim, *MANY)

    assert {each["status"] for each in result["results"]} == {"unchanged"}
    assert result["unchecked"] == ["whether users have this beyond the file: login, function keys"]


@pytest.mark.on("wazo")
def test_what_no_entry_can_describe_is_named(sim: Simulator) -> None:
    apply_list(sim, BARE)
    client, user = backend_of(sim).client, user_row(sim, "Ada A")
    agent = client.post("/agents", {"number": "4001"})
    client.put(f"/users/{user.id}/agents/{agent['id']}", {})
    schedule = client.post("/schedules", SCHEDULE)
    client.put(f"/users/{user.id}/schedules/{schedule['id']}", {})

    assert beyond(sim, BARE) == [[("agent", "4001"), ("schedules", "office")]]


@HAVE_THEM
def test_a_further_line_is_named(sim: Simulator) -> None:
    apply_list(sim, BARE, {"user": {"firstname": "Y"}, "line": {"username": "spare", "context": "default"}})
    spare = next(line for line in sim.database.lines if sim.database.sip_line(line.id).username == "spare")
    sim.database.user_lines.delete(sim.database.user_lines.first(line_id=spare.id))
    sim.database.user_lines.insert(user_id=user_row(sim, "Ada A").id, line_id=spare.id, main_user=True, main_line=False)

    (found,) = beyond(sim, BARE)

    assert found == [("line", f"line spare (id {spare.id})")]


@EVERYWHERE
def test_who_has_no_telephone_in_the_file(sim: Simulator) -> None:
    apply_list(sim, BARE)

    (found,) = beyond(sim, {"user": {"firstname": "Ada", "lastname": "A"}})

    assert [field for field, _value in found] == ["line", "number"]


@HAVE_THEM
def test_who_comes_goes_or_fails_has_nothing_beyond(sim: Simulator) -> None:
    apply_list(sim, {**BARE, "services": {"dnd": True}}, person("Bob B", 1202, services={"dnd": True}))

    found = beyond(sim, {**BARE, "state": "absent"}, person("Cyd C", 1203), person("Bob B", 1202, groups=["nobody"]))

    assert found == [[], [], []]


@HAVE_THEM
def test_it_is_reported_on_request_only(sim: Simulator) -> None:
    apply_list(sim, {**BARE, "services": {"dnd": True}})
    assert "beyond" not in apply_list(sim, BARE, check=True)["results"][0]
