#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_voicemail_info
short_description: Reads the voicemails of a XiVO or Wazo
version_added: 1.0.0
description:
  - Reads voicemails; all of them, one by its id, or those that a text or exact values fit.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
options:
  id:
    description:
      - Id of one of them. If there is none with that id the list is empty, which is no error.
      - It cannot be combined with the options that choose from a list.
    type: int
  search:
    description:
      - A text that occurs in RV(voicemails[].name), RV(voicemails[].number), RV(voicemails[].context) or
        RV(voicemails[].email), whatever its case. Accents matter, and there are no wildcards.
      - Left out, all are meant.
    type: str
  filters:
    description:
      - Exact values of what is returned, for example C(context=default). All of them must fit.
      - V(null) and V('') fit what is not set. Numbers may be integers.
      - Keys are those of O(order). Another one is an error.
    type: dict
  order:
    description:
      - What to order by. Texts are ordered as in a telephone book, without regard to case and accents. What is not set
        comes first, and what is equal is ordered by id.
      - Left out, the order is that of the ids.
    type: str
    choices:
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
  return_secrets:
    description:
      - Whether RV(voicemails[].password) is in clear text.
      - It is then in the output of verbose runs, and in whatever keeps results. Set C(no_log) on the task if you only
        register it.
    type: bool
    default: false
seealso:
  - module: xivo.confd.confd_voicemail
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Voicemails that tell nobody of new messages, with the connection in the task
  xivo.confd.confd_voicemail_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    filters:
      email: null
    order: number

# From here on the connection is in module_defaults, or in the environment.

- name: The voicemail of 1200
  xivo.confd.confd_voicemail_info:
    filters:
      number: "1200"
      context: default
"""

RETURN = r"""
---
voicemails:
  description: What was found, in order, O(skip) of them left out and O(limit) of them at most.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
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
      description: Asterisks, unless O(return_secrets=true). Null where there is none.
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
total:
  description: How many were found, before O(skip) and O(limit).
  returned: success
  type: int
  sample: 42
confd_api:
  description: The generation of the API that the server speaks.
  returned: always
  type: str
  sample: xivo15
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import info_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_voicemails
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import VOICEMAILS

MODULE = Module(read_voicemails, info_spec(VOICEMAILS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
