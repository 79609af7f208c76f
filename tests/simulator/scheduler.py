# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve the requests of several clients in a chosen order, so that a race does not depend on chance."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from .database import Database

CLIENT_HEADER = "X-Simulator-Client"
"""The header that names a request's client; requests without it are served at once."""
LONGEST_WAIT = 120.0

PendingRequest = tuple[str, str]
"""Method and path of a waiting request."""
Choose = Callable[[Mapping[str, PendingRequest]], Sequence[str]]
"""Takes {client: its waiting request}, and returns the clients that are served now: several race, in this order."""


class RequestScheduler:
    """Wait until every client has a request or was removed, then let the chosen requests through.

    A client sends one request after the other, so that the order of all requests depends on ``choose`` alone.
    """

    def __init__(self, clients: Iterable[str], choose: Choose, database: Database) -> None:
        self._clients = set(clients)
        self._choose = choose
        self._database = database
        self._condition = threading.Condition()
        self._asked: dict[str, PendingRequest] = {}
        self._served: list[str] = []
        self.order: list[tuple[str, str, str]] = []
        """What was let through so far: (client, method, path)."""

    def wait_for(self, client: str, method: str, path: str) -> None:
        """Return when it is this request's turn."""
        with self._condition:
            self._asked[client] = (method, path)
            self._release_next()
            if not self._condition.wait_for(lambda: client in self._served, LONGEST_WAIT):
                raise TimeoutError(f"{client} waited in vain for {method} {path}")
            self._database.enter_race(self._served.index(client))

    def finish(self, client: str) -> None:
        """Report that a request has its answer."""
        with self._condition:
            if len(self._served) > 1:
                self._database.end_race()
            self._served.remove(client)
            self._release_next()

    def remove_client(self, client: str) -> None:
        """Stop waiting for a client that sends no more requests."""
        with self._condition:
            self._clients.discard(client)
            self._release_next()

    def _release_next(self) -> None:
        if self._served or not self._asked or set(self._asked) != self._clients:
            return
        chosen = self._choose(dict(self._asked))
        if len(chosen) > 1:
            self._database.open_race(len(chosen))
        for client in chosen:
            self.order.append((client, *self._asked.pop(client)))
        self._served = list(chosen)
        self._condition.notify_all()
