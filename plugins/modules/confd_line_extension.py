#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_line_extension
short_description: Numbers of lines of a XiVO or Wazo
version_added: 1.0.0
description:
  - Puts a number on a line, or takes it away.
  - A number of an internal context is what the line is dialled by inside. A line has one of them.
  - A number of an incall context is what the user of the line is called by from outside. There may be many of them.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  line:
    description:
      - The line. Give what M(xivo.confd.confd_line_sip) returned (RV(xivo.confd.confd_line_sip#module:line_sip)), or
        C(id), or C(username) (the SIP username), or C(exten) with C(context) (the line that has this number).
      - A line that a task in check mode predicted is taken in check mode.
    type: dict
    required: true
  extension:
    description:
      - The number. Give what M(xivo.confd.confd_extension) returned (RV(xivo.confd.confd_extension#module:extension)),
        or C(id), or C(exten) with C(context).
      - A number that a task in check mode predicted is taken in check mode.
    type: dict
    required: true
  state:
    description:
      - Whether the line shall have the number.
    type: str
    choices:
      present:
        The line gets the number. It is an error if somebody else has it, if the line has another internal number, or if
        the line has no user while the number is an incall.
      absent:
        The line loses the number. Nothing happens if the line or the number does not exist. It is an error for an
        internal number while the line has a telephone. In check mode that is a warning, for a task before may change
        it.
    default: present
notes:
  - To give a line another number, change the extension itself, with O(xivo.confd.confd_extension#module:id).
  - A reference to something that does not exist is an error, also in check mode, unless a task in check mode predicted
    it.
  - confd writes the line's caller ID (C(callerid)) when an internal number is put on it, and moves the line to the
    context of that number.
seealso:
  - module: xivo.confd.confd_line_sip
  - module: xivo.confd.confd_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: A number, with the connection in the task
  xivo.confd.confd_extension:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    exten: "1200"
    context: default
  register: number

# From here on the connection is in module_defaults, or in the environment.

- name: A line for it
  xivo.confd.confd_line_sip:
    match:
      extension: "{{ number.extension }}"
  register: line

- name: The line has the number
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ number.extension }}"

- name: A user
  xivo.confd.confd_user:
    firstname: Johnny
    lastname: Depp
  register: johnny

- name: The line is the user's, for only a user can be called from outside
  xivo.confd.confd_user_line:
    user: "{{ johnny.user }}"
    line: "{{ line.line_sip }}"

- name: A direct number
  xivo.confd.confd_extension:
    exten: "0300000042"
    context: from-extern
  register: direct

- name: The user can be called by it
  xivo.confd.confd_line_extension:
    line: "{{ line.line_sip }}"
    extension: "{{ direct.extension }}"

- name: The user can be called by it no more
  xivo.confd.confd_line_extension:
    line:
      exten: "1200"
      context: default
    extension:
      exten: "0300000042"
      context: from-extern
    state: absent
"""

RETURN = r"""
---
line_extension:
  description:
    - The association, with O(state=absent) the one that is not there any more. Null if the line or the number does not
      exist.
  returned: success
  type: dict
  contains:
    line_id:
      description: Id of the line. Null for one that a real run would create.
      type: int
      returned: always
      sample: 15
    extension_id:
      description: Id of the extension. Null for one that a real run would create.
      type: int
      returned: always
      sample: 34
    exten:
      description: The number.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    predicted:
      description: That the line or the number does not exist, and a real run would create it.
      type: bool
      returned: in check mode, when one of them would be created
      sample: true
  sample:
    line_id: 15
    extension_id: 34
    exten: "1200"
    context: default
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: 1200@default with line johnny (id 15)
      after_header: 1200@default with line johnny (id 15)
      before: {}
      after:
        line_id: 15
        extension_id: 34
        extension: 1200@default
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

from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import STATE_SPEC, references_spec
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._tasks.associations import ensure_line_extension

MODULE = Module(ensure_line_extension, {**references_spec("line", "extension"), **STATE_SPEC})


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
