# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a client waits in tests: for answers as long as a busy machine needs, between two tries not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import urllib3.util.retry
from urllib3.connectionpool import HTTPConnectionPool

from ansible_collections.xivo.confd.plugins.module_utils._bulk import batch_create
from ansible_collections.xivo.confd.plugins.module_utils._http import confirm
from simulator import Simulator

PATIENCE = 60.0
"""Seconds that a request without a fault may take."""


@contextmanager
def only_faults_time_out(sim: Simulator) -> Iterator[None]:
    """Let the timeout of a test end only the requests that a fault of the simulator is about."""

    class Connection(HTTPConnectionPool.ConnectionCls):  # type: ignore[name-defined, misc]
        meets_fault = False

        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
            self.meets_fault = sim.meets_fault(method, urlsplit(url).path)
            super().request(method, url, *args, **kwargs)

        def getresponse(self) -> Any:
            if not self.meets_fault:
                self.timeout = PATIENCE
            return super().getresponse()

    with mock.patch.object(HTTPConnectionPool, "ConnectionCls", Connection):
        yield


@contextmanager
def no_pauses() -> Iterator[None]:
    """Let nobody sleep between two tries, whatever a server's Retry-After says.

    Who looks again until a deadline sees the time go by with each pause.
    """
    retries = SimpleNamespace(sleep=lambda seconds: None, time=time.time, mktime=time.mktime)
    with (
        mock.patch.object(confirm, "REPEAT_PAUSES", (0, 0)),
        mock.patch.object(urllib3.util.retry, "time", retries),
        mock.patch.object(batch_create, "time", _Clock()),
    ):
        yield


class _Clock:
    """A clock on which only sleep takes time."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        """Return the seconds that were slept."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let so many seconds go by at once."""
        self._now += seconds
