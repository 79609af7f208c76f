# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that waits for answers as long as a busy machine needs, except for those that a fault delays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from urllib3.connectionpool import HTTPConnectionPool

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
