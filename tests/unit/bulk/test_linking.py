# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leads from one person of a list to another is written after everybody is there, in both strategies."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from simulator import Fault, Simulator
from support.helpers import (
    Options,
    apply_list,
    backend_of,
    changes,
    extension_row,
    person,
    statuses,
    unchanged_after,
    written,
)
from support.role import Role

pytestmark = pytest.mark.on("xivo16", "wazo")


def to(name: str, **more: Any) -> Options:
    firstname, _blank, lastname = name.partition(" ")
    return {"user": {"firstname": firstname, **({"lastname": lastname} if lastname else {})}, **more}


ANN = person("Ann Archer", 1301, fallbacks={"noanswer": to("Bob Burton", ring_seconds=20)})
BOB = person("Bob Burton", 1302, fallbacks={"noanswer": to("Ann Archer"), "busy": {"voicemail": "own"}}, voicemail={})
CLEO = person("Cleo Cole", 1303, fallbacks={"fail": to("Ann Archer")})
BROKEN = {"services": {"dnd": True}}
"""What the faults below let fail while a person is built."""
CIRCLE = [ANN, BOB, CLEO]


def stored(sim: Simulator, name: str) -> Options:
    """The fallbacks of a user: {name: (type, id of the target)}."""
    client = backend_of(sim).client
    user = next(row for row in client.get_items("/users") if row["firstname"] == name)
    found = client.get(f"/users/{user['id']}/fallbacks")
    return {
        key.partition("_")[0]: (each["type"], each.get(f"{each['type']}_id")) for key, each in found.items() if each
    }


def ids(sim: Simulator) -> dict[str, int]:
    return {row["firstname"]: row["id"] for row in backend_of(sim).client.get_items("/users")}


@pytest.mark.parametrize("workers", [1, 3])
def test_a_circle_of_new_people(sim: Simulator, workers: int) -> None:
    planned = apply_list(sim, *CIRCLE, check=True)
    assert written(sim) == []
    done = apply_list(sim, *CIRCLE, max_workers=workers)

    assert statuses(planned) == statuses(done) == ["created"] * 3
    assert changes(planned) == changes(done)
    known = ids(sim)
    assert stored(sim, "Ann") == {"noanswer": ("user", known["Bob"])}
    assert stored(sim, "Bob")["noanswer"] == ("user", known["Ann"])
    assert stored(sim, "Bob")["busy"][0] == "voicemail"
    assert unchanged_after(sim, *CIRCLE)


def test_step_by_step_does_the_same(sim: Simulator) -> None:
    role = Role(sim, provision_users=CIRCLE, provision_strategy="stepwise").run()
    assert role.error == ""
    assert stored(sim, "Ann") == {"noanswer": ("user", ids(sim)["Bob"])}
    assert unchanged_after(sim, *CIRCLE)
    again = Role(sim, provision_users=CIRCLE, provision_strategy="stepwise").run()
    assert statuses({"results": again.results}) == ["unchanged"] * 3


@pytest.mark.parametrize("check", [True, False])
def test_a_target_that_exists_nowhere_stops_the_list(sim: Simulator, check: bool) -> None:
    with pytest.raises(PlanError, match="Ann Archer .*: There is no user with firstname 'Bob', lastname 'Burton'"):
        apply_list(sim, ANN, CLEO, check=check)
    assert written(sim) == []


def stepwise(sim: Simulator, *entries: Options, **options: Any) -> str:
    return Role(sim, provision_users=list(entries), provision_strategy="stepwise", **options).run().error


def bulk(sim: Simulator, *entries: Options, provision_continue_on_error: bool = False) -> str:
    try:
        apply_list(sim, *entries, continue_on_error=provision_continue_on_error)
    except ProvisionError as error:
        return str(error)
    return ""


BOTH = pytest.mark.parametrize("run", [bulk, stepwise])


@BOTH
@pytest.mark.parametrize("goes_on", [True, False])
def test_who_leads_to_a_failed_entry_fails(sim: Simulator, run: Any, goes_on: bool) -> None:
    entries = [CLEO, person("Ann Archer", 1301, **BROKEN), person("Zoe", 1305)]
    sim.faults.add(Fault("500_before", "PUT", "/users/*/services*", times=9))
    error = run(sim, *entries, provision_continue_on_error=goes_on)
    sim.faults.clear()
    assert "Could not update services of user Ann Archer" in error
    assert "entry 1, Cleo Cole (1303@default): depends on entry 2, Ann Archer (1301@default), which failed" in error
    assert ids(sim).keys().isdisjoint({"Ann", "Cleo"})
    assert run(sim, *entries) == ""
    assert unchanged_after(sim, *entries)


@BOTH
def test_a_failed_link_leaves_those_who_lead_to_the_person(sim: Simulator, run: Any) -> None:
    """Ann's fallbacks fail, and Bob's and Cleo's lead to her: she stays, and the next run completes her."""
    entries = [BOB, CLEO, ANN, person("Zoe", 1305)]
    sim.faults.add(Fault("500_before", "PUT", "/users/3/fallbacks", times=9))
    error = run(sim, *entries, provision_continue_on_error=True)
    sim.faults.clear()

    assert "Could not update fallbacks of user Ann Archer" in error
    assert "Run again to complete it" in error
    assert stored(sim, "Cleo") == {"fail": ("user", ids(sim)["Ann"])}
    assert run(sim, *entries) == ""
    assert unchanged_after(sim, *entries)


@BOTH
def test_a_failed_link_undoes_a_person_alone(sim: Simulator, run: Any) -> None:
    sim.faults.add(Fault("500_before", "PUT", "/users/*/fallbacks", times=9))
    error = run(sim, person("Bob Burton", 1302), ANN, provision_continue_on_error=True)
    assert "Could not update fallbacks of user Ann Archer" in error
    assert [*ids(sim)] == ["Bob"]


@BOTH
def test_a_stopped_run_completes_who_was_built(sim: Simulator, run: Any) -> None:
    """Entry 3 fails, so entry 4 does not begin; the first two get their fallbacks nevertheless."""
    entries = [ANN, person("Bob Burton", 1302), person("Zoe", 1305, **BROKEN), person("Yan", 1306)]
    sim.faults.add(Fault("500_before", "PUT", "/users/*/services*", times=9))
    error = run(sim, *entries)
    sim.faults.clear()
    assert "Zoe" in error
    assert stored(sim, "Ann") == {"noanswer": ("user", ids(sim)["Bob"])}


@BOTH
def test_who_gives_way_to_another_run_is_a_target_no_more(sim: Simulator, run: Any) -> None:
    """Another run takes Bob's number meanwhile: he goes, and Ann's fallback to him with him."""
    apply_list(sim, person("Old", 1310))
    backend_of(sim).client.delete(f"/lines/1/extensions/{extension_row(sim, 1310).id}")

    def other(*_: str) -> None:
        sim.database.share_extension(1, extension_row(sim, 1302).id)

    sim.faults.add(Fault("callback", "PUT", "/users/*/fallbacks", after=True, callback=other))
    error = run(sim, ANN, person("Bob Burton", 1302))
    assert "entry 1, Ann Archer (1301@default): depends on entry 2, Bob Burton (1302@default), which failed" in error
    assert "Bob" not in ids(sim)
    assert stored(sim, "Ann") == {}
