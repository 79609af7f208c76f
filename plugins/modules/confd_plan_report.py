#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_plan_report
short_description: Write the plan of a list of users as files that somebody can approve
version_added: 1.0.0
description:
  - Writes what M(xivo.confd.confd_provisioned_users) would do on one server as JSON, Markdown, and an HTML page. It
    takes the plan from the result of a task with O(xivo.confd.confd_provisioned_users#module:return_plan_document).
  - It sends no request to a server. The playbook C(xivo.confd.plan) and the role P(xivo.confd.provision#role) run it on
    the controller.
  - The plan is rendered on the controller, and written on the host of the task. It contains names of people, so only
    their owner can read new files, see O(mode). It contains no secrets.
extends_documentation_fragment:
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  action:
    description:
      - Has an action plugin that renders the plan on the controller.
    support: full
  async:
    description:
      - Cannot run in the background.
    support: none
  check_mode:
    description:
      - Reports whether a file would change, and writes none.
    support: full
  diff_mode:
    description:
      - Shows no differences of files.
    support: none
  idempotent:
    description:
      - The same result of a task makes the same files.
    support: full
options:
  result:
    description:
      - What M(xivo.confd.confd_provisioned_users) returned in check mode. If it failed and returned no plan, the files
        say why. Such a plan cannot be approved.
    type: dict
    required: true
  server:
    description:
      - Name of the server in the files.
    type: str
    required: true
  url:
    description:
      - Address of the server, for a plan that could not be made. It must not contain credentials.
    type: str
  path:
    description:
      - Path of the JSON file, which ends with C(.json), or a folder. In a folder, the files are called like
        O(server). The Markdown and the HTML file are written beside the JSON file. Folders are created.
    type: path
    required: true
  mode:
    description:
      - Mode of the files, for example V("0640"). Users who can read the files can also enter new folders.
      - Without it, new files have the mode V("0600") and new folders V("0700"), and existing ones keep theirs.
    type: raw
  return_report:
    description:
      - Whether RV(report) is returned.
    type: bool
    default: false
seealso:
  - module: xivo.confd.confd_provisioned_users
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Plan a list
  xivo.confd.confd_provisioned_users:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    users:
      - user:
          firstname: Johnny
          lastname: Depp
        extension:
          exten: "1200"
          context: default
    return_plan_document: true
  check_mode: true
  register: planned

- name: Write plan/pbx.json, plan/pbx.md and plan/pbx.html
  xivo.confd.confd_plan_report:
    result: "{{ planned }}"
    server: pbx
    path: "{{ plan_directory }}"
  check_mode: false

- name: Carry the plan out if it is still the same, after somebody has approved it
  xivo.confd.confd_provisioned_users:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    users:
      - user:
          firstname: Johnny
          lastname: Depp
        extension:
          exten: "1200"
          context: default
    approved_plan: "{{ plan_directory }}/pbx.json"
"""

RETURN = r"""
---
changes:
  description: Whether the plan changes anything.
  returned: success
  type: bool
  sample: true
errors:
  description: Why the plan cannot be carried out. Empty for a plan that can be approved.
  returned: success
  type: list
  elements: str
  sample: []
summary:
  description: The number of entries for each status, of purged users and of removed orphans.
  returned: success
  type: dict
  sample:
    entries: 12
    created: 1
    updated: 0
    removed: 0
    unchanged: 11
    failed: 0
    purged: 0
    orphans_removed: 0
lines:
  description: The plan in one line, and the paths of the files.
  returned: success
  type: list
  elements: str
  sample:
    - "pbx: 1 to create, 11 entries unchanged"
    - /srv/plan/pbx.json, /srv/plan/pbx.md, /srv/plan/pbx.html
files:
  description: Paths of the files by format.
  returned: success
  type: dict
  sample:
    html: /srv/plan/pbx.html
report:
  description: The document, as in the JSON file.
  returned: with O(return_report=true)
  type: dict
  sample:
    schema: xivo.confd.plan
    schema_version: 1
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import run_local
from ansible_collections.xivo.confd.plugins.module_utils._reports.plan_report import plan_report


def main() -> None:
    run_local(
        plan_report,
        {
            "result": {"type": "dict", "required": True},
            "server": {"type": "str", "required": True},
            "url": {"type": "str"},
            "path": {"type": "path", "required": True},
            "mode": {"type": "raw"},
            "return_report": {"type": "bool", "default": False},
        },
        bulky=("result",),
    )


if __name__ == "__main__":
    main()
