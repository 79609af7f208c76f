# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Appends the progress of a long run to a file. Ansible shows the output of a module only at its end."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TextIO
from urllib.parse import urlsplit

from .._model.errors import InputError
from .._model.printable import printable

FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
PRIVATE = 0o600


def progress_of(path: str | None, url: str) -> Callable[[str], None] | None:
    """Return a function that appends a line with the time and the server to the file; None without a file.

    Several servers may have the same file. Raises InputError if the file cannot be written.
    """
    if path is None:
        return None
    server = urlsplit(url).netloc.rpartition("@")[2]

    def append(line: str) -> None:
        # A run does not end in the middle of a list because its progress cannot be shown.
        with suppress(InputError, OSError), _open(path) as file:
            file.write(printable(f"{datetime.now().isoformat(timespec='seconds')} {server}: {line}") + "\n")

    # Whether the file can be written shows before the first change of the server.
    _open(path).close()
    return append


def _open(path: str) -> TextIO:
    """Open a regular file to append to it. In a folder such as /tmp, others can put a link of its name there."""
    try:
        descriptor = os.open(path, FLAGS, PRIVATE)
    except (OSError, ValueError) as error:
        link = "it is a symbolic link" if os.path.islink(path.replace("\0", "")) else ""
        reason = link or getattr(error, "strerror", None) or str(error)
        raise InputError(f"progress_file {path!r} cannot be written: {reason}.", "Give a regular file.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError(f"progress_file {path!r} cannot be written: it is not a regular file.", "Give a regular file.")
    return os.fdopen(descriptor, "a", encoding="utf-8")
