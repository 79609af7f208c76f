# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the undo share: runs with a journal, and their undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._bulk.undo import undo
from ansible_collections.xivo.confd.plugins.module_utils._tasks.export import export
from simulator import Simulator
from support.helpers import Options, apply_list, perform, person

ANN, BOB = person("Ann Archer", 1200, 2200), person("Bob Baker", 1201)


def run(sim: Simulator, file: str, *entries: Options, **options: Any) -> None:
    """A run with a journal."""
    apply_list(sim, *entries, journal=file, **options)
    sim.clear_log()


def undone(sim: Simulator, file: str, check: bool = False, **options: Any) -> Options:
    return perform(sim, undo, check, from_journal=file, **options)


def exported(sim: Simulator) -> list[Options]:
    """Everybody as an entry, without what a run makes up."""
    entries: list[Options] = perform(sim, export)["entries"]
    return entries


def lines(file: str) -> list[Options]:
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
