# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Wazo that the tests of a file share, empty for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator import Simulator


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator(api="wazo", tls=False, seed=1) as simulator:
        yield simulator


@pytest.fixture
def wazo(shared: Simulator) -> Simulator:
    shared.reset()
    return shared
