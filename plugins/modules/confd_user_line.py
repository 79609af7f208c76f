#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_line
short_description: Lines of users of a XiVO or Wazo
version_added: 1.0.0
description:
  - Gives a user a line, or takes it away.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  user:
    description:
      - The user. Give what M(xivo.confd.confd_user) returned (RV(xivo.confd.confd_user#module:user)), or some of the
        keys C(id), C(uuid), C(firstname) with C(lastname), C(username), C(userfield), C(exten) with C(context).
      - With C(id) the other keys do not count, otherwise all of them must fit. A C(firstname) without C(lastname) means
        an empty last name.
      - A user whom a task in check mode predicted is taken in check mode.
    type: dict
    required: true
  line:
    description:
      - The line. Give what M(xivo.confd.confd_line_sip) returned (RV(xivo.confd.confd_line_sip#module:line_sip)), or
        C(id), or C(username) (the SIP username), or C(exten) with C(context) (the line that has this number).
      - A line that a task in check mode predicted is taken in check mode.
    type: dict
    required: true
  state:
    description:
      - Whether the user shall have the line.
    type: str
    choices:
      present:
        The user gets the line. It is an error if the user has another one. If the line is somebody else's already, the
        user becomes its secondary user, with a warning.
      absent:
        The user loses the line. Nothing happens if the user or the line does not exist. It is an error while the line
        has a telephone, while the user is called from outside (an incall would be stranded), and for the main user of a
        line with secondary users. In check mode these are warnings, for a task before may change them.
    default: present
notes:
  - A reference to something that does not exist is an error, also in check mode, unless a task in check mode predicted
    it.
  - confd writes the line's caller ID (C(callerid)) when a user gets the line, and clears it when its main user loses
    it.
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_line_sip
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: A user, with the connection in the task
  xivo.confd.confd_user:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    firstname: Johnny
    lastname: Depp
  register: johnny

# From here on the connection is in module_defaults, or in the environment.

- name: A line
  xivo.confd.confd_line_sip:
    username: johnny
    context: default
  register: line

- name: The user has the line
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: The user has the line no more
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
    - The association, with O(state=absent) the one that is not there any more. Null if the user or the line does not
      exist.
  returned: success
  type: dict
  contains:
    user_id:
      description: Id of the user. Null for one that a real run would create.
      type: int
      returned: always
      sample: 42
    line_id:
      description: Id of the line. Null for one that a real run would create.
      type: int
      returned: always
      sample: 15
    main_user:
      description: Whether the user is the main user of the line, and not a secondary one.
      type: bool
      returned: always
      sample: true
    main_line:
      description: Whether the line is the main line of the user.
      type: bool
      returned: always
      sample: true
    predicted:
      description: That the user or the line does not exist, and a real run would create it.
      type: bool
      returned: in check mode, when one of them would be created
      sample: true
  sample:
    user_id: 42
    line_id: 15
    main_user: true
    main_line: true
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
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
  description: The generation of the API that the server speaks.
  returned: always
  type: str
  sample: xivo15
unchecked:
  description: What this generation of the API tells nobody before a write, so that a real run may still be refused for
    it.
  returned: in check mode
  type: list
  elements: str
  sample:
    - whether the contexts exist and the numbers are in their ranges
    - whether a number that nobody's line has belongs to something else (a queue, a menu)
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import STATE_SPEC, references_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_user_line

MODULE = Module(ensure_user_line, {**references_spec("user", "line"), **STATE_SPEC})


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
