# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start and control a simulated confd from a test or a demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

from . import wazo, xivo15, xivo16
from .application import Application
from .certificates import Certificates
from .control import add_control
from .database import Context
from .faults import FaultPlan
from .generation import Generation
from .request_log import Request
from .scheduler import RequestScheduler
from .server import HttpServer, ListenError, WsgiApp
from .state_file import StateFile, StateFileError

GENERATIONS: dict[str, Generation] = {
    each.name: each for each in (xivo15.GENERATION, xivo16.GENERATION, wazo.GENERATION)
}


class Simulator:
    """Run a confd for tests and demonstrations, in threads of this process.

    latency is a factor on the real server's time for each request: 0 is none, 1 as slow as the real one.
    username None is a server that trusts the client's address. seed makes the random values known.
    state_file keeps the state, authority_folder the certificate authority. Without them, both end with the server.
    """

    running: ClassVar[dict[tuple[int, int], Simulator]] = {}
    """The simulators that run, by process and port."""

    def __init__(
        self,
        api: str = "xivo15",
        tls: bool = True,
        username: str | None = "admin",
        password: str = "proformatique",
        contexts: Iterable[Context] | None = None,
        latency: float = 0.0,
        state_file: str | os.PathLike[str] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control: bool = False,
        seed: int | None = None,
        authority_folder: Path | None = None,
    ) -> None:
        """Raises StateFileError for a state file that cannot be used."""
        self.username = username
        self.password = password
        self.generation = GENERATIONS[api]
        self.database = self.generation.database(contexts, seed)
        self._state_file = StateFile(Path(state_file), api) if state_file else None
        self._load_state()
        self._application = Application(
            self.generation, self.database, username, password, latency, self._save_state if self._state_file else None
        )
        self._certificates = Certificates(host, authority_folder) if tls else None
        self._server = HttpServer(self._application.flask, host, port, self._certificates)
        if control:
            add_control(self._application.flask, self)

    def __enter__(self) -> Simulator:
        """Listen. Raises ListenError if the address cannot be used."""
        try:
            self._server.start()
        except ListenError:
            self._remove_certificates()
            self._release_state_file()
            raise
        self.running[os.getpid(), self._server.port] = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.running.pop((os.getpid(), self._server.port), None)
        self._server.stop()
        if self._state_file:
            self._save_state()
        self._release_state_file()
        self._remove_certificates()

    def _release_state_file(self) -> None:
        if self._state_file:
            self._state_file.release()

    def _remove_certificates(self) -> None:
        if self._certificates:
            self._certificates.remove()

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def ca_path(self) -> str | None:
        return str(self._certificates.ca_pem) if self._certificates else None

    @property
    def wsgi(self) -> WsgiApp:
        """Return what answers the requests, for a test that calls it without a network."""
        return self._application.flask

    def meets_fault(self, method: str, path: str) -> bool:
        """Return whether a fault is to happen to a request; path: with the prefix (/1.1)."""
        base = next((each for each in self.generation.bases if path.startswith(f"{each}/")), "")
        return self.faults.is_due(method, path.removeprefix(base))

    @property
    def faults(self) -> FaultPlan:
        return self._application.faults

    @property
    def scheduler(self) -> RequestScheduler | None:
        """Return what decides in which order the requests of several clients are served, or None."""
        return self._application.scheduler

    @scheduler.setter
    def scheduler(self, scheduler: RequestScheduler | None) -> None:
        self._application.scheduler = scheduler

    def set_transit_time(self, seconds: float) -> None:
        """Set how much of a request's time client and transport take, in seconds."""
        self._application.transit = seconds

    @property
    def requests(self) -> list[Request]:
        """Return all requests, those answered with 401 as well."""
        return self._application.log.all()

    @property
    def writes(self) -> list[Request]:
        """Return the requests that reached a view and can change something."""
        return self._application.log.writes()

    def clear_log(self) -> None:
        self._application.log.clear()

    def state(self) -> dict[str, Any]:
        """Return the complete state of the database."""
        return self.database.dump()

    def reset(self) -> None:
        """Go back to the initial database, without faults and with an empty log."""
        with self.database.lock:
            self.database.clear()
            self.generation.populate(self.database)
        self.faults.clear()
        self.clear_log()

    def restart(self) -> None:
        """Restart confd: the state is kept, earlier cookies become invalid."""
        self._application.authentication.forget_sessions()

    def _load_state(self) -> None:
        """Fill the database. A new state file is written at once, so that one that cannot be written is noticed now."""
        if self._state_file and self._state_file.load_into(self.database):
            return
        self.generation.populate(self.database)
        if self._state_file:
            self._state_file.save(self.state())

    def _save_state(self) -> None:
        """Save the state after a request or at the end. The server goes on with a state that cannot be saved."""
        assert self._state_file is not None
        try:
            self._state_file.save(self.state())
        except StateFileError as error:
            print(error, file=sys.stderr, flush=True)
