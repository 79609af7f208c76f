#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_services
short_description: Manage the services of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Switches services of a user on or off.
  - A user can switch them on the phone as well. Only manage those that the user is not to change, because the next run
    switches them back.
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
  dnd:
    description:
      - Whether the user is not to be disturbed. The phone does not ring then.
    type: bool
  incallfilter:
    description:
      - Whether the incoming calls of the user are filtered by the user's call filter.
    type: bool
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_user_forwards
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

- name: Switch do not disturb off
  xivo.confd.confd_user_services:
    user: "{{ johnny.user }}"
    dnd: false
"""

RETURN = r"""
---
user_services:
  description: The services of the user on the server.
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
    # BEGIN results of user_services
    dnd:
      description: Whether the user is not to be disturbed. The phone does not ring then.
      type: bool
      returned: always
      sample: false
    incallfilter:
      description: Whether the incoming calls of the user are filtered by the user's call filter.
      type: bool
      returned: always
      sample: false
    # END results of user_services
  sample:
    user_id: 12
    dnd: false
    incallfilter: false
diff:
  description: The values before and after the change; empty if nothing was changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: services of user Johnny Depp (id 12)
      after_header: services of user Johnny Depp (id 12)
      before:
        dnd: true
      after:
        dnd: false
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
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import SERVICES

MODULE = Module(*user_part_module(SERVICES))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
