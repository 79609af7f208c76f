#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_extension_info
short_description: Read extensions of a XiVO or Wazo server
version_added: 1.0.0
description:
  - Returns all extensions, the extension with an id, or the extensions that a search text or exact values select.
  - The list includes the extensions of the server's own features, for example those of the context C(xivo-features).
extends_documentation_fragment:
  - xivo.confd.attributes.info
  - xivo.confd.connection
  - xivo.confd.listing
  - xivo.confd.requirements
  - xivo.confd.requirements.host
options:
  id:
    description:
      - Id of an extension. If no extension has this id, the list is empty.
      - It cannot be combined with the options that select from a list.
    type: int
  search:
    description:
      - Text that occurs in RV(extensions[].exten) or RV(extensions[].context). Upper and lower case are the same,
        accents are not ignored, and there are no wildcards.
      - If it is omitted, all extensions are returned.
    type: str
  order:
    description:
      - Key to sort by. Texts are sorted without regard to case and accents. Null comes first, and equal values are
        sorted by id.
      - If it is omitted, the list is sorted by id.
    type: str
    choices:
      # BEGIN names of extension
      - id
      - exten
      - context
      - commented
      # END names of extension
seealso:
  - module: xivo.confd.confd_extension
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Read the extensions for calls from outside, with the connection in the task
  xivo.confd.confd_extension_info:
    confd_url: "{{ confd_url }}"
    confd_username: "{{ confd_username }}"
    confd_password: "{{ confd_password }}"
    filters:
      context: from-extern
    order: exten
  register: direct

- name: Print their numbers
  ansible.builtin.debug:
    msg: "{{ direct.extensions | map(attribute='exten') }}"

# The following task takes the connection from module_defaults or from environment variables.

- name: Read one extension by its number
  xivo.confd.confd_extension_info:
    filters:
      exten: "1200"
      context: default
"""

RETURN = r"""
---
extensions:
  description: The extensions that were found, sorted, after O(skip) and O(limit) were applied.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id on the server.
      type: int
      returned: always
      sample: 15
    # BEGIN results of extension
    exten:
      description: Number of the extension.
      type: str
      returned: always
      sample: "1200"
    context:
      description: Context of the number.
      type: str
      returned: always
      sample: default
    commented:
      description: Whether the extension is disabled.
      type: bool
      returned: always
      sample: false
    # END results of extension
total:
  description: Number of extensions that were found, before O(skip) and O(limit) were applied.
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
from ansible_collections.xivo.confd.plugins.module_utils._tasks.info import read_extensions
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import EXTENSIONS

MODULE = Module(read_extensions, info_spec(EXTENSIONS), writes=False)


def main() -> None:
    MODULE.run()


if __name__ == "__main__":
    main()
