#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_numbers_info
short_description: Read who or what has each number of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Reads all numbers of a server, internal ones and direct ones, and says which person, line, group, queue or other
    object has each of them, which numbers of the ranges are free, and who has which phone.
  - What the server does not tell is in RV(not_told). A number that may be in use is never returned as free. XiVO
    up to 16.12 does not tell the ranges of its contexts, so no number is returned as free there.
  - The playbook C(xivo.confd.numbers) writes the result into files, for one or many servers.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  devices:
    description:
      - Whether RV(devices) has the phones. On XiVO from 16.13, they take the list of all lines, which is slow.
    type: bool
    default: true
notes:
  - Reading takes a few requests, one for each list. On XiVO up to 16.12, it takes one more for each direct number, or
    for each line if there are fewer lines, and one more for each line without a person.
seealso:
  - module: xivo.confd.confd_numbers_report
  - module: xivo.confd.confd_extension_info
  - module: xivo.confd.confd_device_info
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

# From here on the connection is in module_defaults, or in the environment.

- name: Show the numbers on lines without a person
  ansible.builtin.debug:
    msg: "{{ read.numbers | selectattr('used_by', 'eq', 'line') | map(attribute='exten') }}"

- name: Read the numbers without the phones
  xivo.confd.confd_numbers_info:
    devices: false
"""

RETURN = r"""
---
numbers:
  description: The numbers that exist on the server, by context and number.
  returned: success
  type: list
  elements: dict
  contains:
    exten:
      description: The number.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Its context.
      type: str
      returned: always
      sample: default
    type:
      description: Type of the context, V(internal) or V(incall) for example. Null if the server does not tell.
      type: str
      returned: always
      sample: internal
    used_by:
      description:
        - What has the number. V(person), V(line) for a line without a person, V(feature) for a feature code, V(pattern)
          for a pattern of numbers, V(nothing), or V(unknown) if the server may not tell.
        - Otherwise the type of the object as the server calls it, for example V(group), V(queue), V(conference),
          V(parking_lot), V(ivr) or V(voicemail).
      type: str
      returned: always
      sample: person
    name:
      description: Name of the persons or of the object. Empty if there is none, or if the server does not tell it.
      type: str
      returned: always
      sample: Johnny Depp
    people:
      description: The persons whom the number reaches. The main user of a shared line is the first.
      type: list
      elements: dict
      returned: always
      contains:
        user_id:
          description: Id of the user.
          type: int
          returned: always
          sample: 12
        firstname:
          description: First name.
          type: str
          returned: always
          sample: Johnny
        lastname:
          description: Last name. Null if there is none.
          type: str
          returned: always
          sample: Depp
    line_ids:
      description: Ids of the lines that have the number, normally one.
      type: list
      elements: int
      returned: always
      sample: [15]
    object_id:
      description: Id of the object, as text. Null for persons and lines.
      type: str
      returned: always
      sample: null
    extension_id:
      description: Id of the extension.
      type: int
      returned: always
      sample: 42
    disabled:
      description: Whether the number is turned off.
      type: bool
      returned: always
      sample: false
    left_over:
      description: Whether an interrupted run has left the number. It counts as free, and the next run can take it.
      type: bool
      returned: always
      sample: false
contexts:
  description: The contexts, with what is free in their ranges.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the context.
      type: str
      returned: always
      sample: default
    label:
      description: What people call the context. The name if it has no label.
      type: str
      returned: always
      sample: Default
    type:
      description: Type of the context. Null if the server does not tell.
      type: str
      returned: always
      sample: internal
    ranges:
      description:
        - The ranges of the context. Of direct numbers of which the server gets the last digits alone, these digits. A
          range of numbers of two lengths is shown as two. Null if the server does not tell.
      type: list
      elements: dict
      returned: always
      contains:
        use:
          description: What the range is for, V(user), V(group), V(queue), V(conference_room) or V(incall).
          type: str
          returned: always
          sample: user
        first:
          description: First number.
          type: str
          returned: always
          sample: "1000"
        last:
          description: Last number.
          type: str
          returned: always
          sample: "1999"
        numbers:
          description: How many numbers the range has.
          type: int
          returned: always
          sample: 1000
        taken:
          description: How many of them are taken.
          type: int
          returned: always
          sample: 250
        free:
          description: How many of them are free.
          type: int
          returned: always
          sample: 750
        next_free:
          description:
            - The lowest free number, which an entry with C(range) gets from this range. Null if none is free.
          type: str
          returned: always
          sample: "1203"
    free:
      description: The free numbers of all ranges, in parts. Null if the server does not tell.
      type: list
      elements: dict
      returned: always
      contains:
        first:
          description: First number of the part.
          type: str
          returned: always
          sample: "1203"
        last:
          description: Last number of the part.
          type: str
          returned: always
          sample: "1299"
        numbers:
          description: How many numbers these are.
          type: int
          returned: always
          sample: 97
free_known:
  description: Whether the server tells its ranges, so that it is known which numbers are free.
  returned: success
  type: bool
  sample: true
devices:
  description: The phones, by MAC address. Empty with O(devices=false).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: str
      returned: always
      sample: e6bc7ba21bc54d6f9e20a4a7d6b1e5b2
    mac:
      description: MAC address, in lower case with colons.
      type: str
      returned: always
      sample: 00:08:5d:00:00:02
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
    plugin:
      description: Plugin of the provisioning server for this type of phone.
      type: str
      returned: always
      sample: xivo-aastra-3.3.1-SP4
    version:
      description: Version of the firmware.
      type: str
      returned: always
      sample: 3.3.1.2235
    ip:
      description: Last IP address that the server saw.
      type: str
      returned: always
      sample: 10.0.0.12
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
    lines:
      description: The lines on the phone, by their position.
      type: list
      elements: dict
      returned: always
      contains:
        line_id:
          description: Id of the line.
          type: int
          returned: always
          sample: 15
        exten:
          description: Internal number of the line. Null if it has none.
          type: str
          returned: always
          sample: "1200"
        context:
          description: Context of the number.
          type: str
          returned: always
          sample: default
        name:
          description: Names of the persons who have the line. Empty for a line without a person.
          type: str
          returned: always
          sample: Johnny Depp
not_told:
  description: What the server does not tell, in words.
  returned: success
  type: list
  elements: str
  sample:
    - the ranges of the contexts, so it is not known which numbers are free
total:
  description: How many numbers exist.
  returned: success
  type: int
  sample: 412
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.numbers import read_numbers

MODULE = Module(read_numbers, {"devices": {"type": "bool", "default": True}}, writes=False)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
