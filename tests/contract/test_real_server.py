# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check that the cases can be run on a real server: those of its generation alone, and nothing of them stays there."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Simulator

from .casefile import Case
from .conftest import reason_to_skip
from .runner import Runner
from .target import Target
from .test_cases import CASES as CASES_15
from .test_wazo_cases import CASES as CASES_WAZO
from .test_wazo_cases import WazoTarget
from .test_xivo16_cases import CASES as CASES_16

pytestmark = pytest.mark.simulator_only
SAMPLES = {
    "xivo15": (CASES_15, ("mac_is_unique", "a_dropped_put_writes_its_name_into_line_and_voicemail")),
    "xivo16": (
        CASES_16,
        ("a_table_makes_whole_users", "sccp_accounts", "an_endpoint_of_its_own_and_its_line", "mac_is_unique",
         "a_row_renames_the_voicemail_that_it_adopts", "a_row_makes_an_sccp_line",
         "a_row_without_context_makes_an_account_without_line"),
    ),
    "wazo": (CASES_WAZO, ("users_are_exported_as_a_table", "music_on_hold_is_named_by_its_generated_name", "phones",
        "a_line_without_its_user_keeps_the_caller_id")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("real", "generation", "simulator_only", "runs"),
    [
        ("xivo15", "xivo15", False, True),
        ("xivo16", "xivo15", False, False),
        ("xivo16", "xivo16", False, True),
        ("wazo", "xivo16", False, False),
        ("wazo", None, False, True),
        ("wazo", "wazo", True, False),
    ],
)
def test_other_generations_are_left_out(real: str, generation: str | None, simulator_only: bool, runs: bool) -> None:
    assert (reason_to_skip(real, generation, simulator_only) is None) is runs


@pytest.mark.parametrize("api", SAMPLES)
def test_nothing_is_left_on_the_server(api: str) -> None:
    cases, names = SAMPLES[api]
    chosen: list[Case] = [case for case in cases if case.name in names]
    assert len(chosen) == len(names)
    with Simulator(api=api, tls=False) as simulator:
        assert simulator.username is not None
        before = rows(simulator)
        for case in chosen:
            target: Target = (
                WazoTarget(simulator.url, f"{simulator.url}/api/auth/0.1", simulator.username, simulator.password, True)
                if api == "wazo"
                else Target(simulator.url, simulator.username, simulator.password, True)
            )
            Runner(target, simulator).run(case)
            assert rows(simulator) != before, case.name
            target.clean()
            assert rows(simulator) == before, case.name


def rows(simulator: Simulator) -> dict[str, Any]:
    """Return the tables, without what their sequences gave."""
    return {name: table for name, table in simulator.state().items() if name != "sequences"}
