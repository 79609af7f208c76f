#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_user_func_keys
short_description: Manage the function keys of a user of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Sets the programmable keys of the phone of a user, and the template that the user inherits other keys from.
  - The template must exist on the server. This module does not change its keys. A key of the user hides the key that
    the template has at the same position.
  - A destination is a dictionary with one of these types as a key and its target as the value.
  - C(user) - A user, as a dictionary with keys of O(xivo.confd.confd_user#module:match).
  - C(custom) - A number that the key dials, such as V(1234) or V(*10).
  - C(forward) - V(busy), V(noanswer) or V(unconditional), the forward that the key switches on and off. It can have
    C(exten) beside it, the number that calls are forwarded to; without it, the phone asks for the number.
  - C(service) - A service, such as V(enablednd), V(incallfilter), V(callrecord), V(enablevm), V(vmusermsg), V(pickup),
    V(fwdundoall), V(phonestatus), V(recsnd), V(calllistening), V(directoryaccess) or V(vmuserpurge).
  - C(transfer) - V(blind) or V(attended).
  - C(parking), C(onlinerec) - V(true). C(park_position) - The number of a parking position. On Wazo, parking keys
    require C(parking_lot_id) beside them.
  - C(group) - The name of a group, which on Wazo is the label that people gave the group. On XiVO up to 16.12, a
    dictionary with its C(id).
  - C(groupmember) - A group, as for C(group), with C(action) beside it (V(join), V(leave) or V(toggle)). Only available
    on Wazo.
  - C(agent), C(queue), C(conference), C(paging), C(bsfilter) - A dictionary with the C(id) that the object has on the
    server. C(agent) requires C(action) beside it (V(login), V(logout) or V(toggle)). C(bsfilter) is a boss-secretary
    filter; its id is that of the member.
  - On XiVO from 16.13, a group that was created by an API client cannot be on a key. The server refuses it.
  - On XiVO up to 16.12, the phone gets the number of a user when the key is written. After the number of that user has
    changed, the phone keeps the old number until the keys, or the user who has them, are changed.
  - If a user is removed, the server removes the keys of others that lead to the user.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
  - xivo.confd.journal
  - xivo.confd.planned
  - xivo.confd.user_part
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  template:
    description:
      - Name of the template whose keys the user inherits.
      - Names of templates are not unique. If several templates have the name, the error lists what to write instead.
      - V('') removes the template from the user. If it is omitted, it is not changed.
      - On XiVO up to 16.12, the server does not show which template a user has. It is found by the keys that the user
        inherits. If several templates have the same keys, any of them counts as the wanted one.
    type: str
  keys:
    description:
      - All keys that are the user's own, by position.
      - Other keys are removed. V({}) removes all keys. If it is omitted, the keys are not changed.
      - A position is a number from 1. Each key is a dictionary with C(destination), C(label) and C(blf). Only
        C(destination) is required, see the description of the module. Each destination can be at one position only.
      - C(label) is the text on the display of the phone, with at most 128 characters.
      - C(blf) says whether the key lights up while its destination is busy or switched on. The default is V(true). Keys
        with C(group), C(queue), C(paging), C(transfer), C(parking), C(onlinerec), and with a C(service) other than
        V(enablevm), V(callrecord), V(incallfilter) and V(enablednd), never light up.
    type: dict
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

# The following tasks take the connection from module_defaults or from environment variables.

- name: Create another user
  xivo.confd.confd_user:
    firstname: Vanessa
    lastname: Paradis
  register: vanessa

- name: Give the phone of Johnny three keys
  xivo.confd.confd_user_func_keys:
    user: "{{ johnny.user }}"
    keys:
      1:
        destination: {user: "{{ vanessa.user }}"}
        label: Vanessa
      2:
        destination: {forward: unconditional, exten: "1201"}
      5:
        destination: {custom: "*10"}
        label: Time
        blf: false

- name: Remove all keys from the phone of Johnny
  xivo.confd.confd_user_func_keys:
    user: "{{ johnny.user }}"
    keys: {}
"""

RETURN = r"""
---
user_func_keys:
  description:
    - The function keys of the user on the server.
    - C(user_id) - Id of the user, as an integer. Null for a user who would be created, in check mode.
    - C(template) - Name of the template whose keys the user inherits. Null if there is none.
    - C(keys) - All keys that are the user's own, as a dictionary. Its keys are the positions, as texts. In a template,
      write C(result.user_func_keys['keys']), because C(result.user_func_keys.keys) is a method of dictionaries in
      Jinja.
    - C(predicted) - V(true) for a user whom an earlier task would create. Only returned for such a user, in check mode.
  returned: success
  type: dict
  sample:
    user_id: 12
    template: null
    keys:
      "1":
        destination:
          user:
            firstname: Vanessa
            lastname: Paradis
        label: Vanessa
        blf: true
diff:
  description: The values before and after the change, of keys only the positions that differ; empty if nothing was
    changed.
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: function keys of user Johnny Depp (id 12)
      after_header: function keys of user Johnny Depp (id 12)
      before:
        keys: {}
      after:
        keys:
          "5":
            destination:
              custom: "*10"
            label: Time
            blf: false
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
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import FUNC_KEYS

MODULE = Module(*user_part_module(FUNC_KEYS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
