#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_voicemail
short_description: Manage voicemails of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Creates, changes and removes a voicemail, and associates it with a user.
  - A voicemail is identified by O(number) and O(context), or by O(id).
  - XiVO up to 16.12 refuses to change a voicemail that is associated with a user. On such a server the module
    dissociates the voicemail from its users, changes it, and associates it again, enabled or disabled as before. It
    also associates it again if the change fails.
  - Such a server does not tell which users have a voicemail. The module therefore asks for the voicemail of one user
    after the other, one request each, until the server accepts the change. It begins with O(user), then tries the users
    with the number or the name of the voicemail, then all others.
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
      - The second run with the same options changes nothing. With O(new=true), it fails, because the voicemail exists.
    support: partial
options:
  id:
    description:
      - Id of an existing voicemail, to change its number or context. The task fails if there is none.
    type: int
  name:
    description:
      - Name of the voicemail.
      - It cannot be empty. A new voicemail requires it unless O(user) is given, whose name is used then.
      - XiVO replaces it by the name of the user whenever the user is changed. If the voicemail has another
        name, the modules write that name again.
    type: str
  number:
    description:
      - Number of the voicemail.
      - It consists of digits. Quote it.
      - With O(id), it is the number that the voicemail is to have.
    type: str
  context:
    description:
      - Context of the number.
      - O(number) and O(context) are required unless O(id) is given.
    type: str
  password:
    description:
      - Password that the user dials to listen to the messages.
      - It consists of digits. Quote it. V('') removes it.
      - See also O(update_password).
    type: str
  email:
    description:
      - E-mail address that is notified of new messages.
      - V('') clears it.
    type: str
  language:
    description:
      - Language of the announcements, for example V(fr_FR).
      - XiVO up to 16.12 refuses a language that it does not have, which RV(unchecked) says in check mode. XiVO from
        16.13 and Wazo check only that it has the form V(fr_FR), so make sure that it is installed.
      - V('') clears it.
    type: str
  timezone:
    description:
      - Time zone of the announcements, by the server's own name for it, for example V(eu-fr).
      - V('') clears it.
      - The server refuses a time zone that it does not have, which RV(unchecked) says in check mode.
    type: str
  pager:
    description:
      - E-mail address of a pager.
      - V('') clears it.
    type: str
  max_messages:
    description:
      - Number of messages that the voicemail can store.
      - If it is omitted, a new voicemail gets the default of the server, and the result is null.
    type: int
  attach_audio:
    description:
      - Whether the message is attached to the notification.
      - A new voicemail gets V(false).
    type: bool
  delete_messages:
    description:
      - Whether a message is deleted after the notification was sent.
      - A new voicemail gets V(false).
      - On Wazo, V(true) requires an O(email) and O(attach_audio=true), given or stored already.
    type: bool
  ask_password:
    description:
      - Whether the user must dial the password.
      - A new voicemail gets V(true).
    type: bool
  user:
    description:
      - The user to associate with the voicemail. It is an object that M(xivo.confd.confd_user) returned, or a
        dictionary with keys of O(xivo.confd.confd_user#module:match).
      - The user must have a line, and must not have another voicemail. Other users of the voicemail keep it.
      - If it is omitted, the users of the voicemail are not changed.
      - With O(state=absent), the voicemail is removed only if no other user has it. If other users have it, it is only
        dissociated from this user. If it belongs to other users only, it is not changed, and the module warns.
    type: dict
  new:
    description:
      - Whether the voicemail must not exist yet. If it exists, the task fails and does not change it. The task is
        then not idempotent, because the second run fails.
      - The role P(xivo.confd.provision#role) sets it when its plan creates a voicemail, so that the voicemail of
        somebody else is not used.
    type: bool
    default: false
  update_password:
    description:
      - When to write O(password).
      - If V(always), the password is written whenever it differs from the one on the server.
      - If V(on_create), it is written only when the voicemail is created. The password of an existing voicemail is not
        changed.
    type: str
    choices: [always, on_create]
    default: always
  state:
    description:
      - The state that the voicemail is to be in.
      - If V(present), the voicemail exists and has the given values. Omitted options are not changed.
      - If V(absent), the voicemail is dissociated from all its users and does not exist. The fallbacks that lead to the
        voicemail are removed first.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: xivo.confd.confd_voicemail_info
  - module: xivo.confd.confd_user
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Create a voicemail that belongs to no user, with the connection in the task
  xivo.confd.confd_voicemail:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    number: "1999"
    context: default
    name: House
    email: office@example.org

# The following tasks take the connection from module_defaults or from environment variables.

- name: Create a user
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
  register: johnny

- name: Create an extension
  xivo.confd.confd_extension:
    exten: "1200"
    context: default
  register: number

- name: Create a line for the extension
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: Associate the extension with the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: Associate the line with the user
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: Create the voicemail of the user
  xivo.confd.confd_voicemail:
    number: "1200"
    context: default
    user: "{{ johnny.user }}"
    password: "{{ vault_johnny_voicemail }}"
    update_password: on_create
  register: voicemail

- name: Change the number of the voicemail
  xivo.confd.confd_voicemail:
    id: "{{ voicemail.voicemail.id }}"
    number: "1201"
    context: default
    user: "{{ johnny.user }}"

- name: Remove the voicemail
  xivo.confd.confd_voicemail:
    number: "1201"
    context: default
    state: absent
"""

RETURN = r"""
---
voicemail:
  description: The voicemail on the server. With O(state=absent), the voicemail that was removed, or null.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for a voicemail that would be created, in check mode.
      type: int
      returned: always
      sample: 15
    predicted:
      description: Whether the voicemail does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, for a voicemail that would be created
      sample: true
    # BEGIN results of voicemail
    name:
      description: Name of the voicemail.
      type: str
      returned: always
      sample: Johnny Depp
    number:
      description: Number of the voicemail.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    password:
      description: Password that the user dials to listen to the messages. Masked. Null if it is not set.
      type: str
      returned: always
      sample: "********"
    email:
      description: E-mail address that is notified of new messages.
      type: str
      returned: always
      sample: johnny@example.org
    language:
      description: Language of the announcements, for example V(fr_FR).
      type: str
      returned: always
      sample: fr_FR
    timezone:
      description: Time zone of the announcements, by the server's own name for it, for example V(eu-fr).
      type: str
      returned: always
      sample: eu-fr
    pager:
      description: E-mail address of a pager.
      type: str
      returned: always
      sample: pager@example.org
    max_messages:
      description: Number of messages that the voicemail can store.
      type: int
      returned: always
      sample: 50
    attach_audio:
      description: Whether the message is attached to the notification.
      type: bool
      returned: always
      sample: false
    delete_messages:
      description: Whether a message is deleted after the notification was sent.
      type: bool
      returned: always
      sample: false
    ask_password:
      description: Whether the user must dial the password.
      type: bool
      returned: always
      sample: true
    # END results of voicemail
  sample:
    id: 15
    name: Johnny Depp
    number: "1200"
    context: default
    password: "********"
    email: johnny@example.org
    language: fr_FR
    timezone: eu-fr
    pager: pager@example.org
    max_messages: 50
    attach_audio: false
    delete_messages: false
    ask_password: true
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: voicemail 1200@default
      after_header: voicemail 1200@default
      before:
        email: null
      after:
        email: johnny@example.org
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
    UPDATE_PASSWORD_SPEC,
    fields_spec,
)
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import VOICEMAIL
from ansible_collections.xivo.confd.plugins.module_utils._tasks.voicemail import ensure_voicemail

MODULE = Module(
    ensure_voicemail,
    {
        "id": {"type": "int"},
        **fields_spec(VOICEMAIL),
        "user": {"type": "dict"},
        **NEW_SPEC,
        **PLANNED_SPEC,
        **UPDATE_PASSWORD_SPEC,
        **STATE_SPEC,
    },
    required_one_of=[("id", "number")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
