#!/usr/bin/python
# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
---
module: confd_validate
short_description: Check lists of users without a server
version_added: 1.0.0
description:
  - Checks lists of users. It needs no server and sends no request.
  - It makes the checks of M(xivo.confd.confd_provisioned_users) that need only the entries. It finds unknown keys,
    wrong types, keys that are missing or exclude each other, and values that servers do not store. It also finds a
    number, a login, an e-mail address or a phone that two entries have, and entries that describe the same person.
  - With O(contexts), numbers are compared with their contexts. With O(confd_api), the rules of that generation of
    servers apply. Without it, the rules that all generations have in common apply.
  - What only a server can tell is returned as C(unchecked), for example whether a group exists.
  - The playbook C(xivo.confd.validate) runs it.
extends_documentation_fragment:
  - xivo.confd.requirements
attributes:
  action:
    description:
      - Is an action plugin, which runs on the controller.
    support: full
  async:
    description:
      - Cannot run in the background.
    support: none
  check_mode:
    description:
      - Does the same in check mode. It writes the file of O(junit), too.
    support: full
  diff_mode:
    description:
      - Shows no differences of files.
    support: none
  idempotent:
    description:
      - The same variables make the same report.
    support: full
options:
  users:
    description:
      - Entries as O(xivo.confd.confd_provisioned_users#module:users) takes them. They can have the key C(profile), see
        O(profiles).
    type: raw
  profiles:
    description:
      - Profiles by their names, as the filter P(xivo.confd.with_profiles#filter) takes them.
    type: raw
  contexts:
    description:
      - Contexts by their names. Each is a dictionary with C(type), which is V(internal), V(incall), V(outcall),
        V(services) or V(others), and C(ranges), a list of numbers and of ranges such as V(1000-1999).
      - Of direct numbers, give the digits that the provider sends.
    type: raw
  confd_api:
    description:
      - Generation of the server, see O(xivo.confd.confd_provisioned_users#module:confd_api). It cannot be detected
        without the server, so V(auto) is the same as no value.
    type: str
  hosts:
    description:
      - Hosts of the inventory whose variables C(provision_users), C(provision_profiles), C(provision_contexts) and
        C(confd_api) are checked.
    type: list
    elements: str
  files:
    description:
      - Paths of variables files whose variables of these names are checked, also with wildcards. A relative path begins
        in the folder of the playbook.
      - Templates in files are not evaluated, and encrypted values are not decrypted. An entry that contains one of
        them is returned as C(unchecked), unless the value is a password.
      - C(provision_profiles), C(provision_contexts) and C(confd_api) of one file apply to the other files as well, if
        these do not set them.
    type: list
    elements: str
  junit:
    description:
      - Path of a JUnit file on the controller, in which every entry is a test case. A relative path begins in the
        folder of the playbook. A new file can be read only by its owner.
    type: str
seealso:
  - module: xivo.confd.confd_provisioned_users
author:
  - xivo.confd contributors (@xivo-confd)
"""

EXAMPLES = r"""
---
- name: Check a list before anything is done
  xivo.confd.confd_validate:
    users:
      - user: {firstname: Ann, lastname: Archer}
        extension: {exten: "1200", context: default}
        incall: {exten: "2200", context: from-extern}
    contexts:
      default: {type: internal, ranges: ["1000-1999"]}
      from-extern: {type: incall, ranges: ["2000-2999"]}
"""

RETURN = r"""
problems:
  description: Number of problems.
  type: int
  returned: always
  sample: 1
servers:
  description: What was found, for each host and file.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Name of the host, or path of the file.
      type: str
      returned: always
      sample: pbx
    entries:
      description: Number of entries.
      type: int
      returned: always
      sample: 2
    problems:
      description: What is wrong.
      type: list
      elements: dict
      returned: always
      contains:
        entry:
          description: Position of the entry, from 1. Null for a problem of another variable.
          type: int
          returned: always
          sample: 2
        label:
          description: Name and number of the user whom the entry describes.
          type: str
          returned: always
          sample: Ann Archer (1200@default)
        file:
          description: File of the entry, if Ansible knows it (ansible-core 2.19 or newer), or if it was given.
          type: str
          returned: always
          sample: host_vars/pbx/users.yml
        line:
          description: Line on which the entry begins, if Ansible knows it.
          type: int
          returned: always
          sample: 7
        message:
          description: What is wrong, and what to do.
          type: str
          returned: always
          sample: 1200@default is also in entry 1, Bob Burton (1200@default). Give it to one entry only.
    lines:
      description: The problems in words, each with its place.
      type: list
      elements: str
      returned: always
    unchecked:
      description: What cannot be checked without a server, or without the inventory.
      type: list
      elements: str
      returned: always
      sample: ["Whether the server has the groups sales."]
lines:
  description: The result in words.
  type: list
  elements: str
  returned: always
  sample: ["pbx: 2 entries, no problem"]
"""

from ansible_collections.xivo.confd.plugins.module_utils._ansible.local import refuse_on_host

SPEC = {
    "users": {"type": "raw"},
    "profiles": {"type": "raw"},
    "contexts": {"type": "raw"},
    "confd_api": {"type": "str"},
    "hosts": {"type": "list", "elements": "str"},
    "files": {"type": "list", "elements": "str"},
    "junit": {"type": "str"},
}


def main() -> None:
    refuse_on_host("confd_validate", SPEC)


if __name__ == "__main__":
    main()
