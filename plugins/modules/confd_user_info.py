#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_info
short_description: Read users of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Returns all users, the user with an id, or the users that a search text or exact values select.
  - The module reads the complete list in one request and sorts and cuts it afterwards, because paging by the server can
    repeat or omit users with the same name.
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  id:
    description:
      - Id of a user. If no user has this id, the list is empty.
      - It cannot be combined with the options that select from a list.
    type: int
  search:
    description:
      - Text that occurs in the first name, the last name, the full name, RV(users[].caller_id),
        RV(users[].description) or RV(users[].userfield). Upper and lower case are the same, accents are not ignored,
        and there are no wildcards.
      - If it is omitted, all users are returned.
    type: str
  order:
    description:
      - Key to sort by. Texts are sorted without regard to case and accents. Null comes first, and equal values are
        sorted by id.
      - If it is omitted, the list is sorted by id.
    type: str
    choices:
      # BEGIN names of user
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
      - call_record_outgoing_external_enabled
      - call_record_outgoing_internal_enabled
      - call_record_incoming_external_enabled
      - call_record_incoming_internal_enabled
      - online_call_record_enabled
      - supervision_enabled
      - ring_seconds
      - simultaneous_calls
      - call_permission_password
      - enabled
      - subscription_type
      - entity
      # END names of user
  with_lines:
    description:
      - Whether to return RV(users[].line) and RV(users[].extension) as well. It takes a few more requests, but not one
        for each user.
    type: bool
    default: false
  return_secrets:
    description:
      - Whether to return secrets, such as RV(users[].password), in clear text.
      - The output of verbose runs and everything that stores results then contains them. Set C(no_log=true) for the
        task if you only register the result.
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
- name: Read the users with a personnel number, with the connection in the task
  xivo.confd.confd_user_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    search: HR-
    order: lastname

# The following tasks take the connection from module_defaults or from environment variables.

- name: Read the users with a certain last name
  xivo.confd.confd_user_info:
    filters:
      lastname: Depp
  register: found

- name: Print their first names
  ansible.builtin.debug:
    msg: "{{ found.users | map(attribute='firstname') | join(', ') }}"

- name: Read the second hundred users by last name
  xivo.confd.confd_user_info:
    order: lastname
    limit: 100
    skip: 100

- name: Read all users with their lines and extensions
  xivo.confd.confd_user_info:
    with_lines: true
  register: directory

- name: Print the users who have no extension
  ansible.builtin.debug:
    msg: "{{ directory.users | rejectattr('extension') | map(attribute='caller_id') }}"
