# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short life of a server (make soak has a long one)."""

from __future__ import annotations

import pytest

from simulator import Simulator
from support.soak import CONTEXTS, live


@pytest.mark.parametrize(("api", "seed"), [("xivo15", 1), ("xivo15", 2), ("xivo16", 3), ("wazo", 4)])
def test_after_many_changes_and_faults_the_server_is_as_wanted(api: str, seed: int) -> None:
    with Simulator(api=api, tls=False, contexts=CONTEXTS, seed=seed) as server:
        life = live(server, runs=20, seed=seed)
    assert life.faults > 0
