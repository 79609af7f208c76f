# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents the options of all modules that write to a server."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  journal:
    description:
      - Folder or file to which a line of JSON is appended for each request that changes the server, without secrets. A
        path that ends with V(.jsonl) is a file. Any other path is a folder, with one file for each day in UTC, for
        example V(2026-11-30.jsonl). New folders and files are private.
      - The file is written on the host that runs the module. Several servers and several runs can use the same file.
      - If it cannot be written, the module warns and goes on. In check mode, nothing is written.
      - The guide "The journal" describes the lines, and the playbook C(xivo.confd.journal) shows them.
      - If the option is omitted, the environment variable E(CONFD_JOURNAL) is used.
    type: path
  journal_run:
    description:
      - What the lines of O(journal) say about the run. The collection sets C(host), and the suboptions that begin with
        V(awx_) from the variables of a job of AWX. The role sets the others.
    type: dict
    suboptions:
      id:
        description:
          - Id of the run, a UUID. Tasks with the same id are one run. Without it, every task is a run of its own.
        type: str
      host:
        description:
          - Name of the server in the inventory.
        type: str
      item:
        description:
          - Position of the entry that the task is about, from 1.
        type: int
      person:
        description:
          - Name of the entry that the task is about.
        type: str
      awx_job_id:
        description:
          - Id of the job.
        type: str
      awx_user:
        description:
          - Name of the user who launched the job.
        type: str
      awx_job_template:
        description:
          - Name of the job template.
        type: str
      awx_workflow_job_id:
        description:
          - Id of the workflow job that the job is a part of.
        type: str
"""
