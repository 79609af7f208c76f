#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user
short_description: Manage users of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Creates, changes and removes a user, a person who uses the IPBX.
  - A user without a line can neither make nor receive calls. Use M(xivo.confd.confd_line_sip) for the line and
    M(xivo.confd.confd_extension) for the number, or M(xivo.confd.confd_provisioned_users) for everything at once.
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
      - The second run with the same options changes nothing. With O(new=true), it creates another user with the same
        values.
    support: partial
options:
  firstname:
    description:
      - First name.
      - It cannot be empty.
      - Without O(match), O(firstname) and O(lastname) together identify the user.
    type: str
  lastname:
    description:
      - Last name.
      - V('') clears it.
      - Without O(match), omitting it means a user without a last name. With O(match), omitting it leaves the last name
        unchanged.
    type: str
  caller_id:
    description:
      - Name that is displayed when the user calls somebody.
      - If it is omitted, a new user gets C("Firstname Lastname"). That value changes when the user is renamed. A value
        that you set yourself does not.
      - V('') restores the caller ID that is generated from the name.
      - The server stores it in double quotes, with up to 160 characters. The module ignores the quotes when it compares
        values. A value that consists only of quotes and blanks is an error.
      - A number can follow the quotes and a blank, C("Captain Sparrow" <1200>). XiVO from 16.13 and Wazo accept only
        digits there, optionally after C(+).
    type: str
  outgoing_caller_id:
    description:
      - Caller ID for calls to the public network.
      - It is a number, V(anonymous), or V(default) for the caller ID of the outgoing call rule. V('') clears it.
    type: str
  username:
    description:
      - Username with which the user signs in to the client software on XiVO.
      - Wazo stores it too, but nobody can sign in with it. Use M(xivo.confd.confd_user_login) for the login, on XiVO
        also to enable it.
      - It is not the SIP username. The task fails if another user has it, also on XiVO up to 16.12, where the server
        would accept it.
      - On XiVO up to 16.12, it has up to 64 characters. On XiVO from 16.13 and on Wazo, it has 2 to 254 characters,
        which are letters without accents, digits and V(-._~!$&'(\)*+,;=%@).
      - V('') clears it.
    type: str
  password:
    description:
      - Password with which the user signs in to the client software on XiVO.
      - Wazo stores it too, but nobody can sign in with it. See M(xivo.confd.confd_user_login).
      - It has 4 to 64 characters. XiVO from 16.13 and Wazo accept only letters without accents, digits and
        V(-._~!$&'(\)*+,;=%).
      - V('') removes it.
      - The server returns passwords, so the module can compare them and reports a change only if they differ.
      - See also O(update_password).
    type: str
  music_on_hold:
    description:
      - Name of the music that is played to callers on hold.
      - V('') clears it.
      - XiVO accepts any text of up to 128 characters, and does not check whether it exists.
      - On Wazo, it can be given by its label or by its name, and it must exist. Wazo accepts no change of a user whose
        music was deleted. The module then removes it with the next change, and warns.
    type: str
  mobile_phone_number:
    description:
      - Mobile phone number.
      - It consists of digits, V(*) and V(#), and can begin with V(+). Quote it. V('') removes it.
      - It has up to 128 characters on XiVO up to 16.12, and up to 80 on XiVO from 16.13 and on Wazo.
      - On Wazo, it cannot be removed while the fallback to the mobile phone is switched on in the web interface.
    type: str
  userfield:
    description:
      - Text for your own use, for example a personnel number.
      - V('') clears it.
      - A value that is unique on the server can identify the user in O(match).
    type: str
  timezone:
    description:
      - Time zone, for example V(Europe/Paris).
      - V('') clears it. The server does not check it.
    type: str
  language:
    description:
      - Language of the voice prompts, for example V(fr_FR).
      - XiVO from 16.13 and Wazo accept only values of this form. XiVO up to 16.12 accepts any text of up to 20
        characters. No server checks whether the language is installed.
      - V('') clears it.
    type: str
  description:
    description:
      - Description.
      - V('') clears it.
    type: str
  preprocess_subroutine:
    description:
      - Name of the dialplan subroutine that runs before each call to the user.
      - It has up to 39 characters on XiVO, and up to 79 on Wazo.
      - V('') clears it.
    type: str
  email:
    description:
      - E-mail address.
      - It is unique on the server, where upper and lower case are the same. The task fails if another user has it.
      - XiVO accepts any text of up to 254 characters. On Wazo from 20.07, it must be one address, without a name before
        it.
      - V('') removes it.
      - Not available on XiVO up to 16.12.
    type: str
  call_transfer_enabled:
    description:
      - Whether the user can transfer a call by dialling a DTMF code during the call.
      - Not available on XiVO up to 16.12.
    type: bool
  dtmf_hangup_enabled:
    description:
      - Whether the user can hang up by dialling a DTMF code during the call.
      - Not available on XiVO up to 16.12.
    type: bool
  call_record_enabled:
    description:
      - Whether all calls of the user are recorded.
      - On Wazo from 20.07, it sets the four options O(call_record_outgoing_external_enabled),
        O(call_record_outgoing_internal_enabled), O(call_record_incoming_external_enabled) and
        O(call_record_incoming_internal_enabled). It is returned as V(true) if all four are V(true).
      - Not available on XiVO up to 16.12.
    type: bool
  call_record_outgoing_external_enabled:
    description:
      - Whether calls of the user to numbers outside of the server are recorded.
      - If O(call_record_enabled) is given too, both must have the same value.
      - Only available on Wazo from 20.07.
    type: bool
  call_record_outgoing_internal_enabled:
    description:
      - Whether calls of the user to other users of the server are recorded.
      - If O(call_record_enabled) is given too, both must have the same value.
      - Only available on Wazo from 20.07.
    type: bool
  call_record_incoming_external_enabled:
    description:
      - Whether calls to the user from numbers outside of the server are recorded.
      - If O(call_record_enabled) is given too, both must have the same value.
      - Only available on Wazo from 20.07.
    type: bool
  call_record_incoming_internal_enabled:
    description:
      - Whether calls to the user from other users of the server are recorded.
      - If O(call_record_enabled) is given too, both must have the same value.
      - Only available on Wazo from 20.07.
    type: bool
  online_call_record_enabled:
    description:
      - Whether the user can start to record a call by dialling a DTMF code during the call.
      - Not available on XiVO up to 16.12.
    type: bool
  supervision_enabled:
    description:
      - Whether the phones of other users can show if the user is on the phone.
      - A new user gets V(true).
      - Not available on XiVO up to 16.12.
    type: bool
  ring_seconds:
    description:
      - How many seconds the phone rings before the call counts as not answered.
      - The range is 0 to 60 on XiVO, and 0 to 10800 on Wazo from 20.07. A new user gets 30.
      - Not available on XiVO up to 16.12.
    type: int
  simultaneous_calls:
    description:
      - Number of calls that the user can have at the same time.
      - The range is 1 to 20. A new user gets 5.
      - Not available on XiVO up to 16.12.
    type: int
  call_permission_password:
    description:
      - Code that the user dials to make a call that a call permission forbids.
      - It has 1 to 16 characters, which are digits, V(*) and V(#). V('') removes it.
      - Not available on XiVO up to 16.12.
    type: str
  enabled:
    description:
      - Whether the user can make and receive calls.
      - A new user gets V(true).
      - Not available on XiVO up to 16.12.
    type: bool
  subscription_type:
    description:
      - Number of the subscription of the user, by which an administrator counts users.
      - The range is 0 to 10. The server only stores it.
      - Only available on Wazo from 20.07.
    type: int
  entity:
    description:
      - Name of the entity that the user belongs to.
      - The entity must exist. Without this option, a new user belongs to the first entity of the server.
      - The entity can only be changed while the user has no line. For a user with a line, the task fails.
      - Only available on XiVO from 16.13 and Wazo up to 20.06.
    type: str
  match:
    description:
      - Identifies the user by other values than the name. Use it to rename a user.
      - A user matches if all values given here are equal to those of the user. V('') is an error. A key that is null
        counts as omitted.
      - If no user matches, the user who already has the values from the task is used. A task that renames a user can
        therefore run again.
      - If there is no such user either, a user is created, with O(match.userfield), O(match.username) and the name
        that are given here. O(match.id), O(match.uuid) and O(match.exten) never create a user. If they match
        nobody, the task fails.
      - If several users match, the task fails and lists them.
    type: dict
    suboptions:
      id:
        description: Id of the user on the server.
        type: int
      uuid:
        description: UUID of the user. XiVO before 15.16 has none.
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
        description: The user's O(lastname). If it is omitted, the last name is not compared.
        type: str
      exten:
        description: Number of the user's extension or incall. It requires O(match.context). Quote it.
        type: raw
      context:
        description: Context of O(match.exten).
        type: str
  login:
    description:
      - With O(state=absent), whether the login of the user is removed as well. On XiVO it is a part of the user, and is
        always removed.
      - If V(remove), the login is removed and its sessions are ended.
      - If V(keep), the login stays on Wazo, and the person can still sign in.
    type: str
    choices: [remove, keep]
    default: remove
  homonyms:
    description:
      - Ids of other users with the same name. The module ignores them when it looks for the user.
    type: list
    elements: int
  new:
    description:
      - Whether to create a user without looking for an existing one. The task is then not idempotent. It creates
        another user each time it runs.
      - The role P(xivo.confd.provision#role) sets it when its plan creates a user, so that a user who was created by
        another run in the meantime is not changed.
    type: bool
    default: false
  update_password:
    description:
      - When to write O(password).
      - If V(always), the password is written whenever it differs from the one on the server.
      - If V(on_create), it is written only when the user is created. The password of an existing user is not changed.
    type: str
    choices: [always, on_create]
    default: always
  state:
    description:
      - The state that the user is to be in.
      - If V(present), the user exists and has the given values. Omitted options are not changed.
      - If V(absent), the user does not exist. The fallbacks of others that lead to the user are removed first. The task
        fails while the user has a line, an incall or a voicemail. In check mode this is a warning, because an earlier
        task of the play may remove them.
    type: str
    choices: [present, absent]
    default: present
notes:
  - Names are not unique. On XiVO up to 16.12, no field of a user is. On other servers, the username and the e-mail
    address are. The module treats both as unique on every server that has them.
  - To create a second user with the same name, use O(homonyms), or M(xivo.confd.confd_provisioned_users), which
    distinguishes such users by their numbers.
  - The task fails if it sets an option that is not available on the server.
  - When a user is changed, the server overwrites the caller ID of the user's line
    (O(xivo.confd.confd_line_sip#module:callerid)), on XiVO up to 16.12 from the name, and on other servers from
    O(caller_id). On XiVO up to 16.12, a line with a caller ID of its own keeps it, because the same run writes it
    again.
seealso:
  - module: xivo.confd.confd_user_info
  - module: xivo.confd.confd_user_line
  - module: xivo.confd.confd_provisioned_users
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Create a user, with the connection in the task
  xivo.confd.confd_user:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    firstname: Johnny
    lastname: Depp
    userfield: HR-0042

# The following tasks take the connection from module_defaults or from environment variables.

- name: Set more fields of the same user, among them a caller ID
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
    caller_id: Captain Sparrow
    mobile_phone_number: "+33612345678"
    language: fr_FR
    description: On the ship until June

- name: Restore the generated caller ID and clear the description
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
    caller_id: ""
    description: ""

- name: Rename the user with the personnel number HR-0042
  xivo.confd.confd_user:
    match:
      userfield: HR-0042
    firstname: John
    lastname: Depp

- name: Set an initial password that the user can change
  xivo.confd.confd_user:
    firstname: Vanessa
    lastname: Paradis
    username: vparadis
    password: "{{ vault_vanessa_password }}"
    update_password: on_create

- name: Remove the user with a certain login name
  xivo.confd.confd_user:
    match:
      username: vparadis
    state: absent

- name: Remove a user by name
  xivo.confd.confd_user:
    firstname: John
    lastname: Depp
    state: absent
"""

RETURN = r"""
---
user:
  description:
    - The user on the server. With O(state=absent), the user who was removed, or null.
    - Other modules accept it as a reference to the user.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for a user who would be created, in check mode.
      type: int
      returned: always
      sample: 42
    uuid:
      description: UUID of the user.
      type: str
      returned: on XiVO from 15.16 and on Wazo
      sample: 7af12b81-6db4-48e3-a375-7080ca719c57
    predicted:
      description: Whether the user does not exist yet and a real run would create it.
      type: bool
      returned: in check mode, for a user who would be created
      sample: true
    entity:
      description: Name of the entity that the user belongs to. Not available on XiVO up to 16.12 and on Wazo.
      type: str
      returned: if the task sets it
      sample: default
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
      description: Password with which the user signs in to the client software on XiVO. Masked. Null if it is not set.
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
      description: E-mail address. Not available on XiVO up to 16.12. Null there.
      type: str
      returned: always
      sample: johnny@example.org
    call_transfer_enabled:
      description: Whether the user can transfer a call by dialling a DTMF code during the call. Not available on XiVO
        up to 16.12. Null there.
      type: bool
      returned: always
      sample: false
    dtmf_hangup_enabled:
      description: Whether the user can hang up by dialling a DTMF code during the call. Not available on XiVO up to
        16.12. Null there.
      type: bool
      returned: always
      sample: false
    call_record_enabled:
      description: Whether all calls of the user are recorded. Not available on XiVO up to 16.12. Null there.
      type: bool
      returned: always
      sample: false
    call_record_outgoing_external_enabled:
      description: Whether calls of the user to numbers outside of the server are recorded. Only available on Wazo from
        20.07. Null on other servers.
      type: bool
      returned: always
      sample: false
    call_record_outgoing_internal_enabled:
      description: Whether calls of the user to other users of the server are recorded. Only available on Wazo from
        20.07. Null on other servers.
      type: bool
      returned: always
      sample: false
    call_record_incoming_external_enabled:
      description: Whether calls to the user from numbers outside of the server are recorded. Only available on Wazo
        from 20.07. Null on other servers.
      type: bool
      returned: always
      sample: false
    call_record_incoming_internal_enabled:
      description: Whether calls to the user from other users of the server are recorded. Only available on Wazo from
        20.07. Null on other servers.
      type: bool
      returned: always
      sample: false
    online_call_record_enabled:
      description: Whether the user can start to record a call by dialling a DTMF code during the call. Not available on
        XiVO up to 16.12. Null there.
      type: bool
      returned: always
      sample: false
    supervision_enabled:
      description: Whether the phones of other users can show if the user is on the phone. Not available on XiVO up to
        16.12. Null there.
      type: bool
      returned: always
      sample: true
    ring_seconds:
      description: How many seconds the phone rings before the call counts as not answered. Not available on XiVO up to
        16.12. Null there.
      type: int
      returned: always
      sample: 30
    simultaneous_calls:
      description: Number of calls that the user can have at the same time. Not available on XiVO up to 16.12. Null
        there.
      type: int
      returned: always
      sample: 5
    call_permission_password:
      description: Code that the user dials to make a call that a call permission forbids. Not available on XiVO up to
        16.12. Null there. Masked. Null if it is not set.
      type: str
      returned: always
      sample: "********"
    enabled:
      description: Whether the user can make and receive calls. Not available on XiVO up to 16.12. Null there.
      type: bool
      returned: always
      sample: true
    subscription_type:
      description: Number of the subscription of the user, by which an administrator counts users. Only available on
        Wazo from 20.07. Null on other servers.
      type: int
      returned: always
      sample: 0
    # END results of user
  sample:
    id: 42
    uuid: 7af12b81-6db4-48e3-a375-7080ca719c57
    firstname: Johnny
    lastname: Depp
    caller_id: '"Johnny Depp"'
    outgoing_caller_id: default
    username: jdepp
    password: "********"
    music_on_hold: default
    mobile_phone_number: "+33612345678"
    userfield: HR-0042
    timezone: Europe/Paris
    language: fr_FR
    description: On the ship until June
    preprocess_subroutine: greet
    email: johnny@example.org
    call_transfer_enabled: false
    dtmf_hangup_enabled: false
    call_record_enabled: false
    call_record_outgoing_external_enabled: false
    call_record_outgoing_internal_enabled: false
    call_record_incoming_external_enabled: false
    call_record_incoming_internal_enabled: false
    online_call_record_enabled: false
    supervision_enabled: true
    ring_seconds: 30
    simultaneous_calls: 5
    call_permission_password: "********"
    enabled: true
    subscription_type: 0
    entity: default
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
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
        "login": {"type": "str", "choices": ["remove", "keep"], "default": "remove"},
        **NEW_SPEC,
        **PLANNED_SPEC,
        **UPDATE_PASSWORD_SPEC,
        **STATE_SPEC,
    },
    required_one_of=[("firstname", "match")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
