#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_voicemail_info
short_description: Read voicemails of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Returns all voicemails, the voicemail with an id, or the voicemails that a search text or exact values select.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  id:
    description:
      - Id of a voicemail. If no voicemail has this id, the list is empty.
      - It cannot be combined with the options that select from a list.
    type: int
  search:
    description:
      - Text that occurs in RV(voicemails[].name), RV(voicemails[].number), RV(voicemails[].context) or
        RV(voicemails[].email). Upper and lower case are the same, accents are not ignored, and there are no wildcards.
      - If it is omitted, all voicemails are returned.
    type: str
  order:
    description:
      - Key to sort by. Texts are sorted without regard to case and accents. Null comes first, and equal values are
        sorted by id.
      - If it is omitted, the list is sorted by id.
    type: str
    choices:
      # BEGIN names of voicemail
      - id
      - name
      - number
      - context
      - password
      - email
      - language
      - timezone
      - pager
      - max_messages
      - attach_audio
      - delete_messages
      - ask_password
      # END names of voicemail
  return_secrets:
    description:
      - Whether to return RV(voicemails[].password) in clear text.
      - The output of verbose runs and everything that stores results then contains it. Set C(no_log=true) for the task
        if you only register the result.
    type: bool
    default: false
seealso:
  - module: xivo.confd.confd_voicemail
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read the voicemails without an e-mail address, with the connection in the task
  xivo.confd.confd_voicemail_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    filters:
      email: null
    order: number

# The following task takes the connection from module_defaults or from environment variables.

- name: Read the voicemail with the number 1200
  xivo.confd.confd_voicemail_info:
    filters:
      number: "1200"
      context: default
"""

RETURN = r"""
---
voicemails:
  description: The voicemails that were found, sorted, after O(skip) and O(limit) were applied.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: int
      returned: always
      sample: 15
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
      description: Password that the user dials to listen to the messages. Masked unless O(return_secrets=true). Null if
        it is not set.
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
total:
  description: Number of voicemails that were found, before O(skip) and O(limit) were applied.
  returned: success
  type: int
  sample: 42
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import info_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_voicemails
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import VOICEMAILS

MODULE = Module(read_voicemails, info_spec(VOICEMAILS), writes=False)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
