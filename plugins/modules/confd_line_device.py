#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_device
short_description: Manage the lines of devices of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Associates a line with a device (a phone), or dissociates it, so that nobody has to dial the provisioning code
    on the device.
  - XiVO up to 16.12 does not let clients do this, and the task fails. Dial the provisioning code there.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  line:
    description:
      - The line, which must have an extension and a user.
      - It is an object that M(xivo.confd.confd_line_sip) returned (RV(xivo.confd.confd_line_sip#module:line_sip)),
        or a dictionary with C(id), with C(username) (the SIP username), or with C(exten) and C(context) (the line with
        this extension).
      - In check mode, a line that an earlier task predicted is accepted.
    type: dict
    required: true
  device:
    description:
      - The device. It is an object that M(xivo.confd.confd_device) returned
        (RV(xivo.confd.confd_device#module:device)), or a dictionary with one of C(mac) (in any notation), C(ip), C(sn)
        and C(id).
      - The device must have requested its configuration from the provisioning server at least once.
    type: dict
    required: true
  synchronize:
    description:
      - Whether to make the device read its configuration after the line was associated. Many devices restart for this.
    type: bool
    default: true
  state:
    description:
      - The state that the association is to be in.
      - If V(present), the line is associated with the device. If it was associated with another device, that device is
        reset to autoprov, and the module warns. The task fails if the device has another line in the same position
        (O(xivo.confd.confd_line_sip#module:device_slot)).
      - If V(absent), the line is not associated with the device, which is reset to autoprov. Nothing is changed if the
        line does not exist.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: xivo.confd.confd_line_sip
  - module: xivo.confd.confd_device
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Create a user, with the connection in the task
  xivo.confd.confd_user:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    firstname: Johnny
    lastname: Depp
  register: johnny

# The following tasks take the connection from module_defaults or from environment variables.

- name: Create an extension
  xivo.confd.confd_extension:
    exten: "1200"
    context: default
  register: number

- name: Create a line for the extension
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: Associate the extension with the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: Associate the line with the user
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: Associate the line with the device on the user's desk
  xivo.confd.confd_line_device:
    line: "{{ line.line_sip }}"
    device:
      mac: "00:08:5D:00:00:01"

- name: Dissociate the line from the device
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
    - The association. With O(state=absent), the association that does not exist any more. Null if the line does not
      exist.
  returned: success
  type: dict
  contains:
    line_id:
      description: Id of the line. Null if a real run would create it.
      type: int
      returned: always
      sample: 15
    device_id:
      description: Id of the device.
      type: str
      returned: always
      sample: e6bc7ba21bc54d6f9e20a4a7d6b1e5b2
    predicted:
      description: Whether the line does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, if the line would be created
      sample: true
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
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
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo16
unchecked:
  description:
    - What a server of this generation cannot check before a write. A real run can still fail for these reasons.
  returned: in check mode
  type: list
  elements: str
  sample:
    - whether the contexts exist and the numbers are in their ranges
    - whether an extension without a line belongs to something else (a queue, a menu)
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
