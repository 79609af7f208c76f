# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies the repository to where ansible-test expects a collection."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from release.tree import ROOT


def copy_repository(folder: Path) -> Path:
    """Copy the files of the repository, and return the root of the copy."""
    root = folder / "ansible_collections" / "xivo" / "confd"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    subprocess.run([sys.executable, str(ROOT / "tests" / "release" / "tree.py"), str(root)], check=True)
    return root


def environment_for(root: Path) -> dict[str, str]:
    """Return the environment in which ansible-test finds nothing but a copy."""
    folder = root.parents[2]
    return {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_TEST_CONTENT_ROOT": str(root),
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "PYTHONPATH": "",
    }
