# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module does the same in Ansible's own process as in one of its own, and has one where a task asks for it."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from simulator import Simulator
from support.playbooks import MODULE_PYTHON, Result

ONE_PYTHON = pytest.mark.skipif(sys.executable != MODULE_PYTHON, reason="the modules run with another Python")
ON_ONE = pytest.mark.on("xivo15")
IN_PROCESS = "runs in Ansible's own process"
VAULT_PASSWORD = "open sesame"
USER = {"name": "Somebody", "xivo.confd.confd_user": {"firstname": "Anaïs", "lastname": "Nin"}}
TASKS = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Somebody
      xivo.confd.confd_user:
        firstname: Anaïs
        lastname: Nin
        password: canary-of-anais
        journal: "{{ journal_file }}"
        description: "2026-02-01"
      register: somebody
    - name: A directory
      xivo.confd.confd_provisioned_users:
        progress_file: progress.txt
        users:
          - user: {firstname: Django, lastname: Reinhardt}
            extension: {exten: "1001", context: default}
            line:
              username: django
              secret: !vault |
SECRET
    - name: The progress of the directory
      ansible.builtin.stat:
        path: "{{ playbook_dir }}/progress.txt"
      register: progress
      failed_when: progress.stat.exists == ansible_check_mode
    - name: Other modules
      when: not ansible_check_mode
      block:
        - name: Several
          xivo.confd.confd_user:
            firstname: "{{ item }}"
            lastname: Doe
          loop: [John, Jane]
        - name: A line
          xivo.confd.confd_line_sip:
            username: anais
            secret: canary-of-a-line
            context: default
          register: line
        - name: A number
          xivo.confd.confd_extension: {exten: "1000", context: default}
          register: number
        - name: The number of the line
          xivo.confd.confd_line_extension:
            line: "{{ line.line_sip }}"
            extension: "{{ number.extension }}"
        - name: The line of somebody
          xivo.confd.confd_user_line:
            user: "{{ somebody.user }}"
            line: "{{ line.line_sip }}"
        - name: Who left
          xivo.confd.confd_user:
            firstname: Jane
            lastname: Doe
            state: absent
        - name: Who is somebody else
          xivo.confd.confd_provisioned_users:
            users:
              - user: {firstname: Django, lastname: Reinhardt}
                extension: {exten: "1002", context: default}
                state: absent
    - name: Everybody
      xivo.confd.confd_user_info:
        with_lines: true
    - name: A number that the server refuses
      xivo.confd.confd_extension: {exten: "5000", context: default}
      ignore_errors: true
    - name: What nobody knows
      xivo.confd.confd_user: {firstname: Ann, surname: Other}
      ignore_errors: true
"""


@pytest.fixture
def either(play: Callable[..., Result], sim: Simulator, tmp_path: Path) -> Callable[..., Result]:
    """Run the tasks above on an empty server."""
    password = tmp_path / "vault-password"
    password.write_text(VAULT_PASSWORD, encoding="utf-8")
    vaulted = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))]).encrypt("canary-of-django").decode()
    tasks = TASKS.replace("SECRET\n", textwrap.indent(vaulted, " " * 16))

    def run(own_process: bool, **named: Any) -> Result:
        sim.reset()
        sim.database.random.seed(1)
        extra = {"confd_own_process": own_process, "journal_file": str(tmp_path / "journal.jsonl")}
        return play(tasks, extra_vars=extra, args=["-vvv", "--vault-password-file", str(password)], **named).succeeded()

    return run


@ONE_PYTHON
@ON_ONE
@pytest.mark.parametrize("check", [False, True], ids=["", "check"])
def test_the_results_are_the_same(either: Callable[..., Result], sim: Simulator, check: bool, tmp_path: Path) -> None:
    here = either(own_process=False, check=check, diff=True)
    state = sim.state()
    there = either(own_process=True, check=check, diff=True)
    assert (IN_PROCESS in here.stdout, IN_PROCESS in there.stdout) == (True, False)
    assert [_told(task) for task in here.tasks] == [_told(task) for task in there.tasks]
    assert here.stats == there.stats
    assert state == sim.state()
    journal = tmp_path / "journal.jsonl"
    text = "" if check else journal.read_text(encoding="utf-8")
    lines = [(line["host"], line["text"]) for line in map(json.loads, text.splitlines())]
    assert lines == ([] if check else [("localhost", "create user Anaïs Nin")] * 2)
    assert journal.exists() is not check
    assert "canary" not in text


def _told(task: Any) -> tuple[str, str, Any]:
    """A task's result, without the time of a file, and without the traceback of ansible-core before 2.19 at -vvv."""
    result = {key: value for key, value in task.result.items() if key != "exception"}
    return task.name, task.status, None if task.name == "The progress of the directory" else result


@ONE_PYTHON
@ON_ONE
def test_what_is_delegated_to_this_machine_runs_there(play: Callable[..., Result]) -> None:
    pbx = {"ansible_connection": "ssh", "ansible_python_interpreter": "/nowhere/python"}
    tasks = [{"hosts": "confd", "gather_facts": False, "tasks": [{**USER, "delegate_to": "localhost"}]}]
    done = play(tasks, inventory={"confd": {"hosts": {"pbx": pbx}}}, args=["-vvv"]).succeeded()
    assert IN_PROCESS in done.stdout
    assert done.changed == 1


@ON_ONE
def test_a_task_that_asks_for_a_process_has_one(play: Callable[..., Result], sim: Simulator, tmp_path: Path) -> None:
    asking = {
        "async": {"async": 60, "poll": 1},
        "timeout": {"timeout": 60},
        "environment": {"environment": {"CONFD_USERNAME": sim.username}},
    }
    tasks = [{"name": name, "xivo.confd.confd_user": {"firstname": name}, **asked} for name, asked in asking.items()]
    for task in tasks:
        # CONFD_USERNAME is in no environment but that of its task.
        task["xivo.confd.confd_user"] |= {} if "environment" in task else {"confd_username": sim.username}
    # Ansible itself looks for jobs in two places where HOME is not that of the user.
    env = {"ANSIBLE_ASYNC_DIR": str(tmp_path), "CONFD_USERNAME": None}
    done = play(tasks, env=env, args=["-vvv"]).succeeded()
    assert IN_PROCESS not in done.stdout
    assert [task.changed for task in done.tasks if task.name in asking] == [True, True, True]
