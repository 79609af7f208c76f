# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is built is what the repository holds, whatever else lies in its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from release.check import differences, obstacles
from release.conftest import ROOT, built
from release.tree import LinkError, copy_tree, tracked

IGNORED = ["host_vars/pbx/secrets.yml", "vault-pass.txt", "id_rsa", "audit/audit.json", "exports/pbx/users.yml"]
NOT_IGNORED = ["inventory.yml", "plugins/modules/secrets.yml"]
COPY = Path(".cache", "copy", "ansible_collections", "xivo", "confd")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of this tree, in which somebody works with real servers."""
    root = tmp_path / "repository"
    copy_tree(ROOT, root)
    for command in ("init -q", "add --all", "-c user.name=x -c user.email=x@example.org commit -q -m x"):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text("".join(f"/{name}\n" for name in IGNORED), encoding="utf-8")
    for name in (*IGNORED, *NOT_IGNORED):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("password: 0nly-here\n", encoding="utf-8")
    return root


def make_copy(root: Path) -> tuple[set[str], str]:
    """Return the files that `make` checks and builds, and what it said."""
    command = ["make", "-s", "copy", f"PYTHON={sys.executable}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {str(path.relative_to(root / COPY)) for path in (root / COPY).rglob("*") if path.is_file()}, done.stderr


def test_only_files_of_the_repository_are_built(repository: Path, tmp_path: Path) -> None:
    copied, said = make_copy(repository)

    assert copied == set(tracked(repository))
    assert said == "Not in git, so neither checked nor built: inventory.yml, plugins/modules/secrets.yml\n"
    assert list(differences(repository, built(repository / COPY, tmp_path / "artifact"))) == []


def test_a_symbolic_link_is_not_built(repository: Path, tmp_path: Path) -> None:
    (repository / "docs" / "users.yml").symlink_to("/etc/passwd")
    copy_tree(repository, tmp_path / "without")
    subprocess.run(["git", "add", "docs/users.yml"], cwd=repository, check=True)

    with pytest.raises(LinkError, match=r"cannot be published: docs/users\.yml\. Replace"):
        copy_tree(repository, tmp_path / "with")

    assert not (tmp_path / "with").exists()


def test_the_release_check_finds_what_is_not_in_the_commit(repository: Path, tmp_path: Path) -> None:
    """An artifact that was built by hand, in the folder itself, with one file missing and another one changed."""
    shutil.move(repository / "plugins" / "action" / "confd_guard.py", tmp_path)
    (repository / "README.md").write_text("other", encoding="utf-8")
    artifact = built(repository, tmp_path / "artifact")

    more, less, changed = differences(repository, artifact)

    assert more.startswith(
        f"In the artifact, but not in the commit: {', '.join(sorted((*IGNORED, *NOT_IGNORED)))}. Build"
    )
    assert less.startswith("In the commit, but not in the artifact: plugins/action/confd_guard.py. Build")
    assert changed.startswith("Not as in the commit: README.md. Build")


def test_a_tree_without_a_repository_is_built_but_no_release(repository: Path) -> None:
    wanted = {*tracked(repository), *IGNORED, *NOT_IGNORED}
    (repository / ".cache" / "x").mkdir(parents=True)
    (repository / "plugins" / "__pycache__").mkdir()
    (repository / "plugins" / "__pycache__" / "x.pyc").touch()
    shutil.rmtree(repository / ".git")

    copied, said = make_copy(repository)

    assert copied == wanted
    assert said.startswith("There is no git repository here")
    assert list(obstacles(repository)) == ["There is no git repository. A release is built of a commit."]


def test_a_deleted_file_is_not_copied(repository: Path, tmp_path: Path) -> None:
    (repository / "README.md").unlink()

    copy_tree(repository, tmp_path / "copy")

    assert not (tmp_path / "copy" / "README.md").exists()
    assert (tmp_path / "copy" / "COPYING").is_file()
