# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what a run does to a server: one line of JSON for each request that writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from threading import Lock
from typing import Any

from .._model.errors import ConfdError, RequestError
from .._model.masker import Masker
from .._model.masking import masked
from .._model.records import Row
from .._model.secrets import is_masked_by_key_only

VERSION = 1
LONGEST_LINE = 256 * 1024
"""The characters of a line. A longer one loses the values before and after."""
LONGEST_TEXT = 2000
"""The characters of a text in a line."""
CHANGES = "changes"
"""What a line shows of a secret that a request writes."""
BULKY = ("before", "after", "found")
"""The members that a line loses if it is too long."""
DONE, FAILED, UNKNOWN = "done", "failed", "unknown"


@dataclass
class RunInfo:
    """What every line of a run says of it.

    id: a UUID. server: the URL without credentials. host: the name of the server in the inventory, if it is known.
    ran_by: who runs it, as far as it is known. item, person: what the operations belong to that say nothing else.
    """

    id: str
    server: str
    host: str | None = None
    api: str | None = None
    ran_by: dict[str, str] = field(default_factory=dict)
    item: int | None = None
    person: str | None = None

    def row(self) -> Row:
        """Return the members that every line has."""
        return {
            "version": VERSION,
            "run": self.id,
            "server": self.server,
            "host": self.host,
            "api": self.api,
            "ran_by": self.ran_by,
        }


class Journal:
    """Holds the lines of a run. Several threads may add lines.

    append: gets (day, line): the day in UTC as YYYY-MM-DD, and the line with its end. It raises nothing. report: gets
    the text of a defect. secrets: what no line may contain. earlier_lines: returns the lines of the same run
    that other processes have written, the last one first.
    """

    def __init__(
        self,
        run: RunInfo,
        append: Callable[[str, str], None],
        report: Callable[[str], None],
        secrets: Collection[str] = (),
        earlier_lines: Callable[[], Iterator[Mapping[str, Any]]] = lambda: iter(()),
    ) -> None:
        self.run = run
        self._append = append
        self._report = report
        # The texts of errors, which servers write, were masked when they came.
        self._masker = Masker((each for each in secrets if each and not is_masked_by_key_only(each)), are_foreign=False)
        self._lock = Lock()
        self.earlier_lines = earlier_lines
        self._sequence, self._operation = _numbers_of(next(earlier_lines(), {}))

    def number_operation(self) -> int:
        """Return the number of the next operation of the run."""
        with self._lock:
            self._operation += 1
            return self._operation

    def add(self, event: str, describe: Callable[[], Row], time: datetime | None = None) -> None:
        """Write a line. describe: returns its members. Never raises: no run may fail because of its journal."""
        at = time or now()
        try:
            members = self._without_secrets({"time": _text_of_time(at), "event": event, **describe()})
            with self._lock:
                self._sequence += 1
                row = {**self.run.row(), "sequence": self._sequence, **members}
                self._append(at.date().isoformat(), f"{_line(row)}\n")
        except Exception as error:
            with self._lock:
                # The gap in the numbers shows that a line is missing.
                self._sequence += 1
            self._report(f"A line of the journal could not be made ({type(error).__name__}).")

    def _without_secrets(self, value: Any) -> Any:
        return self._cleaned(masked(value, mask=CHANGES))

    def _cleaned(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._cleaned(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._cleaned(inner) for inner in value]
        if isinstance(value, str):
            safe = self._masker.mask(value)
            return safe if len(safe) <= LONGEST_TEXT else f"{safe[:LONGEST_TEXT]}..."
        return value


class Recorder:
    """Records the writing requests of one client, for one thread only."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._describe: Callable[[], Row] = self._of_no_operation
        self._pending: tuple[Row, datetime] | None = None

    def clone(self) -> Recorder:
        """Return a recorder for another client of the same run."""
        return Recorder(self.journal)

    @contextmanager
    def performing(self, describe: Callable[[], Row]) -> Iterator[None]:
        """Let the requests belong to operations. describe: returns their members of a line, after the answer."""
        self.flush()
        outer, self._describe = self._describe, describe
        try:
            yield
        finally:
            self.flush()
            self._describe = outer

    def succeeded(self, method: str, path: str, status: int) -> None:
        """Note a request that the server has carried out."""
        self._note(method, path, status, DONE)

    def failed(self, method: str, path: str, error: BaseException) -> None:
        """Note a request without a usable answer."""
        # An error without the attribute is one of the options, or no failure of the request but the end of the process.
        may_have_acted = getattr(error, "may_have_acted", not isinstance(error, ConfdError))
        status = error.status if isinstance(error, RequestError) else None
        self._note(method, path, status, UNKNOWN if may_have_acted else FAILED, str(error) or type(error).__name__)

    def flush(self) -> None:
        """Write the line of the last request. It waits for what the client learns of the answer, such as a new id.

        A client does so before each request, and at the end of each operation.
        """
        if self._pending:
            (request, time), self._pending = self._pending, None
            self.journal.add("write", lambda: {**self._describe(), **request}, time)

    def _note(self, method: str, path: str, status: int | None, outcome: str, error: str | None = None) -> None:
        self.flush()
        request = {"method": method, "path": path}
        self._pending = {"request": request, "status": status, "outcome": outcome, "error": error}, now()

    def _of_no_operation(self) -> Row:
        return {"item": self.journal.run.item, "person": self.journal.run.person, "operation": None}


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(timezone.utc)


def _text_of_time(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _numbers_of(last: Mapping[str, Any]) -> tuple[int, int]:
    """Return (sequence, number of the last operation) of a line. Lines before the first write have no operation."""
    numbers = [each.get("operation") for each in last.get("operations") or [last]]
    return last.get("sequence") or 0, max([0, *(each for each in numbers if isinstance(each, int))])


def _line(row: Row) -> str:
    line = _json(row)
    return line if len(line) <= LONGEST_LINE else _json({**_shortened(row), "shortened": True})


def _shortened(value: Any) -> Any:
    """Return the members of a line without the bulky ones, also those of its operations."""
    if isinstance(value, Mapping):
        return {key: None if key in BULKY else _shortened(inner) for key, inner in value.items()}
    return [_shortened(inner) for inner in value] if isinstance(value, list) else value


def _json(row: Row) -> str:
    """Return a row as JSON in one line of printable characters, none of which controls a terminal."""
    text = json.dumps(row, ensure_ascii=False, default=str)
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(sign: str) -> str:
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]
