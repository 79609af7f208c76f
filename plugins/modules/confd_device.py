#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_device
short_description: Manage devices of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Resets a device (a phone) to autoprov, synchronises it, and changes its description, template and options in the
    provisioning server.
  - The module never creates or removes a device. The provisioning server adds a device when it requests its
    configuration for the first time.
  - A device in autoprov gets a line when somebody dials the provisioning code of the line on it. The code is
    RV(xivo.confd.confd_line_sip#module:line_sip.provisioning_extension).
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  idempotent:
    description:
      - The second run with the same options changes nothing, except that O(synchronize=true) synchronises the device
        each time.
    support: partial
options:
  mac:
    description:
      - MAC address of the device, in upper or lower case, with colons, hyphens, dots or no separators. Quote it.
      - Exactly one of O(mac), O(ip), O(sn) and O(id) identifies the device. The task fails if no device or more than
        one device matches.
    type: str
  ip:
    description:
      - IP address of the device. See O(mac).
    type: str
  sn:
    description:
      - Serial number of the device. See O(mac).
    type: str
  id:
    description:
      - Id of the device on the server. See O(mac).
    type: str
  state:
    description:
      - With V(autoprov), the device is reset to autoprov unless it already is in that mode. It loses its line, its
        template and its options. Then O(template_id) and O(options) of the task are written.
      - The module waits until the device is in autoprov, see O(wait_timeout).
      - If it is omitted, the device is not reset.
    type: str
    choices:
      - autoprov
  wait_timeout:
    description:
      - Number of seconds to wait for the device to be in autoprov. The task fails if it takes longer.
    type: float
    default: 30.0
  synchronize:
    description:
      - Whether to make the device read its configuration again, after all other changes. Many devices restart for this.
      - The server does not tell whether it is necessary, so the task always reports a change.
    type: bool
    default: false
  description:
    description:
      - Description.
      - V('') clears it.
    type: str
  template_id:
    description:
      - Id of the configuration template.
      - The template must exist.
    type: str
  options:
    description:
      - Options of the configuration, for example C(switchboard=true).
      - Only the given options are compared and changed.
    type: dict
seealso:
  - module: xivo.confd.confd_device_info
  - module: xivo.confd.confd_line_device
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Reset the device of the reception to autoprov, with the connection in the task
  xivo.confd.confd_device:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    mac: "00:08:5D:00:00:02"
    state: autoprov

# The following tasks take the connection from module_defaults or from environment variables.

- name: Change the description and an option of the device
  xivo.confd.confd_device:
    mac: 0008-5d00-0002
    description: reception, second floor
    options:
      switchboard: true
  register: phone

- name: Synchronise the device
  xivo.confd.confd_device:
    id: "{{ phone.device.id }}"
    synchronize: true
  when: phone is changed
"""

RETURN = r"""
---
device:
  description: The device on the server. In check mode, as a real run would leave it.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server.
      type: str
      returned: always
      sample: e6bc7ba21bc54d6f9e20a4a7d6b1e5b2
    ip:
      description: Last IP address that the server saw.
      type: str
      returned: always
      sample: 10.0.0.12
    mac:
      description: MAC address, in lower case with colons.
      type: str
      returned: always
      sample: 00:08:5d:00:00:02
    sn:
      description: Serial number.
      type: str
      returned: always
      sample: D013210500123
    plugin:
      description: Plugin of the provisioning server for this type of device.
      type: str
      returned: always
      sample: xivo-aastra-3.3.1-SP4
    vendor:
      description: Vendor.
      type: str
      returned: always
      sample: Aastra
    model:
      description: Model.
      type: str
      returned: always
      sample: 6755i
    version:
      description: Version of the firmware.
      type: str
      returned: always
      sample: "3.3.1.2235"
    description:
      description: Description.
      type: str
      returned: always
      sample: reception
    status:
      description: Status, one of V(autoprov), V(configured) and V(not_configured).
      type: str
      returned: always
      sample: configured
    template_id:
      description: Id of the configuration template.
      type: str
      returned: always
      sample: defaultconfigdevice
    options:
      description: Options of the configuration, for example C(switchboard). Null if there are none.
      type: dict
      returned: always
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: phone 00:08:5d:00:00:02 10.0.0.12 reception (device dev2)
      after_header: phone 00:08:5d:00:00:02 10.0.0.12 reception (device dev2)
      before:
        status: configured
      after:
        status: autoprov
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
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

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import fields_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import DEVICE, DEVICE_SETTINGS
from ansible_collections.xivo.confd.plugins.module_utils._tasks.device import ensure_device

MODULE = Module(
    ensure_device,
    {
        **{key: {"type": "str"} for key in DEVICE.keys},
        "state": {"type": "str", "choices": ["autoprov"]},
        "wait_timeout": {"type": "float", "default": 30.0},
        "synchronize": {"type": "bool", "default": False},
        **{name: fields_spec(DEVICE)[name] for name in DEVICE_SETTINGS},
    },
    required_one_of=[DEVICE.keys],
    mutually_exclusive=[DEVICE.keys],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
