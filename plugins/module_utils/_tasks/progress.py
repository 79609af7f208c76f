# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports the progress of what takes long."""

from __future__ import annotations

import time
from collections.abc import Callable

PROGRESS_INTERVAL = 2.0
"""Seconds between two reports."""


class ProgressReport:
    """Reports at the beginning, at the end, and every ``PROGRESS_INTERVAL`` seconds.

    report: where a line goes; None for nowhere. words: returns the line, '' for nothing to report.
    """

    def __init__(self, report: Callable[[str], None] | None, words: Callable[[], str]) -> None:
        self._report = report
        self._words = words
        self._last = time.monotonic()

    def say(self) -> None:
        """Report now."""
        self._last = time.monotonic()
        words = self._words() if self._report else ""
        if self._report and words:
            self._report(words)

    def say_in_turn(self) -> None:
        """Report if it is time to."""
        if time.monotonic() - self._last >= PROGRESS_INTERVAL:
            self.say()
