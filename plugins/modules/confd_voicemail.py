#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_voicemail
short_description: Voicemails of a XiVO or Wazo
version_added: 1.0.0
description:
  - Creates, changes and removes a voicemail, and gives it to a user.
  - A voicemail is known by O(number) and O(context).
  - XiVO up to 16.12 refuses to change a voicemail that somebody has. The module then takes it away from its users for
    the moment of the change, and gives it back, enabled as before. It gives it back also if the change fails.
  - Such a server does not tell who has a voicemail. The module asks the user in O(user) first, then those who have the
    number or the name of the voicemail, then all others, one request each, until the server lets it be changed.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  id:
    description:
      - Id of an existing voicemail, to change its number. It only finds, and is an error if there is none.
    type: int
  name:
    description:
      - Name of the voicemail. It cannot be emptied.
      - A new one needs it, unless O(user) is given. Then it is the name of the user.
      - XiVO up to 16.12 writes the user's name into it whenever the user is changed or gets another number.
    type: str
  number:
    description:
      - Number of the voicemail, digits. Quote it if it begins with a zero.
      - With O(id), the number that the voicemail shall have.
    type: raw
  context:
    description:
      - Context of the number. O(number) and O(context) are needed, unless O(id) is given.
    type: str
  password:
    description:
      - What the user types on the telephone to listen to the messages, digits. Quote it. V('') removes it.
      - See also O(update_password).
    type: str
  email:
    description:
      - Address that is told of new messages. V('') empties it.
    type: str
  language:
    description:
      - Language of the announcements, one that the server has, for example V(fr_FR). V('') empties it.
    type: str
  timezone:
    description:
      - Time zone of the announcements, one of the server's own names, for example V(eu-fr). V('') empties it.
    type: str
  pager:
    description:
      - Address of a pager. V('') empties it.
    type: str
  max_messages:
    description:
      - How many messages it keeps.
    type: int
  attach_audio:
    description:
      - Whether the mail has the message with it. A new voicemail gets V(false).
    type: bool
  delete_messages:
    description:
      - Whether a message is deleted once it was mailed. A new voicemail gets V(false).
    type: bool
  ask_password:
    description:
      - Whether the password is asked for. A new voicemail gets V(true).
    type: bool
  user:
    description:
      - The user who shall have the voicemail. Give what M(xivo.confd.confd_user) returned, or keys as in
        O(xivo.confd.confd_user#module:match).
      - The user needs a line, and must not have another voicemail. Other users of the voicemail keep it as well.
      - Left out, it is not touched who has the voicemail.
      - With O(state=absent) the voicemail is removed only if it is that user's or nobody's. If somebody else has it as
        well, only that user loses it. If it is not that user's at all, it is left alone, with a warning.
    type: dict
  new:
    description:
      - The voicemail is to be made. One that is there already is an error, and is not changed.
      - The role P(xivo.confd.provision#role) sets it where its plan says that a voicemail is to be made, so that nobody
        is given the voicemail of somebody else.
    type: bool
    default: false
  update_password:
    description:
      - When O(password) is written.
    type: str
    choices:
      always: When it differs.
      on_create: When the voicemail is new. The one of an existing voicemail is left alone.
    default: always
  state:
    description:
      - Whether there shall be such a voicemail.
    type: str
    choices:
      present: The voicemail is created, or given the values that differ. What is left out stays as it is.
      absent: The voicemail is taken away from everybody who has it, and removed.
    default: present
seealso:
  - module: xivo.confd.confd_voicemail_info
  - module: xivo.confd.confd_user
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: A voicemail for the whole house, with the connection in the task
  xivo.confd.confd_voicemail:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    number: "1999"
    context: default
    name: House
    email: office@example.org

# From here on the connection is in module_defaults, or in the environment.

- name: A user
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
  register: johnny

- name: A number
  xivo.confd.confd_extension:
    exten: "1200"
    context: default
  register: number

- name: Its line
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: The number is on the line
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: The line is the user's
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: The voicemail of the user
  xivo.confd.confd_voicemail:
    number: "1200"
    context: default
    user: "{{ johnny.user }}"
    password: "{{ vault_johnny_voicemail }}"
    update_password: on_create
  register: voicemail

- name: It gets another number
  xivo.confd.confd_voicemail:
    id: "{{ voicemail.voicemail.id }}"
    number: "1201"
    context: default
    user: "{{ johnny.user }}"

- name: Nobody needs it any more
  xivo.confd.confd_voicemail:
    number: "1201"
    context: default
    state: absent
"""

RETURN = r"""
---
voicemail:
  description: The voicemail, as on the server. With O(state=absent), the one that was removed, or null.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for a voicemail that would be created, in check mode.
      type: int
      returned: always
      sample: 15
    name:
      description: Name of the voicemail.
      type: str
      returned: always
      sample: Johnny Depp
    number:
      description: Its number.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    password:
      description: Asterisks. Null where there is none.
      type: str
      returned: always
      sample: "********"
    email:
      description: Address that is told of new messages.
      type: str
      returned: always
      sample: johnny@example.org
    language:
      description: Language of the announcements.
      type: str
      returned: always
      sample: fr_FR
    timezone:
      description: Time zone of the announcements, one of the server's own names.
      type: str
      returned: always
      sample: eu-fr
    pager:
      description: Address of a pager.
      type: str
      returned: always
      sample: pager@example.org
    max_messages:
      description: How many messages it keeps. Null for as many as the server likes.
      type: int
      returned: always
      sample: 50
    attach_audio:
      description: Whether the mail has the message with it.
      type: bool
      returned: always
      sample: false
    delete_messages:
      description: Whether a message is deleted once it was mailed.
      type: bool
      returned: always
      sample: false
    ask_password:
      description: Whether the password is asked for.
      type: bool
      returned: always
      sample: true
    predicted:
      description: That the voicemail does not exist, and a real run would create it.
      type: bool
      returned: in check mode, for a voicemail that would be created
      sample: true
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
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
unchecked:
  description: What this generation of the API tells nobody before a write, so that a real run may still be refused for
    it.
  returned: in check mode
  type: list
  elements: str
  sample:
    - whether the contexts exist and the numbers are in their ranges
confd_api:
  description: The generation of the API that the server speaks.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import (
    NEW_SPEC,
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
        **UPDATE_PASSWORD_SPEC,
        **STATE_SPEC,
    },
    required_one_of=[("id", "number")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
