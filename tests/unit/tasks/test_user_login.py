# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins of users: made, changed, disabled and removed, on every generation."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    AuthenticationError,
    ConflictError,
    InputError,
    PlanError,
    UnsupportedError,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    apply_list,
    asked,
    changes,
    client_of,
    leaver,
    perform,
    person,
    statuses,
    unchanged_after,
    written,
)
from support.logins import JO, ON_WAZO, ON_XIVO, SECRET, enabling, ensure, login, may_sign_in
from support.role import Role
from support.voicemails import ANNA


@EVERYWHERE
def test_a_login_is_predicted_made_and_made_once(people: Simulator) -> None:
    wanted = enabling(people)
    predicted = ensure(people, check=True, **wanted)
    assert written(people) == []
    assert not may_sign_in(people)

    done = ensure(people, **wanted)
    assert may_sign_in(people)
    assert predicted["changed"] and done["changed"]
    assert predicted["diff"] == done["diff"]
    assert {**predicted["user_login"], "password": None} == {**done["user_login"], "password": None}
    assert done["user_login"]["username"] == JO["username"]

    people.clear_log()
    assert ensure(people, **wanted)["changed"] is False
    assert written(people) == []


@EVERYWHERE
def test_a_login_is_disabled_and_enabled(people: Simulator) -> None:
    ensure(people, **enabling(people))
    assert ensure(people, enabled=False)["changed"]
    assert not may_sign_in(people)
    assert ensure(people, enabled=False)["changed"] is False
    assert ensure(people, enabled=True)["changed"]
    assert may_sign_in(people)


@EVERYWHERE
def test_a_login_is_removed_and_removed_once(people: Simulator) -> None:
    ensure(people, **enabling(people))
    predicted = ensure(people, check=True, state="absent")
    assert may_sign_in(people)
    done = ensure(people, state="absent")
    assert not may_sign_in(people)
    assert predicted["diff"] == done["diff"]
    assert ensure(people, state="absent")["changed"] is False


@EVERYWHERE
def test_a_new_password_and_a_new_name(people: Simulator) -> None:
    ensure(people, **enabling(people))
    assert ensure(people, password="an0ther-word")["changed"]
    assert may_sign_in(people, password="an0ther-word") and not may_sign_in(people)
    assert ensure(people, username="jdepp")["changed"]
    assert may_sign_in(people, "jdepp", "an0ther-word") and not may_sign_in(people, password="an0ther-word")


@EVERYWHERE
def test_a_password_is_left_alone_if_wanted(people: Simulator) -> None:
    ensure(people, **enabling(people), update_password="on_create")
    assert may_sign_in(people)
    assert ensure(people, password="an0ther-word", update_password="on_create")["changed"] is False
    assert may_sign_in(people)


@EVERYWHERE
def test_no_password_is_shown(people: Simulator) -> None:
    for result in (ensure(people, **enabling(people)), ensure(people, password="an0ther-word")):
        shown = {key: value for key, value in result.items() if key not in ("diff", "user_login")}
        assert SECRET not in str(shown) and "an0ther-word" not in str(shown)


@EVERYWHERE
def test_a_list_makes_changes_and_removes_logins(sim: Simulator) -> None:
    wanted = person("Johnny Depp", 1200, login=enabling(sim))
    planned = apply_list(sim, wanted, check=True)
    done = apply_list(sim, wanted)
    assert statuses(done) == ["created"]
    assert changes(planned) == changes(done)
    assert may_sign_in(sim)
    assert unchanged_after(sim, wanted)
    assert unchanged_after(sim, person("Johnny Depp", 1200))

    assert statuses(apply_list(sim, person("Johnny Depp", 1200, login={"enabled": False}))) == ["updated"]
    assert not may_sign_in(sim)
    assert statuses(apply_list(sim, person("Johnny Depp", 1200, login={"state": "absent"}))) == ["updated"]
    assert unchanged_after(sim, person("Johnny Depp", 1200, login={"state": "absent"}))


