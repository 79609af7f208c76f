# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tasks of a playbook pass on to each other, and that nobody else gets it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible import session_store
from ansible_collections.xivo.confd.plugins.module_utils._ansible.session_store import SharedMemory
from ansible_collections.xivo.confd.plugins.module_utils._http import auth_service
from ansible_collections.xivo.confd.plugins.module_utils._http.auth_service import revoke_left
from ansible_collections.xivo.confd.plugins.module_utils._http.handover import CHALLENGE, GENERATION, TOKEN
from ansible_collections.xivo.confd.plugins.modules.confd_user import MODULE
from simulator import Fault, Simulator
from support.helpers import EVERYWHERE, Options

RunTask = Callable[..., Options]


@pytest.fixture
def store() -> SharedMemory:
    return SharedMemory()


@pytest.fixture
def task(sim: Simulator, store: SharedMemory) -> RunTask:
    """A task of confd_user as the action plugin runs it, one after the other in a playbook."""
    expire_tokens(sim)

    def run(firstname: str = "Ada", **options: Any) -> Options:
        given = {
            "confd_url": sim.url,
            "confd_username": sim.username,
            "confd_password": sim.password,
            "ca_path": sim.ca_path,
            "retries": 0,
            "firstname": firstname,
        }
        return MODULE.result({**given, **options}, store)

    return run


def asked(sim: Simulator, since: int = 0) -> list[tuple[str, str, int | None]]:
    """The requests since a time, without the ids of tokens."""
    return [(each.method, each.path.partition("/token/")[0], each.status) for each in list(sim.requests)[since:]]


# Memory


def test_forked_processes_share_it(store: SharedMemory) -> None:
    handover = store.handover_of({"confd_url": "https://pbx:9486"})
    child = os.fork()
    if not child:
        handover.put(GENERATION, "wazo")
        os._exit(0)
    os.waitpid(child, 0)
    assert handover.get(GENERATION) == "wazo"


def test_a_killed_process_locks_nobody_out(store: SharedMemory) -> None:
    child = os.fork()
    if not child:
        with store._locked():
            os._exit(1)
    os.waitpid(child, 0)
    handover = store.handover_of({})
    handover.put(GENERATION, "wazo")
    assert handover.get(GENERATION) == "wazo"


@pytest.mark.parametrize("name", session_store.ACCOUNT)
def test_another_account_gets_nothing(store: SharedMemory, name: str) -> None:
    store.handover_of({name: "one"}).put(TOKEN, "t0ken")
    assert store.handover_of({name: "other"}).get(TOKEN) is None
    assert store.handover_of({name: "one"}).get(TOKEN) == "t0ken"


def test_it_does_not_hold_the_password(store: SharedMemory) -> None:
    store.handover_of({"confd_password": "canary"}).put(GENERATION, "wazo")
    assert "canary" not in str(store._content())
    assert os.readlink(f"/proc/self/fd/{store._file}").startswith("/memfd:")
    assert not os.get_inheritable(store._file)


def test_a_system_without_shared_memory_shares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create")
    session_store.open_store.cache_clear()
    assert session_store.open_store() is None
    session_store.open_store.cache_clear()


