# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator for playbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from simulator import Simulator
from support.playbooks import Result, run_playbook
from support.secrecy import CONFD_PASSWORD

APIS = ("xivo15", "xivo16", "wazo")
"""The generations on which the same playbooks have the same outcome, unless a test is marked otherwise (on)."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sim" in metafunc.fixturenames and not metafunc.definition.get_closest_marker("on"):
        metafunc.parametrize("sim", APIS, indirect=True)


@pytest.fixture(scope="session")
def shared_sims() -> Iterator[Callable[[str], Simulator]]:
    """One server of each generation for all tests; use ``sim``, which is fresh for each."""
    with ExitStack() as stack:
        started: dict[str, Simulator] = {}

        def of(api: str) -> Simulator:
            if api not in started:
                started[api] = stack.enter_context(Simulator(api=api, password=CONFD_PASSWORD))
            return started[api]

        yield of


@pytest.fixture
def sim(request: pytest.FixtureRequest, shared_sims: Callable[[str], Simulator]) -> Simulator:
    """A server with TLS and digest, as after its installation."""
    simulator = shared_sims(request.param)
    simulator.reset()
    return simulator


@pytest.fixture
def play(sim: Simulator) -> Callable[..., Result]:
    """run_playbook on ``sim``."""
    return partial(run_playbook, sim)