@EVERYWHERE
def test_step_by_step_does_the_same(sim: Simulator) -> None:
    wanted = person("Johnny Depp", 1200, login=enabling(sim))
    role = Role(sim, provision_users=[wanted], provision_strategy="stepwise").run()
    assert role.error == ""
    assert may_sign_in(sim)
    assert unchanged_after(sim, wanted)
    gone = person("Johnny Depp", 1200, login={"state": "absent"})
    assert Role(sim, provision_users=[gone], provision_strategy="stepwise").run().error == ""
    assert not may_sign_in(sim)


@EVERYWHERE
def test_an_export_moves_the_login(sim: Simulator) -> None:
    wanted = person("Johnny Depp", 1200, login=enabling(sim))
    apply_list(sim, wanted, {"user": {"firstname": "Bob"}})
    by_name = {each["user"]["firstname"]: each for each in perform(sim, export)["entries"]}

    assert "login" not in by_name["Bob"]
    expected = (
        {"username": "johnny"}
        if sim.generation.name == "wazo"
        else {
            "username": "johnny",
            "enabled": True,
            "profile": "Client",
        }
    )
    assert by_name["Johnny"]["login"] == expected
    assert "username" not in by_name["Johnny"]["user"]
    assert unchanged_after(sim, by_name["Johnny"])


@EVERYWHERE
def test_user_and_login_agree(sim: Simulator) -> None:
    entry = person("Ann Archer", 1301, user={"username": "ann"}, login={"username": "other"})
    with pytest.raises(PlanError, match="user.username and login.username differ. Give login.username only"):
        apply_list(sim, entry)


# XiVO


@ON_XIVO
@pytest.mark.parametrize("check", [True, False])
def test_to_enable_requires_username_and_password(people: Simulator, check: bool) -> None:
    with pytest.raises(InputError, match="cannot be enabled: the server requires a username and a password"):
        ensure(people, check=check, enabled=True, username="johnny")
    assert written(people) == []


@ON_XIVO
def test_an_unknown_profile_is_an_error(people: Simulator) -> None:
    with pytest.raises(
        InputError, match="login.profile is 'Boss', but the server has no such profile. It has .*Client"
    ):
        ensure(people, **JO, profile="Boss")
    assert written(people) == []


@pytest.mark.on("xivo16")
def test_to_plan_logins_costs_one_request(sim: Simulator) -> None:
    people = [
        person(f"P{index} Q", 1100 + index, login={"username": f"user{index}", "password": SECRET, "enabled": True})
        for index in range(25)
    ]
    apply_list(sim, *people)
    sim.clear_log()
    apply_list(sim, *[person(f"P{index} Q", 1100 + index) for index in range(25)], check=True)
    without = len(asked(sim))
    sim.clear_log()
    assert not apply_list(sim, *people, check=True)["changed"]
    assert len(asked(sim)) <= without + 2


# Wazo


@ON_WAZO
def test_a_profile_is_refused(people: Simulator) -> None:
    with pytest.raises(UnsupportedError, match="profile cannot be set on a server of generation wazo"):
        ensure(people, **JO, profile="Client")


@ON_WAZO
def test_a_new_login_needs_a_name(people: Simulator) -> None:
    with pytest.raises(InputError, match="has no login, and a new one requires a username"):
        ensure(people, password=SECRET)


@ON_WAZO
@pytest.mark.parametrize("name", ["anna", "ANNA", "anna@example.org", "root"])
def test_a_taken_name_is_planned_not_met(people: Simulator, name: str) -> None:
    perform(people, ensure_user, **ANNA, email="anna@example.org")
    ensure(people, user=ANNA, username="anna", password=SECRET)
    people.clear_log()
    for check in (True, False):
        with pytest.raises(ConflictError, match=f"login name '{name}' already belongs to"):
            ensure(people, check=check, username=name, password=SECRET)
    assert written(people) == []


