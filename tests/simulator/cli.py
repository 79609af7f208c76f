# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the simulator from the command line: python -m simulator."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .database import DEFAULT_CONTEXTS, Context, Range
from .simulator import GENERATIONS, Simulator, write_atomically

WARNING = "This is a simulated confd, for tests and demonstrations only: it protects nothing and forgets everything."


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="simulator", description=f"Simulate confd. {WARNING}")
    options.add_argument("--api", choices=sorted(GENERATIONS), default="xivo15", help="generation of the API")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0, help="0, the default, is any free port")
    options.add_argument("--no-tls", dest="tls", action="store_false", help="plain HTTP")
    options.add_argument("--username", default="admin")
    options.add_argument("--password", default="proformatique")
    options.add_argument("--trusted", action="store_true", help="trust every client, as for a listed IP address")
    options.add_argument(
        "--range",
        dest="ranges",
        action="append",
        default=[],
        metavar="CONTEXT:TYPE:START-END",
        help="numbers of a context, repeatable; replaces the default ranges of that context",
    )
    options.add_argument("--latency", type=float, default=0.0, metavar="FACTOR", help="1 is as slow as the real one")
    options.add_argument("--state-file", help="keep the state in this file")
    options.add_argument("--ready-file", help="write url, ca_path, username, password and pid here when listening")
    options.add_argument("--control", action="store_true", help="serve /_simulator/ as well")
    options.add_argument("--seed", type=int, help="make random values known")
    return options


def contexts_with(ranges: Iterable[str]) -> list[Context]:
    """Return the default contexts, with those that the ranges name replaced or added."""
    contexts = {context.name: context for context in DEFAULT_CONTEXTS}
    given: dict[tuple[str, str], list[Range]] = {}
    for text in ranges:
        name, context_type, numbers = text.split(":")
        start, end = numbers.split("-")
        given.setdefault((name, context_type), []).append(Range(start, end))
    for (name, context_type), found in given.items():
        contexts[name] = Context(name, context_type, tuple(found))
    return list(contexts.values())


def main(arguments: Sequence[str] | None = None, prepare: Callable[[Simulator], None] | None = None) -> int:
    """Run until a signal comes. prepare: called with the simulator before the ready file is written."""
    given = parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    username = None if given.trusted else given.username
    with Simulator(
        api=given.api,
        tls=given.tls,
        username=username,
        password=given.password,
        contexts=contexts_with(given.ranges),
        latency=given.latency,
        state_file=given.state_file,
        host=given.host,
        port=given.port,
        control=given.control,
        seed=given.seed,
    ) as simulator:
        if prepare:
            prepare(simulator)
        ready = {
            "url": simulator.url,
            "ca_path": simulator.ca_path,
            "username": simulator.username,
            "password": simulator.password,
            "pid": os.getpid(),
        }
        print(f"{WARNING}\n{simulator.url} answers as {given.api}", file=sys.stderr, flush=True)
        if given.ready_file:
            write_atomically(Path(given.ready_file), json.dumps(ready))
        stop.wait()
    return 0
