# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases in which an undo is refused, one for each heading of docs/guides/troubleshooting.md about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user
from simulator import Simulator
from support.helpers import leaver, make_user, perform
from support.undoing import ANN, BOB, lines, run, undone


def changed_since(sim: Simulator, journal: str) -> None:
    """Undo a run after somebody else has changed its user."""
    run(sim, journal, BOB)
    run(sim, journal, {**BOB, "user": {**BOB["user"], "language": "fr_FR"}})
    perform(sim, ensure_user, match={"firstname": "Bob", "lastname": "Baker"}, language="de_DE")
    undone(sim, journal)


def another_user(sim: Simulator, journal: str) -> None:
    """Undo a run on a server that was installed again and has somebody else with the id of its user."""
    run(sim, journal, BOB)
    sim.reset()
    make_user(sim, "Cleo Carter")
    undone(sim, journal)


def no_journal(sim: Simulator, journal: str) -> None:
    """Undo a run with a path that is wrong."""
    undone(sim, journal)


def another_server(sim: Simulator, journal: str) -> None:
    """Undo a run on another server than its own."""
    run(sim, journal, BOB)
    ids = [line["run"] for line in lines(journal)]
    with Simulator(tls=False) as other:
        undone(other, journal, run=ids[0])


def missing_run(sim: Simulator, journal: str) -> None:
    """Undo a run whose id is wrong."""
    run(sim, journal, BOB)
    undone(sim, journal, run="4711")


def only_undos(sim: Simulator, journal: str) -> None:
    """Undo a run that had nothing to do."""
    run(sim, journal, leaver("Nobody There"))
    undone(sim, journal)


def missing_lines(sim: Simulator, journal: str) -> None:
    """Undo a run of whose lines one is missing."""
    run(sim, journal, ANN)
    written = Path(journal).read_text(encoding="utf-8").splitlines(keepends=True)
    Path(journal).write_text("".join(written[:2] + written[3:]), encoding="utf-8")
    undone(sim, journal)


def nobody(sim: Simulator, journal: str) -> None:
    """Undo what a run has changed for a person whom it has not changed."""
    run(sim, journal, BOB)
    undone(sim, journal, person="Ann Archer")


def _with_journal(case: Callable[[Simulator, str], None], sim: Simulator) -> None:
    with TemporaryDirectory() as folder:
        case(sim, str(Path(folder) / "journal.jsonl"))


UNDO_MESSAGES: dict[str, Callable[[Simulator], None]] = {
    heading: partial(_with_journal, case)
    for heading, case in {
        "… is …, and the run left …": changed_since,
        "… the id is now that of …": another_user,
        "The journal … does not exist.": no_journal,
        "Run … was on the server …, but this server is …": another_server,
        "The journal … has no run …": missing_run,
        "… has no run of a list on this server that has changed something, except undos.": only_undos,
        "The journal … is not complete: line … of run … is missing.": missing_lines,
        "… has changed nobody called …": nobody,
    }.items()
}
