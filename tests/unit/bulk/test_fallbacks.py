# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever is removed is taken out of fallbacks first: they would be locked for ever (person-xivo-16.16.md, trap 1)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConflictError, PlanError, ProvisionError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail
from simulator import Fault, Simulator
from support.helpers import apply_list, asked, backend_of, changes, leaver, perform, person, statuses, written
from support.role import Role

HAVE_THEM = pytest.mark.on("xivo16", "wazo")
LOCKS = pytest.mark.on("xivo16")
ANN, BOB = person("Ann Archer", 1301), leaver("Bob Burton", 1302)


def put(sim: Simulator, path: str, **fallbacks: Any) -> None:
    client = backend_of(sim).client
    client.put(f"{path}/fallbacks", {f"{name}_destination": value for name, value in fallbacks.items()})
    sim.clear_log()


def types(sim: Simulator, path: str = "/users/1") -> dict[str, str]:
    found = backend_of(sim).client.get(f"{path}/fallbacks")
    return {name.partition("_")[0]: each["type"] for name, each in found.items() if each}


TO_BOB = {"type": "user", "user_id": 2}
BUSY = {"type": "hangup", "cause": "busy"}


@pytest.fixture
def two(sim: Simulator) -> Simulator:
    """Ann (1), whose calls go to Bob (2) if she does not answer, and to his voicemail if she is on the phone."""
    apply_list(sim, person("Ann Archer", 1301), person("Bob Burton", 1302, voicemail={}))
    to_voicemail = {"type": "voicemail", "voicemail_id": sim.state()["voicemails"][0]["id"]}
    put(sim, "/users/1", noanswer=TO_BOB, busy=to_voicemail, fail=BUSY)
    return sim


CLEARED = [
    "update fallbacks of user Ann Archer (id 1): noanswer",
    "update fallbacks of user Ann Archer (id 1): busy",
]


@HAVE_THEM
def test_a_leaver_is_taken_out_first(two: Simulator) -> None:
    planned = apply_list(two, BOB, check=True)
    assert written(two) == []
    done = apply_list(two, BOB)
    assert changes(planned) == changes(done)
    assert [text for text in changes(done) if "fallbacks" in text] == CLEARED
    assert planned["report"][0].endswith("; ".join(CLEARED))
    assert changes(done)[0] == CLEARED[0]
    assert types(two) == {"fail": "hangup"}
    # Ann is not locked.
    put(two, "/users/1", noanswer=BUSY)


@HAVE_THEM
def test_step_by_step_does_the_same(two: Simulator) -> None:
    role = Role(two, provision_users=[BOB], provision_strategy="stepwise").run()
    assert role.error == ""
    assert [text for text in changes({"results": role.results}) if "fallbacks" in text] == CLEARED
    assert types(two) == {"fail": "hangup"}
    put(two, "/users/1", noanswer=BUSY)


@HAVE_THEM
def test_so_does_a_purge(two: Simulator) -> None:
    options = {"purge": True, "purge_scope": {"context": "default"}, "purge_limit": 5}
    result = apply_list(two, ANN, **options)
    assert CLEARED[0] in result["purged"][0]["changes"]
    assert types(two) == {"fail": "hangup"}


@HAVE_THEM
@pytest.mark.parametrize("order", [1, -1])
def test_both_may_be_removed(two: Simulator, order: int) -> None:
    both = [leaver("Ann Archer", 1301), BOB][::order]
    assert statuses(apply_list(two, *both)) == ["removed", "removed"]


@HAVE_THEM
def test_what_fails_puts_the_fallbacks_back(two: Simulator) -> None:
    two.faults.add(Fault("500_before", "DELETE", "/users/2/voicemail*", times=9))
    with pytest.raises(ProvisionError):
        apply_list(two, BOB)
    assert types(two) == {"noanswer": "user", "busy": "voicemail", "fail": "hangup"}
    two.faults.clear()
    role_fault = Fault("500_before", "DELETE", "/users/2/voicemail*", times=9)
    two.faults.add(role_fault)
    assert Role(two, provision_users=[BOB], provision_strategy="stepwise").run().error
    assert types(two) == {"noanswer": "user", "busy": "voicemail", "fail": "hangup"}


@HAVE_THEM
@pytest.mark.parametrize("check", [True, False])
def test_an_entry_cannot_lead_to_a_leaver(two: Simulator, check: bool) -> None:
    wish = {"user": {"firstname": "Bob", "lastname": "Burton"}}
    with pytest.raises(PlanError, match="Ann Archer .*: There is no user with firstname 'Bob'.* or leave it out"):
        apply_list(two, person("Ann Archer", 1301, fallbacks={"noanswer": wish}), BOB, check=check)
    assert written(two) == []


@HAVE_THEM
def test_all_malformed_fallbacks_are_said_at_once(two: Simulator) -> None:
    wishes = {"busy": {"user": "Bob Burton"}, "fail": {"hangup": "occupied"}}
    with pytest.raises(PlanError, match=r"fallbacks.busy.user is 'Bob.*fallbacks.fail.hangup is 'occupied'"):
        apply_list(two, person("Ann Archer", 1301, fallbacks=wishes))
    assert written(two) == []


