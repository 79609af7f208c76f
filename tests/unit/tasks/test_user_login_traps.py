# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins of users: what goes wrong, is refused in the plan, or is undone."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import (
    ConfdError,
    InputError,
    PlanError,
)
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LOGIN
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user_parts import ensure_user_part
from faults.run import no_pauses
from simulator import Fault, Simulator
from support.helpers import (
    EVERYWHERE,
    apply_list,
    client_of,
    perform,
    person,
    unchanged_after,
    written,
)
from support.logins import JO, ON_WAZO, ON_XIVO, SECRET, enabling, ensure, may_sign_in
from support.voicemails import JOHNNY


@ON_WAZO
def test_address_and_password_change_in_one_run(sim: Simulator) -> None:
    old = person("Johnny Depp", 1200, user={"email": "old@example.org"}, login=JO)
    apply_list(sim, old)
    new = person("Johnny Depp", 1200, user={"email": "new@example.org"}, login={**JO, "password": "an0ther-word"})
    apply_list(sim, new)
    assert may_sign_in(sim, password="an0ther-word")
    assert unchanged_after(sim, new)


@ON_WAZO
def test_a_password_that_is_not_written_is_no_success(people: Simulator) -> None:
    ensure(people, **JO)
    people.faults.add(Fault("500_before", "POST", "/api/auth/0.1/users/password/reset*", times=9))
    with pytest.raises(ConfdError):
        ensure(people, password="an0ther-word")
    people.faults.clear()
    assert may_sign_in(people)


@ON_WAZO
@pytest.mark.parametrize("kind", ["502", "500_after", "drop_after"])
def test_a_password_is_written_in_spite_of_a_lost_answer(people: Simulator, kind: str) -> None:
    ensure(people, **JO)
    people.faults.add(Fault(kind, "POST", "/api/auth/0.1/users/password/reset*"))
    with no_pauses():
        assert ensure(people, password="an0ther-word")["changed"]
    assert may_sign_in(people, password="an0ther-word")


@ON_WAZO
@pytest.mark.parametrize("kind", ["502", "500_after", "drop_after"])
def test_a_login_is_created_in_spite_of_a_lost_answer(people: Simulator, kind: str) -> None:
    people.faults.add(Fault(kind, "POST", "/api/auth/0.1/users"))
    with no_pauses():
        assert ensure(people, **JO)["changed"]
    assert may_sign_in(people)


@ON_XIVO
def test_a_profile_is_not_removed(people: Simulator) -> None:
    ensure(people, **enabling(people))
    for check in (True, False):
        with pytest.raises(InputError, match="keeps its profile: the server can replace it, but not remove it"):
            ensure(people, check=check, profile="")


@pytest.mark.on("xivo16")
def test_an_undo_of_a_new_profile_disables_the_login(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, user=JO))
    sim.faults.add(Fault("500_before", "POST", "/voicemails", times=9))
    with pytest.raises(ConfdError, match="Could not create voicemail"):
        apply_list(sim, person("Johnny Depp", 1200, login={"enabled": True, "profile": "Client"}, voicemail={}))
    assert not may_sign_in(sim)


@EVERYWHERE
def test_an_empty_username_is_no_login(people: Simulator) -> None:
    wanted = {"username": "", "password": SECRET, "enabled": True}
    assert ensure(people, **wanted)["changed"] is False
    assert not may_sign_in(people)


@ON_WAZO
def test_a_disabled_login_with_a_password_changes_nothing_again(people: Simulator) -> None:
    wanted = {**JO, "enabled": False}
    assert ensure(people, **wanted)["changed"]
    assert ensure(people, **wanted)["changed"] is False
    assert ensure(people, **{**wanted, "enabled": True, "password": "an0ther-word"})["changed"]
    assert may_sign_in(people, password="an0ther-word")


@pytest.mark.on("xivo16")
def test_an_export_says_that_a_login_is_disabled(sim: Simulator) -> None:
    apply_list(sim, person("Johnny Depp", 1200, login={**JO, "profile": "Client"}))
    (entry,) = perform(sim, export)["entries"]
    assert entry["login"] == {"username": "johnny", "enabled": False, "profile": "Client"}
    assert unchanged_after(sim, entry)


@ON_WAZO
def test_an_address_of_another_login_is_planned_not_met(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1301, login={"username": "taken@example.org", "password": SECRET}))
    sim.clear_log()
    with pytest.raises(PlanError, match="'taken@example.org' already belongs to"):
        apply_list(sim, person("Johnny Depp", 1200, user={"email": "taken@example.org"}, login=JO))
    assert [each for each in written(sim) if "token" not in each] == []


@ON_WAZO
@pytest.mark.parametrize("lacking", ["auth.users.create", "auth.users.password.reset"])
def test_a_missing_permission_is_planned_not_met(people: Simulator, lacking: str) -> None:
    if lacking != "auth.users.create":
        ensure(people, **JO)
    acl = ["confd.#", "auth.users.read", "auth.users.*.read", "auth.users.*.update"]
    people.database.add_account("clerk", "clerks-password", acl)
    backend = choose_backend("wazo", client_of(people, username="clerk", password="clerks-password"))
    options = {"user": JOHNNY, "username": "johnny", "password": "an0ther-word"}
    with pytest.raises(InputError, match=f"The account lacks permissions for the login of .*{lacking}"):
        ensure_user_part(Task(backend, options, check_mode=True), resource=LOGIN)
