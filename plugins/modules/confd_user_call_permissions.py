#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_call_permissions
short_description: Manage the call permissions of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Sets which call permissions a user has. A call permission is a named list of numbers that its users may or may not
    dial. It must exist on the server.
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
  call_permissions:
    description:
      - Names of all call permissions that the user is to have, in any order. The user loses the others.
      - V([]) takes all away. If it is omitted, nothing is changed.
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

- name: Let Johnny make no international and no mobile calls
  xivo.confd.confd_user_call_permissions:
    user: "{{ johnny.user }}"
    call_permissions: [international, mobile]

- name: Take all call permissions from Johnny
  xivo.confd.confd_user_call_permissions:
    user: "{{ johnny.user }}"
    call_permissions: []
"""

RETURN = r"""
---
user_call_permissions:
  description: The call permissions of the user on the server.
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
    # BEGIN results of user_call_permissions
    call_permissions:
      description: Names of all call permissions that the user is to have, in any order. The user loses the others.
      type: list
      returned: always
      elements: str
      sample:
        - international
        - mobile
    # END results of user_call_permissions
  sample:
    user_id: 12
    call_permissions: [international, mobile]
diff:
  description: The values before and after the change; empty if nothing was changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: call permissions of user Johnny Depp (id 12)
      after_header: call permissions of user Johnny Depp (id 12)
      before:
        call_permissions: []
      after:
        call_permissions: [international, mobile]
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
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import CALL_PERMISSIONS

MODULE = Module(*user_part_module(CALL_PERMISSIONS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
