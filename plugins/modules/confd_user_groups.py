#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_groups
short_description: Manage the groups of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Sets in which groups the phone of a user rings. A group must exist on the server, and the user must have a line.
  - The other members of a group stay, in their order. A new member is the last one.
  - Not available on XiVO up to 16.12.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.user_part
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  groups:
    description:
      - Names of all groups that the user is to be in, in any order. The user leaves the others.
      - On Wazo, the name is the label that people gave the group.
      - V([]) takes the user out of all groups. If it is omitted, nothing is changed.
    type: list
    elements: str
seealso:
  - module: xivo.confd.confd_user
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

- name: Let the phone of Johnny ring with those of sales
  xivo.confd.confd_user_groups:
    user: "{{ johnny.user }}"
    groups: [sales]

- name: Take Johnny out of all groups
  xivo.confd.confd_user_groups:
    user: "{{ johnny.user }}"
    groups: []
"""

RETURN = r"""
---
user_groups:
  description: The groups of the user on the server.
  returned: success
  type: dict
  contains:
    user_id:
      description: Id of the user. Null for a user who would be created, in check mode.
      type: int
      returned: always
      sample: 12
    predicted:
      description: Whether the user does not exist yet and an earlier task would create it.
      type: bool
      returned: in check mode, for a user that would be created
      sample: true
    # BEGIN results of user_groups
    groups:
      description: Names of all groups that the user is to be in, in any order. The user leaves the others.
      type: list
      returned: always
      elements: str
      sample:
        - sales
    # END results of user_groups
  sample:
    user_id: 12
    groups: [sales]
diff:
  description: The values before and after the change; empty if nothing was changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: groups of user Johnny Depp (id 12)
      after_header: groups of user Johnny Depp (id 12)
      before:
        groups: []
      after:
        groups: [sales]
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
  sample: []
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import user_part_module
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import GROUPS

MODULE = Module(*user_part_module(GROUPS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
