#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_sip
short_description: SIP lines of a XiVO or Wazo
version_added: 1.0.0
description:
  - Creates, changes and removes a SIP line, the account that a telephone registers with.
  - A line ties a user to a number. M(xivo.confd.confd_user_line) gives it to a user, M(xivo.confd.confd_line_extension)
    puts a number on it.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  id:
    description:
      - Id of an existing line. It only finds, and is an error if there is none.
    type: int
  match:
    description:
      - Says which line is meant by what it is for. Give one of the two keys.
      - O(id), O(match) or O(username) is needed. Without any of them every run would make a new line.
    type: dict
    suboptions:
      user:
        description:
          - The line that this user has.
          - The user must exist. Give what M(xivo.confd.confd_user) returned, or keys as in
            O(xivo.confd.confd_user#module:match).
        type: dict
      extension:
        description:
          - The line that has this number, or one that an interrupted run made for it.
          - Give what M(xivo.confd.confd_extension) returned, or C(exten) and C(context), or C(id). The number need not
            exist yet.
        type: dict
  username:
    description:
      - SIP username, unique on the server, up to 40 characters. It cannot be emptied.
      - Without O(id) and O(match) it says which line is meant. With one of them it is the username that the line shall
        have.
      - Left out, a new line gets a random one that is marked with what the line is for.
    type: str
  secret:
    description:
      - SIP password. It cannot be emptied. Left out, the server makes one for a new line.
      - See also O(update_password) and O(return_secrets).
    type: str
  context:
    description:
      - Context of the line, that of its number. A new line needs it, unless O(match.extension) says it.
      - Associating a number changes it to the number's.
    type: str
  device_slot:
    description:
      - Position of the line on the telephone, from 1. A new line gets 1.
    type: int
  callerid:
    description:
      - The line's caller ID, C("Name" <number>). V('') empties it.
      - Better leave it out. confd writes it itself, from the names of the user and the number, whenever one of them is
        associated with the line or the user changes. Then a value of your own is gone until the next run.
    type: str
  provisioning_extension:
    description:
      - The code that somebody dials on a telephone to give it this line. Digits, quoted. It cannot be emptied.
      - Left out, the server makes one of six digits for a new line.
    type: str
  webrtc:
    description:
      - Whether the line is used from a web browser. It gets the SIP template C(webrtc) of a Wazo instead of C(global).
      - Only a Wazo has that, with O(confd_api=wazo). XiVO refuses the option.
    type: bool
  return_secrets:
    description:
      - Whether RV(line_sip.secret) is the SIP secret in clear text, also in check mode.
      - It is then in the output of verbose runs, and in whatever keeps results. Set C(no_log) on the task if you only
        register it.
    type: bool
    default: false
  new:
    description:
      - The line is to be made. One that is there already, or was made for the same number and never associated, is an
        error, and is not changed.
      - The role P(xivo.confd.provision#role) sets it where its plan says that a line is to be made, so that nobody is
        given a line that somebody else made at the same moment.
    type: bool
    default: false
  update_password:
    description:
      - When O(secret) is written.
    type: str
    choices:
      always: When it differs.
      on_create: When the line is new. The one of an existing line is left alone.
    default: always
  state:
    description:
      - Whether there shall be such a line.
    type: str
    choices:
      present: The line is created, or given the values that differ. What is left out stays as it is.
      absent:
        The line is removed. It is an error while it has users, a number or a telephone. In check mode that is a
        warning, for a task before may take them away.
    default: present
notes:
  - A line that was made for a number and never associated, because a run was interrupted, is found again by
    O(match.extension). So prefer that for new lines.
seealso:
  - module: xivo.confd.confd_user_line
  - module: xivo.confd.confd_line_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: A number, with the connection in the task
  xivo.confd.confd_extension:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    exten: "1200"
    context: default
  register: number

# From here on the connection is in module_defaults, or in the environment.

- name: The line of that number
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: The number is on the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: Code for the telephone
  ansible.builtin.debug:
    msg: "Dial {{ line.line_sip.provisioning_extension }} on the telephone."

- name: Another secret for the line of 1200
  xivo.confd.confd_line_sip:
    match:
      extension:
        exten: "1200"
        context: default
    secret: "{{ vault_sip_secret }}"

- name: An account with a name of its own, for a door phone
  xivo.confd.confd_line_sip:
    username: doorphone
    context: default
    secret: "{{ vault_doorphone_secret }}"
    update_password: on_create

- name: Its secret, for a template of the door phone's configuration
  xivo.confd.confd_line_sip:
    username: doorphone
    context: default
    return_secrets: true
  no_log: true
  register: doorphone

- name: No door phone any more
  xivo.confd.confd_line_sip:
    username: doorphone
    state: absent
"""

RETURN = r"""
---
line_sip:
  description:
    - The line, as on the server. With O(state=absent), the one that was removed, or null.
    - Other modules take it as a reference.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for a line that would be created, in check mode.
      type: int
      returned: always
      sample: 15
    predicted:
      description: That the line does not exist, and a real run would create it.
      type: bool
      returned: in check mode, for a line that would be created
      sample: true
    username:
      description: SIP username. The random part of a predicted one is not that of the real run.
      type: str
      returned: always
      sample: 242f8989f3nq32lgo8
    secret:
      description: Asterisks, unless O(return_secrets=true). Null where a real run would let the server make one.
      type: str
      returned: always
      sample: "********"
    context:
      description: Context of the line.
      type: str
      returned: always
      sample: default
    device_slot:
      description: Position of the line on the telephone.
      type: int
      returned: always
      sample: 1
    callerid:
      description: Caller ID of the line, null before it has a user.
      type: str
      returned: always
      sample: '"Johnny Depp" <1200>'
    provisioning_extension:
      description: The code to dial on a telephone to give it this line. Null where a real run would let the server make
        one.
      type: str
    webrtc:
      description: Whether the line is used from a web browser. Null on XiVO.
      type: bool
      returned: always
      sample: "824158"
  sample:
    id: 15
    username: 242f8989f3nq32lgo8
    secret: "********"
    context: default
    device_slot: 1
    callerid: '"Johnny Depp" <1200>'
    provisioning_extension: "824158"
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: line doorphone (id 15)
      after_header: line doorphone (id 15)
      before:
        device_slot: 1
      after:
        device_slot: 2
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

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import (
    NEW_SPEC,
    RETURN_SECRETS_SPEC,
    STATE_SPEC,
    UPDATE_PASSWORD_SPEC,
    fields_spec,
)
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import LINE
from ansible_collections.xivo.confd.plugins.module_utils._tasks.line_sip import ensure_line_sip

MODULE = Module(
    ensure_line_sip,
    {
        "id": {"type": "int"},
        "match": {"type": "dict", "options": {"user": {"type": "dict"}, "extension": {"type": "dict"}}},
        **fields_spec(LINE),
        **RETURN_SECRETS_SPEC,
        **NEW_SPEC,
        **UPDATE_PASSWORD_SPEC,
        **STATE_SPEC,
    },
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
