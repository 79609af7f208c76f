# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of a commit before it is released: python tests/release/check.py. Fails and says what is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from support.paths import ROOT


def obstacles(root: Path) -> Iterator[str]:
    """Why this tree is no release, one sentence each with what to do."""
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


if __name__ == "__main__":
    found = list(obstacles(ROOT))
    print("\n".join(found) or "Ready to be released.", file=sys.stderr if found else sys.stdout)
    sys.exit(bool(found))
