# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check every fact about XiVO 15.12 and every numbered trap: see the files in cases/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator

from .casefile import Case, read_cases
from .runner import Runner
from .target import Target

CASES = [case for file in sorted(Path(__file__).with_name("cases").glob("*.txt")) for case in read_cases(file)]

pytestmark = pytest.mark.generation("xivo15")


def as_parameter(case: Case) -> Any:
    marks = [pytest.mark.simulator_only] if case.simulator_only else []
    return pytest.param(case, id=f"{case.file.stem}-{case.name}", marks=marks)


@pytest.mark.parametrize("case", [as_parameter(case) for case in CASES])
def test_fact(case: Case, target: Target, simulator: Simulator | None) -> None:
    Runner(target, simulator).run(case)


def test_names_are_unique() -> None:
    names = [(case.file, case.name) for case in CASES]
    assert len(names) == len(set(names))
