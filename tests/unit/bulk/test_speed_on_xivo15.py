# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the benchmark on XiVO 15.12 against the real server: counted requests times their milliseconds, no clock."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from benchmark import dataset
from benchmark.tutorial import Script
from simulator import Simulator
from simulator.xivo15.rows import Xivo15Database
from support.helpers import backend_of

USERS, SAMPLE = 300, 5
WRITES = 7
"""The requests that create a user with a line, a number and an incall."""
READS = 9
"""For the challenge, four lists before and four after."""
ANSIBLE = 2400.0
"""Milliseconds of a run of the role that are Ansible's, measured on a quiet machine."""
USERS_A_SECOND = 7.5
"""Of the tutorial's order on the real server (xivo-15.12.md, "Milliseconds a request")."""
GOAL = 0.95


def cost(sim: Simulator) -> tuple[int, float]:
    """Return (number of requests, milliseconds that a real server takes for them) since the last call."""
    found = len(sim.requests), sum(request.milliseconds for request in sim.requests)
    sim.clear_log()
    return found


def bulk(sim: Simulator, size: int) -> tuple[int, float]:
    """Return what it costs to create users on an empty server."""
    sim.reset()
    sim.clear_log()
    provision(Task(backend_of(sim), {"users": dataset.entries(size)}))
    assert len(sim.database.users) == size
    return cost(sim)


def test_bulk_is_quicker_than_the_script() -> None:
    with Simulator(tls=False, contexts=dataset.CONTEXTS, seed=1) as sim:
        Script(sim.url, sim.username or "", sim.password, verify=True).provision(dataset.entries(SAMPLE))
        by_script = cost(sim)[1] / SAMPLE
        small, large = bulk(sim, SAMPLE), bulk(sim, 2 * SAMPLE)
    assert 1000 / by_script == pytest.approx(USERS_A_SECOND, abs=0.1)
    assert (small[0], large[0]) == (WRITES * SAMPLE + READS, WRITES * 2 * SAMPLE + READS)
    for_each = (large[1] - small[1]) / SAMPLE
    all_of_them = small[1] + (USERS - SAMPLE) * for_each
    assert (ANSIBLE + all_of_them) / (by_script * USERS) <= GOAL


def test_a_server_begins_with_all_users() -> None:
    """Planning is measured on such a server, whose state goes through a file."""
    database = Xivo15Database(dataset.CONTEXTS, seed=1)
    dataset.populate(database, SAMPLE)
    with Simulator(tls=False, contexts=dataset.CONTEXTS) as sim:
        sim.database.load(database.dump())
        result = provision(Task(backend_of(sim), {"users": dataset.entries(SAMPLE)}, check_mode=True))
    assert result["summary"]["unchanged"] == SAMPLE
