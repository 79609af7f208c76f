# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the benchmark on Wazo against the real server: counted requests times the milliseconds of each, no clock."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision
from ansible_collections.xivo.confd.plugins.module_utils._tasks.task import Task
from benchmark import dataset
from benchmark.tutorial_wazo import Script
from simulator import Simulator
from support.helpers import backend_of

USERS, SAMPLE = 100, 5
RECORDED_RATIO = 0.69
"""Seconds of the role in bulk against those of a step-by-step script on a real Wazo 26.08, 100 users, quiet machine."""
ANSIBLE = 2400.0
"""Milliseconds of a run of the role that are Ansible's, measured on a quiet machine."""


def milliseconds(sim: Simulator) -> float:
    """Return how long a real server takes for all requests since the last call."""
    found = sum(request.milliseconds for request in sim.requests)
    sim.clear_log()
    return found


def test_bulk_is_as_much_quicker_as_recorded() -> None:
    entries = dataset.entries(USERS)
    with Simulator(api="wazo", tls=False, contexts=dataset.CONTEXTS, seed=1) as sim:
        script = Script(sim.url, sim.username or "", sim.password, verify=True)
        by_script = milliseconds(sim)
        script.provision(entries[:SAMPLE])
        # Each user takes the same requests, and none of them depends on how many there are.
        by_script += milliseconds(sim) * USERS / SAMPLE
        assert len(sim.database.users) == SAMPLE
        sim.reset()
        provision(Task(backend_of(sim), {"users": entries}))
        bulk = milliseconds(sim)
    # A quicker collection makes this smaller: measure again on a real server, then change what was recorded.
    assert (ANSIBLE + bulk) / by_script == pytest.approx(RECORDED_RATIO, abs=0.05)
