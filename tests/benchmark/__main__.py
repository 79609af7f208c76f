# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: measure all contenders, write results.txt, results.json and growth.svg."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmark import dataset
from benchmark.contenders import BULK, CONTENDERS, IDLE, LIST, ON_WAZO, Contender, write_list
from benchmark.report import BY_USERFIELD, NEW, PLANNED, Idle, Measured, Planning, Report, Whole
from benchmark.server import HERE, ROOT, Cost, Server
from simulator.xivo15.rows import Xivo15Database

APIS = ("xivo15", "xivo16", "wazo")
GROWTH = (1, 4, 16)
RESULTS = HERE / "RESULTS.md"
PUBLISHED = ("growth.svg", "results.json")
RESULTS_HEAD = """# Results of one run

`make bench` repeats the measurements and writes the results to `.cache/benchmark/`. `make bench BENCH_ARGS=--publish`
writes this file, [results.json](results.json) and the plot. Do not compare the seconds of two machines, or of a machine
that runs other programs at the same time. Ratios can be compared.

"""
PLOT = "\n![Seconds against users](growth.svg)\n"


class Failed(Exception):
    """A contender that should work did not."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns the exit status."""
    options = _options(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    report = Report(options.latency, load=os.getloadavg()[0], attempts=options.repeat)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        for _measured in _measure_all(report, options, Path(name)):
            # So that a run that is ended early has not been for nothing.
            _write(report, options)
    print(report.text())
    return 0


def _measure_all(report: Report, options: argparse.Namespace, folder: Path) -> Iterator[None]:
    """Fill in the report, with a pause after every figure; what takes longest comes last."""
    if "xivo15" in options.api:
        for size in options.planning:
            for kind in PLANNED:
                report.planning.append(plan(size, folder, kind))
                yield
        report.idle.extend(do_nothing(options, folder))
        yield
    for api in options.api:
        if api != "xivo15":
            report.whole.extend(whole_and_parts(api, options, folder))
            yield
    if "wazo" in options.api:
        with Server(folder, options.latency, api="wazo") as server:
            for contender in ON_WAZO:
                report.on_wazo.append(measure(server, contender, options.wazo_users, folder))
                yield
    if "xivo15" in options.api:
        yield from _compare_contenders(report, options, folder)


def _compare_contenders(report: Report, options: argparse.Namespace, folder: Path) -> Iterator[None]:
    """Fill in the contenders and the growth of bulk."""
    short = min(options.users, options.slow_users)
    with Server(folder, options.latency) as server:
        # In turns, for a machine is quicker now than a minute later.
        turns = [contender for _turn in range(options.repeat - 1) for contender in CONTENDERS if not contender.slow]
        earlier = [(contender, create(server, contender, options.users, folder)) for contender in turns]
        for contender in CONTENDERS:
            size = short if contender.slow else options.users
            report.contenders.append(
                measure(server, contender, size, folder, [cost for each, cost in earlier if each is contender])
            )
            yield
        for factor in options.growth:
            known = [each for each in report.contenders if each.contender is BULK and factor == 1]
            report.growth.extend(known or [measure(server, BULK, factor * options.users, folder)])
            yield


def create(server: Server, contender: Contender, size: int, folder: Path) -> Cost:
    """Create users on an empty server."""
    _say(f"{contender.name}: {size} users")
    write_list(folder, size)
    server.reset()
    cost = server.cost(contender.command(), folder)
    if cost.status or server.users() != contender.created_by(size):
        raise Failed(f"{contender.name} failed:\n{cost.output[-3000:]}")
    return cost


def measure(server: Server, contender: Contender, size: int, folder: Path, earlier: Sequence[Cost] = ()) -> Measured:
    """Create users, of which the quickest attempt counts, and then the same again."""
    attempts = [*earlier, create(server, contender, size, folder)]
    again = server.cost(contender.command(), folder)
    left_over = server.users() - contender.created_by(size)
    return Measured(contender, size, min(attempts, key=lambda cost: cost.seconds), again, left_over)


def plan(size: int, folder: Path, kind: str) -> Planning:
    """Plan users who are all new, or all there already, on a server that answers at once."""
    _say(f"planning {size} users: {kind}")
    is_new = kind == NEW
    database = Xivo15Database(dataset.CONTEXTS, seed=1)
    if not is_new:
        dataset.populate(database, size)
    write_list(folder, size, with_incall=False, by_userfield=kind == BY_USERFIELD)
    with Server(folder, latency=0.0, state=database.dump()) as server:
        said, cost = _without_ansible(server, folder, "--check")
    if said["changed"] is not is_new:
        raise Failed("planning found something else to change than there is")
    return Planning(kind, size, said["cpu"], cost.peak, cost.requests)


def do_nothing(options: argparse.Namespace, folder: Path) -> list[Idle]:
    """Run what has nothing to do for one user, in turns with a module that does nothing."""
    with Server(folder, latency=0.0) as server:
        create(server, BULK, 1, folder)
        costs: dict[str, list[Cost]] = {each.name: [] for each in IDLE}
        for _turn in range(options.idle_turns):
            for each in IDLE:
                _say(f"{each.name}: nothing to do")
                costs[each.name].append(server.cost(each.command(), folder))
    for name, found in costs.items():
        if any(cost.status for cost in found):
            raise Failed(f"{name} failed:\n{found[0].output[-3000:]}")
    return [
        Idle(name, min(cost.cpu for cost in found), min(cost.seconds for cost in found))
        for name, found in costs.items()
    ]


def whole_and_parts(api: str, options: argparse.Namespace, folder: Path) -> list[Whole]:
    """Make new users one part after the other, and each at once if this generation can; the latter last."""
    found = []
    with Server(folder, options.latency, api=api) as server:
        for arguments in (("--by-parts",), ()):
            _say(f"{api}, {' '.join(arguments) or 'as it does'}: {options.younger_users} users")
            write_list(folder, options.younger_users)
            server.reset()
            said, cost = _without_ansible(server, folder, *arguments)
            if server.users() != options.younger_users:
                raise Failed(f"{api} has {server.users()} users")
            again, cost_again = _without_ansible(server, folder, *arguments)
            if again["changed"]:
                raise Failed(f"{api}: the second run changed something")
            if arguments or said["whole"]:
                seconds = (said["seconds"], again["seconds"])
                found.append(Whole(api, said["whole"], options.younger_users, *seconds, cost, cost_again))
    return found


def _without_ansible(server: Server, folder: Path, *arguments: str) -> tuple[dict[str, Any], Cost]:
    """What core.py said, and its cost."""
    cost = server.cost([sys.executable, str(HERE / "core.py"), LIST, *arguments], folder)
    if cost.status:
        raise Failed(cost.output)
    return json.loads(cost.output), cost


def _write(report: Report, options: argparse.Namespace) -> None:
    text = report.text()
    files = {"results.txt": text, "results.json": json.dumps(report.json(), indent=2) + "\n"}
    if report.contenders:
        files["growth.svg"] = report.svg()
    published = PUBLISHED if options.publish else ()
    for name, content in files.items():
        (options.output / name).write_text(content, encoding="utf-8")
    for name in set(published) & set(files):
        (HERE / name).write_text(files[name], encoding="utf-8")
    if options.publish:
        RESULTS.write_text(f"{RESULTS_HEAD}```text\n{text}```\n{PLOT}", encoding="utf-8")


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark", description=__doc__)
    parser.add_argument(
        "--api",
        nargs="+",
        choices=APIS,
        default=APIS,
        help="xivo15: the contenders; wazo: a script and bulk; xivo16, wazo: whole users against part by part",
    )
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument(
        "--slow-users", type=int, default=20, help="for the contenders that start a module for each object"
    )
    parser.add_argument("--younger-users", type=int, default=50, help="for xivo16 and wazo")
    parser.add_argument("--wazo-users", type=int, default=100, help="for the script and bulk on Wazo")
    parser.add_argument("--growth", type=int, nargs="*", default=GROWTH, help="bulk at these multiples of --users")
    parser.add_argument("--planning", type=int, nargs="*", default=(1000, 10000), help="plan so many users")
    parser.add_argument(
        "--repeat", type=int, default=5, help="attempts of the quick contenders, of which the best counts"
    )
    parser.add_argument(
        "--idle-turns", type=int, default=8, help="attempts of the runs with nothing to do, of which the best counts"
    )
    parser.add_argument("--latency", type=float, default=1.0, help="1 is as slow as a real server")
    parser.add_argument("--output", type=Path, default=ROOT / ".cache" / "benchmark")
    parser.add_argument("--publish", action="store_true", help="write RESULTS.md as well")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
