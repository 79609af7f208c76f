# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds, tests and tabulates: python -m matrix. Fails for a failed test, and for a matrix of one."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from matrix.cell import ROOT, Outcome, tried
from matrix.found import Combination, combinations, installed_pythons, versions

ROW = "{:<14} {:<8} {:<9} {:>7} {:>7}   {}"


def main(arguments: Sequence[str]) -> int:
    """Test what there is, and say it in a table."""
    options = _options(arguments)
    listed = versions()
    wanted = combinations(listed)
    pythons = installed_pythons(
        sorted({name for each in wanted for name in (each.python, each.modules) if name}), Path(os.environ["USER_HOME"])
    )
    there = [each for each in wanted if _is_possible(each, pythons)]
    _announce(there, [each for each in wanted if each not in there])
    if len(there) < 2:
        print("A matrix of one is none. Install another Python, with pyenv for example.", file=sys.stderr)
        return 1
    chosen = [each for each in there if not options.only or any(text in each.name for text in options.only)]
    outcomes = []
    for combination in chosen:
        began = time.monotonic()
        print(f"\n== {combination.name}", flush=True)
        outcomes.append(tried(combination, pythons, listed, options.jobs, options.quick))
        print(f"{_verdict(outcomes[-1])} in {time.monotonic() - began:.0f} s", flush=True)
    print(_table(outcomes))
    print(_total(outcomes))
    return 0 if outcomes and all(outcome.fine for outcome in outcomes) else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="matrix", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="TEXT",
        help="only what has this in its name, '2.19, Python 3.13'",
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many tests at once")
    parser.add_argument("--quick", action="store_true", help="only the playbooks of the README, of audit and export")
    return parser.parse_args(arguments)


def _is_possible(combination: Combination, pythons: Mapping[str, Path]) -> bool:
    return combination.python in pythons and (not combination.modules or combination.modules in pythons)


def _announce(there: Sequence[Combination], missing: Sequence[Combination]) -> None:
    for title, these in (("Found", there), ("Not on this machine", missing)):
        if these:
            print(f"{title}:", *(f"  {each.name}" for each in these), sep="\n", flush=True)


def _verdict(outcome: Outcome) -> str:
    if outcome.fine:
        return "passed"
    log = outcome.log.relative_to(ROOT) if outcome.log else ""
    return f"FAILED{': ' if outcome.trouble else ''}{outcome.trouble}, see {log}"


def _table(outcomes: Sequence[Outcome]) -> str:
    rows = [ROW.format("ansible-core", "Python", "modules", "passed", "failed", "")]
    for each in outcomes:
        core = each.ansible or each.combination.ansible
        modules = each.combination.modules or each.combination.python
        rows.append(ROW.format(core, each.combination.python, modules, each.passed, each.failed, _verdict(each)))
    return "\n" + "\n".join(row.rstrip() for row in rows) + "\n"


def _total(outcomes: Sequence[Outcome]) -> str:
    """All tests of all combinations; one without tests counts as a failed one."""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed or (not outcome.fine) for outcome in outcomes)
    return f"{passed} passed, {failed} failed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
