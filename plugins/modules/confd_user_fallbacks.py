#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_fallbacks
short_description: Manage the fallbacks of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Sets the destinations of calls that do not reach the user.
  - A destination is a dictionary with one of these types as a key and its target as the value.
  - C(user) - A user, as a dictionary with keys of O(xivo.confd.confd_user#module:match).
  - C(voicemail) - V(own) for the voicemail of the user, or a dictionary with C(number) and C(context).
  - C(group) - The name of a group. On Wazo, it is the label that people gave the group.
  - C(extension) - A number, as a dictionary with C(exten) and C(context). The server does not check the number.
  - C(sound) - The name of a sound file.
  - C(hangup) - V(busy), V(congestion) or V(normal), the signal that the caller hears.
  - C(custom) - An application of Asterisk with its arguments, such as V(Playback(closed\)).
  - C(queue), C(conference), C(ivr), C(outcall), C(switchboard) - A dictionary with the C(id) that the object has on the
    server. They can be set on Wazo only, because XiVO cannot be asked whether they exist.
  - Other keys can be beside the type. C(user), C(group), C(queue) and C(switchboard) can have C(ring_seconds).
    C(voicemail) can have C(greeting) (V(busy) or V(unavailable)) and C(skip_instructions). C(sound) can have C(skip)
    and C(no_answer). C(hangup) can have C(timeout). C(outcall) requires C(exten).
  - If a user or a voicemail is removed, the fallbacks of others that lead to it are removed first, see
    M(xivo.confd.confd_provisioned_users).
  - Not available on XiVO up to 16.12.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.user_part
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  noanswer:
    description:
      - Where calls go if the user does not answer them.
      - A dictionary with the type of the destination as a key and its target as the value. See the description of the
        module.
      - Null or V('') removes it. If it is omitted, it is not changed.
    type: raw
  busy:
    description:
      - Where calls go if the user is on the phone.
      - A dictionary with the type of the destination as a key and its target as the value. See the description of the
        module.
      - Null or V('') removes it. If it is omitted, it is not changed.
    type: raw
  congestion:
    description:
      - Where calls go if the server cannot put them through because lines are congested.
      - A dictionary with the type of the destination as a key and its target as the value. See the description of the
        module.
      - Null or V('') removes it. If it is omitted, it is not changed.
    type: raw
  fail:
    description:
      - Where calls go if they cannot reach the phone of the user.
      - A dictionary with the type of the destination as a key and its target as the value. See the description of the
        module.
      - Null or V('') removes it. If it is omitted, it is not changed.
    type: raw
seealso:
  - module: xivo.confd.confd_user
  - module: xivo.confd.confd_user_forwards
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
  register: johnny

- name: Create another user
  xivo.confd.confd_user:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    firstname: Vanessa
    lastname: Paradis
  register: vanessa

# The following tasks take the connection from module_defaults or from environment variables.

- name: Send the calls that Johnny does not answer to Vanessa
  xivo.confd.confd_user_fallbacks:
    user: "{{ johnny.user }}"
    noanswer:
      user: "{{ vanessa.user }}"
      ring_seconds: 20
    busy:
      hangup: busy

- name: Remove this fallback
  xivo.confd.confd_user_fallbacks:
    user: "{{ johnny.user }}"
    noanswer: ""
"""

RETURN = r"""
---
user_fallbacks:
  description: The fallbacks of the user on the server.
  returned: success
  type: dict
  contains:
    user_id:
      description: Id of the user. Null for a user who would be created, in check mode.
      type: int
      returned: always
      sample: 12
    predicted:
      description: Whether the user does not exist yet and an earlier task would create it.
      type: bool
      returned: in check mode, for a user that would be created
      sample: true
    # BEGIN results of user_fallbacks
    noanswer:
      description: Where calls go if the user does not answer them.
      type: dict
      returned: always
      sample:
        user:
          firstname: Vanessa
          lastname: Paradis
        ring_seconds: 20
    busy:
      description: Where calls go if the user is on the phone.
      type: dict
      returned: always
      sample:
        hangup: busy
    congestion:
      description: Where calls go if the server cannot put them through because lines are congested.
      type: dict
      returned: always
    fail:
      description: Where calls go if they cannot reach the phone of the user.
      type: dict
      returned: always
    # END results of user_fallbacks
  sample:
    user_id: 12
    noanswer:
      user:
        firstname: Vanessa
        lastname: Paradis
      ring_seconds: 20
    busy:
      hangup: busy
    congestion: null
    fail: null
diff:
  description: The values before and after the change; empty if nothing was changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: fallbacks of user Johnny Depp (id 12)
      after_header: fallbacks of user Johnny Depp (id 12)
      before:
        busy: null
      after:
        busy:
          hangup: busy
confd_api:
  description: The generation of the API that the server uses.
  returned: always
  type: str
  sample: xivo16
unchecked:
  description:
    - What a server of this generation cannot check before a write. A real run can still fail for these reasons.
  returned: in check mode
  type: list
  elements: str
  sample: []
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import user_part_module
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import FALLBACKS

MODULE = Module(*user_part_module(FALLBACKS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
