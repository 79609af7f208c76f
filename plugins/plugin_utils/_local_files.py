# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files of this machine without starting a module for each of them.

They hold what belongs to persons: a new file and a new folder are their owner's alone, whatever the umask. What exists
keeps its mode, its owner and its group.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._reports.file_modes import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    folder_mode,
)


def write_text(path: str, text: str, check_mode: bool, mode: int | None = None) -> bool:
    """Let a file hold a text, and return whether something changed. Raises OSError.

    The file is replaced as a whole. So is a symbolic link, and what it leads to stays. mode: what a new file and an
    existing one get; without it, an existing one keeps its own, and a new one is private. check_mode: do not write.
    """
    file, content = Path(path), text.encode("utf-8")
    if _is_regular(file) and file.read_bytes() == content:
        if mode is None or stat.S_IMODE(file.stat().st_mode) == mode:
            return False
        if not check_mode:
            file.chmod(mode)
        return True
    if not check_mode:
        make_folder(file.parent, folder_mode(mode))
        _replace(file, content, mode)
    return True


def create_text(file: Path, text: str) -> None:
    """Create a file that only its owner can read. Raises FileExistsError if it exists, also since a moment ago."""
    make_folder(file.parent, folder_mode(None))
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode("utf-8", errors="surrogateescape"))
        os.link(temporary, file)
    finally:
        os.unlink(temporary)


def make_folder(folder: Path, mode: int) -> None:
    """Let a folder be there. Each folder that is made for it gets this mode. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    folder.chmod(mode)  # whatever the umask


def _is_regular(file: Path) -> bool:
    """Return whether there is a regular file that is no link: what a link leads to has modes for other purposes."""
    return file.is_file() and not file.is_symlink()


def _replace(file: Path, content: bytes, mode: int | None) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        kept = _keep_owner(file, temporary) if _is_regular(file) else PRIVATE_FILE
        os.chmod(temporary, kept if mode is None else mode)
        os.replace(temporary, file)
    except OSError:
        os.unlink(temporary)
        raise


def _keep_owner(file: Path, temporary: str) -> int:
    """Give a new file the owner and the group of the old one. Return the mode that it may have.

    If this user may not give it the group, the other group gets nothing of it.
    """
    mode = stat.S_IMODE(file.stat().st_mode)
    try:
        if _owner(file) != _owner(temporary):
            os.chown(temporary, *_owner(file))
    except PermissionError:
        return mode & ~stat.S_IRWXG
    return mode


def _owner(path: str | Path) -> tuple[int, int]:
    """Return (user id, group id) of a file."""
    found = os.stat(path)
    return found.st_uid, found.st_gid
