# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: measure all ways, write results.txt, results.json and growth.svg."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmark import crowd
from benchmark.report import Measured, Planning, Report
from benchmark.server import HERE, ROOT, Cost, Server
from benchmark.ways import BULK, LIST, WAYS, Way, write_list
from simulator.world import World

GROWTH = (1, 4, 16)
RESULTS = HERE / "RESULTS.md"
RESULTS_HEAD = """# Results of one run

`make bench` measures again and writes to `.cache/benchmark/`; `make bench BENCH_ARGS=--publish` writes this file.
Figures of different machines, or of a machine that has other work to do, cannot be compared; ratios can.

"""


class Failed(Exception):
    """A way that should work did not."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns the exit status."""
    options = _options(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        report = Report(options.latency)
        with Server(folder, options.latency) as server:
            short = min(options.users, options.slow_users)
            for way in WAYS:
                report.ways.append(measure(server, way, short if way.slow else options.users, folder, options.repeat))
            for factor in options.growth:
                known = [each for each in report.ways if each.way is BULK and factor == 1]
                report.growth.extend(known or [measure(server, BULK, factor * options.users, folder)])
        report.planning.extend(plan(size, folder) for size in options.planning)
    text = report.text()
    (options.output / "results.txt").write_text(text, encoding="utf-8")
    (options.output / "results.json").write_text(json.dumps(report.json(), indent=2), encoding="utf-8")
    (options.output / "growth.svg").write_text(report.svg(), encoding="utf-8")
    if options.publish:
        RESULTS.write_text(f"{RESULTS_HEAD}```text\n{text}```\n", encoding="utf-8")
    print(text)
    return 0


def measure(server: Server, way: Way, size: int, folder: Path, repeat: int = 1) -> Measured:
    """Create users on an empty server, the quickest of some attempts, and then the same again."""
    print(f"{way.name}: {size} users ...", file=sys.stderr, flush=True)
    write_list(folder, size)
    attempts: list[Cost] = []
    for _attempt in range(repeat if not way.slow else 1):
        server.reset()
        attempts.append(server.cost(way.command(), folder))
        if attempts[-1].status or server.users() != size:
            raise Failed(f"{way.name} failed:\n{attempts[-1].output[-3000:]}")
    again = server.cost(way.command(), folder)
    return Measured(way, size, min(attempts, key=lambda cost: cost.seconds), again, server.users() - size)


def plan(size: int, folder: Path) -> Planning:
    """Plan users who are all there already, on a server that answers at once."""
    print(f"planning {size} users ...", file=sys.stderr, flush=True)
    world = World(crowd.CONTEXTS, seed=1)
    crowd.populate(world, size)
    write_list(folder, size, with_incall=False)
    with Server(folder, latency=0.0, state=world.dump()) as server:
        cost = server.cost([sys.executable, str(HERE / "planning.py"), LIST], folder)
    if cost.status:
        raise Failed(cost.output)
    said = json.loads(cost.output)
    if said["changed"]:
        raise Failed("planning found something to change")
    return Planning(size, said["cpu"], said["peak"], cost.requests)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--slow-users", type=int, default=20, help="for the ways that start a module for each object")
    parser.add_argument("--growth", type=int, nargs="*", default=GROWTH, help="bulk at these multiples of --users")
    parser.add_argument("--planning", type=int, nargs="*", default=(1000, 10000), help="plan so many unchanged users")
    parser.add_argument("--repeat", type=int, default=1, help="attempts of the quick ways, of which the best counts")
    parser.add_argument("--latency", type=float, default=1.0, help="1 is as slow as a real server")
    parser.add_argument("--output", type=Path, default=ROOT / ".cache" / "benchmark")
    parser.add_argument("--publish", action="store_true", help="write RESULTS.md as well")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
