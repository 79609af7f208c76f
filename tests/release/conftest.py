# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An artifact of this tree, as `make build` makes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from release.repack import repacked
from release.tree import copy_tree
from support.paths import ROOT

TOOLS = Path(sys.executable).parent
WHEN = 1700000000


def tool(*command: str | Path, folder: Path, **environment: str) -> str:
    """What a tool of the virtual environment printed; AssertionError with its words where it failed."""
    # The collection of the tree is on Python's path here, and must not be taken for the installed one.
    alone = {"ANSIBLE_HOME": str(folder / ".ansible"), "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false", "PYTHONPATH": ""}
    settings = {**os.environ, **alone, **environment}
    call = [TOOLS / command[0], *command[1:]]
    done = subprocess.run(call, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def built(tree: Path, target: Path) -> bytes:
    """What ansible-galaxy makes of a tree."""
    tool("ansible-galaxy", "collection", "build", "--force", "--output-path", target, tree, folder=tree)
    (artifact,) = target.glob("*.tar.gz")
    return artifact.read_bytes()


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, with a file in every place that must stay at home."""
    copy = tmp_path_factory.mktemp("release") / "tree"
    copy_tree(ROOT, copy)
    for name in ("tests/simulator/x.py", ".venv/bin/python", ".cache/x", ".git/config", "plugins/.hidden"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("")
    return copy


@pytest.fixture(scope="session")
def raw(tree: Path) -> bytes:
    """As ansible-galaxy made it."""
    return built(tree, tree.parent / "raw")


@pytest.fixture(scope="session")
def artifact(raw: bytes, tree: Path) -> Path:
    """As it is published."""
    path = tree.parent / "xivo-confd.tar.gz"
    path.write_bytes(repacked(raw, WHEN))
    return path


@pytest.fixture(scope="session")
def installed(artifact: Path) -> Path:
    """A folder of collections with it."""
    target = artifact.parent / "collections"
    command = ("ansible-galaxy", "collection", "install", "--offline", "-p", target, artifact)
    tool(*command, folder=artifact.parent, ANSIBLE_COLLECTIONS_PATH=str(target))
    return target


@pytest.fixture(scope="session")
def in_folder() -> Callable[..., str]:
    """Run a tool."""
    return tool
