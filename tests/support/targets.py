# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs targets of ansible-test integration, as it does itself, but against a simulator of the test."""

from __future__ import annotations

from collections.abc import Callable

from simulator import Simulator
from support.paths import ROOT
from support.playbooks import Result

TARGETS = ROOT / "tests" / "integration" / "targets"


def run_targets(play: Callable[..., Result], sim: Simulator, *names: str) -> Result:
    """Run targets one after the other in one play, with differences. The names of their tasks begin with the target.

    What they leave for the clean-up is removed once, at the end.
    """
    known = {
        "confd_url": sim.url,
        "confd_username": sim.username,
        "confd_password": sim.password,
        "confd_ca_path": sim.ca_path,
    }
    remove = {"ansible.builtin.include_role": {"name": "setup_simulator", "tasks_from": "remove.yml"}}
    clean_up = {
        "block": [remove],
        "module_defaults": {"group/xivo.confd.confd": "{{ lookup('xivo.confd.connection') }}"},
    }
    plays = [{"hosts": "localhost", "gather_facts": False, "roles": list(names), "tasks": [clean_up]}]
    arguments = ["--skip-tags", "cleanup"]
    return play(plays, diff=True, extra_vars=known, args=arguments, env={"ANSIBLE_ROLES_PATH": str(TARGETS)})
