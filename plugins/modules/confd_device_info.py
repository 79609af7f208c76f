#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_device_info
short_description: Reads the telephones of a XiVO or Wazo
version_added: 1.0.0
description:
  - Reads the telephones that the provisioning server knows; all of them, one by its id, or those that a text or exact
    values fit.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
options:
  id:
    description:
      - Id of one of them. If there is none with that id the list is empty, which is no error.
      - It cannot be combined with the options that choose from a list.
    type: str
  search:
    description:
      - A text that occurs in the id, the IP or MAC address, the serial number, plugin, vendor, model, version or
        description, whatever its case. Accents matter, and there are no wildcards.
      - Left out, all are meant.
    type: str
  filters:
    description:
      - Exact values of what is returned, for example C(status=autoprov). All of them must fit.
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
seealso:
  - module: xivo.confd.confd_device
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: The telephones that wait for a line, with the connection in the task
  xivo.confd.confd_device_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    filters:
      status: autoprov
  register: waiting

- name: Their MAC addresses
  ansible.builtin.debug:
    msg: "{{ waiting.devices | map(attribute='mac') }}"

# From here on the connection is in module_defaults, or in the environment.

- name: All telephones of one vendor, by model
  xivo.confd.confd_device_info:
    search: aastra
    order: model
"""

RETURN = r"""
---
devices:
  description: What was found, in order, O(skip) of them left out and O(limit) of them at most.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: str
      returned: always
      sample: e6bc7ba21bc54d6f9e20a4a7d6b1e5b2
    ip:
      description: IP address, as the server saw it last.
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
      description: The provisioning server's plugin for this kind of telephone.
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
      description: Version of its firmware.
      type: str
      returned: always
      sample: "3.3.1.2235"
    description:
      description: Description.
      type: str
      returned: always
      sample: reception
    status:
      description: V(autoprov), V(configured) or V(not_configured).
      type: str
      returned: always
      sample: configured
    template_id:
      description: Template of its configuration.
      type: str
      returned: always
      sample: defaultconfigdevice
    options:
      description: Options of its configuration, for example C(switchboard). Null for none.
      type: dict
      returned: always
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_devices
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import DEVICES

MODULE = Module(read_devices, info_spec(DEVICES))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
