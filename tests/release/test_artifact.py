# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Galaxy gets: the same bytes whenever and wherever it is built, and nothing that only developers need."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from release.check import contents, obstacles
from release.conftest import ROOT, WHEN, built
from release.repack import repacked

FOR_DEVELOPERS = {
    "tests",
    "extensions",
    "requirements",
    "noxfile.py",
    "Makefile",
    "REUSE.toml",
    "pyproject.toml",
    "galaxy.yml",
}
LARGEST = 1024 * 1024


def made_differently(tree: Path, copy: Path) -> Path:
    """The same files, written in another order, at another time, by somebody with other habits."""
    for path in sorted(tree.rglob("*"), reverse=True):
        if path.is_file():
            target = copy / path.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(0o600)
            os.utime(target, (1, 1))
    return copy


def test_two_builds_are_the_same_bytes(tree: Path, raw: bytes, tmp_path: Path) -> None:
    other = built(made_differently(tree, tmp_path / "other"), tmp_path / "artifact")

    assert other != raw
    assert repacked(other, WHEN) == repacked(raw, WHEN)
    assert repacked(raw, WHEN) != repacked(raw, WHEN + 1)


def test_nothing_is_added_lost_or_changed_by_repacking(raw: bytes, artifact: Path) -> None:
    before, after = contents(raw), contents(artifact.read_bytes())

    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= {"MANIFEST.json", "FILES.json"}
    for name in ("MANIFEST.json", "FILES.json"):
        assert len(before[name]) == len(after[name])


def test_the_checksums_are_those_of_the_files(artifact: Path) -> None:
    files = contents(artifact.read_bytes())
    manifest = json.loads(files["MANIFEST.json"])
    listed = {file["name"]: file for file in json.loads(files["FILES.json"])["files"] if file["ftype"] == "file"}

    assert manifest["file_manifest_file"]["chksum_sha256"] == hashlib.sha256(files["FILES.json"]).hexdigest()
    assert listed.keys() == files.keys() - {"MANIFEST.json", "FILES.json"}
    for name, file in listed.items():
        assert file["chksum_sha256"] == hashlib.sha256(files[name]).hexdigest()


def test_the_files_are_those_of_the_tree(artifact: Path) -> None:
    files = contents(artifact.read_bytes())
    made = {"MANIFEST.json", "FILES.json"}

    assert [name for name in files if name not in made and files[name] != (ROOT / name).read_bytes()] == []
    for folder in ("plugins", "roles", "playbooks", "meta"):
        here = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {name for name in here if "__pycache__" not in name} <= files.keys()


def test_what_developers_need_stays_at_home(artifact: Path) -> None:
    content = artifact.read_bytes()
    parts = [set(Path(name).parts) for name in contents(content)]

    assert not any(found & FOR_DEVELOPERS for found in parts)
    assert not any(part.startswith(".") or part.endswith(".pyc") for found in parts for part in found)
    assert len(content) < LARGEST


def test_ansible_galaxy_installs_and_verifies_it(installed: Path, in_folder: Callable[..., str]) -> None:
    command = ("ansible-galaxy", "collection", "verify", "--offline", "xivo.confd")

    said = in_folder(*command, folder=installed, ANSIBLE_COLLECTIONS_PATH=str(installed))

    assert "Successfully verified" in said


def test_the_installed_collection_finds_its_templates(
    installed: Path, in_folder: Callable[..., str], tmp_path: Path
) -> None:
    options = {"servers": [{"name": "pbx", "result": {"msg": "down"}}], "directory": str(tmp_path), "formats": ["html"]}
    command = ("ansible", "localhost", "-m", "xivo.confd.confd_audit_report", "-a", json.dumps(options))

    in_folder(*command, folder=tmp_path, ANSIBLE_COLLECTIONS_PATH=str(installed))

    assert "not audited" in (tmp_path / "audit.html").read_text(encoding="utf-8")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A repository that is ready to be released as 1.10.0."""
    (tmp_path / "changelogs" / "fragments").mkdir(parents=True)
    (tmp_path / "galaxy.yml").write_text("version: 1.10.0\n")
    (tmp_path / "changelogs" / "changelog.yaml").write_text(yaml.safe_dump({"releases": {"1.9.0": {}, "1.10.0": {}}}))
    (tmp_path / "CHANGELOG.md").write_text("# 1.10.0\n")
    (tmp_path / "README.md").write_text("Install it from Ansible Galaxy.\n")
    for command in ("init -q", "add .", "-c user.name=x -c user.email=x@example.org commit -q -m x"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    return tmp_path


def test_a_finished_commit_can_be_released(release: Path) -> None:
    assert list(obstacles(release)) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("galaxy.yml", "version: 1.11.0\n", "no release 1.11.0"),
        ("galaxy.yml", "version: 1.9.0\n", "has 1.10.0 already"),
        ("changelogs/fragments/7-awx.yml", "---\n", "Not in the change log yet: 7-awx.yml"),
        ("plugins/new.py", "", "Not committed: plugins/"),
        ("README.md", "The collection has not been released on Ansible Galaxy yet.\n", "README.md says"),
        ("docs/site/antsibull-docs.cfg", '* = "make install"\n', "Name Galaxy"),
    ],
)
def test_an_unfinished_one_cannot(name: str, content: str, words: str, release: Path) -> None:
    (release / name).parent.mkdir(parents=True, exist_ok=True)
    (release / name).write_text(content)

    assert any(words in obstacle for obstacle in obstacles(release))
