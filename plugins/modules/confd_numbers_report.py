#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_numbers_report
short_description: Write tables and pages of the numbers of XiVO or Wazo servers
version_added: 1.0.0
description:
  - Writes what M(xivo.confd.confd_numbers_info) returned, for one or many servers, as JSON, CSV tables and HTML pages.
    One of the tables and one of the pages are for the staff, with names and numbers only.
  - It sends no request to a server. The playbook C(xivo.confd.numbers) runs it on the controller.
  - The files are rendered on the controller, and written on the host of the task. They contain names of people, so only
    their owner can read new files, see O(mode).
extends_documentation_fragment:
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  action:
    description:
      - Has an action plugin that renders the files on the controller.
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
      - Without O(time), every run has a new time in its JSON file and its pages.
    support: partial
options:
  servers:
    description:
      - The servers, each with what was read from it.
    type: list
    elements: dict
    required: true
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
          - What M(xivo.confd.confd_numbers_info) returned, also if it failed. Without C(numbers), the server counts as
            not read.
        type: dict
        required: true
  expected:
    description:
      - Names of all servers. A server that is missing in O(servers) counts as not read.
    type: list
    elements: str
  directory:
    description:
      - Folder of the files. It is created if it does not exist.
    type: path
    required: true
  formats:
    description:
      - Formats to write.
      - V(json) writes the complete report, C(numbers.json). Its schema is C(docs/numbers-report.schema.json) of the
        collection.
      - V(csv) writes the tables C(numbers.csv), C(phones.csv), and C(staff.csv) for the staff.
      - V(html) writes the pages C(numbers.html), and C(staff.html) for the staff. Each needs no other file.
    type: list
    elements: str
    choices: [json, csv, html]
    default: [json, csv, html]
  delimiter:
    description:
      - What separates the cells of CSV tables, V(comma), V(semicolon) or V(tab). In many languages, spreadsheet
        programs expect V(semicolon).
    type: str
    choices: [comma, semicolon, tab]
    default: comma
  separator:
    description:
      - What separates several values in a cell of CSV tables.
    type: str
    default: " | "
  mode:
    description:
      - Mode of the files, for example V("0640"). Users who can read the files can also enter new folders.
      - Without it, new files have the mode V("0600") and new folders V("0700"), and existing ones keep theirs.
    type: raw
  title:
    description:
      - Title of the pages.
    type: str
    default: Telephone numbers
  time:
    description:
      - Time at which the servers were read, as the pages show it. The default is the current time in UTC.
    type: str
seealso:
  - module: xivo.confd.confd_numbers_info
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read the numbers, with the connection in the task
  xivo.confd.confd_numbers_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
  register: read

- name: Write tables and pages
  xivo.confd.confd_numbers_report:
    servers:
      - name: pbx
        url: "{{ confd_url }}"
        result: "{{ read }}"
    directory: "{{ numbers_directory }}"
    time: 2026-11-23T08:00:00Z
"""

RETURN = r"""
---
verdict:
  description: The result in words.
  returned: success
  type: str
  sample: "412 numbers: 380 of persons, 2 on lines without a person; 588 free; 371 phones on 1 server"
summary:
  description: Counts over all servers that were read.
  returned: success
  type: dict
  contains:
    servers:
      description: Number of servers.
      type: int
      returned: always
      sample: 2
    servers_failed:
      description: Number of servers that could not be read.
      type: int
      returned: always
      sample: 0
    numbers:
      description: Numbers that exist.
      type: int
      returned: always
      sample: 412
    person:
      description: Numbers of persons.
      type: int
      returned: always
      sample: 380
    other:
      description: Numbers of groups, queues and other objects.
      type: int
      returned: always
      sample: 12
    line:
      description: Numbers on lines without a person.
      type: int
      returned: always
      sample: 2
    nothing:
      description: Numbers that lead to nothing.
      type: int
      returned: always
      sample: 1
    unknown:
      description: Numbers of which the server may not tell what has them.
      type: int
      returned: always
      sample: 0
    codes:
      description: Feature codes and patterns.
      type: int
      returned: always
      sample: 33
    free:
      description: Free numbers. Null if no server tells its ranges.
      type: int
      returned: always
      sample: 588
    phones:
      description: Phones.
      type: int
      returned: always
      sample: 371
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
    error:
      description: Why the server was not read. Null if it was.
      type: str
      returned: always
      sample: null
    verdict:
      description: Its result in words. The same as RV(servers[].error) if it was not read.
      type: str
      returned: always
      sample: "412 numbers: 380 of persons; 588 free; 371 phones"
    summary:
      description: Counts of this server, as in RV(summary).
      type: dict
      returned: always
      sample: {numbers: 412, person: 380}
    not_told:
      description: What the server does not tell, in words.
      type: list
      elements: str
      returned: always
      sample: [the feature codes]
lines:
  description:
    - The report for the output of Ansible. There is a line for each server, one for the next free number of each range,
      one for what the server does not tell, and one with the paths of the files.
  returned: success
  type: list
  elements: str
  sample:
    - "pbx                  412 numbers: 380 of persons; 588 free; 371 phones"
    - "  next free 1203         default 1000-1999 (persons): 588 free"
files:
  description: Paths of the files.
  returned: success
  type: dict
  sample:
    json: /srv/numbers/numbers.json
    csv: /srv/numbers/numbers.csv
    phones_csv: /srv/numbers/phones.csv
    staff_csv: /srv/numbers/staff.csv
    html: /srv/numbers/numbers.html
    staff_html: /srv/numbers/staff.html
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import run_local
from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers_csv import DELIMITERS, SEPARATOR
from ansible_collections.xivo.confd.plugins.module_utils._reports.numbers_report import FORMATS, TITLE, numbers_report


def main() -> None:
    server = {
        "name": {"type": "str", "required": True},
        "url": {"type": "str"},
        "result": {"type": "dict", "required": True},
    }
    run_local(
        numbers_report,
        {
            "servers": {"type": "list", "elements": "dict", "options": server, "required": True},
            "expected": {"type": "list", "elements": "str"},
            "directory": {"type": "path", "required": True},
            "formats": {"type": "list", "elements": "str", "choices": list(FORMATS), "default": list(FORMATS)},
            "delimiter": {"type": "str", "choices": list(DELIMITERS), "default": "comma"},
            "separator": {"type": "str", "default": SEPARATOR},
            "mode": {"type": "raw"},
            "title": {"type": "str", "default": TITLE},
            "time": {"type": "str"},
        },
        bulky=("servers",),
    )


if __name__ == "__main__":
    main()
