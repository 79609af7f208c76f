# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides which run an unreadable line of a journal belongs to.

A run that was killed, or a full disk, can leave such a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from .._model.errors import InputError
from .._model.printable import printable
from .._model.texts import counted
from .journal_reader import VERSION, parts_of

Row = dict[str, Any]

RUN = re.compile(r'\{"version": ?[^,]{1,20}, ?"run": ?"([^"]+)"')
"""The beginning of a line. Of one that was cut behind it, the run is known."""


@dataclass(frozen=True)
class Unreadable:
    """A line that cannot be read. version: that of a line of another version; None for a damaged one."""

    file: str
    number: int
    text: str
    version: object = None

    def __str__(self) -> str:
        return f"Line {self.number} of the journal {printable(self.file)}"

    @property
    def run(self) -> str | None:
        """Return the id of the run of the line; None if it is not known."""
        found = RUN.match(self.text)
        return found[1] if found else None

    def error(self) -> InputError:
        """Return why the line prevents an undo."""
        if self.version is not None:
            return InputError(
                f"{self} has version {printable(str(self.version))}, but this release reads version {VERSION}.",
                "Use the release of xivo.confd that wrote the journal.",
            )
        return InputError(
            f"{self} is not a line of a journal: it is damaged, or the file is not a journal. It may belong to "
            "the run that is to be undone.",
            "If it belongs to another run, copy the lines of the run that is to be undone to a file of their own.",
        )


Line = Union[Row, Unreadable]


def lines_of(file: Path) -> Iterator[Line]:
    """Yield the lines of a file, including those that cannot be read. Raises InputError if the file cannot be read."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"The journal {printable(str(file))} cannot be read: {error.strerror}.") from None
    for number, line in enumerate(lines, 1):
        for text, row in parts_of(line):
            if row is None:
                yield Unreadable(file.name, number, text)
            else:
                yield row if row["version"] == VERSION else Unreadable(file.name, number, text, row["version"])


def require_no_damage(lines: Sequence[Line], run: str) -> list[str]:
    """Return warnings about the lines that cannot be read. Raise InputError if one may belong to a run.

    Such a line is behind the first line of the run. There is none if the run has its last line and every line before
    it.
    """
    own = [line for line in lines if isinstance(line, dict) and line["run"] == run]
    begin = len(lines) if _is_whole(own) else lines.index(own[0])
    for place, line in enumerate(lines):
        if isinstance(line, Unreadable) and (line.run == run or (line.run is None and place > begin)):
            raise line.error()
    return _warnings([line for line in lines if isinstance(line, Unreadable)])


def require_last(lines: Sequence[Line], run: str, label: str) -> None:
    """Raise InputError if an unreadable line is behind the last line of a run that was chosen without its id."""
    last = max(place for place, line in enumerate(lines) if isinstance(line, dict) and line["run"] == run)
    later = next((line for line in lines[last + 1 :] if isinstance(line, Unreadable)), None)
    if later:
        raise InputError(
            f"{later} cannot be read, and may belong to a later run than the last one that can be read, {label}.",
            f"To undo run {run}, give its id. To undo the later run, give an undamaged copy of the journal.",
        )


def _is_whole(rows: Iterable[Row]) -> bool:
    """Return whether the lines of a run are all that it has: none is missing, and the last one is its end."""
    events: dict[int, str] = {row["sequence"]: row["event"] for row in rows}
    return max(events) == len(events) and events[max(events)] == "end"


def _warnings(lines: Sequence[Unreadable]) -> list[str]:
    if not lines:
        return []
    if len(lines) == 1:
        return [f"{lines[0]} cannot be read. It belongs to another run and is ignored."]
    more = counted(len(lines) - 1, "other line")
    return [f"{lines[0]} and {more} cannot be read. They belong to other runs and are ignored."]
