# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a line of progress says of the rate and of the remaining time."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks import progress


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, as a list of one number."""
    now = [0.0]
    monkeypatch.setattr(progress, "clock", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("seconds", "ended", "done", "text"),
    [
        (60, 0, 0.0, ""),
        (4, 20, 0.5, ""),
        (10, 45, 0.5, ", 4.5 a second, about 10 s left"),
        (10, 10, 0.1, ", 1 a second, about 1 min 30 s left"),
        (60, 20, 0.01, ", one every 3 s, about 1 h 39 min left"),
        (75, 300, 1.0, ", 4 a second, in 1 min 15 s"),
    ],
)
def test_rate_and_estimate(seconds: float, ended: int, done: float, text: str, time: list[float]) -> None:
    report = progress.ProgressReport(None, str)
    report.begin()
    time[0] = seconds
    assert report.speed(ended, done) == text


def test_the_rate_counts_from_the_first_line(time: list[float]) -> None:
    """A plan can take minutes before the first change."""
    report = progress.ProgressReport(None, str)
    time[0] = 600.0
    report.begin()
    time[0] += 10
    assert report.speed(10, 0.5) == ", 1 a second, about 10 s left"
