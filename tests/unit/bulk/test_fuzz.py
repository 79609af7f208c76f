# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fixed sample of the random search (make fuzz), which prints a failing case as it is, not yet made small."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fuzz.case import APIS, make_case, servers
from fuzz.judge import judge
from fuzz.report import shown
from support.direct_server import Direct

SEEDS = range(30)


@pytest.fixture(scope="module")
def direct_servers() -> Iterator[dict[str, Direct]]:
    with servers(APIS) as made:
        yield made


@pytest.mark.one_of(2)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("api", APIS)
def test_random_list_keeps_the_rules(direct_servers: dict[str, Direct], api: str, seed: int) -> None:
    server = direct_servers[api]
    case = make_case(server, seed)
    violations = judge(server, case)
    assert not violations, shown(case, violations)


@pytest.mark.parametrize("api", APIS)
def test_a_case_depends_on_its_seed_alone(direct_servers: dict[str, Direct], api: str) -> None:
    server = direct_servers[api]
    first = [make_case(server, seed) for seed in (1, 2)]
    assert [make_case(server, seed) for seed in (1, 2)] == first
    assert first[0].users != first[1].users
