#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_device_info
short_description: Read devices of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Returns all devices (phones) that the provisioning server knows, the device with an id, or the devices that a
    search text or exact values select.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  id:
    description:
      - Id of a device. If no device has this id, the list is empty.
      - It cannot be combined with the options that select from a list.
    type: str
  search:
    description:
      - Text that occurs in the id, IP address, MAC address, serial number, plugin, vendor, model, version or
        description. Upper and lower case are the same, accents are not ignored, and there are no wildcards.
      - If it is omitted, all devices are returned.
    type: str
  order:
    description:
      - Key to sort by. Texts are sorted without regard to case and accents. Null comes first, and equal values are
        sorted by id.
      - If it is omitted, the list is sorted by id.
    type: str
    choices:
      # BEGIN names of device
      - id
      - ip
      - mac
      - sn
      - plugin
      - vendor
      - model
      - version
      - description
      - status
      - template_id
      - options
      # END names of device
seealso:
  - module: xivo.confd.confd_device
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read the devices in autoprov, with the connection in the task
  xivo.confd.confd_device_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    filters:
      status: autoprov
  register: waiting

- name: Print their MAC addresses
  ansible.builtin.debug:
    msg: "{{ waiting.devices | map(attribute='mac') }}"

# The following task takes the connection from module_defaults or from environment variables.

- name: Read the devices of one vendor, sorted by model
  xivo.confd.confd_device_info:
    search: aastra
    order: model
"""

RETURN = r"""
---
devices:
  description: The devices that were found, sorted, after O(skip) and O(limit) were applied.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: str
      returned: always
      sample: e6bc7ba21bc54d6f9e20a4a7d6b1e5b2
    # BEGIN results of device
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
      sample: 3.3.1.2235
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
    # END results of device
total:
  description: Number of devices that were found, before O(skip) and O(limit) were applied.
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_devices
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import DEVICES

MODULE = Module(read_devices, info_spec(DEVICES), writes=False)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
