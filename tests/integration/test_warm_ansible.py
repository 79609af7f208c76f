# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that starts from a process with Ansible's libraries is as one in a new process (support/warm_ansible.py)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import warm_ansible

OWN_FOLDER = re.compile(r"ansible-local-\w+")
PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.include: other.yml
"""


@pytest.mark.parametrize(
    "command", [["config", "dump"], ["playbook", "-i", "localhost,", "play.yml"]], ids=lambda c: c[0]
)
def test_a_run_is_as_in_a_new_process(command: list[str], tmp_path: Path) -> None:
    """What it says of all settings, and of an action that is gone, which is in the table of redirections."""
    tmp_path.joinpath("play.yml").write_text(PLAY, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    named = {**kept, "ANSIBLE_HOME": str(tmp_path), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8", "ANSIBLE_FORKS": "7"}
    real = [sys.executable, "-m", "ansible", *command]
    new = subprocess.run(
        real, cwd=tmp_path, env=named, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )

    warm_ansible.run(command, str(tmp_path), {**named, "ANSIBLE_FORKS": "9"}, 300)
    forked = warm_ansible.run(command, str(tmp_path), named, 300)

    assert told(forked) == told(new)
    assert (
        "DEFAULT_FORKS(env: ANSIBLE_FORKS) = 7" in forked.stdout
        or "Use include_tasks or import_tasks instead" in forked.stderr
    )


def told(done: subprocess.CompletedProcess[str]) -> tuple[int, list[str]]:
    """Return how a run ended and what it printed, without the name of its folder for temporary files."""
    return done.returncode, OWN_FOLDER.sub("ansible-local", done.stdout + done.stderr).splitlines()
