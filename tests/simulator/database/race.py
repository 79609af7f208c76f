# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let several requests check before any of them writes: confd has no lock."""

from __future__ import annotations

import threading

TIMEOUT = 10.0


class Race:
    """Synchronise several requests between their checks and their writes."""

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties)
        self._condition = threading.Condition()
        self._next = 0

    def wait(self, place: int | None, lock: threading.RLock) -> None:  # type: ignore[valid-type]
        """Wait for the other requests, then take the lock in the order of the positions, or of arrival."""
        try:
            arrived = self._barrier.wait(TIMEOUT)
        except threading.BrokenBarrierError:
            lock.acquire()  # type: ignore[attr-defined]
            return
        mine = arrived if place is None else place
        with self._condition:
            self._condition.wait_for(lambda: self._next == mine, TIMEOUT)
            # Take the lock before releasing the condition, so that no other request overtakes.
            lock.acquire()  # type: ignore[attr-defined]
            self._next += 1
            self._condition.notify_all()

    def abort(self) -> None:
        """Release the waiting requests: one of the parties does not come."""
        self._barrier.abort()
