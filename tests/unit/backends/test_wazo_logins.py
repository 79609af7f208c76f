# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who leaves a Wazo cannot sign in any more, and is signed in nowhere (person-wazo-26.08.md, "0. Traps first")."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._model.errors import ConfdError
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Fault, Simulator
from support.helpers import Options, apply_list, asked, backend_of, client_of, leaver, perform, person, written

pytestmark = pytest.mark.on("wazo")
PASSWORD = "the password of Ann"


def give_login(sim: Simulator, name: str = "ann") -> str:
    """Give the user 1 a login, sign in, and return the token."""
    auth = backend_of(sim).client.of_auth_service()
    uuid = sim.state()["users"][0]["uuid"]
    auth.post("/users", {"uuid": uuid, "username": name, "password": PASSWORD, "firstname": "Ann"})
    token = sim.database.accounts.log_in(name, PASSWORD, None)
    assert token
    sim.clear_log()
    return token.id


def is_signed_in(sim: Simulator, token: str) -> bool:
    return sim.database.accounts.token(token) is not None


def logins(sim: Simulator) -> list[str]:
    """The usernames of people: the administrator's own account, which has no user either, is none of them."""
    return [login.username for login in sim.database.logins if login.purpose == "user" and login.username != "root"]


def apply_as_clerk(sim: Simulator, *entries: Options, check: bool = False) -> Options:
    """Provision with an account that has no permission in wazo-auth."""
    sim.database.add_account("clerk", "clerks-password", ["confd.#"])
    backend = choose_backend("wazo", client_of(sim, username="clerk", password="clerks-password"))
    return provision(Task(backend, {"users": list(entries)}, check))


@pytest.fixture
def ann(sim: Simulator) -> str:
    """Ann with a login; the token with which she is signed in."""
    apply_list(sim, person("Ann Archer", 1301))
    return give_login(sim)


@pytest.mark.parametrize("purge", [False, True])
def test_who_leaves_is_signed_out_and_loses_the_login(sim: Simulator, ann: str, purge: bool) -> None:
    assert is_signed_in(sim, ann)
    if purge:
        scope = {"context": "default"}
        apply_list(sim, person("Bob Burton", 1302), purge=True, purge_scope=scope, purge_limit=1)
    else:
        apply_list(sim, leaver("Ann Archer", 1301))
    assert logins(sim) == []
    assert not is_signed_in(sim, ann)


def test_the_module_removes_the_login_too(sim: Simulator) -> None:
    perform(sim, ensure_user, firstname="Ann")
    token = give_login(sim)
    perform(sim, ensure_user, firstname="Ann", state="absent")
    assert logins(sim) == []
    assert not is_signed_in(sim, token)


def test_check_mode_asks_and_writes_nothing(sim: Simulator, ann: str) -> None:
    result = apply_list(sim, leaver("Ann Archer", 1301), check=True)
    assert written(sim) == []
    assert is_signed_in(sim, ann)
    assert result["warnings"] == []


def test_a_user_without_login_is_removed_as_before(sim: Simulator) -> None:
    apply_list(sim, person("Ann Archer", 1301))
    apply_list(sim, leaver("Ann Archer", 1301))
    assert sim.state()["users"] == []


def test_without_permission_the_login_goes_and_the_plan_warns(sim: Simulator, ann: str) -> None:
    planned = apply_as_clerk(sim, leaver("Ann Archer", 1301), check=True)
    done = apply_as_clerk(sim, leaver("Ann Archer", 1301))

    assert planned["warnings"] == done["warnings"]
    said = "If user Ann Archer (id 1) is signed in, the session remains until its token expires"
    assert said in planned["warnings"][0]
    assert (logins(sim), sim.state()["users"]) == ([], [])


def test_without_permission_nothing_else_is_deleted(sim: Simulator, ann: str) -> None:
    apply_list(sim, {"user": {"firstname": "Bob"}})
    uuid = next(row["uuid"] for row in sim.state()["users"] if row["firstname"] == "Bob")
    backend_of(sim).client.post("/agents", {"number": "7"})
    backend_of(sim).client.put(f"/users/{uuid}/agents/1", {})
    with pytest.raises(ConfdError, match="User 2 still has: agent. The account cannot remove the login alone"):
        apply_as_clerk(sim, {"user": {"firstname": "Bob"}, "state": "absent"})
    assert [row["firstname"] for row in sim.state()["users"]] == ["Ann", "Bob"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_failure_at_the_auth_service_keeps_the_user(sim: Simulator, ann: str, method: str) -> None:
    sim.faults.add(Fault("500_before", method, "/api/auth/0.1/users/*", times=9))
    with pytest.raises(ConfdError, match="Could not delete user Ann Archer"):
        apply_list(sim, leaver("Ann Archer", 1301))
    assert len(sim.state()["users"]) == 1
    sim.faults.clear()
    apply_list(sim, leaver("Ann Archer", 1301))
    assert (logins(sim), sim.state()["users"]) == ([], [])
    assert not is_signed_in(sim, ann)


def test_the_disabled_login_keeps_its_name(sim: Simulator, ann: str) -> None:
    """A PUT of wazo-auth resets what it does not name."""
    sim.faults.add(Fault("500_before", "DELETE", "/api/auth/0.1/users/*", times=9))
    with pytest.raises(ConfdError):
        apply_list(sim, leaver("Ann Archer", 1301))
    (login,) = [each for each in sim.database.logins if each.username == "ann"]
    assert (login.enabled, login.firstname, login.purpose) == (False, "Ann", "user")


def test_a_removal_costs_three_requests_more(sim: Simulator, ann: str) -> None:
    apply_list(sim, leaver("Ann Archer", 1301))
    assert sum("/api/auth/0.1/users/" in each for each in asked(sim)) <= 3
