#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_provisioned_users
short_description: Users of a XiVO or Wazo who can call and be called, a whole list in one task
version_added: 1.0.0
description:
  - Makes the people of a list able to call and be called. Each of them gets a user, a SIP line, an internal number, and
    if wanted direct numbers (incalls), all tied together.
  - The whole list is planned before anything is written. Where the list contradicts itself or the server, nothing is
    written, and all problems are named at once.
  - New users get everything in one request on Wazo, and in blocks of up to 20 on XiVO from 16.13 on. O(timeout) is for
    a block as a whole, which gets smaller with it. An entry that the server refuses fails alone.
  - In check mode it is an audit. RV(results) then says of each entry what a real run would change, and RV(plan) how.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  users:
    description:
      - The people, one entry each. Null is as good as leaving a key out.
      - It is required, except with O(stepwise).
    type: list
    elements: dict
    suboptions:
      user:
        description:
          - Who it is, and what is to be known of them.
          - Without O(users[].match), firstname and lastname together say which existing user is meant. Several of one
            name are told apart by their numbers.
          - It is required, except with O(users[].match) and O(users[].state=absent).
          - What is left out stays as it is.
        type: dict
        suboptions:
          firstname:
            description: First name, see O(xivo.confd.confd_user#module:firstname).
            type: str
          lastname:
            description: Last name, see O(xivo.confd.confd_user#module:lastname).
            type: str
          caller_id:
            description: The name that others see, see O(xivo.confd.confd_user#module:caller_id).
            type: str
          outgoing_caller_id:
            description: What is shown outside, see O(xivo.confd.confd_user#module:outgoing_caller_id).
            type: str
          username:
            description: Name of the account in the user's client, see O(xivo.confd.confd_user#module:username).
            type: str
          password:
            description: Password of that account, see O(xivo.confd.confd_user#module:password) and O(update_password).
            type: str
          music_on_hold:
            description: Name of the music on hold, see O(xivo.confd.confd_user#module:music_on_hold).
            type: str
          mobile_phone_number:
            description: Mobile phone number, see O(xivo.confd.confd_user#module:mobile_phone_number).
            type: str
          userfield:
            description: Any text, a personnel number perhaps, see O(xivo.confd.confd_user#module:userfield).
            type: str
          timezone:
            description: Time zone, see O(xivo.confd.confd_user#module:timezone).
            type: str
          language:
            description: Language of the voice prompts, see O(xivo.confd.confd_user#module:language).
            type: str
          description:
            description: Any text, see O(xivo.confd.confd_user#module:description).
            type: str
          preprocess_subroutine:
            description: Name of a subroutine of the dialplan, see
              O(xivo.confd.confd_user#module:preprocess_subroutine).
            type: str
          email:
            description: E-mail address, which no two users share, see O(xivo.confd.confd_user#module:email).
            type: str
          call_transfer_enabled:
            description: Whether the user may transfer calls with the keys of the telephone (DTMF), see
              O(xivo.confd.confd_user#module:call_transfer_enabled).
            type: bool
          dtmf_hangup_enabled:
            description: Whether the user may hang up with the keys of the telephone (DTMF), see
              O(xivo.confd.confd_user#module:dtmf_hangup_enabled).
            type: bool
          call_record_enabled:
            description: Whether all calls of the user are recorded, see
              O(xivo.confd.confd_user#module:call_record_enabled).
            type: bool
          online_call_record_enabled:
            description: Whether the user may start to record a call with the keys of the telephone (DTMF), see
              O(xivo.confd.confd_user#module:online_call_record_enabled).
            type: bool
          supervision_enabled:
            description: Whether others see on their telephones that the user is on the phone, see
              O(xivo.confd.confd_user#module:supervision_enabled).
            type: bool
          ring_seconds:
            description: How long the telephone rings before the call goes elsewhere, 0 to 60 seconds, see
              O(xivo.confd.confd_user#module:ring_seconds).
            type: int
          simultaneous_calls:
            description: How many calls the user can have at once, 1 to 20, see
              O(xivo.confd.confd_user#module:simultaneous_calls).
            type: int
          call_permission_password:
            description: What the user dials to make calls that are otherwise not permitted, see
              O(xivo.confd.confd_user#module:call_permission_password).
            type: str
          enabled:
            description: Whether the user can make calls and be called, see O(xivo.confd.confd_user#module:enabled).
            type: bool
      match:
        description:
          - Says which existing user is meant, where the name does not or is to be changed. The rules are those of
            O(xivo.confd.confd_user#module:match).
          - Who is known by more than a name, by id or number say, is none of those whom other entries may mean by name.
            Two entries that come to one name, and are known by nothing else, are an error.
        type: dict
        suboptions:
          id:
            description: Id of the user on the server.
            type: int
          uuid:
            description: UUID of the user. XiVO up to 16.12 has none.
            type: str
          username:
            description: Name of the account in the user's client.
            type: str
          userfield:
            description: The text in the user's C(userfield).
            type: str
          firstname:
            description: First name.
            type: str
          lastname:
            description: Last name. Left out, it may be any.
            type: str
          exten:
            description: The user's number, internal or direct. It needs O(users[].match.context). Quote it.
            type: raw
          context:
            description: Context of O(users[].match.exten).
            type: str
      line:
        description:
          - The SIP line. Left out, it comes with O(users[].extension) and gets what the server and the collection
            choose.
          - Without O(users[].extension) it needs O(users[].line.username).
        type: dict
        suboptions:
          username:
            description: SIP username, see O(xivo.confd.confd_line_sip#module:username).
            type: str
          secret:
            description: SIP password, see O(xivo.confd.confd_line_sip#module:secret) and O(update_password).
            type: str
          context:
            description: Context of the line. Leave it out, or give that of O(users[].extension).
            type: str
          device_slot:
            description: Position of the line on the telephone, see O(xivo.confd.confd_line_sip#module:device_slot).
            type: int
          callerid:
            description:
              - The line's caller ID, see O(xivo.confd.confd_line_sip#module:callerid). It is written last, after what
                makes confd overwrite it.
            type: str
          provisioning_extension:
            description: The code to dial on a telephone, see
              O(xivo.confd.confd_line_sip#module:provisioning_extension).
            type: str
          webrtc:
            description: Whether the line is used from a web browser, see O(xivo.confd.confd_line_sip#module:webrtc).
            type: bool
      extension:
        description:
          - The internal number. Where the user has another one in the same context, that one changes to this.
          - In another context, the old number is removed and the new one put on the line, which needs a line without
            telephone.
          - Left out, the number of the user stays as it is. A user without number and line can neither call nor be
            called.
        type: dict
        suboptions:
          exten:
            description: The number, in quotes. It is needed, unless a range is given.
            type: raw
          context:
            description: Its context.
            type: str
            required: true
          commented:
            description: Whether the number is disabled.
            type: bool
          range:
            description:
              - Instead of exten, a range to pick the number from, for example V(1200-1299). Quote it. Someone who has a
                number in it keeps that one, otherwise it is the lowest that does not exist yet.
            type: str
      incall:
        description:
          - The direct number, by which the user is called from outside. It is then the only one, others are removed.
          - It excludes O(users[].incalls).
        type: dict
        suboptions:
          exten:
            description: The number, in quotes. It is needed, unless a range is given.
            type: raw
          context:
            description: Its context, one for calls from outside.
            type: str
            required: true
          commented:
            description: Whether the number is disabled.
            type: bool
          range:
            description:
              - Instead of exten, a range to pick the number from, for example V(2200-2299). Quote it. Someone who has a
                number in it keeps that one, otherwise it is the lowest that does not exist yet.
            type: str
      incalls:
        description:
          - All direct numbers of the user. Others are removed, V([]) removes all.
          - With both this and O(users[].incall) left out, the direct numbers of the user stay as they are.
        type: list
        elements: dict
        suboptions:
          exten:
            description: The number, in quotes. It is needed, unless a range is given.
            type: raw
          context:
            description: Its context, one for calls from outside.
            type: str
            required: true
          commented:
            description: Whether the number is disabled.
            type: bool
          range:
            description:
              - Instead of exten, a range to pick the number from, for example V(2200-2299). Quote it. Someone who has a
                number in it keeps that one, otherwise it is the lowest that does not exist yet.
            type: str
      voicemail:
        description:
          - The voicemail. Where the user has one, that one gets what is given here. Otherwise it is the one of the
            number, or a new one. It needs a line.
          - Left out, the voicemail of the user stays as it is.
        type: dict
        suboptions:
          name:
            description: Its name, that of the user if a new one has none given, see
              O(xivo.confd.confd_voicemail#module:name).
            type: str
          number:
            description: Its number, digits in quotes. Left out, that of O(users[].extension).
            type: raw
          context:
            description: Context of its number. Left out, that of O(users[].extension).
            type: str
          password:
            description:
              - What the user types to listen, digits in quotes, see O(xivo.confd.confd_voicemail#module:password) and
                O(update_password).
            type: str
          email:
            description: Address that is told of new messages, see O(xivo.confd.confd_voicemail#module:email).
            type: str
          language:
            description: Language of the announcements, see O(xivo.confd.confd_voicemail#module:language).
            type: str
          timezone:
            description: Time zone of the announcements, see O(xivo.confd.confd_voicemail#module:timezone).
            type: str
          pager:
            description: Address of a pager, see O(xivo.confd.confd_voicemail#module:pager).
            type: str
          max_messages:
            description: How many messages it keeps, see O(xivo.confd.confd_voicemail#module:max_messages).
            type: int
          attach_audio:
            description: Whether mails have the message with them, see
              O(xivo.confd.confd_voicemail#module:attach_audio).
            type: bool
          delete_messages:
            description: Whether a mailed message is deleted, see O(xivo.confd.confd_voicemail#module:delete_messages).
            type: bool
          ask_password:
            description: Whether the password is asked for, see O(xivo.confd.confd_voicemail#module:ask_password).
            type: bool
      device:
        description:
          - The telephone that shall have the line. XiVO up to 16.12 lets only itself decide that, and the entry is an
            error there.
        type: dict
        suboptions:
          mac:
            description: MAC address of the telephone.
            type: str
            required: true
      state:
        description:
          - Whether this person shall be there.
        type: str
        choices:
          present: The user, the line and the numbers are created, or changed where they differ.
          absent:
            The user is removed, with the line, the numbers, the direct numbers and the voicemail. A telephone goes back
            to autoprov. If O(users[].extension) is given, only a user of that number or without any number is meant.
            One with another number is left alone, with a warning.
        default: present
  continue_on_error:
    description:
      - Whether the other entries go on when one has a problem. Entries that wait for a number of that one fail too.
      - V(false) means that a problem in the plan stops everything before the first write, and that an error on the way
        stops what is left.
      - Either way, what was created for an entry that fails is undone, and the task fails at the end.
      - After a time-out nothing is undone, because the server may still be working on the request. The next run
        completes the entry.
    type: bool
    default: false
  purge:
    description:
      - Whether users whom no entry means are removed, with all that they have. Only those inside O(purge_scope), which
        is needed then, and not more than O(purge_limit).
      - Nobody is purged while an entry has a problem, for it may mean one of them.
    type: bool
    default: false
  purge_scope:
    description:
      - Which users and orphans may be removed. All keys that are given must fit. At least one is needed.
      - Without O(purge) it bounds what RV(unmanaged) and RV(orphans) show.
    type: dict
    suboptions:
      context:
        description: The context of their number.
        type: str
      range:
        description: The range that their number is in, for example V(1000-1999). Quote it.
        type: str
      userfield:
        description: What their C(userfield) begins with.
        type: str
  purge_limit:
    description:
      - How many users O(purge) may remove, and how many objects O(orphans=remove). If there are more, nothing is
        written.
    type: int
    default: 10
  orphans:
    description:
      - What to do about users without line, lines without user and number, and numbers that nobody has. Left out, no
        request is spent on them, and RV(orphans) shows what the other requests tell.
    type: str
    choices:
      report: They are looked for and shown in RV(orphans). On XiVO up to 16.12 this takes a request for each free
        number.
      remove:
        They are removed, inside O(purge_scope), which is needed then, and not more than O(purge_limit). Numbers called
        from outside stay, for they may belong to a queue or a menu.
  reset_device:
    description:
      - Whether a telephone may be put back into autoprov where the number has to be taken off its line, that is for
        another context. Its owner then dials the new code on it.
      - V(false) makes that an error. A new number in the same context needs no reset.
    type: bool
    default: false
  max_workers:
    description:
      - How many connections build users at once. The server is one process and gets slower with more than one, so leave
        it unless you have measured.
    type: int
    default: 1
  progress_file:
    description:
      - A file on the host that runs the module, which gets a line every few seconds about how far a long run is.
        Follow it with C(tail -f).
      - Ansible itself cannot show progress, for it reads what a module prints only once the module has ended.
    type: path
  update_password:
    description:
      - When O(users[].user.password), O(users[].line.secret) and O(users[].voicemail.password) are written.
    type: str
    choices:
      always: When they differ.
      on_create: When the user, the line or the voicemail is new. Those of existing ones are left alone.
    default: always
  stepwise:
    description:
      - For the role P(xivo.confd.provision#role), which performs a plan with the single modules. It excludes O(users).
      - With O(stepwise.failed_step), what was created for the entry of that step is undone.
      - Without it, the numbers that the steps put on lines are checked, and RV(results) says what became of each entry.
      - The rules for failures are those of a run of the whole list.
    type: dict
    suboptions:
      plan:
        description: RV(plan) of the same list, made in check mode.
        type: list
        elements: dict
        required: true
        suboptions:
          index:
            description: See RV(plan[].index).
            type: int
            required: true
          label:
            description: See RV(plan[].label).
            type: str
            required: true
          number:
            description: See RV(plan[].number).
            type: dict
          waits_for:
            description: See RV(plan[].waits_for).
            type: list
            elements: int
          steps:
            description: See RV(plan[].steps).
            type: list
            elements: dict
            required: true
            suboptions:
              resource:
                description: See RV(plan[].steps[].resource).
                type: str
                required: true
              action:
                description: See RV(plan[].steps[].action).
                type: str
                required: true
              state:
                description: See RV(plan[].steps[].state).
                type: str
              text:
                description: See RV(plan[].steps[].text).
                type: str
                required: true
              name:
                description: See RV(plan[].steps[].name).
                type: str
                required: true
              user:
                description: See RV(plan[].steps[].user).
                type: dict
              line:
                description: See RV(plan[].steps[].line).
                type: dict
              extension:
                description: See RV(plan[].steps[].extension).
                type: dict
              voicemail:
                description: See RV(plan[].steps[].voicemail).
                type: dict
              device:
                description: See RV(plan[].steps[].device).
                type: dict
              fields:
                description: See RV(plan[].steps[].fields).
                type: list
                elements: str
              leftover:
                description: See RV(plan[].steps[].leftover).
                type: bool
      results:
        description: RV(results) that came with the plan.
        type: list
        elements: dict
      performed:
        description: The batches of the plan of which all steps were performed.
        type: list
        elements: dict
        suboptions:
          batch:
            description: Position of the batch in the plan, from 0.
            type: int
            required: true
          user_id:
            description: Id of the user that the batch created. It does not count if the batch creates none.
            type: int
          line_id:
            description: Id of the line that the batch created. It does not count if the batch creates none.
            type: int
      failed_step:
        description: The step that failed. The steps of its batch before it were performed, those after it were not.
        type: dict
        suboptions:
          batch:
            description: Position of the batch in the plan, from 0.
            type: int
            required: true
          user_id:
            description: Id of the user that the batch created before.
            type: int
          line_id:
            description: Id of the line that the batch created before.
            type: int
          name:
            description: Name of the step's task.
            type: str
            required: true
          error:
            description: What it failed with. Left out, the step found that another run had done the same already.
            type: str
          timed_out:
            description: Whether the server did not answer in time. Nothing is undone then.
            type: bool
            default: false
      failures:
        description: RV(failures) of the last task with O(stepwise.failed_step).
        type: list
        elements: dict
        suboptions:
          index:
            description: See RV(failures[].index).
            type: int
            required: true
          error:
            description: See RV(failures[].error).
            type: str
            required: true
          changes:
            description: See RV(failures[].changes).
            type: list
            elements: str
notes:
  - Numbers that change hands within the list work, also in a circle. What is given back comes before what is built.
  - A number that belongs to somebody outside the list is an error.
  - A run that was interrupted is completed by the next one.
  - Any number of people is planned with four requests, and one more for each person with direct numbers.
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_line_sip
  - module: xivo.confd.confd_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Two people, with the connection in the task
  xivo.confd.confd_provisioned_users:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    users:
      - user:
          firstname: Johnny
          lastname: Depp
          userfield: HR-0042
        extension:
          exten: "1200"
          context: default
        incall:
          exten: "2200"
          context: from-extern
      - user:
          firstname: Vanessa
          lastname: Paradis
          password: "{{ vault_vanessa_password }}"
        extension:
          exten: "1201"
          context: default
    update_password: on_create
  register: provisioned

# From here on the connection is in module_defaults, or in the environment.

- name: The codes to dial on their telephones
  ansible.builtin.debug:
    msg: "{{ item.name }}: dial {{ item.provisioning_extension }}"
  loop: "{{ provisioned.results }}"
  loop_control:
    label: "{{ item.label }}"

- name: They swap their numbers, one is renamed and gets two direct numbers
  xivo.confd.confd_provisioned_users:
    users:
      - match:
          userfield: HR-0042
        user:
          firstname: John
          lastname: Depp
        extension:
          exten: "1201"
          context: default
        incalls:
          - exten: "2200"
            context: from-extern
          - exten: "0300000042"
            context: from-extern
      - user:
          firstname: Vanessa
          lastname: Paradis
        extension:
          exten: "1200"
          context: default

- name: What would change if this were everything that matters
  xivo.confd.confd_provisioned_users:
    users:
      - user:
          firstname: Vanessa
          lastname: Paradis
          language: fr_FR
        extension:
          exten: "1200"
          context: default
  check_mode: true
  register: audit

- name: Say it
  ansible.builtin.debug:
    msg: "{{ audit.results | map(attribute='changes') | flatten }}"

- name: One leaves, and somebody else takes over the number
  xivo.confd.confd_provisioned_users:
    users:
      - match:
          userfield: HR-0042
        state: absent
      - user:
          firstname: Tim
          lastname: Burton
        extension:
          exten: "1201"
          context: default

- name: The next free number, the same for direct calls, and a voicemail
  xivo.confd.confd_provisioned_users:
    users:
      - user:
          firstname: Helena
          lastname: Carter
        extension:
          range: "1300-1399"
          context: default
        incall:
          range: "2300-2399"
          context: from-extern
        voicemail:
          email: helena@example.org
          password: "4711"

- name: Of the numbers 1200 to 1299, nobody else has one any more
  xivo.confd.confd_provisioned_users:
    users:
      - user:
          firstname: Tim
          lastname: Burton
        extension:
          exten: "1201"
          context: default
    purge: true
    purge_scope:
      context: default
      range: "1200-1299"
"""

RETURN = r"""
---
results:
  description:
    - What became of each entry, in the order of the entries. In check mode, what would become of it.
    - It is also returned when entries failed after the plan was made.
  returned: success, or when entries failed
  type: list
  elements: dict
  contains:
    index:
      description: Position of the entry in the list, from 0.
      type: int
      returned: always
      sample: 0
    label:
      description: The entry in words.
      type: str
      returned: always
      sample: Johnny Depp (1200@default)
    name:
      description: Full name of the user.
      type: str
      returned: always
      sample: Johnny Depp
    status:
      description:
        - One of V(created), V(updated), V(unchanged), V(removed), V(failed), and V(skipped) for what was left because
          another entry failed.
      type: str
      returned: always
      sample: created
    changes:
      description: What was done, in words, one item a write.
      type: list
      elements: str
      returned: always
      sample:
        - create extension 1200@default
    differences:
      description:
        - The same field by field, what was wanted and what was found before. In check mode this is what an audit shows.
        - An object that is there or not is a difference of the field V(state). Secrets are asterisks.
        - A user who is created or removed is one difference. The line, numbers and voicemail that come or go with them
          are in RV(results[].changes).
      type: list
      elements: dict
      returned: always
      contains:
        object:
          description: The object in words, an object of the server or one that would be created.
          type: str
          returned: always
          sample: user Johnny Depp
        field:
          description: Name of the field. V(state) for an object, V(user), V(line), V(extension), V(incall) or
            V(voicemail) for what is associated with it.
          type: str
          returned: always
          sample: language
        wanted:
          description: What the entry says. Null for nothing.
          type: raw
          returned: always
          sample: fr_FR
        found:
          description: What the server had. Null for nothing.
          type: raw
          returned: always
          sample: en_US
    error:
      description: Why the entry failed, null if it did not.
      type: str
      returned: always
      sample: null
    user_id:
      description: Id of the user. Null for one that does not exist yet, in check mode, and for nobody.
      type: int
      returned: always
      sample: 42
    line_id:
      description: Id of the line, null for none or none yet.
      type: int
      returned: always
      sample: 15
    extension_id:
      description: Id of the internal number, null for none or none yet.
      type: int
      returned: always
      sample: 34
    exten:
      description: The internal number, null for none.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Its context.
      type: str
      returned: always
      sample: default
    incalls:
      description: The direct numbers. Null if the entry leaves them alone.
      type: list
      elements: dict
      returned: always
      contains:
        extension_id:
          description: Id of the number, null for none yet.
          type: int
          returned: always
          sample: 35
        exten:
          description: The number.
          type: str
          returned: always
          sample: "2200"
        context:
          description: Its context.
          type: str
          returned: always
          sample: from-extern
    provisioning_extension:
      description: The code to dial on a telephone to give it this line. Null for no line or none yet.
      type: str
      returned: always
      sample: "824158"
  sample:
    - index: 0
      label: Johnny Depp (1200@default)
      name: Johnny Depp
      status: created
      changes:
        - create extension 1200@default
        - create SIP line for 1200@default
        - associate 1200@default with the new line
        - create user Johnny Depp
        - associate user Johnny Depp with the new line
      error: null
      user_id: 42
      line_id: 15
      extension_id: 34
      exten: "1200"
      context: default
      incalls: null
      provisioning_extension: "824158"
summary:
  description: How many entries there are of each status.
  returned: success, or when entries failed
  type: dict
  sample:
    created: 1
    updated: 0
    unchanged: 11
    removed: 0
    failed: 0
    skipped: 0
unmanaged:
  description: The users whom no entry means, inside O(purge_scope) if there is one. Empty with O(purge).
  returned: success, or when entries failed
  type: list
  elements: dict
  contains:
    user_id:
      description: Id of the user.
      type: int
      returned: always
      sample: 44
    name:
      description: Full name.
      type: str
      returned: always
      sample: Winona Ryder
    userfield:
      description: The user's C(userfield).
      type: str
      returned: always
      sample: HR-0017
    exten:
      description: The internal number, null for none.
      type: str
      returned: always
      sample: "1217"
    context:
      description: Its context.
      type: str
      returned: always
      sample: default
purged:
  description: What became of the users that O(purge) removes, each as in RV(results), with an C(index) of -1.
  returned: success, or when entries failed
  type: list
  elements: dict
  sample: []
orphans:
  description: What belongs to nobody, inside O(purge_scope) if there is one. See O(orphans).
  returned: success, or when entries failed
  type: dict
  contains:
    users:
      description: Users without line whom no entry means, with C(user_id) and C(name).
      type: list
      elements: dict
      returned: always
      sample: [{user_id: 45, name: Nobody Atall}]
    lines:
      description: Lines without user and number, with C(line_id), C(username) and C(context).
      type: list
      elements: dict
      returned: always
      sample: [{line_id: 17, username: oldphone, context: default}]
    numbers:
      description: Internal numbers that nobody has, with C(extension_id), C(exten) and C(context).
      type: list
      elements: dict
      returned: always
      sample: [{extension_id: 50, exten: "1299", context: default}]
    incalls:
      description: Numbers called from outside that no user has, with the same keys. They are never removed.
      type: list
      elements: dict
      returned: always
      sample: [{extension_id: 51, exten: "2299", context: from-extern}]
orphans_removed:
  description: The orphans that O(orphans=remove) removes, in words.
  returned: success, or when entries failed
  type: list
  elements: str
  sample:
    - line oldphone (id 17)
failures:
  description: The entries that have failed so far.
  returned: with O(stepwise.failed_step)
  type: list
  elements: dict
  contains:
    index:
      description: Position of the entry in the list, from 0.
      type: int
      returned: always
      sample: 0
    error:
      description: Why it failed.
      type: str
      returned: always
      sample: waits for a number of entry 1, Johnny Depp (1200@default).
    changes:
      description: What was done for it and stays, in words.
      type: list
      elements: str
      returned: always
      sample: []
  sample: []
left_out:
  description: Positions of the batches of the plan that must not begin after the failure.
  returned: with O(stepwise.failed_step)
  type: list
  elements: int
  sample: [3, 4]
plan:
  description:
    - The writes of a real run in their order, batch by batch, in the terms of the single modules. The role
      P(xivo.confd.provision#role) runs them one by one. It holds no secrets.
  returned: in check mode
  type: list
  elements: dict
  contains:
    index:
      description: Position of the entry that the batch belongs to.
      type: int
      returned: always
      sample: 0
    label:
      description: The entry in words.
      type: str
      returned: always
      sample: Johnny Depp (1200@default)
    number:
      description: The internal number of the entry, with C(exten) and C(context). Null for none.
      type: dict
      returned: always
      sample:
        exten: "1200"
        context: default
    waits_for:
      description: Positions of the entries that have to give something back first.
      type: list
      elements: int
      returned: always
      sample: []
    steps:
      description: The writes.
      type: list
      elements: dict
      returned: always
      contains:
        resource:
          description: Name of the module without C(confd_). V(device) and V(voicemail) for what a user who goes still
            has.
          type: str
          returned: always
          sample: extension
        action:
          description:
            - One of V(create), V(update), V(delete), V(associate), V(dissociate), V(reset), V(synchronize).
          type: str
          returned: always
          sample: create
        state:
          description: What the module's C(state) is.
          type: str
          returned: always
          sample: present
        text:
          description: The write in words, as in RV(results[].changes).
          type: str
          returned: always
          sample: create extension 1200@default
        name:
          description: The same as the name of a task.
          type: str
          returned: always
          sample: Create extension 1200@default
        user:
          description: The user that is meant. Its id is null if a step before makes it.
          type: dict
          returned: for users and what is associated with them
          sample:
            id: 42
        line:
          description: The line that is meant. Its id is null if a step before makes it.
          type: dict
          returned: for lines and what is associated with them
          sample:
            id: 15
            context: default
        extension:
          description: The number that is meant. Its id is null if a step before makes it.
          type: dict
          returned: for extensions and what is associated with them
          sample:
            id: null
            exten: "1200"
            context: default
            commented: false
        voicemail:
          description: The voicemail that is meant. Its id is null if a step before makes it.
          type: dict
          returned: for voicemails and what is associated with them
          sample:
            id: 5
            number: "1200"
            context: default
        device:
          description: The telephone that is meant.
          type: dict
          returned: for telephones and what is associated with them
          sample:
            id: 9a7c3d
        fields:
          description: Which of the entry's values of a voicemail are written; its number may go ahead of the others.
          type: list
          elements: str
          returned: for a voicemail that is created or changed
          sample: [email]
        leftover:
          description: Whether the number seems to be left of a run that ended half way, and may be another one's.
          type: bool
          returned: for such numbers
          sample: true
  sample:
    - index: 0
      label: Johnny Depp (1200@default)
      number:
        exten: "1200"
        context: default
      waits_for: []
      steps:
        - resource: extension
          action: create
          state: present
          text: create extension 1200@default
          name: Create extension 1200@default
          extension:
            id: null
            exten: "1200"
            context: default
            commented: false
problems:
  description: All that is wrong with the list, one item a problem.
  returned: when the plan has problems, and nothing was written
  type: list
  elements: str
  sample:
    - "entry 2, Tim Burton (1201@default): 1201@default belongs to line 523a5c7725 (id 16) of user Vanessa Paradis (id
      43)."
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
    - It is half of what a long list returns, so only with C(--diff). RV(results[].differences) is always there.
  returned: in diff mode
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

from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import UPDATE_PASSWORD_SPEC, Module, entry_spec
from ansible_collections.xivo.confd.plugins.module_utils._bulk.provision import provision

STEP_SPEC = {
    "resource": {"type": "str", "required": True},
    "action": {"type": "str", "required": True},
    "state": {"type": "str"},
    "text": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "user": {"type": "dict"},
    "line": {"type": "dict"},
    "extension": {"type": "dict"},
    "voicemail": {"type": "dict"},
    "device": {"type": "dict"},
    "fields": {"type": "list", "elements": "str"},
    "leftover": {"type": "bool"},
}
BATCH_SPEC = {
    "index": {"type": "int", "required": True},
    "label": {"type": "str", "required": True},
    "number": {"type": "dict"},
    "waits_for": {"type": "list", "elements": "int"},
    "steps": {"type": "list", "elements": "dict", "required": True, "options": STEP_SPEC},
}
CREATED_SPEC = {
    "batch": {"type": "int", "required": True},
    "user_id": {"type": "int"},
    "line_id": {"type": "int"},
}
FAILED_STEP_SPEC = {
    **CREATED_SPEC,
    "name": {"type": "str", "required": True},
    "error": {"type": "str"},
    "timed_out": {"type": "bool", "default": False},
}
FAILURE_SPEC = {
    "index": {"type": "int", "required": True},
    "error": {"type": "str", "required": True},
    "changes": {"type": "list", "elements": "str"},
}
STEPWISE_SPEC = {
    "plan": {"type": "list", "elements": "dict", "required": True, "options": BATCH_SPEC},
    "results": {"type": "list", "elements": "dict"},
    "performed": {"type": "list", "elements": "dict", "options": CREATED_SPEC},
    "failed_step": {"type": "dict", "options": FAILED_STEP_SPEC},
    "failures": {"type": "list", "elements": "dict", "options": FAILURE_SPEC},
}
MODULE = Module(
    provision,
    {
        "users": {"type": "list", "elements": "dict", "options": entry_spec()},
        "stepwise": {"type": "dict", "options": STEPWISE_SPEC},
        "continue_on_error": {"type": "bool", "default": False},
        "purge": {"type": "bool", "default": False},
        "purge_scope": {
            "type": "dict",
            "options": {"context": {"type": "str"}, "range": {"type": "str"}, "userfield": {"type": "str"}},
        },
        "purge_limit": {"type": "int", "default": 10},
        "orphans": {"type": "str", "choices": ["report", "remove"]},
        "reset_device": {"type": "bool", "default": False},
        "max_workers": {"type": "int", "default": 1},
        "progress_file": {"type": "path"},
        **UPDATE_PASSWORD_SPEC,
    },
    required_one_of=[("users", "stepwise")],
    mutually_exclusive=[("users", "stepwise")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
