# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads one run from a journal, to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .._model.errors import InputError
from .._model.printable import printable
from .journal_damage import Line, Row, Unreadable, lines_of, require_last, require_no_damage

DONE = "done"
LIST_JOURNAL = "List the runs of the journal with the playbook xivo.confd.journal."


@dataclass
class JournalItem:
    """Holds what a run did for one person, or for another object.

    person: the label. user_id: None for somebody who did not exist. uuid: None where the server has none, as XiVO 15.
    found: the person before the run as an entry.
    missing: what the person had besides, in words. writes: the operations of its writes in order, without those that
    the server refused.
    """

    item: int
    person: str
    user_id: int | None = None
    uuid: str | None = None
    found: Row | None = None
    missing: list[str] = field(default_factory=list)
    writes: list[Row] = field(default_factory=list)


@dataclass
class JournalRun:
    """Holds one run.

    run: its id. is_list: whether it was a list, and not one task of another module. undoes: the id of the run that it
    has undone, if it is an undo. has_ended: whether it has its last line. warnings: about the journal.
    """

    run: str
    server: str
    time: str
    is_list: bool = False
    undoes: str | None = None
    has_ended: bool = False
    items: dict[int, JournalItem] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def has_written(self) -> bool:
        """Return whether the run has changed something, or may have."""
        return any(item.writes for item in self.items.values())

    def __str__(self) -> str:
        return f"run {self.run} of {self.time}"


def read_run(path: str, server: str, run: str | None = None) -> JournalRun:
    """Return a run of a journal on a server: by default the last one that wrote something and is no undo.

    path: a file, or a folder of files. server: the URL of the server without credentials. run: the id of another run.
    Raises InputError for a journal that does not have it, or that is damaged.
    """
    lines = _lines_with_run(path, server, run)
    rows = _readable(lines)
    if not rows:
        raise next((line.error() for line in lines if isinstance(line, Unreadable)), None) or InputError(
            f"The journal {printable(path)} is empty.", "Give the journal of the run that is to be undone."
        )
    runs = _runs_of(rows)
    here = _on(server, runs)
    found = _named(runs, run, path) if run else _last(here, runs, server, path)
    if found.run not in here:
        raise InputError(
            f"Run {printable(found.run)} was on the server {printable(found.server)}, but this server is {server}.",
            "Limit the playbook to the server of the run (confd_hosts), or give another run.",
        )
    if not run:
        require_last(lines, found.run, str(found))
    found.warnings = require_no_damage(lines, found.run)
    _require_complete(rows, found, path)
    if not found.has_written:
        raise InputError(f"Run {found.run} has changed nothing, so there is nothing to undo.", LIST_JOURNAL)
    if not found.is_list:
        raise InputError(
            f"Run {found.run} is one task of a module, and only runs of a list can be undone.",
            "Restore the values with the same module. The journal has them in before.",
        )
    return found


def server_key(url: str) -> str:
    """Return what tells a server from others: its URL without credentials, version and slash at the end."""
    return url.rpartition("@")[2].rpartition("//")[2].rstrip("/").removesuffix("/1.1").rstrip("/").lower()


def _lines_with_run(path: str, server: str, run: str | None) -> list[Line]:
    """Return the lines of a file, or of the newest files of a folder back to the one in which the run begins."""
    lines: list[Line] = []
    for file in _files_of(path):
        lines = [*lines_of(file), *lines]
        runs = _runs_of(_readable(lines))
        found = runs.get(run) if run else next(iter(_undoable(_on(server, runs))[-1:]), None)
        if found and found.is_list:
            break
    return lines


def _readable(lines: Sequence[Line]) -> list[Row]:
    return [line for line in lines if not isinstance(line, Unreadable)]


def _on(server: str, runs: dict[str, JournalRun]) -> dict[str, JournalRun]:
    return {name: each for name, each in runs.items() if server_key(each.server) == server_key(server)}


def _undoable(runs: dict[str, JournalRun]) -> list[JournalRun]:
    """Return the runs of lists that wrote something. An undo is undone only where it is named."""
    return [each for each in runs.values() if each.has_written and each.is_list and not each.undoes]


def _files_of(path: str) -> list[Path]:
    """Return the files of a journal, the newest first."""
    place = Path(path)
    if not place.exists():
        raise InputError(
            f"The journal {printable(path)} does not exist.",
            "Give the file or the folder that provision_journal named. In playbooks, a relative path begins in the "
            "folder in which Ansible is started.",
        )
    return sorted(place.glob("*.jsonl"), reverse=True) if place.is_dir() else [place]


def _runs_of(rows: Iterable[Row]) -> dict[str, JournalRun]:
    runs: dict[str, JournalRun] = {}
    for row in rows:
        run = runs.setdefault(row["run"], JournalRun(row["run"], row["server"], row["time"]))
        event = row["event"]
        if event == "start":
            run.is_list, run.undoes = True, row.get("undoes")
        elif event == "person":
            item = _item_of(run, row)
            item.user_id, item.uuid = row.get("user_id"), row.get("uuid")
            item.found, item.missing = row.get("found"), row.get("missing") or []
        elif event == "write" and not _was_refused(row):
            _note_write(run, row)
        elif event == "end":
            run.has_ended = True
    return runs


def _note_write(run: JournalRun, row: Row) -> None:
    """Add a write to its items. One request can perform operations of several items."""
    line = {name: row.get(name) for name in ("sequence", "outcome", "shortened")}
    for operation in row.get("operations") or [row]:
        _item_of(run, operation).writes.append({**operation, **line})


def _item_of(run: JournalRun, row: Row) -> JournalItem:
    item = row.get("item") or 0
    return run.items.setdefault(item, JournalItem(item, row.get("person") or ""))


def _was_refused(row: Row) -> bool:
    """Return whether the server has refused a write, so that it changed nothing."""
    return row.get("outcome") != DONE and 400 <= (row.get("status") or 0) < 500


def _named(runs: dict[str, JournalRun], run: str, path: str) -> JournalRun:
    if run not in runs:
        longer = [each for each in runs if each.startswith(run)]
        advice = f"Give the whole id, {printable(longer[0])}." if len(longer) == 1 else LIST_JOURNAL
        raise InputError(f"The journal {printable(path)} has no run {printable(run)}.", advice)
    return runs[run]


def _last(here: dict[str, JournalRun], runs: dict[str, JournalRun], server: str, path: str) -> JournalRun:
    """Return the last run on this server that can be undone without a name."""
    written = _undoable(here)
    if written:
        return written[-1]
    if not here:
        others = ", ".join(sorted({printable(each.server) for each in runs.values()}))
        raise InputError(
            f"The journal {printable(path)} has no run on this server, {server}. It has runs on {others}.",
            "Limit the playbook to the server of the run (confd_hosts), or give the journal of this server.",
        )
    raise InputError(
        f"The journal {printable(path)} has no run of a list on this server that has changed something, except undos.",
        f"To undo an undo, give its run. {LIST_JOURNAL}",
    )


def _require_complete(rows: Iterable[Row], run: JournalRun, path: str) -> None:
    """Raise InputError if lines of a run are missing."""
    numbers = sorted(row["sequence"] for row in rows if row["run"] == run.run)
    missing = sorted({*range(1, numbers[-1] + 1)} - {*numbers})
    if missing:
        raise InputError(
            f"The journal {printable(path)} is not complete: line {missing[0]} of run {run.run} is missing.",
            "If a run lasted over midnight, give the folder of the journal, which has the files of both days.",
        )
