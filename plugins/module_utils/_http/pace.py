# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spreads the requests of a run over time, for a server that also carries calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock


class Pace:
    """Lets a limited number of requests begin in a second. All sessions and threads of a run share one.

    per_second: the limit, more than 0; None for none. now, sleep: the clock, in seconds.
    """

    def __init__(
        self,
        per_second: float | None = None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._now = now
        self._sleep = sleep
        self._lock = Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next request may begin."""
        if not self._interval:
            return
        with self._lock:
            now = self._now()
            # Time in which no request was sent is not made up for: the server must never get many at once.
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
