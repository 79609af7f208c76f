# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out many cases, in several processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from fuzz.case import make_case, servers
from fuzz.judge import Violation, judge

BLOCK = 25
"""Cases that a process runs one after the other."""
Failure = tuple[str, int, list[Violation]]
"""(api, seed, what is violated)."""


def failures_of(places: Sequence[tuple[str, int]], strategies: Sequence[str]) -> list[Failure]:
    """Return the cases that fail, in this process."""
    found = []
    with servers(sorted({api for api, _seed in places})) as own:
        for api, seed in places:
            violations = judge(own[api], make_case(own[api], seed), strategies)
            if violations:
                found.append((api, seed, violations))
    return found


def search(places: list[tuple[str, int]], strategies: Sequence[str], jobs: int) -> Iterator[Failure]:
    blocks = [places[start : start + BLOCK] for start in range(0, len(places), BLOCK)]
    if jobs < 2 or len(blocks) < 2:
        for block in blocks:
            yield from failures_of(block, strategies)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for found in pool.map(failures_of, blocks, [strategies] * len(blocks)):
            yield from found
