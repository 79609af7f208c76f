# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `ansible-test units` or `ansible-test integration`: python -m sanity.tests FOLDER COMMAND [--api API] ARGUMENTS.

FOLDER: where a copy of the repository is made, in the place of a collection. API: the generation that is simulated.
ARGUMENTS are those of ansible-test, such as the name of a target. It runs with the ansible-core, the Python and the
packages that run this.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sanity.copy import copy_repository, environment_for

COMMANDS = ("units", "integration")
SETTINGS = Path("tests", "integration", "integration_config.yml")


def main(arguments: Sequence[str]) -> int:
    """Make the copy and run the tests. Return the exit code."""
    parser = argparse.ArgumentParser(prog="sanity.tests")
    parser.add_argument("folder", type=lambda text: Path(text).resolve())
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--api", default="xivo15")
    given, others = parser.parse_known_args(arguments)
    root = copy_repository(given.folder)
    (root / SETTINGS).write_text(f"simulated_api: {given.api}\n", encoding="utf-8")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", given.command, "--color", "no", "--python", python, *others]
    return subprocess.run(command, cwd=root, env=environment_for(root), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
