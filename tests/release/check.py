# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of a commit and its artifact before it is released: python tests/release/check.py ARTIFACT.

It fails and says what is not. The artifact must hold the files of the commit, byte for byte, except those that
galaxy.yml leaves out, and nothing else.
"""

from __future__ import annotations

import fnmatch
import io
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import yaml

from release.tree import is_repository
from support.paths import ROOT

MADE = {"MANIFEST.json", "FILES.json"}
"""What ansible-galaxy adds."""
UNRELEASED = "has not been released on Ansible Galaxy"
SITE = Path("docs", "site", "antsibull-docs.cfg")
LEFT_OUT = ("galaxy.yml",)
"""What ansible-galaxy leaves out unasked, of what is in a repository."""


def obstacles(root: Path) -> Iterator[str]:
    """Why this tree is no release, one sentence each with what to do."""
    if not is_repository(root):
        yield "There is no git repository. A release is built of a commit."
        return
    version = str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])
    changelog = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))
    releases = changelog["releases"]
    if version not in releases:
        yield f"The change log has no release {version}, which galaxy.yml names. Run antsibull-changelog release."
    elif version != newest(list(releases)):
        yield f"galaxy.yml names {version}, but the change log has {newest(list(releases))} already. Raise the version."
    left = sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))
    if left:
        yield f"Not in the change log yet: {', '.join(left)}. Run antsibull-changelog release."
    if not (root / "CHANGELOG.md").is_file():
        yield "There is no CHANGELOG.md. Run antsibull-changelog release, and commit what it writes."
    if UNRELEASED in (root / "README.md").read_text(encoding="utf-8"):
        yield "README.md says that there is no release yet. Begin its chapter on installation with Galaxy."
    if (root / SITE).is_file() and "make install" in (root / SITE).read_text(encoding="utf-8"):
        yield f"{SITE} says how to install from a clone. Name Galaxy, as the comment there says."
    changed = uncommitted(root)
    if changed:
        yield f"Not committed: {', '.join(changed)}. A release is built of a commit."


def newest(versions: list[str]) -> str:
    """The highest of versions like 1.10.0."""
    return max(versions, key=lambda version: [int(part) for part in version.split("-")[0].split(".")])


def uncommitted(root: Path) -> list[str]:
    """The files that git would lose."""
    command = ["git", "status", "--porcelain"]
    status = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [line[3:] for line in status.splitlines()]


def differences(root: Path, artifact: bytes) -> Iterator[str]:
    """Why an artifact is not that of the commit, one sentence each with what to do."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True).stdout
    ignored = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8")).get("build_ignore", [])
    committed = {name: text for name, text in contents(archive).items() if not is_left_out(name, ignored)}
    packed = {name: text for name, text in contents(artifact).items() if name not in MADE}
    changed = {name for name in committed.keys() & packed.keys() if committed[name] != packed[name]}
    for what, names in (
        ("In the artifact, but not in the commit", packed.keys() - committed.keys()),
        ("In the commit, but not in the artifact", committed.keys() - packed.keys()),
        ("Not as in the commit", changed),
    ):
        if names:
            yield f"{what}: {', '.join(sorted(names))}. Build it with make build, in a clean clone."


def contents(archive: bytes) -> dict[str, bytes]:
    """{name: text} of the files of an archive. A link is one too, and has no text of its own."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        members = [member for member in opened.getmembers() if not member.isdir()]
        files = {member.name: opened.extractfile(member) if member.isfile() else None for member in members}
        return {name: file.read() if file else b"" for name, file in files.items()}


def is_left_out(name: str, patterns: Iterable[str]) -> bool:
    """Whether ansible-galaxy leaves out a file, because of itself or of a folder that it is in."""
    paths = [name, *(str(folder) for folder in PurePosixPath(name).parents)]
    return any(fnmatch.fnmatch(path, pattern) for path in paths[:-1] for pattern in (*patterns, *LEFT_OUT))


if __name__ == "__main__":
    found = list(obstacles(ROOT))
    found += differences(ROOT, Path(sys.argv[1]).read_bytes()) if is_repository(ROOT) else []
    print("\n".join(found) or "Ready to be released.", file=sys.stderr if found else sys.stdout)
    sys.exit(bool(found))
