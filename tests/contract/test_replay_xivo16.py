# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the simulator with recorded exchanges of a real XiVO 16.16."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator import Simulator

from .recording import RecordedRandom, read_servers
from .target import Target
from .test_replay import replay

SERVERS = dict(read_servers(Path(__file__).with_name("recordings") / "xivo-16.16.jsonl"))

pytestmark = pytest.mark.simulator_only


@pytest.fixture
def fresh() -> Iterator[Simulator]:
    with Simulator(api="xivo16", tls=False, username=None) as simulator:
        simulator.database.random = RecordedRandom()
        yield simulator


@pytest.mark.parametrize("server", SERVERS)
def test_recording(server: str, fresh: Simulator) -> None:
    target = Target(fresh.url, None, "", verify=True)
    differences = [found for exchange in SERVERS[server] for found in replay(exchange, fresh, target)]
    assert not differences, "\n".join(differences)
