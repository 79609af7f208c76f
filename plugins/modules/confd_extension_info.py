#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_extension_info
short_description: Reads the extensions of a XiVO or Wazo
version_added: 1.0.0
description:
  - Reads extensions, the numbers in their contexts; all of them, one by its id, or those that a text or exact values
    fit.
  - The list of a server also has the numbers of its features, for example those of the context C(xivo-features).
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
      - A text that occurs in RV(extensions[].exten) or RV(extensions[].context), whatever its case. Accents matter,
        and there are no wildcards.
      - Left out, all are meant.
    type: str
  filters:
    description:
      - Exact values of what is returned, for example C(context=from-extern). All of them must fit.
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
      - exten
      - context
      - commented
seealso:
  - module: xivo.confd.confd_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: All numbers that are called from outside, with the connection in the task
  xivo.confd.confd_extension_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    filters:
      context: from-extern
    order: exten
  register: direct

- name: Only the numbers
  ansible.builtin.debug:
    msg: "{{ direct.extensions | map(attribute='exten') }}"

# From here on the connection is in module_defaults, or in the environment.

- name: Is there a number 1200?
  xivo.confd.confd_extension_info:
    filters:
      exten: "1200"
      context: default
"""

RETURN = r"""
---
extensions:
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
      description: Whether the number is switched off.
      type: bool
      returned: always
      sample: false
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_extensions
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import EXTENSIONS

MODULE = Module(read_extensions, info_spec(EXTENSIONS))


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
