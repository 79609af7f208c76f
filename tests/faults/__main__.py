# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make faults: the whole matrix, and all rounds of the races. Prints how many cases survived."""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import Any

from faults import races
from faults.matrix import APIS, BLOCK, Outcome, bench, judge_block
from faults.run import STRATEGIES
from faults.scenario import SCENARIOS

Run = tuple[str, str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for. Returns 1 if a case did not survive."""
    options = _options(arguments)
    runs = list(itertools.product(options.api, options.strategy, options.scenario))
    survived: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for outcome in _outcomes(runs, options):
        name = outcome.case.group
        cases[name] += 1
        survived[name] += not outcome.problem
        if cases.total() % 100 == 0:
            print(f"{survived.total()} of {cases.total()} so far", file=sys.stderr, flush=True)
        if outcome.problem:
            print(f"NOT SURVIVED {outcome.case}\n{outcome.problem}\n", flush=True)
    for name in sorted(cases):
        print(f"{name}: survived {survived[name]} of {cases[name]}")
    print(f"survived {survived.total()} of {cases.total()}")
    return int(survived != cases)


def _outcomes(runs: Iterable[Run], options: argparse.Namespace) -> Iterator[Outcome[Any]]:
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        futures: list[Future[list[Outcome[Any]]]] = []
        if "matrix" in options.what:
            with bench() as own:
                for run in runs:
                    count = sum(1 for _case in own.cases(*run, options.every))
                    steps = range(0, count, BLOCK * options.one_of)
                    futures.extend(
                        pool.submit(judge_block, run, options.every, start, options.one_of) for start in steps
                    )
        if "races" in options.what:
            both = [*((name, False) for name in races.LISTS), *((name, True) for name in races.OVERLAPPING)]
            rounds = ((*each, *one) for *each, one in itertools.product(options.api, options.strategies_at_once, both))
            futures.extend(pool.submit(races.judge_rounds, *each, options.rounds) for each in rounds)
        for future in as_completed(futures):
            yield from future.result()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--api", nargs="+", choices=APIS, default=APIS)
    parser.add_argument("--strategy", nargs="+", choices=STRATEGIES, default=STRATEGIES)
    parser.add_argument("--strategies-at-once", nargs="+", choices=tuple(races.SPLIT), default=tuple(races.SPLIT))
    parser.add_argument("--scenario", nargs="+", choices=SCENARIOS, default=tuple(SCENARIOS))
    parser.add_argument("--what", nargs="+", choices=("matrix", "races"), default=("matrix", "races"))
    parser.add_argument("--one-of", type=int, default=1, metavar="N", help="a fixed sample: one case of so many")
    parser.add_argument("--every", action="store_true", help="every fault at every read of a stepwise run as well")
    parser.add_argument("--rounds", type=int, default=20, help="of two runs at once, for each list")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
