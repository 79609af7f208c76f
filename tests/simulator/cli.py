# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the simulator from the command line: python -m simulator."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from .database import DEFAULT_CONTEXTS, Context, Range
from .server import ListenError
from .simulator import GENERATIONS, Simulator
from .state_file import StateFileError, write_atomically

WARNING = "This is a simulated confd, for tests and demonstrations only: it protects nothing."
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
CONTEXT = re.compile(r"([\w-]+):(internal|incall|outcall):(\d+)-(\d+)")

NamedRange = tuple[str, str, Range]
"""A context, its type, and one of its ranges."""


class Parser(argparse.ArgumentParser):
    """Parse options, and report a wrong one without the list of all options."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}\n")


def parser() -> argparse.ArgumentParser:
    options = Parser(prog="simulator", description=f"Simulate confd. {WARNING}")
    add_api(options, default="xivo15")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=_port, default=0, help="0 is any free port")
    options.add_argument("--no-tls", dest="tls", action="store_false", help="plain HTTP")
    options.add_argument("--username", default="admin")
    options.add_argument("--password", default="proformatique")
    options.add_argument("--trusted", action="store_true", help="trust every client, as for a listed IP address")
    options.add_argument(
        "--range",
        dest="ranges",
        type=_named_range,
        action="append",
        default=[],
        metavar="CONTEXT:TYPE:START-END",
        help="numbers of a context, repeatable; replaces the default ranges of that context",
    )
    options.add_argument("--latency", type=float, default=0.0, metavar="FACTOR", help="1 is as slow as the real one")
    options.add_argument("--state", type=Path, metavar="FILE", help="keep the state in this file")
    options.add_argument(
        "--authority", type=Path, metavar="FOLDER", help="keep the certificate authority in this folder"
    )
    options.add_argument("--ready-file", help="write url, ca_path, username, password and pid here when listening")
    options.add_argument("--control", action="store_true", help="serve /_simulator/ as well")
    options.add_argument("--seed", type=int, help="make random values known")
    return options


def add_api(options: argparse.ArgumentParser, default: str) -> None:
    """Add the option --api."""
    options.add_argument(
        "--api", type=_generation, default=default, metavar="|".join(GENERATIONS), help="generation of the API"
    )


def _generation(text: str) -> str:
    if text not in GENERATIONS:
        known = ", ".join(f"API={name}" for name in GENERATIONS)
        raise argparse.ArgumentTypeError(f"{text!r} is not a generation of the API. Use one of {known}.")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Use a number up to 65535; 0 is any free port.")
    return int(text)


def _named_range(text: str) -> NamedRange:
    found = CONTEXT.fullmatch(text)
    if not found or int(found[3]) > int(found[4]):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a range. Write context, type (internal, incall or outcall) and numbers, "
            "for example default:internal:1000-1999."
        )
    return found[1], found[2], Range(found[3], found[4])


def contexts_with(ranges: Iterable[NamedRange]) -> list[Context]:
    """Return the default contexts, with those that the ranges name replaced or added."""
    contexts = {context.name: context for context in DEFAULT_CONTEXTS}
    given: dict[tuple[str, str], list[Range]] = {}
    for name, context_type, numbers in ranges:
        given.setdefault((name, context_type), []).append(numbers)
    for (name, context_type), found in given.items():
        contexts[name] = Context(name, context_type, tuple(found))
    return list(contexts.values())


def serve(given: argparse.Namespace, announce: Callable[[Simulator], None]) -> int:
    """Serve until a signal stops the server. Return the exit status.

    announce is called once, when the server listens.
    """
    stop = threading.Event()
    for number in STOPPING:
        signal.signal(number, lambda *_: stop.set())
    try:
        with Simulator(
            api=given.api,
            tls=given.tls,
            username=None if given.trusted else given.username,
            password=given.password,
            contexts=contexts_with(given.ranges),
            latency=given.latency,
            state_file=given.state,
            host=given.host,
            port=given.port,
            control=given.control,
            seed=given.seed,
            authority_folder=given.authority,
        ) as simulator:
            announce(simulator)
            if given.ready_file:
                _report_ready(simulator, Path(given.ready_file))
            stop.wait()
    except (ListenError, StateFileError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _report_ready(simulator: Simulator, file: Path) -> None:
    ready = {
        "url": simulator.url,
        "ca_path": simulator.ca_path,
        "username": simulator.username,
        "password": simulator.password,
        "pid": os.getpid(),
    }
    write_atomically(file, json.dumps(ready))


def _announce(simulator: Simulator) -> None:
    answers = f"{simulator.url} answers as {simulator.generation.name}"
    print(f"{WARNING}\n{answers}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None, prepare: Callable[[Simulator], None] | None = None) -> int:
    """Run until a signal comes. prepare: called with the simulator before the ready file is written."""

    def announce(simulator: Simulator) -> None:
        if prepare:
            prepare(simulator)
        _announce(simulator)

    return serve(parser().parse_args(arguments), announce)
