# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the history of a journal as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._model.masking import MASK
from .._model.printable import one_line, printable
from .._model.records import Row
from .._model.texts import counted
from .change_words import all_words_of
from .status_words import past_of

CHANGES = "changes"
"""What a journal shows of a secret."""
LONGEST = 200
"""The characters of a line about a change after which it is cut, without the person."""
WIDEST = 40
"""The characters of the column of persons."""
VERBS = ("created", "changed", "removed")
NOBODY = "-"


def lines_of(runs: Sequence[Row], problems: Iterable[str], with_details: bool) -> list[str]:
    """Return the lines: one for each run, and below it one for each change, or for each person.

    runs: as ``journal_history.runs_of`` returns them. with_details: whether to show each change.
    """
    servers = sorted({run["server"] for run in runs})
    lines = [line for run in runs for line in _lines_of_run(run, with_details)] or ["nothing found"]
    if len(servers) > 1:
        lines.insert(0, f"{counted(len(servers), 'server')}: {', '.join(map(printable, servers))}")
    return [*lines, *problems]


def who_of(run: Mapping[str, Any]) -> str:
    """Return who ran something: "carla (AWX job 77, Nightly)", or the user of the operating system."""
    by = {name: str(value) for name, value in (run.get("ran_by") or {}).items()}
    details = [
        *([f"AWX job {by['awx_job_id']}"] if by.get("awx_job_id") else []),
        *([by["awx_job_template"]] if by.get("awx_job_template") else []),
        *([f"sudo by {by['sudo_user']}"] if by.get("sudo_user") else []),
    ]
    who = by.get("awx_user") or by.get("user") or "unknown"
    return printable(f"{who} ({', '.join(details)})" if details else who)


def _lines_of_run(run: Row, with_details: bool) -> Iterator[str]:
    server = printable(run.get("host") or run["server"])
    undoes = f", undoes {printable(str(run['undoes']))}" if run["undoes"] else ""
    yield f"{_time(run['time'])}  {server}  by {who_of(run)}, run {printable(run['run'])}{undoes}: {_summary(run)}"
    rows = [(first, printable(person), what) for first, person, what in (_changes if with_details else _people)(run)]
    width = min(max((len(person) for _first, person, _what in rows), default=0), WIDEST)
    for first, person, what in rows:
        yield f"  {first}  {person.ljust(width)}  {one_line(what, LONGEST)}".rstrip()


def _summary(run: Row) -> str:
    if not run["is_list"]:
        return "one task"
    if not run["has_ended"]:
        return "not ended"
    counts = [
        f"{number} {past_of(name)}" for name, number in (run["summary"] or {}).items() if number and name != "unchanged"
    ]
    return ", ".join(map(printable, counts)) or "no changes"


def _changes(run: Row) -> Iterator[tuple[str, str, str]]:
    """Yield (time, person, what was done) of each change."""
    for change in run["changes"]:
        yield _time(change["time"])[11:], change["person"] or NOBODY, f"{_words(change)}{_end(change)}"


def _people(run: Row) -> Iterator[tuple[str, str, str]]:
    """Yield (what was done, person, details) of each person."""
    by_person: dict[Any, list[Row]] = {}
    for change in run["changes"]:
        by_person.setdefault((change["item"], change["person"]), []).append(change)
    for (_item, person), changes in by_person.items():
        verb = changes[0]["planned"] if changes[0]["planned"] in VERBS else "changed"
        lasting = [each for each in changes if not each["put_back"] and not each["reverses"]]
        failed = next((each for each in changes if each["outcome"] != "done"), None)
        details = "" if verb != "changed" else "; ".join(map(_words, lasting))
        if failed:
            verb, details = "failed ", f"{_words(failed)}{_end(failed)}"
        yield verb, person or NOBODY, details


def _words(change: Row) -> str:
    before, after = change["before"] or {}, change["after"] or {}
    if change["action"] != "update" or not (isinstance(before, dict) and isinstance(after, dict) and after):
        return change["text"] or ", ".join(change["requests"])
    return all_words_of(
        {
            "object": change["object"] or "",
            "field": name,
            "wanted": MASK if wanted == CHANGES else wanted,
            "found": None if before.get(name) == CHANGES else before.get(name),
        }
        for name, wanted in after.items()
    )


def _end(change: Row) -> str:
    """Return what became of a change that was not simply carried out."""
    error = f": {change['error']}" if change["error"] else ""
    outcomes = {"failed": f" - failed{error}", "unknown": f" - no certain answer{error}"}
    if change["put_back"]:
        return f"{outcomes.get(change['outcome'], '')} - put back later"
    return outcomes.get(change["outcome"], "") + (" - puts back an earlier change" if change["reverses"] else "")


def _time(time: str) -> str:
    """Return a time as 2026-11-30 14:51:55, in UTC."""
    return printable(time[:19].replace("T", " "))
