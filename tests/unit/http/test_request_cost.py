# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one request costs this computer, counted: calls of functions, writes to the socket, look-ups of the CA file."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from ansible_collections.xivo.confd.plugins.module_utils._http.limits import CHUNK
from simulator import Simulator
from support.helpers import client_of

MOST_CALLS = 450
"""Calls of Python functions for a request, 350 now. Session.request of requests makes 2,000."""
NAME = {"firstname": "Ann"}


def calls_of(action: Callable[[], object]) -> int:
    """Return how many Python functions an action calls."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return called


def test_a_request_calls_few_functions(tls_sim: Simulator) -> None:
    client = client_of(tls_sim)
    client.post("/users", NAME)
    client.get("/users/1")
    # The server sets another cookie each second.
    costs = [
        min(calls_of(each) for _attempt in range(5))
        for each in (
            lambda: client.get("/users/1"),
            lambda: client.post("/users", NAME),
        )
    ]
    assert max(costs) <= MOST_CALLS, costs


@pytest.mark.parametrize(("size", "writes"), [(10, 1), (CHUNK + 1, 2)])
def test_headers_and_a_short_body_are_one_write(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, size: int, writes: int
) -> None:
    client = client_of(sim)
    client.get("/infos")
    sent: list[bytes] = []
    real = http.client.HTTPConnection.send

    def send(connection: http.client.HTTPConnection, data: bytes) -> None:
        sent.append(data)
        real(connection, data)

    monkeypatch.setattr(http.client.HTTPConnection, "send", send)
    client.post("/users", {**NAME, "description": "x" * size})
    assert len(sent) == writes
    assert sim.database.users.get(1).description == "x" * size


def test_the_ca_file_is_looked_up_once(tls_sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Any] = []
    real = HTTPAdapter.cert_verify
    monkeypatch.setattr(
        HTTPAdapter,
        "cert_verify",
        lambda self, pool, url, verify, cert: checked.append(verify) or real(self, pool, url, verify, cert),
    )
    client = client_of(tls_sim)
    for _each in range(3):
        client.get("/infos")
    assert checked == [tls_sim.ca_path]
