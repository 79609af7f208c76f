# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selects from a journal who changed a person, a number or a day, run by run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .._model.errors import InputError
from .._model.printable import printable_values
from .._model.records import Row
from .._model.texts import counted, without_accents

OF_OPERATION = (
    "item",
    "person",
    "operation",
    "action",
    "resource",
    "object",
    "id",
    "text",
    "before",
    "after",
    "reverses",
)
NUMBER = re.compile(r"(\d+)(?:@([\w.-]+))?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Question:
    """Says which changes are wanted: those that all given parts select.

    person: a name. number: an extension, "1200" or "1200@default". since, until: the beginning of a time in UTC, which
    counts as a whole. run: the id of a run, or its beginning.
    """

    person: str | None = None
    number: str | None = None
    since: str | None = None
    until: str | None = None
    run: str | None = None

    def wants_run_of(self, line: Mapping[str, Any]) -> bool:
        """Return whether the time and the run of a line are wanted."""
        time = line["time"]
        since, until = self.since or "", self.until or time
        return bool(
            since <= time[: len(since)] and time[: len(until)] <= until and line["run"].startswith(self.run or "")
        )

    def wants(self, operation: Mapping[str, Any]) -> bool:
        """Return whether an operation is about the person and the number."""
        return (not self.person or _names(operation, self.person)) and (
            not self.number or _has_number(operation, self.number)
        )


@dataclass
class Run:
    """One run, with those of its changes that are wanted.

    row: the members of its lines that are about the run. started, ended: its first and its last line, if it has them.
    changes: {key: change}, see ``_change``.
    """

    row: Row
    started: Row | None = None
    ended: Row | None = None
    planned: dict[int, str] = field(default_factory=dict)
    changes: dict[Any, Row] = field(default_factory=dict)
    put_back: set[int] = field(default_factory=set)

    def note(self, line: Row, question: Question) -> None:
        """Take in a line of the run."""
        event = line["event"]
        if event == "start":
            self.started = line
        elif event == "end":
            self.ended = line
        elif event == "person":
            self.planned[line.get("item") or 0] = str(line.get("planned"))
        elif event == "write":
            for operation in line.get("operations") or [line]:
                if operation.get("reverses") and line.get("outcome") == "done":
                    self.put_back.add(operation["reverses"])
                if question.wants(operation):
                    self._note_change(line, operation)

    def _note_change(self, line: Row, operation: Row) -> None:
        number = operation.get("operation")
        key = f"line {line['sequence']}" if number is None else number
        change = self.changes.setdefault(key, _change(line, operation))
        request = line.get("request") or {}
        change["requests"].append(f"{request.get('method')} {request.get('path')}")
        # Of several requests, the last one tells what became of the operation: a lost one is repeated.
        change.update({name: line.get(name) for name in ("outcome", "status", "error")})

    def result(self) -> Row:
        """Return the run as data."""
        for key, change in self.changes.items():
            change["put_back"] = key in self.put_back
            change["planned"] = self.planned.get(change["item"] or 0)
        summary = (self.ended or {}).get("summary")
        return {
            **self.row,
            "strategy": (self.started or {}).get("strategy"),
            "undoes": (self.started or {}).get("undoes"),
            "is_list": self.started is not None,
            "has_ended": self.ended is not None or self.started is None,
            "summary": summary if isinstance(summary, dict) else None,
            "failed": (self.ended or {}).get("failed") or [],
            "changes": list(self.changes.values()),
        }


def runs_of(lines: Iterable[Row], question: Question) -> list[Row]:
    """Return the runs that have wanted changes, in the order of their first lines, with printable texts.

    Without a person and a number, also the runs that changed nothing.
    """
    runs: dict[str, Run] = {}
    for line in lines:
        if question.wants_run_of(line):
            run = runs.get(line["run"])
            if run is None:
                row = {name: line.get(name) for name in ("run", "time", "server", "host", "api", "ran_by")}
                run = runs[line["run"]] = Run(row)
            run.note(line, question)
    is_about_all = not (question.person or question.number)
    return [printable_values(run.result()) for run in runs.values() if run.changes or is_about_all]


def newest(runs: list[Row], limit: int) -> tuple[list[Row], list[str]]:
    """Return the newest runs that have no more changes together than a limit, at least one; 0 for no limit.

    Also return what was left out, in words.
    """
    kept, changes = len(runs), 0
    for at, run in enumerate(reversed(runs), start=1):
        changes += max(len(run["changes"]), 1)
        if limit and changes > limit and at > 1:
            kept = at - 1
            break
    older = len(runs) - kept
    text = f"{counted(older, 'older run')} left out. Give a person, a number or a time, or a higher limit."
    return runs[older:], [text] if older else []


def question_of(options: Mapping[str, Any]) -> Question:
    """Return the question of options. Raises InputError for a day, a time or a number that is not valid."""
    day = options.get("day")
    if day and not DAY.fullmatch(day):
        raise InputError(f"day is {day!r}, which is not a day.", "Write it as YYYY-MM-DD.")
    if day and (options.get("begin") or options.get("end")):
        raise InputError("A day and the beginning or the end of a time are mutually exclusive.", "Give one of the two.")
    number = options.get("number")
    if number and not NUMBER.fullmatch(number):
        raise InputError(f"number is {number!r}, which is not a number.", "Example: 1200, or 1200@default.")
    since, until = (_time(day or options.get(name)) for name in ("begin", "end"))
    return Question(options.get("person"), number, since, until, options.get("run"))


def _time(given: str | None) -> str | None:
    if not given:
        return None
    text = given.strip().rstrip("Z").replace(" ", "T")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{given!r} is not a time.", "Write it in UTC, as 2026-11-30 or 2026-11-30 14:30.") from None
    return text


def _change(line: Row, operation: Row) -> Row:
    """Return an operation as a change, without its requests."""
    return {"time": line["time"], **{name: operation.get(name) for name in OF_OPERATION}, "requests": []}


def _names(operation: Mapping[str, Any], person: str) -> bool:
    """Return whether an operation is about a person of this name, in any case and with or without accents."""
    phrase = r"\s+".join(map(re.escape, without_accents(person).split()))
    return any(re.search(rf"(?<!\w){phrase}(?!\w)", without_accents(text)) for text in _texts(operation))


def _has_number(operation: Mapping[str, Any], number: str) -> bool:
    exten, _at, context = number.partition("@")
    pattern = rf"(?<!\d){exten}(?!\d)" + (f"@{re.escape(context)}" if context else "")
    return any(re.search(pattern, text) for text in (*_texts(operation), *_numbers(operation)))


def _numbers(operation: Mapping[str, Any]) -> Iterator[str]:
    """Yield the numbers in the values of an operation, as exten@context."""
    sides = [each for each in (operation.get("before"), operation.get("after")) if isinstance(each, dict)]
    contexts = [str(side["context"]) for side in sides if side.get("context")]
    # A change of a number alone does not say the context, but the object does.
    known = contexts or [str(operation.get("object") or "").rpartition("@")[2]]
    for side in sides:
        for name in ("exten", "number"):
            if side.get(name):
                yield from (f"{side[name]}@{context}" for context in known)


def _texts(operation: Mapping[str, Any]) -> list[str]:
    return [str(operation[name]) for name in ("person", "object", "text") if operation.get(name)]
