# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests at the same moment: all of them look before any of them writes, as confd does without a lock."""

from __future__ import annotations

import threading

TIMEOUT = 10.0


class Race:
    """A meeting of several requests between their checks and their writes."""

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties)
        self._condition = threading.Condition()
        self._next = 0

    def wait(self, place: int | None, lock: threading.RLock) -> None:  # type: ignore[valid-type]
        """Wait for the others, then take the lock: those who know their places in the order of these."""
        try:
            arrived = self._barrier.wait(TIMEOUT)
        except threading.BrokenBarrierError:
            lock.acquire()  # type: ignore[attr-defined]
            return
        mine = arrived if place is None else place
        with self._condition:
            self._condition.wait_for(lambda: self._next == mine, TIMEOUT)
            # Still inside, so that nobody overtakes.
            lock.acquire()  # type: ignore[attr-defined]
            self._next += 1
            self._condition.notify_all()

    def abort(self) -> None:
        """Let those who wait go on; somebody does not come."""
        self._barrier.abort()
