#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_forwards
short_description: Manage the call forwards of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Changes where the calls of a user are forwarded to.
  - A user can change the forwards on the phone as well. Only manage those that the user is not to change, because the
    next run writes them again.
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
  busy:
    description:
      - The forward of calls that arrive while the user is on the phone.
      - Omitted suboptions are not changed.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether calls are forwarded. It requires a destination, also one that is already on the server.
        type: bool
      destination:
        description:
          - Number that the calls are forwarded to, as the user would dial it. Quote it.
          - V('') removes it. The server accepts that only if the forward is not enabled.
        type: str
  noanswer:
    description:
      - The forward of calls that the user does not answer.
      - Omitted suboptions are not changed.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether calls are forwarded. It requires a destination, also one that is already on the server.
        type: bool
      destination:
        description:
          - Number that the calls are forwarded to, as the user would dial it. Quote it.
          - V('') removes it. The server accepts that only if the forward is not enabled.
        type: str
  unconditional:
    description:
      - The forward of all calls.
      - Omitted suboptions are not changed.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether calls are forwarded. It requires a destination, also one that is already on the server.
        type: bool
      destination:
        description:
          - Number that the calls are forwarded to, as the user would dial it. Quote it.
          - V('') removes it. The server accepts that only if the forward is not enabled.
        type: str
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_user_services
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

- name: Forward the calls that Johnny does not answer
  xivo.confd.confd_user_forwards:
    user: "{{ johnny.user }}"
    noanswer:
      enabled: true
      destination: "1300"

- name: Forward no calls of Johnny
  xivo.confd.confd_user_forwards:
    user: "{{ johnny.user }}"
    busy:
      enabled: false
    noanswer:
      enabled: false
    unconditional:
      enabled: false
"""

RETURN = r"""
---
user_forwards:
  description: The forwards of the user on the server.
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
    # BEGIN results of user_forwards
    busy:
      description: The forward of calls that arrive while the user is on the phone.
      type: dict
      returned: always
      contains:
        enabled:
          description: Whether calls are forwarded. It requires a destination, also one that is already on the server.
          type: bool
          returned: always
        destination:
          description: Number that the calls are forwarded to, as the user would dial it. Quote it.
          type: str
          returned: always
      sample:
        enabled: false
        destination: null
    noanswer:
      description: The forward of calls that the user does not answer.
      type: dict
      returned: always
      contains:
        enabled:
          description: Whether calls are forwarded. It requires a destination, also one that is already on the server.
          type: bool
          returned: always
        destination:
          description: Number that the calls are forwarded to, as the user would dial it. Quote it.
          type: str
          returned: always
      sample:
        enabled: true
        destination: "1300"
    unconditional:
      description: The forward of all calls.
      type: dict
      returned: always
      contains:
        enabled:
          description: Whether calls are forwarded. It requires a destination, also one that is already on the server.
          type: bool
          returned: always
        destination:
          description: Number that the calls are forwarded to, as the user would dial it. Quote it.
          type: str
          returned: always
      sample:
        enabled: false
        destination: null
    # END results of user_forwards
  sample:
    user_id: 12
    busy:
      enabled: false
      destination: null
    noanswer:
      enabled: true
      destination: "1300"
    unconditional:
      enabled: false
      destination: null
diff:
  description: The values before and after the change; empty if nothing was changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: forwards of user Johnny Depp (id 12)
      after_header: forwards of user Johnny Depp (id 12)
      before:
        noanswer.enabled: false
      after:
        noanswer.enabled: true
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
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import FORWARDS

MODULE = Module(*user_part_module(FORWARDS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
