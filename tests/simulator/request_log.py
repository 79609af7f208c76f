# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log the requests to the simulator, in order of completion."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

WRITING_METHODS = ("POST", "PUT", "DELETE")


@dataclass(frozen=True)
class Request:
    """Hold one HTTP request. `path` is without the prefix (/1.1); `status` is None when the connection was dropped.

    `reached_view` is False for what was refused before: 401, 404 of an unknown URL, 405, 406, 415, a fault.
    `acts` tells that the request can change something, which some GETs of devices do.
    `milliseconds` is how long a client of the real server waits for the answer, whatever latency the simulator has.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int | None
    reached_view: bool = False
    acts: bool = False
    fault: str | None = None
    milliseconds: float = 0.0

    @property
    def is_write(self) -> bool:
        return self.reached_view and self.acts


class RequestLog:
    """Hold requests, for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def all(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def writes(self) -> list[Request]:
        return [request for request in self.all() if request.is_write]

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()
