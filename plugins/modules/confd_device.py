#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_device
short_description: Telephones of a XiVO or Wazo
version_added: 1.0.0
description:
  - Puts a telephone back into autoprov, makes it read its configuration again, and changes what the provisioning server
    knows about it.
  - It never creates or removes telephones. The provisioning server gets to know a telephone by itself, when it asks for
    its configuration for the first time.
  - A telephone gets its line when somebody dials on it the code that M(xivo.confd.confd_line_sip) returns in
    RV(xivo.confd.confd_line_sip#module:line_sip.provisioning_extension).
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
attributes:
  idempotent:
    description:
      - The second run with the same options changes nothing, except that O(synchronize=true) is done every time.
    support: partial
options:
  mac:
    description:
      - MAC address of the telephone. Upper or lower case, with colons, hyphens, dots or nothing between. Quote it.
      - Exactly one of O(mac), O(ip), O(sn) and O(id) says which telephone is meant. It is an error if there is none, or
        more than one.
    type: str
  ip:
    description:
      - IP address of the telephone. See O(mac).
    type: str
  sn:
    description:
      - Serial number of the telephone. See O(mac).
    type: str
  id:
    description:
      - Id of the telephone on the server. See O(mac).
    type: str
  state:
    description:
      - With V(autoprov) the telephone is put back into autoprov, unless it is there. It loses its line by that.
      - The module waits until it is there, see O(wait_timeout).
      - Left out, a telephone is never put back.
    type: str
    choices:
      - autoprov
  wait_timeout:
    description:
      - How many seconds the telephone has to get into autoprov. It is an error if it does not.
    type: float
    default: 30.0
  synchronize:
    description:
      - Whether to make the telephone read its configuration again, after all other changes. Many restart for that.
      - Nobody can tell whether it needs to, so the task is always changed.
    type: bool
    default: false
  description:
    description:
      - Description. V('') empties it.
    type: str
  template_id:
    description:
      - Id of the template of its configuration. It must exist.
    type: str
  options:
    description:
      - Options of its configuration, for example C(switchboard=true). Only those that are given are compared and
        changed.
    type: dict
seealso:
  - module: xivo.confd.confd_device_info
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: The telephone of the reception waits for another line, with the connection in the task
  xivo.confd.confd_device:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    mac: "00:08:5D:00:00:02"
    state: autoprov

# From here on the connection is in module_defaults, or in the environment.

- name: It is that of the second floor now
  xivo.confd.confd_device:
    mac: 0008-5d00-0002
    description: reception, second floor
    options:
      switchboard: true
  register: phone

- name: It shall know
  xivo.confd.confd_device:
    id: "{{ phone.device.id }}"
    synchronize: true
  when: phone is changed
"""

RETURN = r"""
---
device:
  description: The telephone, as on the server. In check mode, as it would be.
  returned: success
  type: dict
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
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
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
unchecked:
  description: What this generation of the API tells nobody before a write, so that a real run may still be refused for
    it.
  returned: in check mode
  type: list
  elements: str
  sample:
    - whether the contexts exist and the numbers are in their ranges
confd_api:
  description: The generation of the API that the server speaks.
  returned: always
  type: str
  sample: xivo15
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