def test_a_process_that_ansible_forked_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would revoke what is in it."""
    monkeypatch.setattr(session_store, "parent_process", object)
    session_store.open_store.cache_clear()
    assert session_store.open_store() is None
    session_store.open_store.cache_clear()


def test_the_better_token_is_kept(store: SharedMemory) -> None:
    handover = store.handover_of({})
    assert handover.offer(TOKEN, {"renew_at": 2}, lambda other: bool(other["renew_at"] > 2))
    assert not handover.offer(TOKEN, {"renew_at": 1}, lambda other: bool(other["renew_at"] > 1))
    assert handover.get(TOKEN) == {"renew_at": 2}


# Tasks


@EVERYWHERE
def test_later_tasks_begin_no_session(task: RunTask, sim: Simulator) -> None:
    assert task("Ada")["changed"] is True
    first = len(sim.requests)
    assert task("Ada")["changed"] is False
    assert [(method, status) for method, _path, status in asked(sim, first)] == [("GET", 200)]


@EVERYWHERE
def test_a_task_with_another_account_begins_its_own(task: RunTask, sim: Simulator) -> None:
    task()
    failed = task(confd_password="wrong")
    assert "rejects confd_username 'admin' and confd_password" in failed["msg"]
    assert task()["changed"] is False


@EVERYWHERE
def test_a_restarted_server_is_asked_anew(task: RunTask, sim: Simulator) -> None:
    task()
    sim.restart()
    expire_tokens(sim)
    assert task("Bob")["changed"] is True
    assert [user["firstname"] for user in sim.state()["users"]] == ["Ada", "Bob"]


@pytest.mark.on("xivo15", "xivo16")
def test_an_upgraded_server_gets_its_own_generation(task: RunTask, sim: Simulator, store: SharedMemory) -> None:
    task()
    sim.restart()
    other = "xivo16" if sim.generation.name == "xivo15" else "xivo15"
    for account, notes in store._content().items():
        store.change(account, lambda _notes, kept=notes: {**kept, GENERATION: other})
    done = task("Bob")
    assert (done["changed"], done["confd_api"]) == (True, sim.generation.name)


@pytest.mark.on("wazo")
def test_the_last_token_is_revoked_at_the_end(task: RunTask, sim: Simulator, store: SharedMemory) -> None:
    task("Ada")
    task("Bob")
    assert len([each for each in asked(sim) if each[0] == "POST" and "auth" in each[1]]) == 1
    assert open_tokens(sim) == 1
    revoke_left(store.take_all())
    assert open_tokens(sim) == 0


@pytest.mark.on("wazo")
def test_an_expired_token_is_replaced(task: RunTask, sim: Simulator) -> None:
    task()
    expire_tokens(sim)
    assert task("Bob")["changed"] is True


@pytest.mark.on("wazo")
def test_nothing_is_left_if_the_auth_service_is_gone(task: RunTask, sim: Simulator, store: SharedMemory) -> None:
    task()
    sim.faults.add(Fault("drop_before", "DELETE", "/api/auth/0.1/token/*"))
    revoke_left(store.take_all())
    assert store.take_all() == []


@pytest.mark.on("wazo")
def test_a_lacking_permission_does_not_lose_the_token(task: RunTask, sim: Simulator, store: SharedMemory) -> None:
    task()
    first = len(sim.requests)
    for token in sim.database.accounts.issued:
        token.acl = ("auth.#",)
    assert task()["failed"]
    assert [each for each in asked(sim, first) if each[0] == "POST"] == []
    revoke_left(store.take_all())
    assert open_tokens(sim) == 0


@pytest.mark.on("wazo")
def test_servers_that_stall_delay_the_end_once(
    task: RunTask, store: SharedMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fleet can have hundreds of servers, and nobody waits for each of them."""
    task()
    now = [time.monotonic()]
    asked_for: list[float] = []

    def stall(*_args: Any, **_kwargs: Any) -> None:
        asked_for.append(now[0])
        now[0] += auth_service.REVOCATION_TIMEOUT

    monkeypatch.setattr(auth_service.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(auth_service.Transport, "exchange", stall)
    revoke_left(store.take_all() * 100)
    assert len(asked_for) == 3


@pytest.mark.on("wazo")
def test_a_ca_file_is_found_at_the_end(
    task: RunTask, store: SharedMemory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Relative paths begin in the directory of the playbook, and only while a task runs."""
    monkeypatch.chdir(tmp_path)
    task(ca_path="ca.pem")
    (notes,) = store.take_all()
    assert notes[TOKEN]["service"]["ca_path"] == str(tmp_path / "ca.pem")


@EVERYWHERE
def test_a_damaged_memory_begins_anew(task: RunTask, store: SharedMemory) -> None:
    task()
    os.truncate(store._file, 20)
    assert task("Bob")["changed"] is True
    assert store._content()


@EVERYWHERE
def test_no_result_has_what_is_passed_on(task: RunTask, store: SharedMemory) -> None:
    results = [task("Ada"), task("Ada"), task("")]
    (notes,) = store._content().values()
    left = notes.get(TOKEN, {}).get("token") or notes[CHALLENGE]["challenge"]["nonce"]
    assert left not in str(results)


def expire_tokens(sim: Simulator) -> None:
    if sim.generation.name == "wazo":
        sim.database.expire_tokens()


def open_tokens(sim: Simulator) -> int:
    return len(list(sim.database.accounts.issued))
