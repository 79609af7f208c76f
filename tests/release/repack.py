# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an artifact of ``ansible-galaxy collection build`` the same, byte for byte, wherever and whenever it is built.

python tests/release/repack.py ARTIFACT. What differs otherwise: times, owners and modes in the archive, the time in the
head of gzip, and the order in which the file system names the files, which FILES.json keeps. Its checksum in
MANIFEST.json follows. The time is SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

MANIFEST, FILES = "MANIFEST.json", "FILES.json"
EARLIEST = 315532800
"""1980, where nothing says when: the oldest time that every archiver knows."""


def repacked(artifact: bytes, when: int) -> bytes:
    """The same collection, packed without anything that is not in its files."""
    with tarfile.open(fileobj=io.BytesIO(artifact), mode="r:gz") as archive:
        members = {member.name: member for member in archive.getmembers()}
        contents = {name: _read(archive, member) for name, member in members.items() if member.isfile()}
    _sort_files(contents)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(members, key=lambda name: (name not in (MANIFEST, FILES), name)):
            archive.addfile(_normalised(members[name], contents.get(name), when), io.BytesIO(contents.get(name, b"")))
    return gzip.compress(plain.getvalue(), compresslevel=9, mtime=when)


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""


def _sort_files(contents: dict[str, bytes]) -> None:
    """Bring the list of files into the order of their names, and its checksum along."""
    listed: dict[str, Any] = json.loads(contents[FILES])
    listed["files"].sort(key=lambda file: str(file["name"]))
    contents[FILES] = _as_json(listed)
    manifest: dict[str, Any] = json.loads(contents[MANIFEST])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(contents[FILES]).hexdigest()
    contents[MANIFEST] = _as_json(manifest)


def _as_json(value: Any) -> bytes:
    """As ansible-galaxy writes it."""
    return json.dumps(value, indent=True).encode()


def _normalised(member: tarfile.TarInfo, content: bytes | None, when: int) -> tarfile.TarInfo:
    new = tarfile.TarInfo(member.name)
    new.type, new.linkname, new.mtime = member.type, member.linkname, when
    new.size = len(content) if content else 0
    new.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return new


def main(path: Path) -> None:
    """Repack a file in place, and say which bytes it has now."""
    content = repacked(path.read_bytes(), int(os.environ.get("SOURCE_DATE_EPOCH") or EARLIEST))
    path.write_bytes(content)
    print(f"{hashlib.sha256(content).hexdigest()}  {path.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
