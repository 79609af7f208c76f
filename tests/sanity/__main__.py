# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `ansible-test sanity` with the ansible-core and the Python that run this.

``python -m sanity FOLDER USER_HOME [--test NAME]``

FOLDER: where the checked copy is made. USER_HOME: the home with the user's settings of pip. It checks what users get:
the tests are not in the artifact, and ruff checks them. The changelog is checked elsewhere.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from sanity.copy import copy_repository, environment_for
from sanity.prepare import prepare

KEPT = "config.yml"


def copy_collection(folder: Path) -> Path:
    """Copy the repository without its tests, and return the root of the copy."""
    root = copy_repository(folder)
    for path in (root / "tests").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != KEPT:
            path.unlink()
    return root


def main(folder: Path, user_home: str, *selection: str) -> int:
    """Make the copy and run the tests. Return the exit code. selection: more arguments, such as --test and a name."""
    root = copy_collection(folder)
    prepare(Path.home(), user_home)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", "sanity", "--color", "no", "--skip-test", "changelog", "--python", python, *selection]
    return subprocess.run(command, cwd=root, env=environment_for(root), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), *sys.argv[2:]))
