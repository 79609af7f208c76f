#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_audit_report
short_description: Writes reports of what an audit of XiVO or Wazo servers found
version_added: 1.0.0
description:
  - Writes what M(xivo.confd.confd_provisioned_users) found in check mode, on one or many servers, as JSON, JUnit XML,
    Markdown, and an HTML page.
  - It talks to no server. The playbook C(xivo.confd.audit) uses it on the controller.
  - It also merges the JSON of several runs into one report, as C(xivo.confd.audit_merge) does for the slices of a job.
attributes:
  check_mode:
    description:
      - Says whether a file would change, and writes none.
    support: full
  diff_mode:
    description:
      - Shows no differences of files.
    support: none
  idempotent:
    description:
      - The same data give the same files.
    details:
      - Without O(time), the time of the report is new in every run.
    support: partial
options:
  servers:
    description:
      - The servers that were audited, and what was found there.
    type: list
    elements: dict
    suboptions:
      name:
        description: How the report calls the server.
        type: str
        required: true
      url:
        description: Its address. A user and a password in it are left out of the report.
        type: str
      result:
        description:
          - What M(xivo.confd.confd_provisioned_users) returned in check mode, or how it failed. Without
            C(results) in it, the server counts as not audited.
        type: dict
        required: true
  merge_files:
    description:
      - Paths of JSON reports to merge. Of a server that is in more than one, the latest counts.
    type: list
    elements: path
  merge_reports:
    description:
      - The same as data, as RV(report) was returned.
    type: list
    elements: dict
  directory:
    description:
      - Folder of the files. It is made if it is not there.
    type: path
    required: true
  name:
    description:
      - Name of the files, without what follows the dot.
    type: str
    default: audit
  formats:
    description:
      - What to write.
    type: list
    elements: str
    choices:
      json: The complete report, C(audit.json). Its schema is C(docs/audit-report.schema.json) of the collection.
      junit: C(audit.xml), a test suite for each server and a test case for each entry. A drift is a failed test.
      markdown: C(audit.md), tables for merge requests and job summaries.
      html: C(audit.html), one page that needs no other file.
    default: [json, junit, markdown, html]
  title:
    description:
      - Title of the report. Left out, it is that of the first report that is merged, or V(Audit of telephone users).
    type: str
  time:
    description:
      - When the audit was, as it is to be shown. Left out, it is now, in UTC.
    type: str
  strict:
    description:
      - Whether users whom no entry means, and objects that belong to nobody, are a drift as well.
    type: bool
    default: false
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
- name: What would change on the server
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
  check_mode: true
  register: audit

- name: Four reports of it
  xivo.confd.confd_audit_report:
    servers:
      - name: pbx
        url: "{{ confd_url }}"
        result: "{{ audit }}"
    directory: "{{ audit_directory }}"
    time: 2026-11-23T08:00:00Z
  check_mode: false

- name: One page of two reports
  xivo.confd.confd_audit_report:
    merge_files:
      - "{{ audit_directory }}/audit.json"
      - "{{ audit_directory }}/audit.json"
    directory: "{{ audit_directory }}"
    name: all
    formats: [html]
"""

RETURN = r"""
---
drift:
  description: Whether a server differs from its entries, or was not audited. See O(strict).
  returned: success
  type: bool
  sample: true
summary:
  description: The counts of all servers.
  returned: success
  type: dict
  contains:
    servers:
      description: How many servers there are.
      type: int
      returned: always
      sample: 2
    servers_failed:
      description: How many of them were not audited.
      type: int
      returned: always
      sample: 0
    entries:
      description: How many entries there are.
      type: int
      returned: always
      sample: 12
    conforming:
      description: Entries that are on the server as they are written.
      type: int
      returned: always
      sample: 9
    missing:
      description: Entries whose user is not there.
      type: int
      returned: always
      sample: 1
    different:
      description: Entries whose user is there, but not as written.
      type: int
      returned: always
      sample: 1
    surplus:
      description: Entries of people who have left and are still there.
      type: int
      returned: always
      sample: 0
    conflict:
      description: Entries that contradict another one or the server.
      type: int
      returned: always
      sample: 1
    unmanaged:
      description: Users whom no entry means.
      type: int
      returned: always
      sample: 3
    orphans:
      description: Lines and numbers that belong to nobody.
      type: int
      returned: always
      sample: 0
    conforming_percent:
      description: The share of entries that conform, rounded down to a tenth. Null without entries.
      type: float
      returned: always
      sample: 75.0
servers:
  description: The servers one by one.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the server.
      type: str
      returned: always
      sample: pbx
    status:
      description: V(conforming), V(drift), or V(failed) if it was not audited.
      type: str
      returned: always
      sample: drift
    error:
      description: Why it was not audited, null if it was.
      type: str
      returned: always
      sample: null
    summary:
      description: Its counts, as in RV(summary).
      type: dict
      returned: always
      sample: {entries: 12, conforming: 9}
files:
  description: The paths of the files, by format.
  returned: success
  type: dict
  sample:
    html: /srv/audit/audit.html
report:
  description: The complete report, as in the JSON file.
  returned: with O(return_report=true)
  type: dict
  sample:
    schema: xivo.confd.audit
    schema_version: 1
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import run_local
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_files import RENDERERS, write_reports


def main() -> None:
    server = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str"},
        "result": {"type": "dict", "required": True},
    }
    run_local(
        write_reports,
        {
            "servers": {"type": "list", "elements": "dict", "options": server},
            "merge_files": {"type": "list", "elements": "path"},
            "merge_reports": {"type": "list", "elements": "dict"},
            "directory": {"type": "path", "required": True},
            "name": {"type": "str", "default": "audit"},
            "formats": {"type": "list", "elements": "str", "choices": list(RENDERERS), "default": list(RENDERERS)},
            "title": {"type": "str"},
            "time": {"type": "str"},
            "strict": {"type": "bool", "default": False},
            "return_report": {"type": "bool", "default": False},
        },
        bulky=("servers", "merge_reports"),
        required_one_of=[("servers", "merge_files", "merge_reports")],
        mutually_exclusive=[("servers", "merge_files"), ("servers", "merge_reports")],
    )


if __name__ == "__main__":
    main()
