# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWX project without an image of its own: AWX installs the collection that collections/requirements.yml names.

The commands and variables are those of AWX, in awx/playbooks/project_update.yml and awx/main/tasks/jobs.py.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from release.conftest import ROOT
from release.tree import copy_tree
from support.awx_project import AWX, project_files, readme_files

README = (AWX / "README.md").read_text(encoding="utf-8")
REPOSITORY = "https://github.com/xivo-confd/ansible-collection-confd.git"
FROM_GIT = re.compile(
    rf"^```yaml\n(collections:\n  - name: {re.escape(REPOSITORY)}\n.*?)^```$", re.MULTILINE | re.DOTALL
)
INVENTORY = readme_files()["inventory.yml"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of the collection, on its branch main."""
    folder = tmp_path_factory.mktemp("repository")
    copy_tree(ROOT, folder)
    for command in ("init -q -b main", "add .", "-c user.name=x -c user.email=x@example.org commit -q -m x"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("kind", ["git", "file"])
def test_awx_installs_the_collection_for_a_project(
    kind: str, repository: Path, artifact: Path, in_folder: Callable[..., str], tmp_path: Path
) -> None:
    (from_git,) = FROM_GIT.findall(README)
    wanted = {"collections": [{"name": str(artifact), "type": "file"}]}
    required = from_git.replace(REPOSITORY, f"file://{repository}") if kind == "git" else yaml.safe_dump(wanted)
    files = {**project_files(), "inventory.yml": INVENTORY, "collections/requirements.yml": required}
    for name, text in files.items():
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(text, encoding="utf-8")
    stage = tmp_path / "requirements_collections"

    command = ("ansible-galaxy", "collection", "install", "-r", "collections/requirements.yml")
    said = in_folder(*command, folder=tmp_path / "project", ANSIBLE_COLLECTIONS_PATH=str(stage))
    assert "was installed successfully" in said

    paths = f"{stage}{os.pathsep}~/.ansible/collections{os.pathsep}/usr/share/ansible/collections"
    command = ("ansible-playbook", "--syntax-check", "-i", "inventory.yml", *project_files())
    said = in_folder(*command, folder=tmp_path / "project", ANSIBLE_COLLECTIONS_PATH=paths)
    assert said.split() == [word for name in project_files() for word in ("playbook:", name)]


def test_the_project_asks_galaxy_for_this_version() -> None:
    wanted = yaml.safe_load(readme_files()["collections/requirements.yml"])
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]

    bounds = f">={version},<{int(version.split('.')[0]) + 1}.0.0"
    assert wanted == {"collections": [{"name": "xivo.confd", "version": bounds}]}
