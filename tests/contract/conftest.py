# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose where the contract is checked: on a simulator, or with --confd-url on a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator import Simulator

from .target import Target, simulated

GENERATIONS = ("xivo15", "xivo16", "wazo")
REASON = "needs states that no client can make, or a server that is not shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("confd", "contract with a real confd (tests/contract)")
    group.addoption("--confd-url", help="check a real server instead of the simulator, e.g. https://pbx:9486")
    group.addoption(
        "--confd-api", default="xivo15", choices=GENERATIONS, help="the generation of the API that it speaks"
    )
    group.addoption("--confd-auth-url", help="of a Wazo; taken from --confd-url unless it is given")
    group.addoption("--confd-username", default=None, help="none is a server that trusts this address")
    group.addoption("--confd-password", default="")
    group.addoption("--confd-ca-path", default=None, help="CA file of the server's certificate")
    group.addoption("--no-validate-certs", action="store_true", help="accept any certificate")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "simulator_only(reason): cannot be checked on a real server")
    config.addinivalue_line("markers", "generation(name): says something of the servers of one generation alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--confd-url"):
        return
    for item in items:
        generation = item.get_closest_marker("generation")
        reason = reason_to_skip(
            config.getoption("--confd-api"),
            generation.args[0] if generation else None,
            item.get_closest_marker("simulator_only") is not None,
        )
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


def reason_to_skip(real: str, generation: str | None, simulator_only: bool) -> str | None:
    """Return why a test is left out on a real server. real: its generation; generation: the test's, if it has one."""
    if simulator_only:
        return f"simulator only: {REASON}"
    if generation not in (None, real):
        return f"the real server is no {generation}: --confd-api"
    return None


@pytest.fixture(scope="session")
def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator | None]:
    """Yield the simulator under test, or None when a real server is tested."""
    if request.config.getoption("--confd-url"):
        yield None
        return
    with Simulator(api="xivo15", tls=False) as started:
        yield started


@pytest.fixture(scope="session")
def real_target(request: pytest.FixtureRequest) -> Target | None:
    option = request.config.getoption
    if not option("--confd-url"):
        return None
    verify = False if option("--no-validate-certs") else option("--confd-ca-path") or True
    return Target(option("--confd-url"), option("--confd-username"), option("--confd-password"), verify)


@pytest.fixture
def target(simulator: Simulator | None, real_target: Target | None) -> Iterator[Target]:
    if real_target is not None:
        yield real_target
        real_target.clean()
        return
    assert simulator is not None
    with simulated(simulator) as fresh:
        yield fresh