@HAVE_THEM
def test_an_entry_may_lead_to_somebody_else_instead(two: Simulator) -> None:
    wish = {"user": {"firstname": "Cleo"}}
    entries = [person("Ann Archer", 1301, fallbacks={"noanswer": wish}), BOB, person("Cleo", 1303)]
    assert statuses(apply_list(two, *entries)) == ["updated", "removed", "created"]
    assert types(two) == {"noanswer": "user", "fail": "hangup"}


@LOCKS
def test_the_modules_take_it_out_as_well(two: Simulator) -> None:
    perform(two, ensure_user, firstname="Solo")
    put(two, "/users/1", noanswer={"type": "user", "user_id": 3})
    result = perform(two, ensure_user, firstname="Solo", state="absent")
    assert [each["before_header"] for each in result["diff"]] == [
        "fallbacks of user Ann Archer (id 1)",
        "user Solo (id 3)",
    ]
    put(two, "/users/1", busy={"type": "voicemail", "voicemail_id": 1})
    perform(two, ensure_voicemail, number="1302", context="default", state="absent")
    assert types(two) == {}
    put(two, "/users/1", busy=BUSY)


@HAVE_THEM
def test_so_does_the_removal_of_ones_own_voicemail(two: Simulator) -> None:
    put(two, "/users/2", busy={"type": "voicemail", "voicemail_id": 1})
    perform(two, ensure_voicemail, number="1302", context="default", state="absent")
    put(two, "/users/2", busy=BUSY)


@LOCKS
def test_groups_are_cleared_too(two: Simulator) -> None:
    client = backend_of(two).client
    group = client.post("/groups", {"name": "sales"})["id"]
    put(two, f"/groups/{group}", noanswer=TO_BOB)
    done = apply_list(two, BOB)
    assert f"update fallbacks of group sales (id {group}): noanswer" in changes(done)
    put(two, f"/groups/{group}", noanswer=BUSY)


@LOCKS
def test_groups_are_cleared_step_by_step(two: Simulator) -> None:
    client = backend_of(two).client
    group = client.post("/groups", {"name": "sales"})["id"]
    put(two, f"/groups/{group}", noanswer=TO_BOB)
    assert Role(two, provision_users=[BOB], provision_strategy="stepwise").run().error == ""
    put(two, f"/groups/{group}", noanswer=BUSY)


# Locked for ever


@pytest.fixture
def locked(two: Simulator) -> Simulator:
    """Ann's calls go to Bob, and to somebody who was deleted by other means."""
    client = backend_of(two).client
    gone = client.post("/users", {"firstname": "Gone"})["id"]
    put(two, "/users/1", noanswer=TO_BOB, busy={"type": "user", "user_id": gone})
    client.delete(f"/users/{gone}")
    two.clear_log()
    return two


@LOCKS
@pytest.mark.parametrize("check", [True, False])
def test_a_locked_user_is_said_with_what_helps(locked: Simulator, check: bool) -> None:
    said = (
        r"fallbacks of user Ann Archer \(id 1\) cannot be changed any more: busy leads to user 3, which was deleted.*"
        "Remove the user, and create the user again"
    )
    with pytest.raises(PlanError, match=said):
        apply_list(locked, person("Ann Archer", 1301, fallbacks={"fail": {"hangup": "busy"}}), check=check)
    assert written(locked) == []


@LOCKS
def test_a_locked_user_keeps_nobody_from_leaving(locked: Simulator) -> None:
    result = apply_list(locked, BOB)
    assert statuses(result) == ["removed"]
    warning = next(each for each in result["warnings"] if "fallbacks" in each)
    assert warning.startswith("fallbacks of user Ann Archer (id 1) lead to user Bob Burton")
    assert statuses(apply_list(locked, leaver("Ann Archer", 1301))) == ["removed"]


@LOCKS
def test_a_target_that_vanishes_locks_nobody(two: Simulator) -> None:
    """Cleo is deleted after the plan was made: XiVO would store her id."""
    apply_list(two, person("Cleo"))
    wish = person("Ann Archer", 1301, fallbacks={"noanswer": {"user": {"firstname": "Cleo"}}})
    two.faults.add(
        Fault("callback", "GET", "/users/1/fallbacks", callback=lambda *_: backend_of(two).client.delete("/users/3"))
    )
    with pytest.raises((ProvisionError, ConflictError), match="user 3 does not exist any more. Run again"):
        apply_list(two, wish)
    put(two, "/users/1", noanswer=BUSY)


# Two runs at once


@HAVE_THEM
@pytest.mark.parametrize("steps", [False, True])
def test_what_another_run_overwrites_is_written_again(two: Simulator, steps: bool) -> None:
    entry = person("Ann Archer", 1301, fallbacks={"congestion": {"hangup": "congestion"}})
    read = Fault(
        "callback",
        "GET",
        "/users",
        callback=lambda *_: put(two, "/users/1", noanswer=TO_BOB) if "congestion" in types(two) else None,
        times=9,
    )
    two.faults.add(read)
    if steps:
        assert Role(two, provision_users=[entry], provision_strategy="stepwise").run().error == ""
    else:
        apply_list(two, entry)
    two.faults.clear()
    assert types(two)["congestion"] == "hangup"
    assert types(two)["noanswer"] == "user"


@LOCKS
def test_a_removal_asks_for_groups_once(two: Simulator) -> None:
    apply_list(two, person("Cleo", 1303), person("Dan", 1304))
    two.clear_log()
    apply_list(two, BOB, leaver("Cleo", 1303), leaver("Dan", 1304), check=True)
    assert len([each for each in asked(two) if "/groups" in each]) == 1
