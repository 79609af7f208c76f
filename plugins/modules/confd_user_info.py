#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_info
short_description: Reads the users of a XiVO or Wazo
version_added: 1.0.0
description:
  - Reads users; all of them, one by its id, or those that a text or exact values fit.
  - The list is read whole, in one request, and ordered and cut afterwards. So no user is lost or repeated, however many
    have the same name.
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
      - A text that occurs in the first name, the last name, both together, RV(users[].caller_id),
        RV(users[].description) or RV(users[].userfield), whatever its case. Accents matter, and there are no
        wildcards.
      - Left out, all are meant.
    type: str
  filters:
    description:
      - Exact values of what is returned, for example C(lastname=Depp). All of them must fit.
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
      - firstname
      - lastname
      - caller_id
      - outgoing_caller_id
      - username
      - password
      - music_on_hold
      - mobile_phone_number
      - userfield
      - timezone
      - language
      - description
      - preprocess_subroutine
      - email
      - call_transfer_enabled
      - dtmf_hangup_enabled
      - call_record_enabled
      - online_call_record_enabled
      - supervision_enabled
      - ring_seconds
      - simultaneous_calls
      - call_permission_password
      - enabled
  with_lines:
    description:
      - Whether to return RV(users[].line) and RV(users[].extension) as well. It takes a few requests more, not one for
        every user.
    type: bool
    default: false
  return_secrets:
    description:
      - Whether RV(users[].password) is in clear text.
      - It is then in the output of verbose runs, and in whatever keeps results. Set C(no_log) on the task if you only
        register it.
    type: bool
    default: false
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_provisioned_users
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: All users with an account in the staff list, with the connection in the task
  xivo.confd.confd_user_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    search: HR-
    order: lastname

# From here on the connection is in module_defaults, or in the environment.

- name: Who is called Depp?
  xivo.confd.confd_user_info:
    filters:
      lastname: Depp
  register: found

- name: Their names
  ansible.builtin.debug:
    msg: "{{ found.users | map(attribute='firstname') | join(', ') }}"

- name: The second hundred by last name
  xivo.confd.confd_user_info:
    order: lastname
    limit: 100
    skip: 100

- name: Everybody with line and number
  xivo.confd.confd_user_info:
    with_lines: true
  register: directory

- name: Who cannot be called
  ansible.builtin.debug:
    msg: "{{ directory.users | rejectattr('extension') | map(attribute='caller_id') }}"
"""

RETURN = r"""
---
users:
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
    firstname:
      description: First name.
      type: str
      returned: always
      sample: Johnny
    lastname:
      description: Last name, null for none.
      type: str
      returned: always
      sample: Depp
    caller_id:
      description: The name that others see when the user calls, in double quotes.
      type: str
      returned: always
      sample: '"Johnny Depp"'
    outgoing_caller_id:
      description: Caller ID of calls to the outside.
      type: str
      returned: always
      sample: default
    username:
      description: Name to log in with.
      type: str
      returned: always
      sample: jdepp
    password:
      description: Asterisks, unless O(return_secrets=true). Null where there is none.
      type: str
      returned: always
      sample: "********"
    music_on_hold:
      description: Category of the music on hold.
      type: str
      returned: always
      sample: default
    mobile_phone_number:
      description: Number of the mobile telephone.
      type: str
      returned: always
      sample: "+33612345678"
    userfield:
      description: A field of your own, for example a staff number.
      type: str
      returned: always
      sample: HR-0042
    timezone:
      description: Time zone.
      type: str
      returned: always
      sample: Europe/Paris
    language:
      description: Language.
      type: str
      returned: always
      sample: fr_FR
    description:
      description: Description.
      type: str
      returned: always
      sample: Pirate
    preprocess_subroutine:
      description: Subroutine of the dialplan that is run before a call to the user.
      type: str
      returned: always
      sample: sub-user
    email:
      description: E-mail address, which no two users share.
      type: str
      returned: where the server has such a field
      sample: johnny@example.org
    call_transfer_enabled:
      description: Whether the user may transfer calls with the keys of the telephone (DTMF). Null where the server
        has no such field.
      type: bool
      returned: where the server has such a field
      sample: false
    dtmf_hangup_enabled:
      description: Whether the user may hang up with the keys of the telephone (DTMF). Null where the server has no
        such field.
      type: bool
      returned: where the server has such a field
      sample: false
    call_record_enabled:
      description: Whether all calls of the user are recorded.
      type: bool
      returned: where the server has such a field
      sample: false
    online_call_record_enabled:
      description: Whether the user may start to record a call with the keys of the telephone (DTMF). Null where the
        server has no such field.
      type: bool
      returned: where the server has such a field
      sample: false
    supervision_enabled:
      description: Whether others see on their telephones that the user is on the phone. Null where the server has no
        such field.
      type: bool
      returned: where the server has such a field
      sample: true
    ring_seconds:
      description: How long the telephone rings before the call goes elsewhere, 0 to 60 seconds. Null where the server
        has no such field.
      type: int
      returned: where the server has such a field
      sample: 30
    simultaneous_calls:
      description: How many calls the user can have at once, 1 to 20.
      type: int
      returned: where the server has such a field
      sample: 5
    call_permission_password:
      description: What the user dials to make calls that are otherwise not permitted, 1 to 16 digits, V(*) and
        V(#). Null where there is none.
      type: str
      returned: where the server has such a field
      sample: "********"
    enabled:
      description: Whether the user can make calls and be called.
      type: bool
      returned: where the server has such a field
      sample: true
    uuid:
      description: UUID of the user.
      type: str
      returned: where the server gives users one, which XiVO does from 15.16 on
      sample: 7af12b81-6db4-48e3-a375-7080ca719c57
    line:
      description:
        - The line of the user, without RV(xivo.confd.confd_line_sip_info#module:lines_sip[].secret) and
          RV(xivo.confd.confd_line_sip_info#module:lines_sip[].callerid). Null for a user without one.
        - Other modules take it as a reference.
      type: dict
      returned: with O(with_lines=true)
      sample:
        id: 15
        username: 242f8989f3nq32lgo8
        context: default
        device_slot: 1
        provisioning_extension: "824158"
        device_id: null
    extension:
      description:
        - The internal number of the user. Null for a user without one.
        - Other modules take it as a reference.
      type: dict
      returned: with O(with_lines=true)
      sample:
        id: 34
        exten: "1200"
        context: default
        commented: false
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import USERS

MODULE = Module(read_users, {**info_spec(USERS), "with_lines": {"type": "bool", "default": False}})


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
