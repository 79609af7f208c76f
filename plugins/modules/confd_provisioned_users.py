#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_provisioned_users
short_description: Manage a list of users of a XiVO or Wazo server with their lines and numbers
version_added: 1.0.0
description:
  - Provisions the users of a list, so that they can call and be called. Each user gets a SIP line and an extension, and
    optionally incalls, a voicemail and a device.
  - The module plans the whole list before it writes anything. If entries contradict each other or the server, it writes
    nothing and reports all problems at once, unless O(continue_on_error=true).
  - New users are created with as few requests as the server supports. On Wazo it is one request for each user, and on
    XiVO from 16.13 one request for up to 20 users. O(timeout) applies to the request as a whole, and a shorter timeout
    makes the number of users smaller. If the server refuses one user, only the entry of that user fails.
  - Run it in check mode as an audit. RV(results) then says what a real run would change, and RV(plan) lists the writes.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  users:
    description:
      - The list of entries, one for each user. A key that is null counts as omitted.
      - Required, except with O(stepwise).
    type: list
    elements: dict
    suboptions:
      user:
        description:
          - Name and settings of the user.
          - Without O(users[].match), the first name and the last name together identify an existing user. Users with
            the same name are distinguished by their numbers.
          - It is required, except with O(users[].match) and O(users[].state=absent).
          - Omitted keys are not changed.
        type: dict
        suboptions:
          # BEGIN options of user
          firstname:
            description: First name. See O(xivo.confd.confd_user#module:firstname).
            type: str
          lastname:
            description: Last name. See O(xivo.confd.confd_user#module:lastname).
            type: str
          caller_id:
            description: Name that is displayed when the user calls somebody. See
              O(xivo.confd.confd_user#module:caller_id).
            type: str
          outgoing_caller_id:
            description: Caller ID for calls to the public network. See
              O(xivo.confd.confd_user#module:outgoing_caller_id).
            type: str
          username:
            description: Username with which the user signs in to the client software on XiVO. See
              O(xivo.confd.confd_user#module:username).
            type: str
          password:
            description: Password with which the user signs in to the client software on XiVO. See
              O(xivo.confd.confd_user#module:password) and O(update_password).
            type: str
          music_on_hold:
            description: Name of the music that is played to callers on hold. See
              O(xivo.confd.confd_user#module:music_on_hold).
            type: str
          mobile_phone_number:
            description: Mobile phone number. See O(xivo.confd.confd_user#module:mobile_phone_number).
            type: str
          userfield:
            description: Text for your own use, for example a personnel number. See
              O(xivo.confd.confd_user#module:userfield).
            type: str
          timezone:
            description: Time zone, for example V(Europe/Paris). See O(xivo.confd.confd_user#module:timezone).
            type: str
          language:
            description: Language of the voice prompts, for example V(fr_FR). See
              O(xivo.confd.confd_user#module:language).
            type: str
          description:
            description: Description. See O(xivo.confd.confd_user#module:description).
            type: str
          preprocess_subroutine:
            description: Name of the dialplan subroutine that runs before each call to the user. See
              O(xivo.confd.confd_user#module:preprocess_subroutine).
            type: str
          email:
            description: E-mail address. Not available on XiVO up to 16.12. See O(xivo.confd.confd_user#module:email).
            type: str
          call_transfer_enabled:
            description: Whether the user can transfer a call by dialling a DTMF code during the call. Not available on
              XiVO up to 16.12. See O(xivo.confd.confd_user#module:call_transfer_enabled).
            type: bool
          dtmf_hangup_enabled:
            description: Whether the user can hang up by dialling a DTMF code during the call. Not available on XiVO up
              to 16.12. See O(xivo.confd.confd_user#module:dtmf_hangup_enabled).
            type: bool
          call_record_enabled:
            description: Whether all calls of the user are recorded. Not available on XiVO up to 16.12. See
              O(xivo.confd.confd_user#module:call_record_enabled).
            type: bool
          call_record_outgoing_external_enabled:
            description: Whether calls of the user to numbers outside of the server are recorded. Only available on Wazo
              from 20.07. See O(xivo.confd.confd_user#module:call_record_outgoing_external_enabled).
            type: bool
          call_record_outgoing_internal_enabled:
            description: Whether calls of the user to other users of the server are recorded. Only available on Wazo
              from 20.07. See O(xivo.confd.confd_user#module:call_record_outgoing_internal_enabled).
            type: bool
          call_record_incoming_external_enabled:
            description: Whether calls to the user from numbers outside of the server are recorded. Only available on
              Wazo from 20.07. See O(xivo.confd.confd_user#module:call_record_incoming_external_enabled).
            type: bool
          call_record_incoming_internal_enabled:
            description: Whether calls to the user from other users of the server are recorded. Only available on Wazo
              from 20.07. See O(xivo.confd.confd_user#module:call_record_incoming_internal_enabled).
            type: bool
          online_call_record_enabled:
            description: Whether the user can start to record a call by dialling a DTMF code during the call. Not
              available on XiVO up to 16.12. See O(xivo.confd.confd_user#module:online_call_record_enabled).
            type: bool
          supervision_enabled:
            description: Whether the phones of other users can show if the user is on the phone. Not available on XiVO
              up to 16.12. See O(xivo.confd.confd_user#module:supervision_enabled).
            type: bool
          ring_seconds:
            description: How many seconds the phone rings before the call counts as not answered. Not available on XiVO
              up to 16.12. See O(xivo.confd.confd_user#module:ring_seconds).
            type: int
          simultaneous_calls:
            description: Number of calls that the user can have at the same time. Not available on XiVO up to 16.12. See
              O(xivo.confd.confd_user#module:simultaneous_calls).
            type: int
          call_permission_password:
            description: Code that the user dials to make a call that a call permission forbids. Not available on XiVO
              up to 16.12. See O(xivo.confd.confd_user#module:call_permission_password).
            type: str
          enabled:
            description: Whether the user can make and receive calls. Not available on XiVO up to 16.12. See
              O(xivo.confd.confd_user#module:enabled).
            type: bool
          subscription_type:
            description: Number of the subscription of the user, by which an administrator counts users. Only available
              on Wazo from 20.07. See O(xivo.confd.confd_user#module:subscription_type).
            type: int
          entity:
            description: Name of the entity that the user belongs to. Only available on XiVO from 16.13 and Wazo up to
              20.06. See O(xivo.confd.confd_user#module:entity).
            type: str
          # END options of user
      match:
        description:
          - Identifies an existing user by other values than the name, for example to rename the user. The rules are
            those of O(xivo.confd.confd_user#module:match).
          - A user whom an entry identifies by more than the name, for example by id or number, is not considered for
            entries that identify a user by name only. If two entries result in the same name and nothing else
            distinguishes the users, both entries fail.
        type: dict
        suboptions:
          id:
            description: Id of the user on the server.
            type: int
          uuid:
            description: UUID of the user. XiVO up to 16.12 has none.
            type: str
          username:
            description: Login name for the client software.
            type: str
          userfield:
            description: The user's C(userfield).
            type: str
          firstname:
            description: First name.
            type: str
          lastname:
            description: Last name. If it is omitted, the last name is not compared.
            type: str
          exten:
            description: Number of the user's extension or incall. It requires O(users[].match.context). Quote it.
            type: raw
          context:
            description: Context of O(users[].match.exten).
            type: str
      line:
        description:
          - The SIP line of the user. If it is omitted and O(users[].extension) is given, the user gets a line with
            default values.
          - Without O(users[].extension), it requires O(users[].line.username).
        type: dict
        suboptions:
          context:
            description: Context of the line. It must be equal to that of O(users[].extension), and can be omitted.
            type: str
          callerid:
            description:
              - Caller ID of the line. See O(xivo.confd.confd_line_sip#module:callerid).
              - It is written after all changes that make confd overwrite it.
            type: str
          # BEGIN options of line_sip
          username:
            description: SIP username. See O(xivo.confd.confd_line_sip#module:username).
            type: str
          secret:
            description: SIP secret. See O(xivo.confd.confd_line_sip#module:secret) and O(update_password).
            type: str
          device_slot:
            description: Position of the line on the device, counted from 1. See
              O(xivo.confd.confd_line_sip#module:device_slot).
            type: int
          provisioning_extension:
            description: Provisioning code, which somebody dials on a device in autoprov to give it this line. See
              O(xivo.confd.confd_line_sip#module:provisioning_extension).
            type: str
          webrtc:
            description: Whether the line is used in a web browser (V(true)), with a phone (V(false)), or with both
              (V(unique)). Not available on XiVO up to 16.12. See O(xivo.confd.confd_line_sip#module:webrtc).
            type: raw
          # END options of line_sip
      extension:
        description:
          - The internal extension of the user. If the user has another number in the same context, that number changes
            to this one.
          - If the user has a number in another context, that extension is removed and the new one is associated with
            the line. This fails while the line is on a device, unless O(reset_device=true).
          - If it is omitted, the extension of the user is not changed. A user without a line and an extension can
            neither make nor receive calls.
        type: dict
        suboptions:
          exten:
            description: Number of the extension. Quote it. It is required unless a range is given.
            type: raw
          context:
            description: Context of the number.
            type: str
            required: true
          # BEGIN options of extension
          commented:
            description: Whether the extension is disabled. See O(xivo.confd.confd_extension#module:commented).
            type: bool
          # END options of extension
          range:
            description:
              - Range to choose the number from, given instead of C(exten), for example V(1200-1299). Quote it.
              - A user who already has a number in the range keeps it. Otherwise the lowest number is used that does not
                exist yet.
            type: str
      incall:
        description:
          - The only incall of the user, the number by which the user is called from outside. Other incalls of the user
            are removed.
          - It cannot be combined with O(users[].incalls).
        type: dict
        suboptions:
          exten:
            description: Number of the incall. Quote it. It is required unless a range is given.
            type: raw
          context:
            description: Context of the number. It is a context for calls from outside.
            type: str
            required: true
          # BEGIN options of extension
          commented:
            description: Whether the extension is disabled. See O(xivo.confd.confd_extension#module:commented).
            type: bool
          # END options of extension
          range:
            description:
              - Range to choose the number from, given instead of C(exten), for example V(2200-2299). Quote it.
              - A user who already has a number in the range keeps it. Otherwise the lowest number is used that does not
                exist yet.
            type: str
      incalls:
        description:
          - All incalls of the user. Other incalls of the user are removed, and V([]) removes all.
          - If both O(users[].incall) and O(users[].incalls) are omitted, the incalls of the user are not changed.
        type: list
        elements: dict
        suboptions:
          exten:
            description: Number of the incall. Quote it. It is required unless a range is given.
            type: raw
          context:
            description: Context of the number. It is a context for calls from outside.
            type: str
            required: true
          # BEGIN options of extension
          commented:
            description: Whether the extension is disabled. See O(xivo.confd.confd_extension#module:commented).
            type: bool
          # END options of extension
          range:
            description:
              - Range to choose the number from, given instead of C(exten), for example V(2200-2299). Quote it.
              - A user who already has a number in the range keeps it. Otherwise the lowest number is used that does not
                exist yet.
            type: str
      voicemail:
        description:
          - The voicemail of the user. If the user has none, it is created. The user must have a line.
          - Entries that give the same number share the voicemail. The voicemail of a user whose entry does not share it
            is not used, and the entry fails.
          - A voicemail that belongs to no user is not used either, unless an interrupted run of this entry has left it.
            If the entry gives O(users[].voicemail.number), such a voicemail is deleted with its messages, and a new one
            is created.
          - If it is omitted, the voicemail of the user is not changed, and keeps its number.
        type: dict
        suboptions:
          name:
            description:
              - Name of the voicemail. See O(xivo.confd.confd_voicemail#module:name).
              - If it is omitted, a new voicemail gets the name of the user.
            type: str
          number:
            description: Number of the voicemail. Quote it. If it is omitted, it is the number of O(users[].extension),
              or the present number of a voicemail that the user shares with others.
            type: str
          context:
            description: Context of the number. If it is omitted, it is the context of O(users[].extension).
            type: str
          # BEGIN options of voicemail
          password:
            description: Password that the user dials to listen to the messages. See
              O(xivo.confd.confd_voicemail#module:password) and O(update_password).
            type: str
          email:
            description: E-mail address that is notified of new messages. See
              O(xivo.confd.confd_voicemail#module:email).
            type: str
          language:
            description: Language of the announcements, for example V(fr_FR). See
              O(xivo.confd.confd_voicemail#module:language).
            type: str
          timezone:
            description: Time zone of the announcements, by the server's own name for it, for example V(eu-fr). See
              O(xivo.confd.confd_voicemail#module:timezone).
            type: str
          pager:
            description: E-mail address of a pager. See O(xivo.confd.confd_voicemail#module:pager).
            type: str
          max_messages:
            description: Number of messages that the voicemail can store. See
              O(xivo.confd.confd_voicemail#module:max_messages).
            type: int
          attach_audio:
            description: Whether the message is attached to the notification. See
              O(xivo.confd.confd_voicemail#module:attach_audio).
            type: bool
          delete_messages:
            description: Whether a message is deleted after the notification was sent. See
              O(xivo.confd.confd_voicemail#module:delete_messages).
            type: bool
          ask_password:
            description: Whether the user must dial the password. See O(xivo.confd.confd_voicemail#module:ask_password).
            type: bool
          # END options of voicemail
      device:
        description:
          - The device (phone) that is to have the line.
          - XiVO up to 16.12 does not let clients associate a line with a device, and the entry fails there.
        type: dict
        suboptions:
          mac:
            description: MAC address of the device, in any common notation. Quote it.
            type: str
            required: true
      login:
        description:
          - The account with which the user signs in to the client software.
          - Omitted keys are not changed. If it is omitted as a whole, the login stays as it is.
        type: dict
        suboptions:
          # BEGIN options of user_login
          username:
            description: Name to sign in with. A new login requires it. See
              O(xivo.confd.confd_user_login#module:username).
            type: str
          password:
            description: Password to sign in with. On XiVO, it is that of the user, with the limits of
              O(xivo.confd.confd_user#module:password). See O(xivo.confd.confd_user_login#module:password) and
              O(update_password).
            type: str
          enabled:
            description: Whether the user can sign in. V(false) also ends all sessions on Wazo. See
              O(xivo.confd.confd_user_login#module:enabled).
            type: bool
          profile:
            description: Name of the CTI profile, for example V(Client). It can be replaced, but not removed. See
              O(xivo.confd.confd_user_login#module:profile).
            type: str
          # END options of user_login
          state:
            description:
              - V(present), or V(absent) to remove the login. See O(xivo.confd.confd_user_login#module:state).
            type: str
            choices: [present, absent]
            default: present
      call_permissions:
        description:
          - Names of all call permissions that the user is to have. See
            O(xivo.confd.confd_user_call_permissions#module:call_permissions).
          - If it is omitted, they are not changed. Not available on XiVO up to 16.12.
        type: list
        elements: str
      groups:
        description:
          - Names of all groups that the user is to be in. See O(xivo.confd.confd_user_groups#module:groups).
          - If it is omitted, they are not changed. Not available on XiVO up to 16.12.
        type: list
        elements: str
      services:
        description:
          - Services of the user that are switched on or off. The user can switch them on the phone as well.
          - Omitted keys are not changed. Not available on XiVO up to 16.12.
        type: dict
        suboptions:
          # BEGIN options of user_services
          dnd:
            description: Whether the user is not to be disturbed. The phone does not ring then. See
              O(xivo.confd.confd_user_services#module:dnd).
            type: bool
          incallfilter:
            description: Whether the incoming calls of the user are filtered by the user's call filter. See
              O(xivo.confd.confd_user_services#module:incallfilter).
            type: bool
          # END options of user_services
      forwards:
        description:
          - Where calls of the user are forwarded to. The user can change it on the phone as well.
          - Omitted keys are not changed. Not available on XiVO up to 16.12.
        type: dict
        suboptions:
          # BEGIN options of user_forwards
          busy:
            description: The forward of calls that arrive while the user is on the phone. See
              O(xivo.confd.confd_user_forwards#module:busy).
            type: dict
            suboptions:
              enabled:
                description: Whether calls are forwarded. It requires a destination, also one that is already on the
                  server.
                type: bool
              destination:
                description: Number that the calls are forwarded to, as the user would dial it. Quote it.
                type: str
          noanswer:
            description: The forward of calls that the user does not answer. See
              O(xivo.confd.confd_user_forwards#module:noanswer).
            type: dict
            suboptions:
              enabled:
                description: Whether calls are forwarded. It requires a destination, also one that is already on the
                  server.
                type: bool
              destination:
                description: Number that the calls are forwarded to, as the user would dial it. Quote it.
                type: str
          unconditional:
            description: The forward of all calls. See O(xivo.confd.confd_user_forwards#module:unconditional).
            type: dict
            suboptions:
              enabled:
                description: Whether calls are forwarded. It requires a destination, also one that is already on the
                  server.
                type: bool
              destination:
                description: Number that the calls are forwarded to, as the user would dial it. Quote it.
                type: str
          # END options of user_forwards
      fallbacks:
        description:
          - The destinations of calls that do not reach the user. See M(xivo.confd.confd_user_fallbacks).
          - They are written after all users of the list have been created. They can lead to any of these users.
          - If a user is removed, the fallbacks of others that lead to the user or the voicemail are removed first.
          - Omitted keys are not changed. Not available on XiVO up to 16.12.
        type: dict
        suboptions:
          # BEGIN options of user_fallbacks
          noanswer:
            description: Where calls go if the user does not answer them. See
              O(xivo.confd.confd_user_fallbacks#module:noanswer).
            type: raw
          busy:
            description: Where calls go if the user is on the phone. See O(xivo.confd.confd_user_fallbacks#module:busy).
            type: raw
          congestion:
            description: Where calls go if the server cannot put them through because lines are congested. See
              O(xivo.confd.confd_user_fallbacks#module:congestion).
            type: raw
          fail:
            description: Where calls go if they cannot reach the phone of the user. See
              O(xivo.confd.confd_user_fallbacks#module:fail).
            type: raw
          # END options of user_fallbacks
      func_keys:
        description:
          - The function keys of the phone of the user. See M(xivo.confd.confd_user_func_keys).
          - They are written after all users of the list have been created. They can lead to any of these users.
          - Planning takes one request for each entry that has this key.
          - If a user is removed, the server removes the keys of others that lead to the user.
          - Omitted keys are not changed.
        type: dict
        suboptions:
          # BEGIN options of user_func_keys
          template:
            description: Name of the template whose keys the user inherits. See
              O(xivo.confd.confd_user_func_keys#module:template).
            type: str
          keys:
            description: All keys that are the user's own, by position. See
              O(xivo.confd.confd_user_func_keys#module:keys).
            type: dict
          # END options of user_func_keys
      state:
        description:
          - The state that the user is to be in.
          - If V(present), the user, the line and the numbers exist and have the given values.
          - If V(absent), the user does not exist, nor do the user's line, extension, incalls and voicemail. The device
            is reset to autoprov. A voicemail that other users share is only dissociated from the user. If
            O(users[].extension) is given, a user who has another number is not removed, and the module warns.
        type: str
        choices: [present, absent]
        default: present
  plan_only:
    description:
      - Whether to make the plan only, as in check mode, and return it as RV(plan). RV(check_mode) says whether the task
        itself ran in check mode.
      - The role P(xivo.confd.provision#role) uses it with the strategy V(stepwise).
    type: bool
    default: false
  return_plan_document:
    description:
      - Whether to return RV(plan_document), the plan for people and programs. M(xivo.confd.confd_plan_report) writes it
        to files.
      - It sends no additional request.
    type: bool
    default: false
  approved_plan:
    description:
      - Path of a plan that somebody has approved, the JSON file of M(xivo.confd.confd_plan_report). The path is on the
        host that runs the module.
      - The module makes the plan again, and fails before the first write unless it is the approved one. The message
        says person by person what differs. Check mode says the same.
      - Changes that are made already do not matter, for example after a run that was interrupted. Ids, SIP usernames
        that the run chooses at random, and the order of the entries do not matter either.
      - A plan for another server, of another schema version, with errors, or edited is refused.
      - A plan contains no secrets, so the module does not notice if the list has another password than at the time of
        the plan.
    type: path
  approved_plan_data:
    description:
      - The approved plan as data instead of a file, the JSON of the document in Base64. See O(approved_plan).
    type: str
  continue_on_error:
    description:
      - Whether to carry out the other entries if one fails, also because of a wrong key or value. Entries that need
        something that the failed entry gives up or creates fail as well.
      - With V(false), an error in the plan prevents all writes, and a later error stops the run. Entries that are begun
        and not finished then are put back.
      - In both cases, all changes for the failed entry are reversed, also for the entries that depend on it, and the
        task fails at the end. What cannot be reversed is listed in RV(results[].changes) and in RV(results[].error).
      - After a timeout nothing of the entry is reversed, because the server may still process the request. The next run
        completes the entry. It also completes a removal that has deleted the line, the voicemail or the user.
    type: bool
    default: false
  purge:
    description:
      - Whether to remove the users within O(purge_scope) whom no entry describes, with everything that they have.
      - It requires O(purge_scope) and is limited by O(purge_limit).
      - Nobody is removed while an entry has an error, because the entry may describe one of these users.
      - With O(purge_action=disable) or O(purge_grace), it disables them instead, or at first.
    type: bool
    default: false
  purge_action:
    description:
      - What O(purge) does to the users whom no entry describes.
      - If V(remove), they are removed, after O(purge_grace) if it is given.
      - If V(disable), they are disabled. The user keeps everything and can neither sign in nor call nor be called. The
        login and C(enabled) of the user are switched off, the internal and the direct numbers get C(commented=true),
        the phone is reset to autoprov, and the SIP line gets a new random secret. The text C([left 2026-11-30]) is
        added to the C(description) of the user, with what has been switched off. If an entry describes the user again,
        this is switched on again, except for what the entry sets itself, and the text is removed. The line keeps the
        new SIP secret, so the phone has to be provisioned again. A line that is not a SIP line cannot be locked and
        is an error.
    type: str
    choices: [remove, disable]
    default: remove
  purge_grace:
    description:
      - Number of days for which a user whom no entry describes is disabled before O(purge) removes the user. See
        O(purge_action=disable). A line that cannot be locked, because it is not a SIP line, is a warning.
      - The days begin with the date in the C(description) of the user, in UTC. You can change this date on the server.
        If you remove the text there, the next run disables the user again, and the days begin again.
      - Without O(purge), it decides which of these users are in RV(leavers), and which, when the days are over, in
        RV(unmanaged).
      - It cannot be combined with O(purge_action=disable).
    type: int
    default: 0
  purge_scope:
    description:
      - The users and orphans that can be removed. All given keys must match. At least one key is required.
      - Without O(purge), it restricts RV(unmanaged) and RV(orphans).
    type: dict
    suboptions:
      context:
        description: Context of the number.
        type: str
      range:
        description: Range of numbers that contains the number, for example V(1000-1999). Quote it.
        type: str
      userfield:
        description: Text that the user's C(userfield) begins with.
        type: str
  purge_limit:
    description:
      - Maximum number of users that O(purge) removes or disables, and of objects that O(orphans=remove) removes. If
        there are more, nothing is written. Users who are disabled already do not count.
    type: int
    default: 10
  purge_allow_empty:
    description:
      - Whether O(purge) and O(orphans=remove) accept a list without any entry for a user who is to exist, and so remove
        everything in O(purge_scope), up to O(purge_limit).
      - With V(false), such a list is an error, because it is usually the wrong file or a misspelt variable.
    type: bool
    default: false
  existing_users:
    description:
      - What an entry may do to an existing user.
      - If V(change), the entry changes or removes the user.
      - If V(refuse), an entry that would change a user who has a line is an error that names the number of the user. An
        entry that changes nothing is not an error, and a user without a line is completed.
      - If V(require), an entry that matches no user is an error. If somebody else has the name or the number that the
        user would get, an entry that would change this person is an error, too.
    type: str
    choices: [change, refuse, require]
    default: change
  orphans:
    description:
      - Whether to report or remove orphans. These are users without a line, an incall and a voicemail, lines without a
        user and an extension, and extensions that are not in use.
      - If it is omitted, no request is made to find them, and RV(orphans) contains those that the other requests show.
      - If V(report), they are found and returned in RV(orphans). On XiVO up to 16.12 this takes one request for each
        extension that is not associated with a line.
      - If V(remove), those within O(purge_scope), which is required, are removed, up to O(purge_limit). Extensions of
        incall contexts are not removed, because they may belong to a queue or a menu.
    type: str
    choices: [report, remove]
  report_beyond:
    description:
      - Whether RV(results[].beyond) lists what users have beyond the file, that is, on the server and not mentioned in
        their entries.
      - It takes no request for each user. Up to 3 lists are read in addition to those that the plan reads. These
        contain the call permissions and the logins, on Wazo also the groups.
      - What no list contains is named in RV(unchecked). These are the function keys of users whose entries have no
        C(func_keys). On XiVO up to 16.12, these are also the voicemails, the profiles of logins and, without
        O(orphans), the direct numbers.
    type: bool
    default: false
  reset_device:
    description:
      - Whether a device can be reset to autoprov if its line gets an extension in another context, or if entries swap
        the numbers or the slots of their devices. Somebody must then dial the provisioning code on the device.
      - With V(false), such an entry fails. A new number in the same context does not require a reset, and a swap of
        numbers does not require one if one of the lines is on no device.
    type: bool
    default: false
  max_workers:
    description:
      - Number of connections that provision users at the same time. The server processes requests one after the other
        and becomes slower with more than one connection. Measure before you change it.
    type: int
    default: 1
  progress_file:
    description:
      - Path of a file on the host that runs the module. Every few seconds the module appends a line about its progress,
        which begins with the time and the server. Follow it with C(tail -f).
      - After 5 seconds, the lines also tell how many users are processed in a second, and how long the rest will take.
      - Ansible shows the output of a module only after the module has ended.
    type: path
  update_password:
    description:
      - When to write O(users[].user.password), O(users[].line.secret) and O(users[].voicemail.password).
      - If V(always), they are written whenever they differ from those on the server.
      - If V(on_create), they are written only when the user, the line or the voicemail is created. The passwords and
        secrets of existing objects are not changed.
    type: str
    choices: [always, on_create]
    default: always
  stepwise:
    description:
      - For the role P(xivo.confd.provision#role), which performs a plan with the single modules. It excludes O(users).
      - With O(stepwise.failed_step), what was changed for the entry of that step is put back, and for the entries that
        depend on it.
      - Without it, the numbers that the steps associated with lines are checked, and RV(results) has the result of each
        entry.
      - The rules for failures are those of a run of the whole list.
    type: dict
    suboptions:
      plan:
        description: RV(plan) of the same list, made with O(plan_only).
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
          links:
            description: See RV(plan[].links).
            type: bool
            default: false
          links_to:
            description: See RV(plan[].links_to).
            type: list
            elements: int
          built_by:
            description: See RV(plan[].built_by).
            type: int
          journal:
            description: See RV(plan[].journal).
            type: path
          journal_run:
            description: See RV(plan[].journal_run).
            type: dict
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
              wanted:
                description: See RV(plan[].steps[].wanted).
                type: dict
              old:
                description: See RV(plan[].steps[].old).
                type: dict
              others:
                description: See RV(plan[].steps[].others).
                type: list
                elements: int
              namesakes:
                description: See RV(plan[].steps[].namesakes).
                type: list
                elements: int
              identified_by:
                description: See RV(plan[].steps[].identified_by).
                type: dict
              named:
                description: See RV(plan[].steps[].named).
                type: str
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
            description: The error. If it is omitted, another run had already made the same change.
            type: str
          timed_out:
            description: Whether the server did not answer in time. Nothing of the entry is put back then.
            type: bool
            default: false
          partial:
            description: Whether the step may have been carried out in part, so that it is put back as well.
            type: bool
            default: false
          failed_request:
            description: The C(method), C(path), C(status) and C(messages) of the step's task.
            type: dict
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
          failed_request:
            description: See RV(failures[].failed_request).
            type: dict
          changes:
            description: See RV(failures[].changes).
            type: list
            elements: str
      put_back:
        description: RV(put_back) of the last task with O(stepwise.failed_step).
        type: list
        elements: int
notes:
  - Numbers, voicemails, slots of devices, e-mail addresses, usernames, SIP usernames and provisioning codes belong to
    one user. An entry can get what another entry of the list gives up, also in a cycle. The entry that gives something
    up is carried out first.
  - An entry that claims what another user keeps fails before the first write. So does an entry that would identify
    another user, or none, in the next run. If two entries identify the same user, both fail.
  - On Wazo, the module does not see the users of other tenants. If one of them has an e-mail address, a username or a
    SIP username, the server refuses it during the run.
  - On XiVO up to 16.12, one request for each user of the server is made if an entry has or removes a voicemail that
    exists, because the server does not list who has a voicemail.
  - A run that was interrupted is completed by the next one.
  - On XiVO up to 16.12, a list of any length is planned with four requests and one request for each user with incalls.
    On other servers, a few requests are enough.
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_line_sip
  - module: xivo.confd.confd_extension
  - module: xivo.confd.confd_voicemail
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Provision two users, with the connection in the task
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

# The following tasks take the connection from module_defaults or from environment variables.

- name: Print the provisioning codes to dial on their phones
  ansible.builtin.debug:
    msg: "{{ item.name }}: dial {{ item.provisioning_extension }}"
  # In check mode, a line that would be created has no code yet.
  loop: "{{ provisioned.results | selectattr('provisioning_extension') }}"
  loop_control:
    label: "{{ item.label }}"

- name: Exchange their numbers, rename one of them, and give that user two incalls
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

- name: Report in check mode what would change
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

- name: Print the changes
  ansible.builtin.debug:
    msg: "{{ audit.results | map(attribute='changes') | flatten }}"

- name: Remove a user and give the number to a new user
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

- name: Provision a user with the next free numbers and a voicemail
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

- name: Remove all other users with a number from 1200 to 1299
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
    - The result of each entry, in the order of the list. In check mode, the result that a real run would have.
    - It is also returned if entries fail after the plan was made.
  returned: success, or if entries fail
  type: list
  elements: dict
  contains:
    index:
      description: Position of the entry in the list, counted from 0.
      type: int
      returned: always
      sample: 0
    label:
      description: Name and number of the entry, for messages.
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
        - One of V(created), V(updated), V(unchanged), V(removed), V(failed) and V(skipped). V(skipped) means that the
          entry was not carried out because another one failed.
      type: str
      returned: always
      sample: created
    changes:
      description: Descriptions of the writes, one item for each.
      type: list
      elements: str
      returned: always
      sample:
        - create extension 1200@default
    differences:
      description:
        - The changes, each with the wanted value and the value that was found. In check mode they are the result of an
          audit. An old and a new number are one change.
        - If an object is missing or has to be removed, the field is V(state). Secrets are masked.
        - A user who is created or removed is one difference. The line, the numbers and the voicemail that are created
          or removed with the user are only in RV(results[].changes).
      type: list
      elements: dict
      returned: always
      contains:
        object:
          description: Description of the object, which exists on the server or would be created.
          type: str
          returned: always
          sample: user Johnny Depp
        field:
          description: Name of the field. For an object it is V(state). For what belongs to the user it is V(number),
            V(direct number), V(line), V(voicemail) or V(phone).
          type: str
          returned: always
          sample: language
        wanted:
          description: The value of the entry. Null for none.
          type: raw
          returned: always
          sample: fr_FR
        found:
          description: The value on the server before the run. Null for none.
          type: raw
          returned: always
          sample: en_US
    beyond:
      description:
        - What the user has beyond the file. This can be direct numbers if the entry has neither O(users[].incall) nor
          O(users[].incalls), a voicemail, further lines, forwards, services that are on, call permissions, groups, a
          login, and what no entry can describe, for example an agent or a schedule.
        - Empty for a user who does not exist or is to be removed, and for an entry that failed. Fields of the user, the
          line and the voicemail are not listed.
      type: list
      elements: dict
      returned: with O(report_beyond=true)
      contains:
        object:
          description: The user, or the settings that have the field, for example V(forwards).
          type: str
          returned: always
          sample: user Johnny Depp
        field:
          description: Name of the field, as in RV(results[].differences). For what no entry can describe, its name.
          type: str
          returned: always
          sample: direct number
        found:
          description: The value on the server. Secrets are left out.
          type: raw
          returned: always
          sample: 2200@from-extern
    error:
      description: The reason why the entry failed. Null if it did not fail.
      type: str
      returned: always
      sample: null
    failed_request:
      description: The request that the server rejected, or did not answer. Null if the entry failed for another reason,
        or did not fail.
      type: dict
      returned: always
      contains:
        method:
          description: Method of the request.
          type: str
          returned: always
          sample: POST
        path:
          description: Path of the request, without the prefix of the API.
          type: str
          returned: always
          sample: /users
        status:
          description: HTTP status. Null if there was no answer.
          type: int
          returned: always
          sample: 400
        messages:
          description: Messages of confd.
          type: list
          elements: str
          returned: always
          sample: ["Input Error - email: 'ann' is not an email"]
      sample: null
    user_id:
      description: Id of the user. Null if there is none, and in check mode for a user who would be created.
      type: int
      returned: always
      sample: 42
    line_id:
      description: Id of the line. Null if there is none, and in check mode for a line that would be created.
      type: int
      returned: always
      sample: 15
    extension_id:
      description: Id of the internal extension. Null if there is none, and in check mode for an extension that would be
        created.
      type: int
      returned: always
      sample: 34
    exten:
      description: Number of the internal extension, of a user who is removed the number until then. Null if there is
        none.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    incalls:
      description: The incalls of the user. Null if the entry does not manage them.
      type: list
      elements: dict
      returned: always
      contains:
        extension_id:
          description: Id of the extension. Null in check mode for an extension that would be created.
          type: int
          returned: always
          sample: 35
        exten:
          description: Number of the extension.
          type: str
          returned: always
          sample: "2200"
        context:
          description: Context of the number.
          type: str
          returned: always
          sample: from-extern
    provisioning_extension:
      description: Provisioning code, which somebody dials on a device in autoprov to give it the line. Null if there is
        no line, and in check mode if a real run would let the server generate it.
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
  description: The number of entries for each status, of purged and disabled users and of removed orphans.
  returned: success, or if entries fail
  type: dict
  sample:
    created: 1
    updated: 0
    unchanged: 11
    removed: 0
    failed: 0
    skipped: 0
    purged: 0
    disabled: 0
    orphans_removed: 0
report:
  description:
    - The changes of the run as readable lines. There is one line for each user who is created, changed, removed or
      disabled, also by O(purge), and for each orphan that is removed. With O(orphans=report), there is one for each
      orphan, too.
    - A line names the changes of a user. For a user who is created or removed, it names the direct numbers and the
      voicemail, and for one who is created the provisioning code and the other settings.
    - In check mode, the lines say C(would create), C(would change), C(would remove) and C(would disable).
  returned: success, or if entries fail
  type: list
  elements: str
  sample:
    - "created   Johnny Depp                      1200       provisioning code 824158; direct number 2200"
    - "changed   Vanessa Paradis                  1210       number 1201 -> 1210"
    - "purged    Winona Ryder                     1217       purge: not in the list"
    - "disabled  Lea Thompson                     1218       purge: not in the list; to be removed on 2026-12-30"
unmanaged:
  description:
    - The users who are not in the list, restricted by O(purge_scope) if it is given, without those in RV(leavers).
      Empty with O(purge=true).
  returned: success, or if entries fail
  type: list
  elements: dict
  contains:
    user_id:
      description: Id of the user.
      type: int
      returned: always
      sample: 44
    name:
      description: Full name of the user.
      type: str
      returned: always
      sample: Winona Ryder
    userfield:
      description: The user's C(userfield).
      type: str
      returned: always
      sample: HR-0017
    exten:
      description: Number of the internal extension. Null if there is none.
      type: str
      returned: always
      sample: "1217"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
leavers:
  description:
    - The users who are not in the list and whom O(purge) has disabled, in this run or in an earlier one, restricted by
      O(purge_scope) if it is given. See O(purge_action).
  returned: success, or if entries fail
  type: list
  elements: dict
  contains:
    user_id:
      description: Id of the user.
      type: int
      returned: always
      sample: 45
    name:
      description: Full name of the user.
      type: str
      returned: always
      sample: Lea Thompson
    userfield:
      description: The user's C(userfield).
      type: str
      returned: always
      sample: HR-0018
    exten:
      description: Number of the internal extension. Null if there is none.
      type: str
      returned: always
      sample: "1218"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    since:
      description: Day on which the user was disabled.
      type: str
      returned: always
      sample: "2026-11-30"
    until:
      description: Day from which on O(purge) removes the user, with O(purge_grace). Otherwise null.
      type: str
      returned: always
      sample: "2026-12-30"
purged:
  description:
    - The results of the users that O(purge) removes or disables, each as in RV(results) with C(index) V(-1).
    - C(status) is V(disabled) for a user who is disabled, and C(until) is then the day from which on O(purge) removes
      the user, or null.
  returned: success, or if entries fail
  type: list
  elements: dict
  sample: []
orphans:
  description: The objects without a user, restricted by O(purge_scope) if it is given. See O(orphans).
  returned: success, or if entries fail
  type: dict
  contains:
    users:
      description: Users without a line who are not in the list, with C(user_id) and C(name).
      type: list
      elements: dict
      returned: always
      sample: [{user_id: 45, name: Nobody Atall}]
    lines:
      description: Lines without a user and an extension, with C(line_id), C(username) and C(context).
      type: list
      elements: dict
      returned: always
      sample: [{line_id: 17, username: oldphone, context: default}]
    numbers:
      description: Internal extensions that are not in use, with C(extension_id), C(exten) and C(context).
      type: list
      elements: dict
      returned: always
      sample: [{extension_id: 50, exten: "1299", context: default}]
    incalls:
      description: Extensions of incall contexts that belong to no user, with the same keys. They are never removed.
      type: list
      elements: dict
      returned: always
      sample: [{extension_id: 51, exten: "2299", context: from-extern}]
    unclear:
      description:
        - Extensions without a user of which the server does not show whether they belong to something else, for example
          to a queue, with the same keys. They are not orphans and are never removed.
        - On XiVO up to 16.12, this is every extension without a line, because queues, groups, conferences and menus are
          not shown. On XiVO from 16.13, it is every internal extension that is not in use, because queues are not
          shown. An extension that an interrupted run has left is an orphan on every server.
      type: list
      elements: dict
      returned: always
      sample: []
    logins:
      description:
        - On Wazo, the logins that belong to no user of any tenant, with C(uuid) and C(name). The account of an
          administrator is one of them. They are information, and are never removed.
        - They are only looked for with O(orphans), and without O(purge_scope). If the account may not read them,
          RV(unchecked) says so.
      type: list
      elements: dict
      returned: always
      sample: [{uuid: 6c54a8b1-1d0a-4d1c-9a8e-0a3b5b2f7a10, name: root}]
orphans_removed:
  description: Descriptions of the objects that O(orphans=remove) removes.
  returned: success, or if entries fail
  type: list
  elements: str
  sample:
    - line oldphone (id 17)
check_mode:
  description: Whether the task ran in check mode, also because a block or a play does.
  returned: with O(plan_only)
  type: bool
  sample: false
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
      description: The error of the entry.
      type: str
      returned: always
      sample: depends on entry 1, Johnny Depp (1200@default), which failed.
    failed_request:
      description: See RV(results[].failed_request).
      type: dict
      returned: always
      sample: null
    changes:
      description: The writes for the entry that are not reversed, in words.
      type: list
      elements: str
      returned: always
      sample: []
  sample: []
put_back:
  description: Positions of the batches of the plan that were performed and then reversed.
  returned: with O(stepwise.failed_step)
  type: list
  elements: int
  sample: [0]
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
  returned: in check mode, and with O(plan_only)
  type: list
  elements: dict
  contains:
    index:
      description: Position of the entry that the batch belongs to.
      type: int
      returned: always
      sample: 0
    label:
      description: Name and number of the entry.
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
      description: Positions of the entries that have to free or create something first.
      type: list
      elements: int
      returned: always
      sample: []
    links:
      description: Whether the batch writes fallbacks or function keys. Such batches come last.
      type: bool
      returned: always
      sample: false
    links_to:
      description: Positions of the entries that create the destinations of these fallbacks or function keys.
      type: list
      elements: int
      returned: always
      sample: []
    built_by:
      description:
        - Position of the batch that creates the user, for a batch with RV(plan[].links). Null if the user exists.
      type: int
      returned: always
      sample: null
    journal:
      description: The option O(journal) for the steps of the batch.
      type: str
      returned: with a journal
      sample: /var/log/xivo
    journal_run:
      description: >-
        The option O(journal_run) for the steps of the batch. With it, the steps write to the journal as parts of this
        run.
      type: dict
      returned: with a journal
      sample: {id: 0e4a9d8c-6f3b-4b1c-9d07-2d1f2b0f5a11, item: 1, person: Johnny Depp}
    steps:
      description: The writes.
      type: list
      elements: dict
      returned: always
      contains:
        resource:
          description: Name of the module without C(confd_).
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
          description: The C(state) option of the module.
          type: str
          returned: always
          sample: present
        text:
          description: The write in words, as in RV(results[].changes).
          type: str
          returned: always
          sample: create extension 1200@default
        name:
          description: The write in words, as the name of a task.
          type: str
          returned: always
          sample: Create extension 1200@default
        user:
          description: The user. Its id is null if an earlier step creates it.
          type: dict
          returned: for users and their associations
          sample:
            id: 42
        line:
          description: The line. Its id is null if an earlier step creates it.
          type: dict
          returned: for lines and their associations
          sample:
            id: 15
            context: default
        extension:
          description: The extension. Its id is null if an earlier step creates it.
          type: dict
          returned: for extensions and their associations
          sample:
            id: null
            exten: "1200"
            context: default
            commented: false
        voicemail:
          description: The voicemail. Its id is null if an earlier step creates it.
          type: dict
          returned: for voicemails and their associations
          sample:
            id: 5
            number: "1200"
            context: default
        device:
          description: The phone.
          type: dict
          returned: for phones and their associations
          sample:
            id: 9a7c3d
        fields:
          description: Names of the values of a voicemail that the step writes. An earlier step may write the number.
          type: list
          elements: str
          returned: for a voicemail that is created or changed
          sample: [email]
        wanted:
          description: Values of the user or the line to write, where they are not those of the entry. A value that
            entries exchange is cleared first.
          type: dict
          returned: for such steps
          sample: {"email": ""}
        old:
          description: The values that an update replaces, without secrets. They are written again if the entry fails.
          type: dict
          returned: for an update
          sample: {"description": "Sales"}
        others:
          description: Ids of the other lines on the phone, which are put back on it.
          type: list
          elements: int
          returned: for a phone that is reset to autoprov
          sample: [18]
        namesakes:
          description: Ids of the users of the same name who exist already.
          type: list
          elements: int
          returned: for a user who is created
          sample: []
        identified_by:
          description: The values that identify the user, if the number does not. They show whether another run has
            created the same user at the same time.
          type: dict
          returned: for a user who is created
          sample: {"firstname": "Johnny", "lastname": "Depp"}
        named:
          description: The name of the user's voicemail, if it is not the name of the user. The server overwrites it,
            and the role writes it again.
          type: str
          returned: for a user whose voicemail has another name
          sample: Front desk
        leftover:
          description: Whether the number seems to be left from an interrupted run. The step does not fail if the server
            refuses to delete the number.
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
      links: false
      links_to: []
      built_by: null
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
plan_document:
  description:
    - The plan for people and programs. Its schema is C(docs/plan.schema.json) of the collection. It holds no secrets.
  returned: with O(return_plan_document)
  type: dict
  sample:
    schema: xivo.confd.plan
    schema_version: 1
approval:
  description: How the plan agrees with the approved one.
  returned: with O(approved_plan) or O(approved_plan_data)
  type: dict
  contains:
    state:
      description:
        - V(same) if it is the approved plan, V(partial) if a part of it is done already, V(done) if nothing is left to
          do.
      type: str
      returned: always
      sample: same
    text:
      description: The same in words.
      type: str
      returned: always
      sample: This is the approved plan of 2026-11-30T15:00:00Z.
problems:
  description: The problems of the list, one item for each.
  returned: if the plan has problems and nothing was written
  type: list
  elements: str
  sample:
    - "entry 2, Tim Burton (1201@default): 1201@default belongs to line 523a5c7725 (id 16) of user Vanessa Paradis (id
      43)."
diff:
  description:
    - The state before and after each write, one item for each write, in their order.
    - C(before) is empty for an object that is created, C(after) is empty for one that is removed.
    - It is returned only in diff mode, because it can be half of the result of a long list. RV(results[].differences)
      is always returned.
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
journal_run:
  description:
    - Id of the run in the journal. The playbook C(xivo.confd.journal) shows its lines.
  returned: with O(journal), not in check mode
  type: str
  sample: 3c5e4e0c-4b4e-4fb8-9d1c-3f3f3ff2d1c9
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo15
unchecked:
  description:
    - What a server of this generation cannot check before a write. A real run can still fail for these reasons.
  returned: in check mode, and with O(plan_only)
  type: list
  elements: str
  sample:
    - whether the contexts exist and the numbers are in their ranges
    - whether an extension without a line belongs to something else (a queue, a menu)
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import UPDATE_PASSWORD_SPEC, entry_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
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
    "wanted": {"type": "dict"},
    "old": {"type": "dict"},
    "others": {"type": "list", "elements": "int"},
    "namesakes": {"type": "list", "elements": "int"},
    "identified_by": {"type": "dict"},
    "named": {"type": "str"},
    "leftover": {"type": "bool"},
}
BATCH_SPEC = {
    "index": {"type": "int", "required": True},
    "label": {"type": "str", "required": True},
    "number": {"type": "dict"},
    "waits_for": {"type": "list", "elements": "int"},
    "links": {"type": "bool", "default": False},
    "links_to": {"type": "list", "elements": "int"},
    "built_by": {"type": "int"},
    "journal": {"type": "path"},
    "journal_run": {"type": "dict"},
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
    "partial": {"type": "bool", "default": False},
    "failed_request": {"type": "dict"},
}
FAILURE_SPEC = {
    "index": {"type": "int", "required": True},
    "error": {"type": "str", "required": True},
    "failed_request": {"type": "dict"},
    "changes": {"type": "list", "elements": "str"},
}
STEPWISE_SPEC = {
    "plan": {"type": "list", "elements": "dict", "required": True, "options": BATCH_SPEC},
    "results": {"type": "list", "elements": "dict"},
    "performed": {"type": "list", "elements": "dict", "options": CREATED_SPEC},
    "failed_step": {"type": "dict", "options": FAILED_STEP_SPEC},
    "failures": {"type": "list", "elements": "dict", "options": FAILURE_SPEC},
    "put_back": {"type": "list", "elements": "int"},
}
MODULE = Module(
    provision,
    {
        "users": {"type": "list", "elements": "dict", "options": entry_spec()},
        "stepwise": {"type": "dict", "options": STEPWISE_SPEC},
        "plan_only": {"type": "bool", "default": False},
        "return_plan_document": {"type": "bool", "default": False},
        "approved_plan": {"type": "path"},
        "approved_plan_data": {"type": "str"},
        "continue_on_error": {"type": "bool", "default": False},
        "purge": {"type": "bool", "default": False},
        "purge_action": {"type": "str", "choices": ["remove", "disable"], "default": "remove"},
        "purge_grace": {"type": "int", "default": 0},
        "purge_scope": {
            "type": "dict",
            "options": {"context": {"type": "str"}, "range": {"type": "str"}, "userfield": {"type": "str"}},
        },
        "purge_limit": {"type": "int", "default": 10},
        "purge_allow_empty": {"type": "bool", "default": False},
        "existing_users": {"type": "str", "choices": ["change", "refuse", "require"], "default": "change"},
        "orphans": {"type": "str", "choices": ["report", "remove"]},
        "report_beyond": {"type": "bool", "default": False},
        "reset_device": {"type": "bool", "default": False},
        "max_workers": {"type": "int", "default": 1},
        "progress_file": {"type": "path"},
        **UPDATE_PASSWORD_SPEC,
    },
    required_one_of=[("users", "stepwise")],
    mutually_exclusive=[
        ("users", "stepwise"),
        ("plan_only", "stepwise"),
        ("approved_plan", "stepwise"),
        ("approved_plan_data", "stepwise"),
        ("approved_plan", "approved_plan_data"),
    ],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
