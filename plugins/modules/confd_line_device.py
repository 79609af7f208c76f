#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_device
short_description: Lines on the telephones of a XiVO or Wazo
version_added: 1.0.0
description:
  - Puts a line on a telephone, or takes it off, so that nobody has to dial the provisioning code there.
  - XiVO up to 16.12 lets no client from elsewhere do that. There it is an error, and the code is the way.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  line:
    description:
      - The line, which must have a number and a user. Give what M(xivo.confd.confd_line_sip) returned
        (RV(xivo.confd.confd_line_sip#module:line_sip)), or C(id), or C(username) (the SIP username), or C(exten) with
        C(context) (the line that has this number).
      - A line that a task in check mode predicted is taken in check mode.
    type: dict
    required: true
  device:
    description:
      - The telephone. Give what M(xivo.confd.confd_device) returned (RV(xivo.confd.confd_device#module:device)), or one
        of C(mac) (in any notation), C(ip), C(sn) and C(id).
      - The provisioning server knows a telephone from its first request on.
    type: dict
    required: true
  synchronize:
    description:
      - Whether the telephone shall read its configuration once the line is on it. Many restart for that.
    type: bool
    default: true
  state:
    description:
      - Whether the line shall be on the telephone.
    type: str
    choices:
      present:
        The line is on the telephone. Another telephone that it is on goes back into autoprov, with a warning. It is an
        error if another line has the same key (O(xivo.confd.confd_line_sip#module:device_slot)) there.
      absent:
        The line is not on the telephone, which goes back into autoprov. Nothing happens if the line does not exist.
    default: present
seealso:
  - module: xivo.confd.confd_line_sip
  - module: xivo.confd.confd_device
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: A user, with the connection in the task
  xivo.confd.confd_user:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    firstname: Johnny
    lastname: Depp
  register: johnny

# From here on the connection is in module_defaults, or in the environment.

- name: A number
  xivo.confd.confd_extension:
    exten: "1200"
    context: default
  register: number

- name: A line
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: The line has the number
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: The user has the line
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: The telephone on the user's desk has the line
  xivo.confd.confd_line_device:
    line: "{{ line.line_sip }}"
    device:
      mac: "00:08:5D:00:00:01"

- name: The line leaves it
  xivo.confd.confd_line_device:
    line:
      exten: "1200"
      context: default
    device:
      mac: "00:08:5D:00:00:01"
    state: absent
"""

RETURN = r"""
---
line_device:
  description:
    - The association, with O(state=absent) the one that is not there any more. Null if the line does not exist.
  returned: success
  type: dict
  contains:
    line_id:
      description: Id of the line. Null for one that a real run would create.
      type: int
      returned: always
      sample: 15
    device_id:
      description: Id of the telephone.
      type: str
      returned: always
      sample: e6bc7ba21bc54d6f9e20a4a7d6b1e5b2
    predicted:
      description: That the line does not exist, and a real run would create it.
      type: bool
      returned: in check mode, when it would be created
      sample: true
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: phone 00:08:5d:00:00:01 10.0.0.11 (device dev1) with line johnny (id 15)
      after_header: phone 00:08:5d:00:00:01 10.0.0.11 (device dev1) with line johnny (id 15)
      before: {}
      after:
        line_id: 15
        device_id: dev1
confd_api:
  description: The generation of the API that the server speaks.
  returned: always
  type: str
  sample: xivo16
unchecked:
  description: What this generation of the API tells nobody before a write, so that a real run may still be refused for
    it.
  returned: in check mode
  type: list
  elements: str
  sample:
    - whether the contexts exist and the numbers are in their ranges
    - whether a number that nobody's line has belongs to something else (a queue, a menu)
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import STATE_SPEC, references_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.device import ensure_line_device

MODULE = Module(
    ensure_line_device,
    {**references_spec("line", "device"), "synchronize": {"type": "bool", "default": True}, **STATE_SPEC},
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
