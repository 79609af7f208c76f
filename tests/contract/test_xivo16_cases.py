# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the cases in cases/xivo16/, and those of XiVO 15.12 that are marked +xivo16."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator import Simulator
from simulator.xivo16 import TOKEN

from .casefile import Case, read_cases
from .runner import Runner
from .target import Target, simulated
from .test_cases import CASES as CASES_15
from .test_cases import as_parameter

FOLDER = Path(__file__).with_name("cases") / "xivo16"
CASES = [
    *(case for file in sorted(FOLDER.glob("*.txt")) for case in read_cases(file)),
    *(case for case in CASES_15 if "xivo16" in case.also),
]

pytestmark = pytest.mark.generation("xivo16")


@pytest.fixture(scope="module")
def xivo16(request: pytest.FixtureRequest) -> Iterator[Simulator | None]:
    if request.config.getoption("--confd-url"):
        yield None
        return
    with Simulator(api="xivo16", tls=False) as started:
        yield started


@pytest.fixture
def target_16(xivo16: Simulator | None, real_target: Target | None) -> Iterator[Target]:
    if xivo16 is None:
        assert real_target is not None
        yield real_target
        real_target.clean()
        return
    with simulated(xivo16) as fresh:
        yield fresh


@pytest.mark.parametrize("case", [as_parameter(case) for case in CASES])
def test_fact(case: Case, target_16: Target, xivo16: Simulator | None) -> None:
    Runner(target_16, xivo16).run(case)


@pytest.mark.simulator_only
def test_a_token_is_enough_and_sets_no_cookie(xivo16: Simulator) -> None:
    bad, good = (
        Target(xivo16.url, None, "", verify=True).ask("GET", "/users", None, {"X-Auth-Token": token})
        for token in ("bad", TOKEN)
    )
    assert bad.status_code == 401
    assert (good.status_code, good.headers.get("Set-Cookie")) == (200, None)


@pytest.mark.simulator_only
@pytest.mark.parametrize(
    ("method", "path", "code", "digest"), [("GET", "/incalls", 401, True), ("GET", "/wizard", 200, False)]
)
def test_what_is_answered_without_credentials(
    method: str, path: str, code: int, digest: bool, xivo16: Simulator
) -> None:
    answer = Target(xivo16.url, None, "", verify=True).ask(method, path, None, {})
    assert answer.status_code == code
    assert answer.headers.get("WWW-Authenticate", "").startswith("Digest") is digest
