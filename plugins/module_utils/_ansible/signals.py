# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a run that is interrupted give back what it holds, such as a token, before the process ends."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

GRACE = 1.0
"""Seconds within which further signals mean the same: Ansible sends its processes several for one Ctrl-C."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal asks the process to end. Not an Exception, so that nothing takes it for a failed request."""


@contextmanager
def cleaned_up_on_signals() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP leave the block by an exception, so that every ``finally`` in it runs.

    Afterwards the process gets the signal again, and does with it what it would have done: it ends. If another signal
    comes after the grace period, it ends at once. Signals that were ignored before stay ignored. Python handles signals
    in its main thread only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[tuple[int, float]] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        if not received:
            received.append((number, time.monotonic()))
            raise Interrupted
        if time.monotonic() - received[0][1] >= GRACE:
            restore()
            signal.raise_signal(number)

    previous = {number: signal.getsignal(number) for number in SIGNALS}
    handled = {number: old for number, old in previous.items() if old not in (signal.SIG_IGN, None)}

    def restore() -> None:
        for number, old in handled.items():
            signal.signal(number, old)

    for number in handled:
        signal.signal(number, interrupt)
    try:
        yield
    except Interrupted:
        restore()
        signal.raise_signal(received[0][0])
        raise
    finally:
        restore()
