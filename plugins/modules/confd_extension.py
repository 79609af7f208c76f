#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_extension
short_description: Extensions (numbers) of a XiVO or Wazo
version_added: 1.0.0
description:
  - Creates, changes and removes an extension, a number in a context.
  - Whether it is dialled inside (V(1200@default), say) or called from outside (an incall, V(2200@from-extern), say) is
    a matter of its context.
  - A number alone reaches nobody. M(xivo.confd.confd_line_extension) puts it on a line.
extends_documentation_fragment:
  - xivo.confd.attributes
  - xivo.confd.connection
options:
  id:
    description:
      - Id of an existing extension, to give it another number. It is an error if there is none, except with
        O(state=absent).
    type: int
  exten:
    description:
      - The number, in quotes. V("1300") and V("01300") are two numbers.
      - YAML makes another number of one with a leading zero and without quotes. The module refuses what looks like
        that.
      - Without O(id), O(exten) and O(context) say which extension is meant.
    type: raw
  context:
    description:
      - The context of the number, a name. It must exist on the server, and the number must be within its ranges.
      - With O(id), another context moves the number there. It is taken off its line for the change, which needs a line
        without telephone.
    type: str
  commented:
    description:
      - Whether the number is disabled. A new one is not, unless this says so.
    type: bool
  new:
    description:
      - The extension is to be made. One that is there already is an error, and is not changed.
      - The role P(xivo.confd.provision#role) sets it where its plan says that a number is to be made, so that nobody is
        given a number that somebody else made at the same moment.
    type: bool
    default: false
  state:
    description:
      - Whether there shall be such an extension.
    type: str
    choices:
      present: The extension is created, or changed where it differs. What is left out stays as it is.
      absent:
        The extension is removed. It is an error while somebody has it. In check mode that is a warning, for a task
        before may take it away.
    default: present
notes:
  - With O(id), the number changes in place. Its line keeps it, also with a telephone attached. A free extension that
    has the new number already is removed first. If somebody has that one, it is an error.
seealso:
  - module: xivo.confd.confd_line_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: An internal number, with the connection in the task
  xivo.confd.confd_extension:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    exten: "1200"
    context: default
  register: number

# From here on the connection is in module_defaults, or in the environment.

- name: A direct number, to be called from outside
  xivo.confd.confd_extension:
    exten: "0300000042"
    context: from-extern

- name: 1200 becomes 1250, whoever has it
  xivo.confd.confd_extension:
    id: "{{ number.extension.id }}"
    exten: "1250"
    context: default

- name: The number is out of use for a while
  xivo.confd.confd_extension:
    exten: "1250"
    context: default
    commented: true

- name: No such direct number any more
  xivo.confd.confd_extension:
    exten: "0300000042"
    context: from-extern
    state: absent
"""

RETURN = r"""
---
extension:
  description:
    - The extension, as on the server. With O(state=absent), the one that was removed, or null.
    - Other modules take it as a reference.
  returned: success
  type: dict
  contains:
    id:
      description: Id on the server. Null for an extension that would be created, in check mode.
      type: int
      returned: always
      sample: 34
    predicted:
      description: That the extension does not exist, and a real run would create it.
      type: bool
      returned: in check mode, for an extension that would be created
      sample: true
    exten:
      description: The number.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Its context.
      type: str
      returned: always
      sample: default
    commented:
      description: Whether it is disabled.
      type: bool
      returned: always
      sample: false
  sample:
    id: 34
    exten: "1200"
    context: default
    commented: false
diff:
  description:
    - Every change before and after, one item a write, in the order of the writes.
    - An object that is new has an empty C(before), one that is gone an empty C(after).
  returned: always
  type: list
  elements: dict
  sample:
    - before_header: extension 1200@default
      after_header: extension 1200@default
      before:
        exten: '1200'
      after:
        exten: '1250'
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
    fields_spec,
)
from ansible_collections.xivo.confd.plugins.module_utils._ansible.module import Module
from ansible_collections.xivo.confd.plugins.module_utils._model.resources import EXTENSION
from ansible_collections.xivo.confd.plugins.module_utils._tasks.extension import ensure_extension

MODULE = Module(
    ensure_extension,
    {"id": {"type": "int"}, **fields_spec(EXTENSION), **NEW_SPEC, **STATE_SPEC},
    required_one_of=[("id", "exten")],
)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
