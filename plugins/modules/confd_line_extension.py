#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_extension
short_description: Manage the extensions of lines of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Associates an extension with a line, or dissociates it.
  - A line has at most one extension of an internal context. It is the number that other users dial.
  - An extension of an incall context is an incall, the number by which the user of the line is called from outside. A
    user can have any number of incalls.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  line:
    description:
      - The line. It is an object that M(xivo.confd.confd_line_sip) returned
        (RV(xivo.confd.confd_line_sip#module:line_sip)), or a dictionary with C(id), with C(username) (the SIP
        username), or with C(exten) and C(context) (the line with this extension).
      - In check mode, a line that an earlier task predicted is accepted.
    type: dict
    required: true
  extension:
    description:
      - The extension. It is an object that M(xivo.confd.confd_extension) returned
        (RV(xivo.confd.confd_extension#module:extension)), or a dictionary with C(id), or with C(exten) and C(context).
      - In check mode, an extension that an earlier task predicted is accepted.
    type: dict
    required: true
  state:
    description:
      - The state that the association is to be in.
      - If V(present), the extension is associated with the line. The task fails if the extension belongs to somebody
        else, if the line has another internal extension, or if the extension is an incall and the line has no user.
      - If V(absent), the extension is not associated with the line. Nothing is changed if one of them does not exist.
        The task fails for an internal extension while the line is on a device. In check mode this is a warning, because
        an earlier task of the play may reset the device.
    type: str
    choices: [present, absent]
    default: present
notes:
  - To change the number of a line, change the extension itself with O(xivo.confd.confd_extension#module:id).
  - The task fails if a referenced object does not exist, also in check mode, unless an earlier task predicted it.
  - When an internal extension is associated with a line, the server overwrites the line's caller ID
    (O(xivo.confd.confd_line_sip#module:callerid)) and moves the line to the context of the extension.
seealso:
  - module: xivo.confd.confd_line_sip
  - module: xivo.confd.confd_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Create an extension, with the connection in the task
  xivo.confd.confd_extension:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    exten: "1200"
    context: default
  register: number

# The following tasks take the connection from module_defaults or from environment variables.

- name: Create a line for the extension
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: Associate the extension with the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: Create a user
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
  register: johnny

- name: Associate the line with the user, because an incall needs a user
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: Create an extension for calls from outside
  xivo.confd.confd_extension:
    exten: "0300000042"
    context: from-extern
  register: direct

- name: Associate the incall with the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ direct.extension }}"

- name: Dissociate the incall from the line
  xivo.confd.confd_line_extension:
    line:
      exten: "1200"
      context: default
    extension:
      exten: "0300000042"
      context: from-extern
    state: absent
"""

RETURN = r"""
---
line_extension:
  description:
    - The association. With O(state=absent), the association that does not exist any more. Null if the line or the
      extension does not exist.
  returned: success
  type: dict
  contains:
    line_id:
      description: Id of the line. Null if a real run would create it.
      type: int
      returned: always
      sample: 15
    extension_id:
      description: Id of the extension. Null if a real run would create it.
      type: int
      returned: always
      sample: 34
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
    predicted:
      description: Whether the line or the extension does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, if one of them would be created
      sample: true
  sample:
    line_id: 15
    extension_id: 34
    exten: "1200"
    context: default
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: 1200@default with line johnny (id 15)
      after_header: 1200@default with line johnny (id 15)
      before: {}
      after:
        line_id: 15
        extension_id: 34
        extension: 1200@default
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
    PLANNED_SPEC,
    STATE_SPEC,
    references_spec,
)
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_line_extension

MODULE = Module(ensure_line_extension, {**references_spec("line", "extension"), **PLANNED_SPEC, **STATE_SPEC})


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