"""

RETURN = r"""
---
users:
  description: The users that were found, sorted, after O(skip) and O(limit) were applied.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: int
      returned: always
      sample: 15
    uuid:
      description: UUID of the user.
      type: str
      returned: on XiVO from 15.16 and on Wazo
      sample: 7af12b81-6db4-48e3-a375-7080ca719c57
    # BEGIN results of user
    firstname:
      description: First name.
      type: str
      returned: always
      sample: Johnny
    lastname:
      description: Last name.
      type: str
      returned: always
      sample: Depp
    caller_id:
      description: Name that is displayed when the user calls somebody.
      type: str
      returned: always
      sample: '"Johnny Depp"'
    outgoing_caller_id:
      description: Caller ID for calls to the public network.
      type: str
      returned: always
      sample: default
    username:
      description: Username with which the user signs in to the client software on XiVO.
      type: str
      returned: always
      sample: jdepp
    password:
      description: Password with which the user signs in to the client software on XiVO. Masked unless
        O(return_secrets=true). Null if it is not set.
      type: str
      returned: always
      sample: "********"
    music_on_hold:
      description: Name of the music that is played to callers on hold.
      type: str
      returned: always
      sample: default
    mobile_phone_number:
      description: Mobile phone number.
      type: str
      returned: always
      sample: "+33612345678"
    userfield:
      description: Text for your own use, for example a personnel number.
      type: str
      returned: always
      sample: HR-0042
    timezone:
      description: Time zone, for example V(Europe/Paris).
      type: str
      returned: always
      sample: Europe/Paris
    language:
      description: Language of the voice prompts, for example V(fr_FR).
      type: str
      returned: always
      sample: fr_FR
    description:
      description: Description.
      type: str
      returned: always
      sample: On the ship until June
    preprocess_subroutine:
      description: Name of the dialplan subroutine that runs before each call to the user.
      type: str
      returned: always
      sample: greet
    email:
      description: E-mail address. Not available on XiVO up to 16.12.
      type: str
      returned: on servers that have this field
      sample: johnny@example.org
    call_transfer_enabled:
      description: Whether the user can transfer a call by dialling a DTMF code during the call. Not available on XiVO
        up to 16.12.
      type: bool
      returned: on servers that have this field
      sample: false
    dtmf_hangup_enabled:
      description: Whether the user can hang up by dialling a DTMF code during the call. Not available on XiVO up to
        16.12.
      type: bool
      returned: on servers that have this field
      sample: false
    call_record_enabled:
      description: Whether all calls of the user are recorded. Not available on XiVO up to 16.12.
      type: bool
      returned: on servers that have this field
      sample: false
    call_record_outgoing_external_enabled:
      description: Whether calls of the user to numbers outside of the server are recorded. Only available on Wazo from
        20.07.
      type: bool
      returned: on servers that have this field
      sample: false
    call_record_outgoing_internal_enabled:
      description: Whether calls of the user to other users of the server are recorded. Only available on Wazo from
        20.07.
      type: bool
      returned: on servers that have this field
      sample: false
    call_record_incoming_external_enabled:
      description: Whether calls to the user from numbers outside of the server are recorded. Only available on Wazo
        from 20.07.
      type: bool
      returned: on servers that have this field
      sample: false
    call_record_incoming_internal_enabled:
      description: Whether calls to the user from other users of the server are recorded. Only available on Wazo from
        20.07.
      type: bool
      returned: on servers that have this field
      sample: false
    online_call_record_enabled:
      description: Whether the user can start to record a call by dialling a DTMF code during the call. Not available on
        XiVO up to 16.12.
      type: bool
      returned: on servers that have this field
      sample: false
    supervision_enabled:
      description: Whether the phones of other users can show if the user is on the phone. Not available on XiVO up to
        16.12.
      type: bool
      returned: on servers that have this field
      sample: true
    ring_seconds:
      description: How many seconds the phone rings before the call counts as not answered. Not available on XiVO up to
        16.12.
      type: int
      returned: on servers that have this field
      sample: 30
    simultaneous_calls:
      description: Number of calls that the user can have at the same time. Not available on XiVO up to 16.12.
      type: int
      returned: on servers that have this field
      sample: 5
    call_permission_password:
      description: Code that the user dials to make a call that a call permission forbids. Not available on XiVO up to
        16.12. Masked unless O(return_secrets=true). Null if it is not set.
      type: str
      returned: on servers that have this field
      sample: "********"
    enabled:
      description: Whether the user can make and receive calls. Not available on XiVO up to 16.12.
      type: bool
      returned: on servers that have this field
      sample: true
    subscription_type:
      description: Number of the subscription of the user, by which an administrator counts users. Only available on
        Wazo from 20.07.
      type: int
      returned: on servers that have this field
      sample: 0
    entity:
      description: Name of the entity that the user belongs to. Only available on XiVO from 16.13 and Wazo up to 20.06.
      type: str
      returned: on servers that have this field
      sample: default
    # END results of user
    line:
      description:
        - The line of the user, without RV(xivo.confd.confd_line_sip_info#module:lines_sip[].secret) and
          RV(xivo.confd.confd_line_sip_info#module:lines_sip[].callerid). Null if the user has none.
        - Other modules accept it as a reference to the line.
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
        - The internal extension of the user. Null if the user has none.
        - Other modules accept it as a reference to the extension.
      type: dict
      returned: with O(with_lines=true)
      sample:
        id: 34
        exten: "1200"
        context: default
        commented: false
total:
  description: Number of users that were found, before O(skip) and O(limit) were applied.
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_users
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import USERS

MODULE = Module(read_users, {**info_spec(USERS), "with_lines": {"type": "bool", "default": False}}, writes=False)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
