# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan faults for chosen requests.

Only requests with good credentials count, so that the 401 at the start of a session does not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

KINDS = frozenset(
    {
        "drop_before",
        "drop_after",
        "500_before",
        "500_after",
        "502",
        "502_after",
        "503",
        "hang_before",
        "hang_after",
        "hang_late",
        "delay",
        "restart",
        "401",
        "truncated",
        "html",
        "callback",
    }
)
OTHER_SERVICES = "/api/"
EVERYTHING = "**"
"""A path that other services' requests match as well."""
KINDS_AFTER = frozenset({"drop_after", "500_after", "502_after", "truncated", "html", "hang_after"})


@dataclass
class Fault:
    """Describe what happens to requests that match.

    kind          one of KINDS; with "before", 401, 502, 503 and restart the request is not processed. hang: the answer
                  waits until the client has closed the connection; hang_late: processing waits as well, until the
                  next request has been answered
    method, path  exact, or a glob as in fnmatch; the path is without /1.1. Requests to another service than confd
                  (/api/auth of a Wazo) match only a path that begins like theirs, or EVERYTHING
    nth, times    the first request it happens to (1 is the next one that matches), and to how many in a row
    seconds       of a delay
    retry_after   the header of a 502 or 503
    callback      called with (method, path) before anything else happens; afterwards for a kind whose request is
                  processed first, and for the kind "callback" with after=True
    """

    kind: str
    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    retry_after: int | None = None
    callback: Callable[[str, str], object] | None = None
    after: bool = False
    seen: int = field(default=0, init=False)
    late: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    """That what hangs late may be done now."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault {self.kind!r}, not one of {', '.join(sorted(KINDS))}")

    @property
    def is_after(self) -> bool:
        return self.kind in KINDS_AFTER or self.after

    @property
    def has_happened(self) -> bool:
        return self.seen >= self.nth

    @property
    def exhausted(self) -> bool:
        return self.seen >= self.nth + self.times - 1

    def matches(self, method: str, path: str) -> bool:
        if path.startswith(OTHER_SERVICES) and not self.path.startswith((OTHER_SERVICES, EVERYTHING)):
            return False
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


class FaultPlan:
    """Hold the faults that are still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._hanging: list[Fault] = []
        self.added: list[Fault] = []
        """All faults since the last ``forget``, those that have happened included."""
        self.taken = 0
        """How many requests were looked at since the last ``clear``."""

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)
            self.added.append(fault)

    def forget(self) -> None:
        """Forget which faults were added, for the next test."""
        with self._lock:
            self.added.clear()

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self.taken = 0
        self.release_late()

    def add_hanging(self, fault: Fault) -> None:
        """Add a request that waits for ``release_late``."""
        with self._lock:
            self._hanging.append(fault)

    def release_late(self) -> None:
        """Let the requests that hang late be processed."""
        with self._lock:
            for fault in self._hanging:
                fault.late.set()
            self._hanging.clear()

    def is_due(self, method: str, path: str) -> bool:
        """Return whether a fault would happen to this request if it were the next one."""
        with self._lock:
            return any(fault.matches(method, path) and fault.seen + 1 >= fault.nth for fault in self._faults)

    def take(self, method: str, path: str) -> Fault | None:
        """Count the request, and return the first fault whose turn it is."""
        with self._lock:
            self.taken += 1
            matching = [fault for fault in self._faults if fault.matches(method, path)]
            for fault in matching:
                fault.seen += 1
            due = next((fault for fault in matching if fault.seen >= fault.nth), None)
            self._faults = [fault for fault in self._faults if not fault.exhausted]
            return due
