# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the state of a simulated server in a file, and refuse files that hold something else."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from .database import Database

PROGRAM = "xivo.confd simulator"
"""Marks the files of this module, so that no other file is read or overwritten."""
UNFINISHED = ".simulator-"
"""How the names of files begin that are being written. A server that is killed while it writes leaves one behind."""


class StateFileError(Exception):
    """Report a state file that cannot be used, with what to do."""


class StateFile:
    """Hold the state of a server of one generation. The file is replaced as a whole, and only its owner can read it."""

    def __init__(self, path: Path, api: str) -> None:
        """path: also a symbolic link, whose target is replaced then. api: the generation, for example "wazo".

        Raises StateFileError for a path that cannot be resolved.
        """
        self._path = resolved(path)
        self._api = api
        self._locked: TextIO | None = None
        """The file that this server has, open and locked."""

    def load_into(self, database: Database) -> bool:
        """Fill a database. Return False if there is no file yet.

        Raises StateFileError for a file that is no state, or that another server has.
        """
        content = self._read()
        if content is None:
            return False
        if not isinstance(content, dict) or content.get("program") != PROGRAM:
            raise self._unusable("is not a state file of a simulated server")
        if content.get("api") != self._api:
            raise StateFileError(
                f"{self._path} has the state of a server with API={content.get('api')}, and this server has "
                f"API={self._api}. Start with API={content.get('api')}, or choose another file."
            )
        try:
            database.load(content["state"])
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise self._unusable("is damaged, or was written by another version of the simulator") from error
        return True

    def save(self, state: dict[str, Any]) -> None:
        """Write a state. Raises StateFileError if the file cannot be written; then it is as before."""
        try:
            file = replace_file(self._path, json.dumps({"program": PROGRAM, "api": self._api, "state": state}), lock)
        except OSError as error:
            raise StateFileError(f"The state cannot be saved in {self._path}: {error.strerror}.") from error
        self.release()
        self._locked = file

    def release(self) -> None:
        """Let another server have the file."""
        if self._locked:
            self._locked.close()
        self._locked = None

    def _read(self) -> Any:
        """Lock the file, and return the JSON value in it, or None if there is no file."""
        try:
            self._locked = self._path.open(encoding="utf-8")
            lock(self._locked)
            if not os.path.samestat(os.fstat(self._locked.fileno()), self._path.stat()):
                # A server that runs has replaced it meanwhile.
                raise BlockingIOError
            return json.loads(self._locked.read())
        except BlockingIOError as error:
            raise StateFileError(
                f"{self._path} is the state of a server that is running. Stop that server, or choose another file."
            ) from error
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateFileError(f"{self._path} cannot be read: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise self._unusable("is not a state file of a simulated server, or is damaged") from error

    def _unusable(self, problem: str) -> StateFileError:
        return StateFileError(f"{self._path} {problem}. It was not changed. Choose another file, or remove this one.")


def resolved(path: Path) -> Path:
    """Return a path without links and ~. Raises StateFileError."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise StateFileError(f"{path} cannot be used: {getattr(error, 'strerror', None) or error}") from error


def lock(file: TextIO) -> None:
    """Lock an open file until it is closed. Raises BlockingIOError if it is locked already."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_atomically(path: Path, text: str) -> None:
    """Write a file for its owner alone, so that nobody sees half of it. Raises OSError."""
    replace_file(path, text, prepare=lambda _file: None).close()


def replace_file(path: Path, text: str, prepare: Callable[[TextIO], None]) -> TextIO:
    """Write a file as ``write_atomically``, and return it, still open. Raises OSError.

    prepare: called with the open file before it is in its place.
    """
    descriptor, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    file = os.fdopen(descriptor, "w", encoding="utf-8")
    try:
        file.write(text)
        file.flush()
        prepare(file)
        os.replace(unfinished, path)
    except BaseException:
        file.close()
        with suppress(OSError):
            os.unlink(unfinished)
        raise
    return file
