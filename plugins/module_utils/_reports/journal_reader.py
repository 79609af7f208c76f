# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the lines of journals. What is damaged, or of another version, is left out and counted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._model.errors import InputError
from .._model.printable import printable
from .._model.records import Row
from .._model.texts import counted

VERSION = 1
"""The version of lines that is read."""
FILES = "*.jsonl"
LONGEST_LINE = 4 * 1024 * 1024
"""The bytes of a line that are read: more than any line of a journal has."""
REQUIRED = {"run": str, "sequence": int, "time": str, "server": str, "event": str}
"""{member that every line has: its type}."""
OPTIONAL = {"host": str, "api": str, "ran_by": dict, "person": str, "operations": list, "request": dict, "error": str}
"""{member that a line may have: its type, unless it is null}."""
FIRST = '{"version"'
"""How a line begins."""


@dataclass
class JournalReader:
    """Reads a journal. path: a file, or a folder of files of days.

    damaged: {file: the number of lines that are no lines of a journal}. versions: {version: the number of lines of it}.
    """

    path: str
    damaged: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)

    def rows(self, day: str | None = None) -> Iterator[Row]:
        """Yield the lines in the order of the files. Raises InputError for a path that cannot be read.

        day: a day in UTC as YYYY-MM-DD; of a folder, only its file is read.
        """
        for file in self._files(day):
            try:
                with file.open("rb") as stream:
                    while line := stream.readline(LONGEST_LINE):
                        yield from self._rows_of(line, file.name)
            except OSError as error:
                raise InputError(f"{printable(str(file))} cannot be read: {error.strerror}.") from None

    @property
    def problems(self) -> list[str]:
        """Return in words what was left out."""
        damaged = [
            f"{counted(number, 'line')} of {printable(file)} left out: damaged, for example by a full disk, or not of "
            "a journal."
            for file, number in self.damaged.items()
        ]
        versions = [
            f"{counted(number, 'line')} left out: version {printable(version)} of the journal, which this release of "
            f"xivo.confd does not know. It reads version {VERSION}."
            for version, number in self.versions.items()
        ]
        return [*damaged, *versions]

    def _files(self, day: str | None) -> list[Path]:
        place = Path(self.path)
        if place.is_dir():
            if not any(place.glob(FILES)):
                raise InputError(
                    f"The folder {printable(self.path)} has no journal: it contains no file {FILES}.",
                    "Give the file or the folder that provision_journal named.",
                )
            of_day = place / f"{day}.jsonl"
            return ([of_day] if of_day.is_file() else []) if day else sorted(filter(Path.is_file, place.glob(FILES)))
        if not place.is_file():
            raise InputError(
                f"The journal {printable(self.path)} does not exist.",
                "Give the file or the folder that provision_journal named. In playbooks, a relative path begins in the "
                "folder in which Ansible is started.",
            )
        return [place]

    def _rows_of(self, line: bytes, file: str) -> Iterator[Row]:
        rows = [row for _part, row in parts_of(line)]
        self.damaged.update([file] if None in rows else [])
        for row in filter(None, rows):
            if row["version"] == VERSION:
                yield row
            else:
                self.versions[str(row["version"])] += 1


def parts_of(line: bytes) -> list[tuple[str, Row | None]]:
    """Return (text, the line of a journal in it) of a line of a file; the second is None where it cannot be read.

    There are several if a full disk has cut a line, or the lines of several runs: the next one is behind it.
    """
    text = line.decode("utf-8", "replace").strip()
    row = parse_line(text)
    if row is not None or not text:
        return [(text, row)] if text else []
    return [(part, parse_line(part)) for part in re.split(f"(?={re.escape(FIRST)})", text) if part]


def parse_line(text: str) -> Row | None:
    """Return a line of any version; None for a text that is none. The members of a known version have their types."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(row.get("version"), (int, str)):
        return None
    return row if row["version"] != VERSION or _is_valid(row) else None


def _is_valid(row: Mapping[str, Any]) -> bool:
    """Return whether a line of the known version has what is read of it."""
    if not all(isinstance(row.get(name), kind) for name, kind in REQUIRED.items()):
        return False
    optional = (isinstance(row.get(name), (kind, type(None))) for name, kind in OPTIONAL.items())
    return all(optional) and all(isinstance(each, dict) for each in row.get("operations") or ())
