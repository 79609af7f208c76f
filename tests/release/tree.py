# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies the files of the repository, and nothing else that lies in its folder: python tests/release/tree.py TARGET.

What is built and checked is this copy. So a password file, an inventory or an export of somebody who works here is
never published, whether git ignores it or not. It needs Python and git, nothing else.
"""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 5


def git(root: Path, *arguments: str) -> list[str]:
    """The paths that a command of git prints. CalledProcessError where it fails, for example for a foreign owner."""
    call = ["git", *arguments, "-z"]
    done = subprocess.run(call, cwd=root, stdout=subprocess.PIPE, check=True)
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]


def is_repository(root: Path) -> bool:
    """Whether a folder is the top of a repository; one that is unpacked inside of another repository is not."""
    return (root / ".git").exists()


def tracked(root: Path) -> list[str]:
    """The files that git knows and that are there."""
    deleted = set(git(root, "ls-files", "--deleted"))
    return sorted(set(git(root, "ls-files", "--cached")) - deleted)


def unpacked(root: Path) -> list[str]:
    """The files of a folder without a repository, such as an archive of a release, without what .gitignore names."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line.rstrip("/") for line in lines if line and not line.startswith("#")] + ["/.git"]
    found = []
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if not _is_ignored(here / name, patterns)]
        found += [str(here / name) for name in files if not _is_ignored(here / name, patterns)]
    return sorted(found)


def _is_ignored(path: Path, patterns: Iterable[str]) -> bool:
    anchored = (pattern[1:] if pattern.startswith("/") else pattern if "/" in pattern else "" for pattern in patterns)
    anywhere = (pattern for pattern in patterns if "/" not in pattern)
    return any(fnmatch.fnmatch(str(path), pattern) for pattern in anchored if pattern) or any(
        fnmatch.fnmatch(path.name, pattern) for pattern in anywhere
    )


def files_of(root: Path) -> list[str]:
    """The files that belong to the project, by their paths below its folder."""
    return tracked(root) if is_repository(root) else unpacked(root)


class LinkError(Exception):
    """A file of the project is a symbolic link: what it leads to, anywhere on this machine, would be published."""


def copy_tree(root: Path, target: Path) -> None:
    """Copy the files of the project into a folder that is not there, with their modes. Raises LinkError."""
    names = files_of(root)
    links = [name for name in names if (root / name).is_symlink()]
    if links:
        raise LinkError(f"Symbolic links cannot be published: {', '.join(links)}. Replace them by files.")
    for name in names:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, copy, follow_symlinks=False)


def remark(root: Path) -> str:
    """What somebody who builds should know: which files are left out, or that nobody knows which should be."""
    if not is_repository(root):
        return (
            "There is no git repository here: every file of this folder is taken. Do not publish what is built of it."
        )
    new = git(root, "ls-files", "--others", "--exclude-standard")
    more = f" and {len(new) - SHOWN} more" if len(new) > SHOWN else ""
    return f"Not in git, so neither checked nor built: {', '.join(new[:SHOWN])}{more}" if new else ""


if __name__ == "__main__":
    try:
        copy_tree(ROOT, Path(sys.argv[1]))
    except LinkError as error:
        sys.exit(str(error))
    if said := remark(ROOT):
        print(said, file=sys.stderr)
