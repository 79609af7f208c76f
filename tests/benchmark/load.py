# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make load: a large directory on one server, from the first run to an audit. Writes load.txt and load.json."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmark import dataset
from benchmark.server import HERE, ROOT, Server
from simulator.simulator import GENERATIONS
from support.user_parts import for_generation

CHANGED = 100
RESULTS = HERE / "LOAD.md"
RESULTS_HEAD = """# A large directory, one run

`make load` measures again and writes to `.cache/benchmark/`; `make load LOAD_ARGS=--publish` writes this file.

"""
LEGEND = (
    "Without Ansible, on a simulator that answers at once: seconds by the clock hold the simulator's work as well,\n"
    "cpu and memory are those of the collection alone. Each user has an internal number;\n"
    "with --incalls also an incall; with --person also a login, a forward, a service,\n"
    "a fallback and a function key, if the generation has them."
)


class Failed(Exception):
    """A run did not do what it should."""


@dataclass(frozen=True)
class Operation:
    """A run: its name, what it is, its list, and what it must report."""

    name: str
    action: str
    options: dict[str, Any]
    expected: dict[str, Any]


@dataclass(frozen=True)
class Figures:
    """What a run cost. cpu: seconds, peak: MB, both of the client alone."""

    api: str
    step: str
    users: int
    seconds: float
    cpu: float
    peak: float
    requests: int


def steps(api: str, size: int, with_incalls: bool, with_settings: bool) -> Iterator[Operation]:
    """The life of a directory. size: an even number, because two users lead to each other."""
    users = dataset.entries(size, with_incalls)
    if with_settings:
        settings = (each.settings() for each in dataset.members(size))
        users = [for_generation(api, {**entry, **more}) for entry, more in zip(users, settings)]
    changed = [{**entry, "user": {**entry["user"], "userfield": "changed"}} for entry in users[:CHANGED]]
    later = [*changed, *users[CHANGED:]]
    rest = later[: size - CHANGED]
    purge = {"purge": True, "purge_scope": {"context": "default"}, "purge_limit": CHANGED}
    yield Operation("create", "provision", {"users": users}, {"created": size})
    yield Operation("unchanged", "provision", {"users": users}, {"unchanged": size})
    yield Operation("change 100", "provision", {"users": later}, {"updated": CHANGED, "unchanged": size - CHANGED})
    yield Operation(
        "purge 100", "provision", {"users": rest, **purge}, {"purged": CHANGED, "unchanged": size - CHANGED}
    )
    yield Operation("export", "export", {}, {"entries": size - CHANGED})
    audit = {"users": rest, "orphans": "report", "continue_on_error": True}
    yield Operation("audit", "audit", audit, {"unchanged": size - CHANGED})


def measure(api: str, size: int, with_incalls: bool, with_settings: bool) -> Iterator[Figures]:
    """All runs, one after the other, on one server of a generation."""
    with tempfile.TemporaryDirectory(prefix="load-") as name, Server(Path(name), latency=0.0, api=api) as server:
        for step in steps(api, size, with_incalls, with_settings):
            print(f"{api}: {step.name} ...", file=sys.stderr, flush=True)
            yield _run(server, step, api, size, Path(name))


def _run(server: Server, step: Operation, api: str, size: int, folder: Path) -> Figures:
    file = folder / "wanted.json"
    file.write_text(json.dumps({"action": step.action, "options": step.options}), encoding="utf-8")
    cost = server.cost([sys.executable, str(HERE / "load_step.py"), str(file)], folder)
    if cost.status:
        raise Failed(f"{step.name} on {api} failed:\n{cost.output[-3000:]}")
    said = json.loads(cost.output)
    found = {**(said["summary"] or {}), **{name: said[name] for name in ("purged", "entries")}}
    wrong = {name: found.get(name) for name, count in step.expected.items() if found.get(name) != count}
    if wrong:
        raise Failed(f"{step.name} on {api}: {wrong} instead of {step.expected}")
    return Figures(api, step.name, size, cost.seconds, said["cpu"], said["peak"], cost.requests)


def table(rows: Sequence[Figures]) -> str:
    """The figures in columns."""
    lines = [f"{'generation':<12}{'run':<12}{'users':>7}{'seconds':>10}{'cpu':>8}{'MB':>7}{'requests':>10}"]
    lines += [
        f"{row.api:<12}{row.step:<12}{row.users:>7}{row.seconds:>10.1f}{row.cpu:>8.1f}{row.peak:>7.0f}{row.requests:>10}"
        for row in rows
    ]
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    return "\n".join((*lines, "", LEGEND, f"Machine: {machine}.", ""))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the load. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--users", type=int, default=10000)
    parser.add_argument("--apis", nargs="+", choices=sorted(GENERATIONS), default=["xivo15", "xivo16", "wazo"])
    parser.add_argument("--incalls", action="store_true", help="give everybody a direct number as well")
    parser.add_argument("--person", action="store_true", help="give everybody login, forward, service, fallback, key")
    parser.add_argument("--output", type=Path, default=ROOT / ".cache" / "benchmark")
    parser.add_argument("--publish", action="store_true", help="write LOAD.md as well")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    rows: list[Figures] = []
    for api in options.apis:
        rows.extend(measure(api, options.users, options.incalls, options.person))
        text = table(rows)
        (options.output / "load.txt").write_text(text, encoding="utf-8")
        figures = [vars(row) for row in rows]
        (options.output / "load.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    if options.publish:
        RESULTS.write_text(f"{RESULTS_HEAD}```text\n{text}```\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
