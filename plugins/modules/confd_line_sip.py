#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_sip
short_description: Manage SIP lines of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Creates, changes and removes a SIP line, the account with which a device registers.
  - If the line is not a SIP line, for example an SCCP line, only the options that all lines have can be set, and only
    where the server allows it.
  - A line connects a user with an extension. Use M(xivo.confd.confd_user_line) to associate it with a user, and
    M(xivo.confd.confd_line_extension) to associate it with an extension.
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
      - The second run with the same options changes nothing. With O(new=true), it fails, because the line exists.
    support: partial
options:
  id:
    description:
      - Id of an existing line. The task fails if there is none.
    type: int
  match:
    description:
      - Identifies the line by its user or its extension. Give one of the two keys.
      - One of O(id), O(match) and O(username) is required, because without them each run would create another line.
    type: dict
    suboptions:
      user:
        description:
          - The user who has the line. The user must exist.
          - It is an object that M(xivo.confd.confd_user) returned, or a dictionary with keys of
            O(xivo.confd.confd_user#module:match).
        type: dict
      extension:
        description:
          - The extension that is associated with the line. A line that an interrupted run created for this extension
            and did not associate is found as well.
          - It is an object that M(xivo.confd.confd_extension) returned, or a dictionary with C(exten) and C(context),
            or with C(id). The extension does not have to exist yet.
        type: dict
  username:
    description:
      - SIP username.
      - It is unique on the server and cannot be empty. It has up to 40 characters, on XiVO from 16.13 only letters,
        digits, C(-) and C(_). On Wazo from 20.07 it has up to 79 letters, digits, C(-), C(_) and C(.), and is not
        V(global) or V(system). There, it is also the name of the SIP endpoint.
      - Without O(id) and O(match), it identifies the line. With one of them, it is the username that the line is to
        have. The task fails if another line has it.
      - If it is omitted, a new line gets a random username. Part of it is derived from O(match), so that the line can
        be found again after an interrupted run.
    type: str
  secret:
    description:
      - SIP secret.
      - It cannot be empty. If it is omitted, a new line gets a generated one.
      - It has up to 80 characters on XiVO, from 16.13 on only printable ASCII characters.
      - See also O(update_password) and O(return_secrets).
    type: str
  context:
    description:
      - Context of the line.
      - It is the context of the line's extension. A new line requires it unless O(match.extension) is given.
      - The server changes it when an extension of another context is associated with the line.
    type: str
  device_slot:
    description:
      - Position of the line on the device, counted from 1.
      - A new line gets 1.
    type: int
  callerid:
    description:
      - Caller ID of the line, in the form C("Name" <number>).
      - On XiVO, it has up to 160 characters.
      - Usually, omit it. The server derives it from the user and the number when the line is associated with one of
        them.
      - On XiVO up to 16.12, a line with a user can have another caller ID. The server overwrites it with each
        association, and the next run of the task writes your value again. When the user or the number is changed later,
        a name or a number in it that differs from theirs stays.
      - On XiVO from 16.13 and on Wazo, it can only be set for a line without a user. If the line has a user, the server
        derives it from O(xivo.confd.confd_user#module:caller_id) and the number, and a task that sets another value
        fails.
      - V('') clears it, except on Wazo from 20.07, which stores only a name in double quotes with a number,
        C("Door" <1200>).
    type: str
  provisioning_extension:
    description:
      - Provisioning code, which somebody dials on a device in autoprov to give it this line.
      - It consists of digits and cannot be empty. Quote it. The task fails if another line has it.
      - XiVO from 16.13 and Wazo require six digits. They store the code as a number, so it cannot begin with V(0).
      - If it is omitted, the server generates a code of six digits for a new line.
    type: str
  webrtc:
    description:
      - Whether the line is used in a web browser (V(true)), with a phone (V(false)), or with both (V(unique)).
      - V(unique) makes the line a unique account, which XiVO has from 2020.18 according to its documentation. Wazo has
        no unique accounts, so the task fails there.
      - On XiVO, it is the SIP option C(webrtc) of the line. The other SIP options are kept. It is read with
        additional requests, and only if a task sets it.
      - On Wazo, a line for a web browser uses the SIP template C(webrtc) instead of C(global).
      - Not available on XiVO up to 16.12.
    type: raw
  return_secrets:
    description:
      - Whether to return RV(line_sip.secret) in clear text, also in check mode.
      - The output of verbose runs and everything that stores results then contains it. Set C(no_log=true) for the task
        if you only register the result.
    type: bool
    default: false
  new:
    description:
      - Whether the line must not exist yet. If it exists, or if an interrupted run created it for the same extension,
        the task fails and does not change it. The task is then not idempotent, because the second run fails.
      - The role P(xivo.confd.provision#role) sets it when its plan creates a line, so that a line that was created by
        another run in the meantime is not used.
    type: bool
    default: false
  update_password:
    description:
      - When to write O(secret).
      - If V(always), the secret is written whenever it differs from the one on the server.
      - If V(on_create), it is written only when the line is created. The secret of an existing line is not changed.
    type: str
    choices: [always, on_create]
    default: always
  state:
    description:
      - The state that the line is to be in.
      - If V(present), the line exists and has the given values. Omitted options are not changed.
      - If V(absent), the line does not exist. The task fails while the line has a user, an extension or a device. In
        check mode this is a warning, because an earlier task of the play may remove them.
    type: str
    choices: [present, absent]
    default: present
notes:
  - Prefer O(match.extension) for new lines. If a run is interrupted before it associates the line, the next run finds
    the line again.
  - The task fails if it sets an option that is not available on the server.
seealso:
  - module: xivo.confd.confd_line_sip_info
  - module: xivo.confd.confd_user_line
  - module: xivo.confd.confd_line_extension
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

- name: Create the line for that extension
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: Associate the extension with the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: Print the provisioning code
  ansible.builtin.debug:
    msg: "Dial {{ line.line_sip.provisioning_extension }} on the phone."
  # In check mode, a line that would be created has no code yet.
  when: line.line_sip.provisioning_extension is truthy

- name: Change the secret of the line of 1200
  xivo.confd.confd_line_sip:
    match:
      extension:
        exten: "1200"
        context: default
    secret: "{{ vault_sip_secret }}"

- name: Create a line with a given SIP username, for a door phone
  xivo.confd.confd_line_sip:
    username: doorphone
    context: default
    secret: "{{ vault_doorphone_secret }}"
    update_password: on_create

- name: Read its secret for a template of the door phone's configuration
  xivo.confd.confd_line_sip:
    username: doorphone
    context: default
    return_secrets: true
  no_log: true
  register: doorphone

- name: Remove the line of the door phone
  xivo.confd.confd_line_sip:
    username: doorphone
    state: absent
"""

RETURN = r"""
---
line_sip:
  description:
    - The line on the server. With O(state=absent), the line that was removed, or null.
    - Other modules accept it as a reference to the line.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for a line that would be created, in check mode.
      type: int
      returned: always
      sample: 15
    predicted:
      description: Whether the line does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, for a line that would be created
      sample: true
    username:
      description:
        - SIP username.
        - In check mode, V(chosen when it is made) for a line that would be created with a random username.
      type: str
      returned: always
      sample: 242f8989f3nq32lgo8
    secret:
      description:
        - SIP secret.
        - Masked unless O(return_secrets=true). Null in check mode if a real run would let the server generate it.
      type: str
      returned: always
      sample: "********"
    provisioning_extension:
      description:
        - Provisioning code, which somebody dials on a device in autoprov to give it this line.
        - Null in check mode if a real run would let the server generate it.
      type: str
      returned: always
      sample: "824158"
    webrtc:
      description: Whether the line is used in a web browser, or V(unique). Not available on XiVO up to 16.12.
      type: raw
      returned: on Wazo, and on XiVO for a new line and if the task sets it
      sample: false
    # BEGIN results of line_sip
    context:
      description: Context of the line.
      type: str
      returned: always
      sample: default
    device_slot:
      description: Position of the line on the device, counted from 1.
      type: int
      returned: always
      sample: 1
    callerid:
      description: Caller ID of the line, in the form C("Name" <number>).
      type: str
      returned: always
      sample: '"Johnny Depp" <1200>'
    # END results of line_sip
  sample:
    id: 15
    username: 242f8989f3nq32lgo8
    secret: "********"
    context: default
    device_slot: 1
    callerid: '"Johnny Depp" <1200>'
    provisioning_extension: "824158"
    webrtc: false
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
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
        **PLANNED_SPEC,
        **UPDATE_PASSWORD_SPEC,
        **STATE_SPEC,
    },
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
