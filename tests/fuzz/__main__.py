# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make fuzz: random servers, lists and faults. Prints every failing case once, and how many failed of which invariant.

``python -m fuzz --api xivo16 --seed 7`` repeats one case.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from fuzz.case import APIS, STRATEGIES, Case, make_case, servers
from fuzz.judge import Violation, judge
from fuzz.report import shown
from fuzz.search import search
from fuzz.shrink import shrink
from support.direct_server import Direct

ENOUGH = 3000
Place = tuple[str, int]
"""(api, seed)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Search. Returns 1 if a case failed."""
    options = _options(arguments)
    strategies = STRATEGIES if options.strategy == "both" else (options.strategy,)
    cases = 1 if options.seed is not None and options.cases is None else options.cases or ENOUGH
    first, begun = options.seed or 0, time.monotonic()
    places = [(api, seed) for seed in range(first, first + cases) for api in options.api]
    found: dict[tuple[str, str], list[Place]] = {}
    failures = 0
    with servers(options.api) as own:
        for api, seed, violations in search(places, strategies, options.jobs):
            failures += 1
            for kind, violation in {each.kind: each for each in violations}.items():
                seen = found.setdefault((violation.invariant, kind), [])
                seen.append((api, seed))
                if len(seen) == 1 and not options.brief:
                    _print_small(own[api], seed, violation)
    _print_summary(found)
    seconds = time.monotonic() - begun
    print(f"{len(places)} cases in {seconds:.0f} s, {failures} failed, {len(found)} distinct violations")
    return int(failures > 0)


def _print_small(server: Direct, seed: int, violation: Violation) -> None:
    def same(case: Case) -> list[Violation]:
        return [each for each in judge(server, case, violation.strategies) if each.kind == violation.kind]

    case = shrink(make_case(server, seed), lambda smaller: bool(same(smaller)))
    print(shown(case, same(case)), flush=True)


def _print_summary(found: dict[tuple[str, str], list[Place]]) -> None:
    for invariant in sorted({each for each, _kind in found}):
        kinds = {kind: places for (each, kind), places in found.items() if each == invariant}
        print(f"{invariant}: violated in {sum(map(len, kinds.values()))} cases, {len(kinds)} distinct")
        for kind, places in sorted(kinds.items(), key=lambda item: -len(item[1])):
            api, seed = places[0]
            print(f"  {len(places)} (first --api {api} --seed {seed}) {kind.partition(': ')[2]}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, help=f"seeds for each generation, {ENOUGH} unless --seed is given")
    parser.add_argument("--seed", type=int, help="the first seed; alone, it repeats one case")
    parser.add_argument("--api", nargs="+", choices=APIS, default=APIS)
    parser.add_argument("--strategy", choices=(*STRATEGIES, "both"), default="both")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--brief", action="store_true", help="print no cases, only the summary")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
