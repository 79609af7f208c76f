#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user
short_description: Users of a XiVO or Wazo
version_added: 1.0.0
description:
  - Creates, changes and removes a user, a person using the IPBX.
  - A user alone can neither call nor be called. The line comes from M(xivo.confd.confd_line_sip), the number from
    M(xivo.confd.confd_extension). M(xivo.confd.confd_provisioned_users) does all of it for a list of people.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  firstname:
    description:
      - First name. It cannot be emptied.
      - Without O(match), O(firstname) and O(lastname) together say which user is meant.
    type: str
  lastname:
    description:
      - Last name. V('') empties it.
      - Without O(match), leaving it out means a user without last name. With O(match), leaving it out changes nothing.
    type: str
  caller_id:
    description:
      - The name that others see when this user calls them. confd puts it in quotes, which makes no difference here.
      - Left out, a user gets C("Firstname Lastname"). That one follows when the user is renamed, one of your own does
        not.
      - V('') goes back to the one that is made of the name.
    type: str
  outgoing_caller_id:
    description:
      - What is shown to those who are called outside. Either a number, or V(anonymous), or V(default) for what the
        outgoing call says. V('') empties it.
    type: str
  username:
    description:
      - Name of the account in the user's client. V('') empties it.
      - It is no SIP username, and several users may have the same.
    type: str
  password:
    description:
      - Password of the account in the user's client, at least four characters. V('') removes it.
      - The server returns passwords. So the module sees whether it differs, and is not I(changed) every time.
      - See also O(update_password).
    type: str
  music_on_hold:
    description:
      - Name of the music that callers on hold hear. V('') empties it. The server does not check whether it exists.
    type: str
  mobile_phone_number:
    description:
      - Mobile phone number of digits, V(*) and V(#), perhaps with a V(+) before. Quote it. V('') removes it.
    type: str
  userfield:
    description:
      - Any text. V('') empties it. A personnel number is well kept here, for O(match) can find the user by it.
    type: str
  timezone:
    description:
      - Time zone, for example V(Europe/Paris). V('') empties it. The server does not check it.
    type: str
  language:
    description:
      - Language of the voice prompts, for example V(fr_FR). V('') empties it. The server does not check it.
    type: str
  description:
    description:
      - Any text. V('') empties it.
    type: str
  preprocess_subroutine:
    description:
      - Name of a subroutine of the dialplan that runs before each call to the user. V('') empties it.
    type: str
  email:
    description:
      - E-mail address, which no two users share. V('') removes it.
      - Not on XiVO up to 16.12, which refuses the task.
    type: str
  call_transfer_enabled:
    description:
      - Whether the user may transfer calls with the keys of the telephone (DTMF).
      - Not on XiVO up to 16.12, which refuses the task.
    type: bool
  dtmf_hangup_enabled:
    description:
      - Whether the user may hang up with the keys of the telephone (DTMF).
      - Not on XiVO up to 16.12, which refuses the task.
    type: bool
  call_record_enabled:
    description:
      - Whether all calls of the user are recorded.
      - Not on XiVO up to 16.12, which refuses the task.
    type: bool
  online_call_record_enabled:
    description:
      - Whether the user may start to record a call with the keys of the telephone (DTMF).
      - Not on XiVO up to 16.12, which refuses the task.
    type: bool
  supervision_enabled:
    description:
      - Whether others see on their telephones that the user is on the phone.
      - Not on XiVO up to 16.12, which refuses the task.
    type: bool
  ring_seconds:
    description:
      - How long the telephone rings before the call goes elsewhere, 0 to 60 seconds.
      - Not on XiVO up to 16.12, which refuses the task.
    type: int
  simultaneous_calls:
    description:
      - How many calls the user can have at once, 1 to 20.
      - Not on XiVO up to 16.12, which refuses the task.
    type: int
  call_permission_password:
    description:
      - What the user dials to make calls that are otherwise not permitted, 1 to 16 digits, V(*) and V(#). V('')
        removes it.
      - Not on XiVO up to 16.12, which refuses the task.
    type: str
  enabled:
    description:
      - Whether the user can make calls and be called.
      - Not on XiVO up to 16.12, which refuses the task.
    type: bool
  match:
    description:
      - Says which user is meant, where the name does not or is to be changed. All values given here must be exactly
        those of the user. Null and V('') are refused, except that null means left out.
      - If it finds nobody, a user who has the wanted values already is taken. So renaming is done once.
      - If nobody has those either, a user is created with O(match.userfield), O(match.username) and the name given
        here. O(match.id), O(match.uuid) and a number only find, and are an error then.
      - Several users that fit are an error that lists them. Nothing is picked.
    type: dict
    suboptions:
      id:
        description: Id of the user on the server.
        type: int
      uuid:
        description: UUID of the user. XiVO up to 16.12 has none.
        type: str
      username:
        description: The user's O(username).
        type: str
      userfield:
        description: The user's O(userfield).
        type: str
      firstname:
        description: The user's O(firstname).
        type: str
      lastname:
        description: The user's O(lastname). Left out, the last name may be any.
        type: str
      exten:
        description: The user's number, internal or direct. It needs O(match.context). Quote it.
        type: raw
      context:
        description: Context of O(match.exten).
        type: str
  homonyms:
    description:
      - Ids of users of the same name who are known to be other people. They are not taken for the user who is meant.
    type: list
    elements: int
  new:
    description:
      - Make a new user, whoever else bears the name or fits O(match). Every run with it makes one more.
      - The role P(xivo.confd.provision#role) sets it where its plan says that a user is to be made, so that nobody
        is taken for that user whom another run makes at the same moment.
    type: bool
    default: false
  update_password:
    description:
      - When O(password) is written.
    type: str
    choices:
      always: When it differs.
      on_create: When the user is new. The one of an existing user is left alone.
    default: always
  state:
    description:
      - Whether there shall be such a user.
    type: str
    choices:
      present: The user is created, or given the values that differ. What is left out stays as it is.
      absent:
        The user is removed. It is an error while the user has a line, incalls or a voicemail. In check mode that is a
        warning, for a task before may take them away.
    default: present
notes:
  - There is nothing that makes a user unique. A second user of the same name can be created with
    M(xivo.confd.confd_provisioned_users), where the numbers tell them apart, or with O(homonyms).
  - Changing anything of a user makes confd write the caller ID of the user's line again (C(callerid) of
    M(xivo.confd.confd_line_sip)).
seealso:
  - module: xivo.confd.confd_user_line
  - module: xivo.confd.confd_provisioned_users
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
    userfield: HR-0042

# From here on the connection is in module_defaults, or in the environment.

- name: More about the same user, and a caller ID of his own
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
    caller_id: Captain Sparrow
    mobile_phone_number: "+33612345678"
    language: fr_FR
    description: On the ship until June

- name: Back to the caller ID that is made of the name, and no description
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
    caller_id: ""
    description: ""

- name: A new name for the person with the personnel number HR-0042
  xivo.confd.confd_user:
    match:
      userfield: HR-0042
    firstname: John
    lastname: Depp

- name: A password that the user may change
  xivo.confd.confd_user:
    firstname: Vanessa
    lastname: Paradis
    username: vparadis
    password: "{{ vault_vanessa_password }}"
    update_password: on_create

- name: Nobody with that account any more
  xivo.confd.confd_user:
    match:
      username: vparadis
    state: absent

- name: Nobody of that name any more
  xivo.confd.confd_user:
    firstname: John
    lastname: Depp
    state: absent
"""

RETURN = r"""
---
user:
  description:
    - The user, as on the server. With O(state=absent), the one that was removed, or null.
    - Other modules take it as a reference.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for a user who would be created, in check mode.
      type: int
      returned: always
      sample: 42
    predicted:
      description: That the user does not exist, and a real run would create it.
      type: bool
      returned: in check mode, for a user who would be created
      sample: true
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
      description: The name that others see.
      type: str
      returned: always
      sample: '"Johnny Depp"'
    outgoing_caller_id:
      description: What is shown outside.
      type: str
      returned: always
      sample: default
    username:
      description: Name of the account in the user's client.
      type: str
      returned: always
      sample: jdepp
    password:
      description: Asterisks for a password, null for none.
      type: str
      returned: always
      sample: "********"
    music_on_hold:
      description: Name of the music on hold.
      type: str
      returned: always
      sample: default
    mobile_phone_number:
      description: Mobile phone number.
      type: str
      returned: always
      sample: "+33612345678"
    userfield:
      description: Any text.
      type: str
      returned: always
      sample: HR-0042
    timezone:
      description: Time zone.
      type: str
      returned: always
      sample: Europe/Paris
    language:
      description: Language of the voice prompts.
      type: str
      returned: always
      sample: fr_FR
    description:
      description: Any text.
      type: str
      returned: always
      sample: On the ship until June
    preprocess_subroutine:
      description: Name of a subroutine of the dialplan.
      type: str
      returned: always
      sample: greet
    email:
      description: E-mail address, which no two users share. Null where the server has no such field.
      type: str
      returned: always
      sample: johnny@example.org
    call_transfer_enabled:
      description: Whether the user may transfer calls with the keys of the telephone (DTMF). Null where the server
        has no such field.
      type: bool
      returned: always
      sample: false
    dtmf_hangup_enabled:
      description: Whether the user may hang up with the keys of the telephone (DTMF). Null where the server has no
        such field.
      type: bool
      returned: always
      sample: false
    call_record_enabled:
      description: Whether all calls of the user are recorded. Null where the server has no such field.
      type: bool
      returned: always
      sample: false
    online_call_record_enabled:
      description: Whether the user may start to record a call with the keys of the telephone (DTMF). Null where the
        server has no such field.
      type: bool
      returned: always
      sample: false
    supervision_enabled:
      description: Whether others see on their telephones that the user is on the phone. Null where the server has no
        such field.
      type: bool
      returned: always
      sample: true
    ring_seconds:
      description: How long the telephone rings before the call goes elsewhere, 0 to 60 seconds. Null where the server
        has no such field.
      type: int
      returned: always
      sample: 30
    simultaneous_calls:
      description: How many calls the user can have at once, 1 to 20. Null where the server has no such field.
      type: int
      returned: always
      sample: 5
    call_permission_password:
      description: What the user dials to make calls that are otherwise not permitted, 1 to 16 digits, V(*) and
        V(#). Null where there is none.
      type: str
      returned: always
      sample: "********"
    enabled:
      description: Whether the user can make calls and be called. Null where the server has no such field.
      type: bool
      returned: always
      sample: true
    uuid:
      description: UUID of the user.
      type: str
      returned: where the server gives users one, which XiVO does from 15.16 on
      sample: 7af12b81-6db4-48e3-a375-7080ca719c57
  sample:
    id: 42
    firstname: Johnny
    lastname: Depp
    caller_id: '"Johnny Depp"'
    outgoing_caller_id: null
    username: null
    password: null
    music_on_hold: null
    mobile_phone_number: null
    userfield: HR-0042
    timezone: null
    language: fr_FR
    description: null
    preprocess_subroutine: null
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: user Johnny Depp
      after_header: user Johnny Depp
      before:
        language: null
      after:
        language: fr_FR
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
    STATE_SPEC,
    UPDATE_PASSWORD_SPEC,
    fields_spec,
    match_spec,
)
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import USER
from ansible_collections.xivo.confd.plugins.module_utils._tasks.user import ensure_user

MODULE = Module(
    ensure_user,
    {
        **fields_spec(USER),
        **match_spec(),
        "homonyms": {"type": "list", "elements": "int"},
        **NEW_SPEC,
        **UPDATE_PASSWORD_SPEC,
        **STATE_SPEC,
    },
    required_one_of=[("firstname", "match")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
