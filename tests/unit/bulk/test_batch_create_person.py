# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New people with login, forwards and groups in the one request that creates them."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.wazo.user_import import WazoUserTable
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import PlanError, ProvisionError
from faults.run import no_pauses
from simulator import Fault, Simulator
from support.helpers import Options, apply_list, counts, perform, person, statuses, unchanged_after, written
from support.logins import JO, ON_WAZO, may_sign_in
from support.user_parts import make_names, members_of

FORWARDS = {"busy": {"enabled": True, "destination": "1300"}, "noanswer": {"destination": "1301"}}


def johnny(**more: Options) -> Options:
    return person("Johnny Depp", 1200, login=JO, forwards=FORWARDS, groups=["sales", "night"], **more)


@ON_WAZO
def test_one_request_creates_them(sim: Simulator) -> None:
    make_names(sim)
    assert statuses(apply_list(sim, johnny())) == ["created"]
    assert [each.split("?")[0] for each in written(sim) if "token" not in each] == ["POST /users"]
    assert may_sign_in(sim)
    assert members_of(sim, "sales") == members_of(sim, "night") == ["Johnny Depp"]
    assert unchanged_after(sim, johnny())


@ON_WAZO
def test_what_the_request_does_not_carry_follows(sim: Simulator) -> None:
    make_names(sim)
    entry = johnny(services={"dnd": True}, call_permissions=["mobile"])
    apply_list(sim, entry)
    assert len([each for each in written(sim) if "token" not in each]) == 3
    assert unchanged_after(sim, entry)


@ON_WAZO
@pytest.mark.parametrize("kind", ["drop_after", "502_after"])
def test_a_lost_answer_makes_one_login(sim: Simulator, kind: str) -> None:
    make_names(sim)
    sim.faults.add(Fault(kind, "POST", "/users"))
    apply_list(sim, johnny())
    assert may_sign_in(sim)
    assert unchanged_after(sim, johnny())


@ON_WAZO
def test_a_failure_afterwards_leaves_nothing(sim: Simulator) -> None:
    make_names(sim)
    before = counts(sim)
    sim.faults.add(Fault("500_before", "PUT", "/users/*/services/dnd", times=9))
    with pytest.raises((PlanError, ProvisionError)):
        apply_list(sim, johnny(services={"dnd": True}))
    sim.faults.clear()
    assert counts(sim) == before
    assert not may_sign_in(sim)
    assert members_of(sim, "sales") == []


@ON_WAZO
def test_a_name_taken_in_between_is_said_as_such(sim: Simulator) -> None:
    make_names(sim)

    def take(_method: str, _path: str) -> None:
        tenant = next(iter(sim.database.logins)).tenant_uuid
        sim.database.logins.insert(id="taken", tenant_uuid=tenant, username=JO["username"])

    sim.faults.add(Fault("callback", "POST", "/users", callback=take))
    with pytest.raises(ProvisionError, match="already used|Conflict"):
        apply_list(sim, johnny())


# The rows of XiVO's import


@pytest.mark.on("xivo16")
def test_a_row_has_profile_and_call_permissions(sim: Simulator) -> None:
    make_names(sim)
    ann = person("Ann Archer", 1201, call_permissions=["mobile", "night"])
    people = [johnny(call_permissions=["mobile"]), ann, person("Bob Bean", 1202)]
    people[0]["login"] = {**JO, "profile": "Client", "enabled": True}
    apply_list(sim, *people)
    assert [each for each in written(sim) if "forwards" not in each and "groups" not in each] == ["POST /users/import"]
    assert may_sign_in(sim)
    assert unchanged_after(sim, *people)


@pytest.mark.on("xivo16")
@pytest.mark.parametrize("login", [{"profile": "Client"}, {**JO, "enabled": True}, {"username": "ann"}], ids=str)
def test_a_login_that_no_row_can_have_follows(sim: Simulator, login: Options) -> None:
    entry = person("Ann Archer", 1201, login=login)
    apply_list(sim, entry)
    assert unchanged_after(sim, entry)


# The rows of Wazo's import


def team(count: int, **more: Options) -> list[Options]:
    """People with a login each."""
    return [
        person(f"Ann A{at}", 1200 + at, 2200 + at, login={"username": f"ann{at}", "password": "s3cret-word"}, **more)
        for at in range(count)
    ]


def posts(sim: Simulator) -> list[str]:
    return [each.split("?")[0] for each in written(sim) if each.startswith("POST") and "token" not in each]


@ON_WAZO
def test_people_with_logins_are_imported_in_blocks(sim: Simulator) -> None:
    make_names(sim)
    people = team(3, voicemail={}, call_permissions=["mobile"], forwards=FORWARDS, groups=["sales"])
    assert statuses(apply_list(sim, *people)) == ["created"] * 3
    assert posts(sim) == ["POST /users/import"]
    assert may_sign_in(sim, "ann2")
    assert members_of(sim, "sales") == ["Ann A0", "Ann A1", "Ann A2"]
    assert unchanged_after(sim, *people)


@ON_WAZO
def test_who_shall_have_no_login_is_not_imported(sim: Simulator) -> None:
    people = [*team(2), person("Bob Bean", 1300), person("Eve Ash", 1301)]
    apply_list(sim, *people)
    assert sorted(posts(sim)) == ["POST /users", "POST /users", "POST /users/import"]
    assert len([each for each in sim.database.logins if each.firstname == "Ann"]) == 2
    assert not [each for each in sim.database.logins if each.firstname in ("Bob", "Eve")]
    assert unchanged_after(sim, *people)


@ON_WAZO
@pytest.mark.parametrize(
    "login",
    [
        {"username": "no password"},
        {"username": "ann b", "password": "s3cret-word"},
        {"username": "ann", "password": "s3cret word"},
        {"username": "ann", "password": "s3cret-word", "enabled": False},
    ],
    ids=["no password", "blank", "password", "disabled"],
)
def test_a_login_that_no_row_takes_is_not_imported(sim: Simulator, login: Options) -> None:
    people = [*team(2), person("Bob Bean", 1300, login=login)]
    apply_list(sim, *people)
    assert sorted(posts(sim)) == ["POST /users", "POST /users/import"]
    assert unchanged_after(sim, *people)


@ON_WAZO
def test_one_bad_row_fails_alone(sim: Simulator) -> None:
    people = team(3)

    def take(_method: str, _path: str) -> None:
        tenant = next(iter(sim.database.logins)).tenant_uuid
        sim.database.logins.insert(id="taken", tenant_uuid=tenant, username="ann1")

    sim.faults.add(Fault("callback", "POST", "/users/import", callback=take))
    with pytest.raises(ProvisionError) as caught:
        apply_list(sim, *people, continue_on_error=True)
    assert [each["status"] for each in caught.value.results["results"]] == ["created", "failed", "created"]
    assert "s3cret" not in str(caught.value) + str(caught.value.results["results"])


@ON_WAZO
@pytest.mark.parametrize("kind", ["drop_after", "500_after", "hang_after"])
def test_an_import_whose_answer_is_lost_is_not_repeated(
    sim: Simulator, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WazoUserTable, "seconds_a_user", 0.001)
    people = team(3)
    sim.faults.add(Fault(kind, "POST", "/users/import"))
    with no_pauses():
        perform(sim, provision, timeout=0.5, users=people)
    assert posts(sim) == ["POST /users/import"]
    assert unchanged_after(sim, *people)
