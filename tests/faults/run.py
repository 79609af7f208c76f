# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a list, in this process or in a child that can be killed, without any real pause."""

from __future__ import annotations

import multiprocessing
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from ansible_collections.xivo.confd.plugins.module_utils._backends.xivo16 import user_parts
from simulator import Simulator
from simulator.scheduler import CLIENT_HEADER, Choose, RequestScheduler
from support.helpers import Options
from support.patience import no_pauses
from support.role import Role, run_module

Results = dict[str, dict[str, Any]]
STRATEGIES = ("bulk", "stepwise")
PATIENCE = 0.15
"""Seconds that a client waits for the one answer that never comes."""


@dataclass(frozen=True)
class Server:
    """How a run reaches a simulator, also one in another process: what ``unit.helpers`` want to know of it."""

    url: str
    username: str | None
    password: str
    ca_path: str | None
    generation: Any

    @classmethod
    def of(cls, sim: Simulator) -> Server:
        return cls(sim.url, sim.username, sim.password, None, SimpleNamespace(name=sim.generation.name))


def run_list(server: Any, strategy: str, users: list[Options]) -> dict[str, Any]:
    """Apply a list. Returns {failed, changed, msg}; what is no failure but a traceback is raised."""
    with no_pauses():
        return apply_list(server, strategy, users)


def apply_list(server: Any, strategy: str, users: list[Options]) -> dict[str, Any]:
    if strategy == "bulk":
        result = run_module(server, "confd_provisioned_users", {"users": users}, False)
        return {"failed": result["failed"], "changed": result["changed"], "msg": result.get("msg", "")}
    role = Role(server, provision_users=users, provision_strategy="stepwise").run()
    statuses = {each["status"] for each in role.results}
    return {"failed": bool(role.error), "changed": statuses != {"unchanged"}, "msg": role.error}


def run_at_once(
    sim: Simulator, strategies: Sequence[str], lists: Mapping[str, list[Options]], choose: Choose
) -> Results:
    """Apply several lists at the same time, each by a client of its own, in an order that ``choose`` makes.

    strategies: one for each list.
    """
    server, results = Server.of(sim), {}
    scheduler = RequestScheduler(lists, choose, sim.database)

    def run(name: str, strategy: str) -> None:
        CLIENT.name = name
        try:
            results[name] = apply_list(server, strategy, lists[name])
        except Exception as error:
            results[name] = {"failed": True, "changed": True, "msg": "", "traceback": traceback.format_exception(error)}
        finally:
            scheduler.remove_client(name)

    threads = [threading.Thread(target=run, args=each) for each in zip(lists, strategies)]
    sim.scheduler = scheduler
    try:
        named = mock.patch.object(HTTPConnectionPool, "ConnectionCls", _named_connection())
        # Two runs are two processes, which share no lock.
        unlocked = mock.patch.object(user_parts, "ONE_WRITER", nullcontext())
        with no_pauses(), named, unlocked:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sim.scheduler = None
    return results


CLIENT = threading.local()
"""Which of several clients the current thread is."""


def _named_connection() -> type[HTTPConnection]:
    """Return the present kind of connection, with requests that say whose they are."""

    class Named(HTTPConnectionPool.ConnectionCls):  # type: ignore[name-defined, misc]
        def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
            super().request(method, url, body, {**(headers or {}), CLIENT_HEADER: CLIENT.name}, **options)

    return Named


# A client that meets what only a client can meet


@contextmanager
def connections(refused: Callable[[], bool], hanging: Callable[[], bool]) -> Iterator[None]:
    """Look before each attempt: is the connection refused, is the answer waited for in vain?"""

    class Connection(HTTPConnectionPool.ConnectionCls):  # type: ignore[name-defined, misc]
        def request(self, *args: Any, **kwargs: Any) -> None:
            self.hangs = hanging()
            if not refused():
                return super().request(*args, **kwargs)
            self.close()
            port, self.port = self.port, 1
            try:
                return super().request(*args, **kwargs)
            finally:
                self.port = port

        def getresponse(self) -> Any:
            if self.hangs:
                self.timeout = PATIENCE
            return super().getresponse()

    with mock.patch.object(HTTPConnectionPool, "ConnectionCls", Connection):
        yield


# A client that can be killed


PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["__main__", "faults.matrix"])


def child(server: Server, strategy: str, users: list[Options]) -> Any:
    """A process that applies a list, not yet started."""
    return PROCESSES.Process(target=run_list, args=(server, strategy, users), daemon=True)
