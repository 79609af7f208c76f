# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an audit that found something of every kind."""

from __future__ import annotations

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip
from simulator import Simulator
from support.audits import THERE, WANTED, audit, report
from support.helpers import Options, apply_list, perform


@pytest.fixture
def drift(sim: Simulator) -> Options:
    """A report of a server with every kind of finding, and of one that could not be reached."""
    apply_list(sim, *THERE)
    perform(sim, ensure_line_sip, username="spare", context="default")
    sim.clear_log()
    found = audit(sim, *WANTED)
    assert sim.writes == []
    return report(("pbx2", {"msg": "No connection."}), ("pbx1", found))
