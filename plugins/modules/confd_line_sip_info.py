#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_sip_info
short_description: Reads the SIP lines of a XiVO or Wazo
version_added: 1.0.0
description:
  - Reads SIP lines; all of them, one by its id, or those that a text or exact values fit.
  - XiVO up to 16.12 tells the secret and the caller ID of lines in a list of its own, which takes 2.3 milliseconds a
    line. So these two are read, and returned, only with O(id), with O(return_secrets=true), or when O(filters) or
    O(order) name one of them.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
options:
  id:
    description:
      - Id of one of them. If there is none with that id the list is empty, which is no error.
      - It cannot be combined with the options that choose from a list.
    type: int
  search:
    description:
      - A text that occurs in RV(lines_sip[].username), RV(lines_sip[].context) or
        RV(lines_sip[].provisioning_extension), whatever its case. Accents matter, and there are no wildcards.
      - Left out, all are meant.
    type: str
  filters:
    description:
      - Exact values of what is returned, for example C(context=default). All of them must fit.
      - V(null) and V('') fit what is not set. Numbers may be integers.
      - Keys are those of O(order). Another one is an error.
    type: dict
  order:
    description:
      - What to order by. Texts are ordered as in a telephone book, without regard to case and accents. What is not set
        comes first, and what is equal is ordered by id.
      - Left out, the order is that of the ids.
    type: str
    choices:
      - id
      - username
      - secret
      - context
      - device_slot
      - callerid
      - provisioning_extension
      - webrtc
      - device_id
  return_secrets:
    description:
      - Whether RV(lines_sip[].secret) is read, and is in clear text.
      - It is then in the output of verbose runs, and in whatever keeps results. Set C(no_log) on the task if you only
        register it.
    type: bool
    default: false
seealso:
  - module: xivo.confd.confd_line_sip
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: All lines, with the connection in the task
  xivo.confd.confd_line_sip_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"

# From here on the connection is in module_defaults, or in the environment.

- name: Lines that no telephone has
  xivo.confd.confd_line_sip_info:
    filters:
      device_id: null
  register: free

- name: Their codes
  ansible.builtin.debug:
    msg: "{{ free.lines_sip | map(attribute='provisioning_extension') }}"

- name: The secret of one account, for a template
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
  description: What was found, in order, O(skip) of them left out and O(limit) of them at most.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: int
      returned: always
      sample: 15
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
      description: Position of the line on the telephone.
      type: int
      returned: always
      sample: 1
    provisioning_extension:
      description: The code to dial on a telephone to give it this line.
      type: str
      returned: always
      sample: "824158"
    webrtc:
      description: Whether the line is used from a web browser. Null on XiVO, which has no such lines.
      type: bool
      returned: always
    device_id:
      description: Id of the telephone that has this line. Null where none has it.
      type: str
      returned: always
      sample: dev2
    secret:
      description: Asterisks, unless O(return_secrets=true).
      type: str
      returned: with O(id), with O(return_secrets=true), or when O(filters) or O(order) need it
      sample: "********"
    callerid:
      description: Caller ID of the line, null before it has a user.
      type: str
      returned: with O(id), with O(return_secrets=true), or when O(filters) or O(order) need it
      sample: '"Johnny Depp" <1200>'
total:
  description: How many were found, before O(skip) and O(limit).
  returned: success
  type: int
  sample: 42
confd_api:
  description: The generation of the API that the server speaks.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import info_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_lines
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import LINES

MODULE = Module(read_lines, info_spec(LINES))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
