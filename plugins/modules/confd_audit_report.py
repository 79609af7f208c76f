#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_audit_report
short_description: Write reports of an audit of XiVO or Wazo servers
version_added: 1.0.0
description:
  - Writes what M(xivo.confd.confd_provisioned_users) found in check mode, on one or many servers, as JSON, JUnit XML,
    Markdown, and an HTML page.
  - It sends no request to a server. The playbook C(xivo.confd.audit) runs it on the controller.
  - It also merges the JSON reports of several runs into one report, as C(xivo.confd.audit_merge) does for the slices of
    a job.
  - The reports are rendered on the controller, and written on the host of the task. They contain names of people, so
    only their owner can read new files, see O(mode).
extends_documentation_fragment:
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  action:
    description:
      - Has an action plugin that renders the reports on the controller.
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
      - The same data make the same files.
    details:
      - Without O(time), every run has a new time in its report.
    support: partial
options:
  servers:
    description:
      - The audited servers, each with the result of its audit.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the server in the report.
        type: str
        required: true
      url:
        description: Address of the server. A username and a password in it are not reported.
        type: str
      result:
        description:
          - What M(xivo.confd.confd_provisioned_users) returned in check mode, also if it failed. Without C(results),
            the server counts as not audited.
        type: dict
        required: true
  expected:
    description:
      - Names of all servers of the audit. A server that is missing in O(servers) counts as not audited.
    type: list
    elements: str
  merge_files:
    description:
      - Paths of JSON reports to merge, on the host of the task. If a server is in more than one report, the latest
        counts.
    type: list
    elements: path
  merge_reports:
    description:
      - Reports to merge, as returned in RV(report).
      - A report that does not agree with its schema is refused. Counts are made again of the entries.
    type: list
    elements: dict
  directory:
    description:
      - Folder of the files. It is created if it does not exist.
    type: path
    required: true
  name:
    description:
      - Name of the files without the suffix.
    type: str
    default: audit
  formats:
    description:
      - Formats to write.
      - V(json) writes the complete report, C(audit.json). Its schema is C(docs/audit-report.schema.json) of the
        collection.
      - V(junit) writes C(audit.xml), with a test suite for each server and a test case for each entry. A drift is a
        failed test. What counts as drift with O(strict=true) only is a skipped test without it.
      - V(markdown) writes C(audit.md), with tables for merge requests and job summaries.
      - V(html) writes C(audit.html), one page that needs no other file.
    type: list
    elements: str
    choices: [json, junit, markdown, html]
    default: [json, junit, markdown, html]
  mode:
    description:
      - Mode of the files, for example V("0640"). Users who can read the files can also enter new folders.
      - Without it, new files have the mode V("0600") and new folders V("0700"), and existing ones keep theirs.
    type: raw
  title:
    description:
      - Title of the report. The default is the title of the first merged report, or V(Audit of telephone users).
    type: str
  time:
    description:
      - Time of the audit, as the report shows it. The default is the current time in UTC.
    type: str
  strict:
    description:
      - Whether unmanaged users (no entry describes them), orphans (lines and numbers without a user), and what users
        have beyond the file (on the server and not mentioned in their entries) count as drift. The report contains
        them in any case.
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
- name: Compare the server with the entries
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

- name: Write reports in all four formats
  xivo.confd.confd_audit_report:
    servers:
      - name: pbx
        url: "{{ confd_url }}"
        result: "{{ audit }}"
    directory: "{{ audit_directory }}"
    time: 2026-11-23T08:00:00Z
  check_mode: false

- name: Merge two reports into one page
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
  description: Whether a server differs from its entries or was not audited. See O(strict).
  returned: success
  type: bool
  sample: true
summary:
  description: Counts over all servers.
  returned: success
  type: dict
  contains:
    servers:
      description: Number of servers.
      type: int
      returned: always
      sample: 2
    servers_failed:
      description: Number of servers that were not audited.
      type: int
      returned: always
      sample: 0
    entries:
      description: Number of entries.
      type: int
      returned: always
      sample: 12
    conforming:
      description: Entries whose user is on the server as described.
      type: int
      returned: always
      sample: 9
    missing:
      description: Entries whose user is not on the server.
      type: int
      returned: always
      sample: 1
    different:
      description: Entries whose user is on the server, but not as described.
      type: int
      returned: always
      sample: 1
    surplus:
      description: Entries with C(state=absent) whose user is still on the server.
      type: int
      returned: always
      sample: 0
    conflict:
      description: Entries that contradict another one or the server.
      type: int
      returned: always
      sample: 1
    unmanaged:
      description: Users that no entry describes.
      type: int
      returned: always
      sample: 3
    orphans:
      description: Lines and numbers without a user.
      type: int
      returned: always
      sample: 0
    unclear:
      description:
        - Numbers without a user of which the server does not show whether they belong to something else. They never
          count as drift. See RV(xivo.confd.confd_provisioned_users#module:orphans.unclear).
      type: int
      returned: always
      sample: 0
    beyond:
      description:
        - Entries whose users have something beyond the file, see
          RV(xivo.confd.confd_provisioned_users#module:results[].beyond). They can conform nevertheless.
      type: int
      returned: always
      sample: 2
    conforming_percent:
      description: Percentage of conforming entries, rounded down to a tenth. Null without entries.
      type: float
      returned: always
      sample: 75.0
verdict:
  description: The result in words.
  returned: success
  type: str
  sample: 9 of 12 entries conform, 1 of 4 servers could not be audited
servers:
  description: Result of each server.
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
      description: Why the server was not audited. Null if it was.
      type: str
      returned: always
      sample: null
    verdict:
      description: Its result in words. The same as RV(servers[].error) if it was not audited.
      type: str
      returned: always
      sample: 9 of 12 entries conform, 3 unmanaged users
    summary:
      description: Counts of this server, as in RV(summary).
      type: dict
      returned: always
      sample: {entries: 12, conforming: 9}
lines:
  description:
    - The report for the output of Ansible. There is a line for each server and for the first 20 findings, and one with
      the paths of the files.
  returned: success
  type: list
  elements: str
  sample:
    - pbx                  drift      9 of 12 entries conform, 3 unmanaged users
    - "  different          Johnny Depp (1210@default)       number 1200 -> 1210"
    - /srv/audit/audit.html
files:
  description: Paths of the files by format.
  returned: success
  type: dict
  sample:
    html: /srv/audit/audit.html
report:
  description: Complete report, as in the JSON file.
  returned: with O(return_report=true)
  type: dict
  sample:
    schema: xivo.confd.audit
    schema_version: 1
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import run_local
from ansible_collections.xivo.confd.plugins.module_utils._reports.audit_report import SUFFIXES, audit_report


def main() -> None:
    server = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str"},
        "result": {"type": "dict", "required": True},
    }
    run_local(
        audit_report,
        {
            "servers": {"type": "list", "elements": "dict", "options": server},
            "expected": {"type": "list", "elements": "str"},
            "merge_files": {"type": "list", "elements": "path"},
            "merge_reports": {"type": "list", "elements": "dict"},
            "directory": {"type": "path", "required": True},
            "name": {"type": "str", "default": "audit"},
            "formats": {"type": "list", "elements": "str", "choices": list(SUFFIXES), "default": list(SUFFIXES)},
            "mode": {"type": "raw"},
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
