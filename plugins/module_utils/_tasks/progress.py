# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports the progress of what takes long."""

from __future__ import annotations

import time
from collections.abc import Callable

PROGRESS_INTERVAL = 2.0
"""Seconds between two reports."""
SHORTEST_SAMPLE = 5.0
"""The seconds after which a rate is reported. An earlier one would depend on chance."""
clock = time.monotonic
"""Return the time in seconds."""


class ProgressReport:
    """Reports at the beginning, at the end, and every ``PROGRESS_INTERVAL`` seconds.

    report: where a line goes; None for nowhere. words: returns the line, '' for nothing to report.
    """

    def __init__(self, report: Callable[[str], None] | None, words: Callable[[], str]) -> None:
        self._report = report
        self._words = words
        self._begun = self._last = clock()

    def begin(self) -> None:
        """Report for the first time. The rate is counted from here."""
        self._begun = clock()
        self.say()

    def say(self) -> None:
        """Report now."""
        self._last = clock()
        words = self._words() if self._report else ""
        if self._report and words:
            self._report(words)

    def say_in_turn(self) -> None:
        """Report if it is time to."""
        if clock() - self._last >= PROGRESS_INTERVAL:
            self.say()

    def speed(self, ended: int, done: float) -> str:
        """Return the rate and an estimate of the remaining time, to append to a line; '' while neither is known.

        ended: how many have ended so far. done: the part of the work that is done, from 0 to 1.
        """
        seconds = clock() - self._begun
        if not ended or not done or seconds < SHORTEST_SAMPLE:
            return ""
        rate = f"{ended / seconds:.2g} a second" if ended >= seconds else f"one every {seconds / ended:.2g} s"
        time_left = f"about {duration(seconds * (1 - done) / done)} left" if done < 1 else f"in {duration(seconds)}"
        return f", {rate}, {time_left}"


def duration(seconds: float) -> str:
    """Return a number of seconds as text with two units at most, for example "1 h 5 min"."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
