# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the state of a simulated server in a file, and refuse files that hold something else."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from .database import Database

PROGRAM = "xivo.confd simulator"
"""Marks the files of this module, so that no other file is read or overwritten."""


class StateFileError(Exception):
    """Report a state file that cannot be used, with what to do."""


class StateFile:
    """Hold the state of a server of one generation. The file is replaced as a whole, and only its owner can read it."""

    def __init__(self, path: Path, api: str) -> None:
        """path: also a symbolic link, whose target is replaced then. api: the generation, for example "wazo"."""
        self._path = path.expanduser().resolve()
        self._api = api

    def load_into(self, database: Database) -> bool:
        """Fill a database. Return False if there is no file yet. Raises StateFileError for a file that is no state."""
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
            write_atomically(self._path, json.dumps({"program": PROGRAM, "api": self._api, "state": state}))
        except OSError as error:
            raise StateFileError(f"The state cannot be saved in {self._path}: {error.strerror}.") from error

    def _read(self) -> Any:
        """Return the JSON value in the file, or None if there is no file."""
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateFileError(f"{self._path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise self._unusable("is not a state file of a simulated server, or is damaged") from error

    def _unusable(self, problem: str) -> StateFileError:
        return StateFileError(f"{self._path} {problem}. It was not changed. Choose another file, or remove this one.")


def write_atomically(path: Path, text: str) -> None:
    """Write a file for its owner alone, so that nobody sees half of it. Raises OSError."""
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(unfinished, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise
