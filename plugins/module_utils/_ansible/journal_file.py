# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Appends the journal of a run to a file, or to the file of the day in a folder.

Each line is one write to a descriptor that appends, so that several runs can share a file, and a run that is killed
loses no line. It is not forced to the disk (fsync), which can take longer than the request itself: a machine that loses
its power can lose the lines of the last seconds.
"""

from __future__ import annotations

import errno
import os
import pwd
import stat
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from .._http.connection import without_credentials
from .._http.journal import Journal, RunInfo, now
from .._reports.journal_reader import parse_line

FILE_ENDING = ".jsonl"
FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
BLOCK = 1 << 20
"""The bytes of the end of a file that are read first."""
ATTEMPTS, PAUSE = 3, 0.002
"""How often the end of a file is looked at, and the seconds between."""
RAN_BY = ("awx_job_id", "awx_user", "awx_job_template", "awx_workflow_job_id")
"""The suboptions of journal_run that say who runs it."""


def journal_of(
    options: Mapping[str, Any], check_mode: bool, secrets: Collection[str], warn: Callable[[str], None]
) -> Journal | None:
    """Return the journal of a run; None if none is wanted. Check mode writes none.

    options: of the module. warn: gets a sentence at most once, if the journal cannot be written.
    """
    path = options.get("journal")
    if not path or check_mode:
        return None
    given = {name: value for name, value in (options.get("journal_run") or {}).items() if value is not None}
    file = JournalFile(path, warn)
    run = RunInfo(
        id=given.get("id") or str(uuid.uuid4()),
        server=without_credentials(options["confd_url"]),
        host=given.get("host"),
        ran_by=_ran_by(given, os.environ),
        item=given.get("item"),
        person=given.get("person"),
    )
    earlier = {"earlier_lines": partial(file.last_lines_of, run.id)} if given.get("id") else {}
    return Journal(run, file.append, file.warn, secrets, **earlier)


class JournalFile:
    """Appends lines to a file. path: the file if it ends with .jsonl, otherwise the folder of a file for each day."""

    def __init__(self, path: str, warn: Callable[[str], None]) -> None:
        self.path = path
        self._report = warn
        self._has_warned = False

    def append(self, day: str, line: str) -> None:
        """Append a line of a day (YYYY-MM-DD). A line that cannot be written is a warning."""
        file = self._file_of(day)
        try:
            _append(file, line.encode("utf-8", errors="surrogateescape"))
        except (OSError, ValueError) as error:
            reason = "it is a symbolic link" if _is_link(file) else getattr(error, "strerror", None) or str(error)
            self.warn(f"{file!r} cannot be written: {reason}.")

    def warn(self, problem: str) -> None:
        """Report a problem, if it is the first one."""
        if not self._has_warned:
            self._has_warned = True
            self._report(f"The journal of this run is not complete: {problem} The run goes on.")

    def last_lines_of(self, run: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of a run that other processes have written, the last one first."""
        today = now().date()
        days = [today, today - timedelta(days=1)] if not self.path.endswith(FILE_ENDING) else [today]
        for day in days:
            with suppress(OSError):
                for row in _lines_backwards(self._file_of(day.isoformat()), run.encode()):
                    if row.get("run") != run:
                        # A line of another run that names it, such as that of its undo.
                        continue
                    yield row
                    # Nothing of the run is before its first line, in a file that may have the lines of years.
                    if row.get("sequence") == 1:
                        return

    def _file_of(self, day: str) -> str:
        return self.path if self.path.endswith(FILE_ENDING) else os.path.join(self.path, f"{day}{FILE_ENDING}")


def _append(path: str, line: bytes) -> None:
    """Append a line to a regular file, in one write. Raises OSError and ValueError.

    The new line is one of its own, also after a part of one, which a full disk leaves.
    """
    try:
        descriptor = os.open(path, FLAGS, PRIVATE_FILE)
    except FileNotFoundError:
        _make_folder(os.path.dirname(path))
        descriptor = os.open(path, FLAGS, PRIVATE_FILE)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is not a regular file")
        data = line if _ends_with_line(descriptor) else b"\n" + line
        if os.write(descriptor, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)


def _ends_with_line(descriptor: int) -> bool:
    """Return whether a file is empty or ends with a whole line. The write of another run may need a moment."""
    for attempt in range(ATTEMPTS):
        size = os.fstat(descriptor).st_size
        if not size or os.pread(descriptor, 1, size - 1) == b"\n":
            return True
        time.sleep(attempt and PAUSE)
    return False


def _make_folder(path: str) -> None:
    """Create a folder and its parents if they do not exist. New folders are private, whatever the umask."""
    if not path or os.path.isdir(path):
        return
    _make_folder(os.path.dirname(path))
    with suppress(FileExistsError):
        os.mkdir(path, PRIVATE_FOLDER)


def _is_link(path: str) -> bool:
    return os.path.islink(path.replace("\0", ""))


def _lines_backwards(path: str, part: bytes) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file that contain a part, the last one first. Damaged lines are left out."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        # A pipe has no end to begin at.
        size = file.seek(0, os.SEEK_END)
        start, rest, block = size, b"", BLOCK
        while start:
            start, end = max(start - block, 0), start
            block *= 2
            file.seek(start)
            lines = (file.read(end - start) + rest).split(b"\n")
            # The first one may begin in an earlier block.
            rest = lines[0] if start else b""
            for line in reversed(lines[1:] if start else lines):
                row = parse_line(line.decode("utf-8", "replace")) if part in line else None
                if row:
                    yield row


def _ran_by(given: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """Return who runs this, as far as it is known. AWX gives the id of a job as a variable and in the environment."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # In a container, the user can have a number only.
        user = str(os.getuid())
    of_sudo = {"sudo_user": environ["SUDO_USER"]} if environ.get("SUDO_USER") else {}
    return {"user": user, **of_sudo, **{name: str(given[name]) for name in RAN_BY if name in given}}
