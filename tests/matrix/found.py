# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which versions there are to test, of those that versions.yml names."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).with_name("versions.yml")
NEWEST = "newest"
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True)
class Combination:
    """A controller of one ansible-core on one Python; ``modules`` is the Python of the modules, where it is another."""

    ansible: str
    python: str
    modules: str = ""

    @property
    def name(self) -> str:
        return f"ansible-core {self.ansible}, Python {self.python}" + (
            f", modules on {self.modules}" if self.modules else ""
        )

    @property
    def controller(self) -> Combination:
        return Combination(self.ansible, self.python)


def versions() -> dict[str, Any]:
    """The content of versions.yml."""
    return dict(yaml.safe_load(LIST.read_text(encoding="utf-8")))


def combinations(listed: Mapping[str, Any]) -> list[Combination]:
    """All that is to be tested: each pair, and each ansible-core once with modules on their oldest Python."""
    pairs = [Combination(ansible, python) for ansible, pythons in listed["ansible_core"].items() for python in pythons]
    return pairs + [
        Combination(ansible, pythons[0], listed["modules"]) for ansible, pythons in listed["ansible_core"].items()
    ]


def requirement(ansible: str, listed: Mapping[str, Any]) -> str:
    """What pip is asked for."""
    return f"ansible-core>={listed['newest_from']}" if ansible == NEWEST else f"ansible-core=={ansible}.*"


def installed_pythons(wanted: Iterable[str], user_home: Path) -> dict[str, Path]:
    """The Pythons of this machine by their version: those of PATH, and those that pyenv keeps."""
    found = {}
    for version in wanted:
        path = next((path for path in _candidates(version, user_home) if _version_of(path) == version), None)
        if path:
            found[version] = path
    return found


def _candidates(version: str, user_home: Path) -> Iterator[Path]:
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or user_home / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"))


def _version_of(python: Path) -> str:
    """The version that an interpreter says it is; '' for one that does not start, as a shim of pyenv may not."""
    try:
        done = subprocess.run([python, "-c", VERSION], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