@ON_WAZO
def test_two_entries_cannot_want_one_name(sim: Simulator) -> None:
    both = [person("Ann Archer", 1301, login=JO), person("Bob Burton", 1302, login={**JO, "username": "JOHNNY"})]
    with pytest.raises(PlanError, match="login name 'JOHNNY' is also in entry 1, Ann Archer"):
        apply_list(sim, *both)
    assert written(sim) == []


@ON_WAZO
def test_names_and_address_follow_the_user(sim: Simulator) -> None:
    entry = person("Johnny Depp", 1200, user={"email": "j@example.org", "userfield": "HR-1"}, login=JO)
    apply_list(sim, {**entry, "match": {"userfield": "HR-1"}})
    assert (login(sim).firstname, login(sim).lastname) == ("Johnny", "Depp")
    renamed = person("John Deep", 1200, user={"email": "john@example.org"}, login=JO)
    renamed["match"] = {"userfield": "HR-1"}
    assert statuses(apply_list(sim, renamed)) == ["updated"]
    assert (login(sim).firstname, login(sim).lastname, login(sim).username) == ("John", "Deep", "johnny")
    assert [each.address for each in sim.database.login_emails] == ["john@example.org"]
    assert may_sign_in(sim)
    assert unchanged_after(sim, renamed)


@ON_WAZO
def test_a_disabled_login_ends_the_sessions(people: Simulator) -> None:
    ensure(people, **JO)
    token = people.database.accounts.log_in("johnny", SECRET, None)
    ensure(people, enabled=False)
    assert token and people.database.accounts.token(token.id) is None


@ON_WAZO
def test_comparing_a_password_leaves_no_token(people: Simulator) -> None:
    ensure(people, **JO)
    for _run in range(3):
        assert ensure(people, **JO)["changed"] is False
    assert people.database.accounts.tokens_of(login(people)) == []


@ON_WAZO
def test_a_lost_answer_makes_one_login(people: Simulator) -> None:
    people.faults.add(Fault("drop_after", "POST", "/api/auth/0.1/users"))
    assert ensure(people, **JO)["changed"]
    assert may_sign_in(people)


@ON_WAZO
def test_without_permission_nothing_is_written(sim: Simulator) -> None:
    sim.database.add_account("clerk", "clerks-password", ["confd.#"])
    backend = choose_backend("wazo", client_of(sim, username="clerk", password="clerks-password"))
    users = [person("Ann Archer", 1301), person("Johnny Depp", 1200, login=JO)]
    with pytest.raises((AuthenticationError, PlanError), match="lacks the permission auth.users"):
        provision(Task(backend, {"users": users}, False))
    assert [each for each in written(sim) if "token" not in each] == []
    exported = export(Task(backend, {}, False))
    assert exported["entries"] == []


@ON_WAZO
def test_a_failure_takes_the_new_login_back(sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", "PUT", "/users/*/services/dnd", times=4))
    result = Role(
        sim,
        provision_users=[person("Johnny Depp", 1200, login=JO, services={"dnd": True})],
        provision_strategy="stepwise",
    ).run()
    assert "Could not update services" in result.error
    assert login(sim) is None
    assert sim.state()["users"] == []


@ON_WAZO
def test_the_module_can_keep_the_login(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ann")
    ensure(sim, user={"firstname": "Ann"}, **JO)
    perform(sim, ensure_user, firstname="Ann", state="absent", login="keep")
    assert may_sign_in(sim)


@ON_WAZO
def test_who_comes_gets_the_login_name_of_who_leaves(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, login=JO))
    both = [person("New Johnny", 1201, login=JO), leaver("Johnny Depp", 1200)]
    assert statuses(apply_list(sim, *both, check=True)) == ["created", "removed"]
    assert statuses(apply_list(sim, *both)) == ["created", "removed"]
    assert (login(sim).firstname, may_sign_in(sim)) == ("New", True)
    assert unchanged_after(sim, *both)
