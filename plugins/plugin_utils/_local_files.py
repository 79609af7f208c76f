# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files of this machine as ``ansible.builtin.copy`` writes them, without starting a module for each of them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

NEW_FILE_MODE = 0o666
"""The mode of a new file before the umask is applied, as for any program that creates a file."""


def write_text(path: str, text: str, check_mode: bool) -> bool:
    """Let a file hold a text, and return whether it did not. Raises OSError.

    The file is replaced as a whole, and keeps its mode. check_mode: do not write.
    """
    file, content = Path(path), text.encode("utf-8")
    if file.is_file() and file.read_bytes() == content:
        return False
    if not check_mode:
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, content)
    return True


def create_text(file: Path, text: str) -> None:
    """Create a file that only its owner can read. Raises FileExistsError if it exists, also since a moment ago."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode("utf-8", errors="surrogateescape"))
        os.link(temporary, file)
    finally:
        os.unlink(temporary)


def _replace(file: Path, content: bytes) -> None:
    mode = file.stat().st_mode & 0o7777 if file.is_file() else NEW_FILE_MODE & ~_umask()
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, file)
    except OSError:
        os.unlink(temporary)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
