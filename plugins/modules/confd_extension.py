#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_extension
short_description: Manage extensions of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Creates, changes and removes an extension, a number in a context.
  - The context decides what the number is for. An extension of an internal context, such as 1200@default, is dialled by
    other users. An extension of an incall context, such as 2200@from-extern, is an incall and is called from outside.
  - An extension alone does not reach anybody. Use M(xivo.confd.confd_line_extension) to associate it with a line.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.requirements
  - xivo.confd.requirements.host
attributes:
  idempotent:
    description:
      - The second run with the same options changes nothing. With O(new=true), it fails, because the extension exists.
    support: partial
options:
  id:
    description:
      - Id of an existing extension, to change its number or context. The task fails if there is none, except with
        O(state=absent).
    type: int
  exten:
    description:
      - Number of the extension.
      - Quote it. V("1300") and V("01300") are different numbers, and YAML reads a number with a leading zero and
        without quotes as another number. The module refuses values that look like the result.
      - It consists of digits. XiVO from 16.13 and Wazo also accept V(*) and V(#), and a pattern that begins with C(_).
      - Without O(id), O(exten) and O(context) identify the extension.
    type: raw
  context:
    description:
      - Context of the number.
      - The context must exist on the server, and the number must be within its ranges.
      - With O(id), another context moves the extension to it. For this the module dissociates the extension from its
        line, which fails while the line is on a device.
      - An incall that moves to another incall context keeps its ring time, subroutine and description. On XiVO up to
        16.12, every new number or context of an incall loses them. A warning says so.
    type: str
  commented:
    description:
      - Whether the extension is disabled.
      - A new extension is enabled unless this option is V(true).
    type: bool
  new:
    description:
      - Whether the extension must not exist yet. If it exists, the task fails and does not change it. The task is
        then not idempotent, because the second run fails.
      - The role P(xivo.confd.provision#role) sets it when its plan creates an extension, so that an extension that was
        created by another run in the meantime is not used.
    type: bool
    default: false
  state:
    description:
      - The state that the extension is to be in.
      - If V(present), the extension exists and has the given values. Omitted options are not changed.
      - If V(absent), the extension does not exist. The task fails while the extension is in use. In check mode this is
        a warning, because an earlier task of the play may free it.
    type: str
    choices: [present, absent]
    default: present
notes:
  - With O(id), the number changes in place, and the extension stays associated with its line, also if the line is on a
    device. An unused extension that already has the new number is removed first. If that extension is in use, the task
    fails.
seealso:
  - module: xivo.confd.confd_extension_info
  - module: xivo.confd.confd_line_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Create an internal extension, with the connection in the task
  xivo.confd.confd_extension:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    exten: "1200"
    context: default
  register: number

# The following tasks take the connection from module_defaults or from environment variables.

- name: Create an extension for calls from outside
  xivo.confd.confd_extension:
    exten: "0300000042"
    context: from-extern

- name: Change the number of the first extension from 1200 to 1250
  xivo.confd.confd_extension:
    id: "{{ number.extension.id }}"
    exten: "1250"
    context: default

- name: Disable the extension
  xivo.confd.confd_extension:
    exten: "1250"
    context: default
    commented: true

- name: Remove the extension for calls from outside
  xivo.confd.confd_extension:
    exten: "0300000042"
    context: from-extern
    state: absent
"""

RETURN = r"""
---
extension:
  description:
    - The extension on the server. With O(state=absent), the extension that was removed, or null.
    - Other modules accept it as a reference to the extension.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for an extension that would be created, in check mode.
      type: int
      returned: always
      sample: 34
    predicted:
      description: Whether the extension does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, for an extension that would be created
      sample: true
    # BEGIN results of extension
    exten:
      description: Number of the extension.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    commented:
      description: Whether the extension is disabled.
      type: bool
      returned: always
      sample: false
    # END results of extension
  sample:
    id: 34
    exten: "1200"
    context: default
    commented: false
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: extension 1200@default
      after_header: extension 1200@default
      before:
        exten: '1200'
      after:
        exten: '1250'
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

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import (
    NEW_SPEC,
    PLANNED_SPEC,
    STATE_SPEC,
    fields_spec,
)
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import EXTENSION
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension

MODULE = Module(
    ensure_extension,
    {"id": {"type": "int"}, **fields_spec(EXTENSION), **NEW_SPEC, **PLANNED_SPEC, **STATE_SPEC},
    required_one_of=[("id", "exten")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
