#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_sip_info
short_description: Read SIP lines of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Returns all SIP lines, the line with an id, or the lines that a search text or exact values select.
  - Some servers do not include the secret and the caller ID in the list of all lines. XiVO up to 16.12 has a separate
    list for them, which takes 2.3 milliseconds a line. The module therefore reads and returns these two values only
    with O(id), with O(return_secrets=true), or if O(filters) or O(order) uses one of them.
  - On XiVO from 16.13, only a separate list shows whether a line is used in a web browser. With 180 lines, this list
    took 1.8 seconds, and the list of lines 0.24 seconds. Therefore, the module reads and returns
    RV(lines_sip[].webrtc) only with O(id), or if O(filters) or O(order) uses it.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  id:
    description:
      - Id of a line. If no line has this id, the list is empty.
      - It cannot be combined with the options that select from a list.
    type: int
  search:
    description:
      - Text that occurs in RV(lines_sip[].username), RV(lines_sip[].context) or
        RV(lines_sip[].provisioning_extension). Upper and lower case are the same, accents are not ignored, and there
        are no wildcards.
      - If it is omitted, all lines are returned.
    type: str
  order:
    description:
      - Key to sort by. Texts are sorted without regard to case and accents. Null comes first, and equal values are
        sorted by id.
      - If it is omitted, the list is sorted by id.
    type: str
    choices:
      # BEGIN names of line_sip
      - id
      - username
      - secret
      - context
      - device_slot
      - callerid
      - provisioning_extension
      - webrtc
      - device_id
      # END names of line_sip
  return_secrets:
    description:
      - Whether to return RV(lines_sip[].secret) in clear text.
      - The output of verbose runs and everything that stores results then contains it. Set C(no_log=true) for the task
        if you only register the result.
    type: bool
    default: false
seealso:
  - module: xivo.confd.confd_line_sip
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read all lines, with the connection in the task
  xivo.confd.confd_line_sip_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"

# The following tasks take the connection from module_defaults or from environment variables.

- name: Read the lines that are not on a device
  xivo.confd.confd_line_sip_info:
    filters:
      device_id: null
  register: free

- name: Print their provisioning codes
  ansible.builtin.debug:
    msg: "{{ free.lines_sip | map(attribute='provisioning_extension') }}"

- name: Read the secret of one line for a template
  xivo.confd.confd_line_sip_info:
    filters:
      username: doorphone
    return_secrets: true
  no_log: true
  register: doorphone
"""

RETURN = r"""
---
lines_sip:
  description: The lines that were found, sorted, after O(skip) and O(limit) were applied.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: int
      returned: always
      sample: 15
    device_id:
      description: Id of the device that has the line. Null if no device has it.
      type: str
      returned: always
      sample: dev2
    secret:
      description: SIP secret. Masked unless O(return_secrets=true).
      type: str
      returned: with O(id) or O(return_secrets=true), or if O(filters) or O(order) uses this value or
        RV(lines_sip[].callerid)
      sample: "********"
    callerid:
      description: Caller ID of the line. Null if the line has no user.
      type: str
      returned: with O(id) or O(return_secrets=true), or if O(filters) or O(order) uses this value or
        RV(lines_sip[].secret)
      sample: '"Johnny Depp" <1200>'
    webrtc:
      description: Whether the line is used in a web browser, or V(unique). Not available on XiVO up to 16.12.
      type: raw
      returned: on Wazo, and on XiVO with O(id) and if O(filters) or O(order) uses it
      sample: false
    # BEGIN results of line_sip
    username:
      description: SIP username.
      type: str
      returned: always
      sample: 242f8989f3nq32lgo8
    context:
      description: Context of the line.
      type: str
      returned: always
      sample: default
    device_slot:
      description: Position of the line on the device, counted from 1.
      type: int
      returned: always
      sample: 1
    provisioning_extension:
      description: Provisioning code, which somebody dials on a device in autoprov to give it this line.
      type: str
      returned: always
      sample: "824158"
    # END results of line_sip
total:
  description: Number of lines that were found, before O(skip) and O(limit) were applied.
  returned: success
  type: int
  sample: 42
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import info_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_lines
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import LINES

MODULE = Module(read_lines, info_spec(LINES), writes=False)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
