# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers for the cases, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from faults.matrix import Bench
from faults.matrix import bench as benches
from support.in_process_http import in_process_http


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Call the servers, which are in this process, where no fault is about the request."""
    with in_process_http():
        yield


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with benches() as made:
        yield made
