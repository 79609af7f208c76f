#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_line
short_description: Manage the lines of users of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Associates a line with a user, or dissociates it.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  user:
    description:
      - The user. It is an object that M(xivo.confd.confd_user) returned (RV(xivo.confd.confd_user#module:user)), or a
        dictionary with some of the keys C(id), C(uuid), C(firstname), C(lastname), C(username), C(userfield), and
        C(exten) with C(context).
      - If C(id) is given, the other keys are ignored. Otherwise all of them must match. C(firstname) without
        C(lastname) means a user without a last name.
      - In check mode, a user whom an earlier task predicted is accepted.
    type: dict
    required: true
  line:
    description:
      - The line. It is an object that M(xivo.confd.confd_line_sip) returned
        (RV(xivo.confd.confd_line_sip#module:line_sip)), or a dictionary with C(id), with C(username) (the SIP
        username), or with C(exten) and C(context) (the line with this extension).
      - In check mode, a line that an earlier task predicted is accepted.
    type: dict
    required: true
  alone:
    description:
      - Whether the line must have no other user. If it has one, the task fails instead of making the user a secondary
        user of the line.
    type: bool
    default: false
  state:
    description:
      - The state that the association is to be in.
      - If V(present), the line is associated with the user. The task fails if the user has another line. If the line
        already has a user, this user becomes a secondary user of the line, and the module warns, unless O(alone) is
        set.
      - If V(absent), the line is not associated with the user. Nothing is changed if one of them does not exist. The
        task fails while the line is on a device, while the user has an incall, and if the user is the main user of a
        line that has secondary users. In check mode these are warnings, because an earlier task of the play may change
        this.
    type: str
    choices: [present, absent]
    default: present
notes:
  - The task fails if a referenced object does not exist, also in check mode, unless an earlier task predicted it.
  - When a line is associated with a user, the server overwrites the line's caller ID
    (O(xivo.confd.confd_line_sip#module:callerid)). When the main user is dissociated, XiVO up to 16.12 clears it, and
    other servers keep it.
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_line_sip
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

- name: Create a line
  xivo.confd.confd_line_sip:
    username: johnny
    context: default
  register: line

- name: Associate the line with the user
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: Dissociate the line from the user
  xivo.confd.confd_user_line:
    user:
      firstname: Johnny
      lastname: Depp
    line:
      username: johnny
    state: absent
"""

RETURN = r"""
---
user_line:
  description:
    - The association. With O(state=absent), the association that does not exist any more. Null if the user or the line
      does not exist.
  returned: success
  type: dict
  contains:
    user_id:
      description: Id of the user. Null if a real run would create it.
      type: int
      returned: always
      sample: 42
    line_id:
      description: Id of the line. Null if a real run would create it.
      type: int
      returned: always
      sample: 15
    main_user:
      description: Whether the user is the main user of the line. A line has one main user and any number of secondary
        users.
      type: bool
      returned: always
      sample: true
    main_line:
      description: Whether the line is the main line of the user.
      type: bool
      returned: always
      sample: true
    predicted:
      description: Whether the user or the line does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, if one of them would be created
      sample: true
  sample:
    user_id: 42
    line_id: 15
    main_user: true
    main_line: true
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: user Johnny Depp (id 42) with line johnny (id 15)
      after_header: user Johnny Depp (id 42) with line johnny (id 15)
      before: {}
      after:
        user_id: 42
        line_id: 15
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_user_line

MODULE = Module(
    ensure_user_line,
    {**references_spec("user", "line"), "alone": {"type": "bool", "default": False}, **PLANNED_SPEC, **STATE_SPEC},
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
